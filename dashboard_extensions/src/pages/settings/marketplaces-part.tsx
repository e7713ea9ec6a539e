import { Button } from "@saleor/macaw-ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { type Schemas, told } from "../../api/client";
import { useClient } from "../../api/context";
import { useAccounts } from "../../api/queries";
import { Card, Facts, Pill } from "../../ui/page";
import { Empty, Failure, Loading } from "../../ui/states";
import { useWords } from "../../ui/words";
import { MarketplaceForm } from "./marketplace-form";

type Store = Schemas["MarketplaceShown"];

/** Where each marketplace's orders go in Saleor, and how they are handled. */
export function MarketplacesPart() {
  const { t } = useTranslation();
  const client = useClient();
  const stores = useQuery({
    queryKey: ["marketplaces"],
    queryFn: ({ signal }) => told(client.GET("/api/v1/marketplaces", { signal })),
  });
  if (stores.isPending) return <Loading rows={6} />;
  if (!stores.data) {
    return <Failure error={stores.error} onRetry={() => void stores.refetch()} />;
  }
  if (!stores.data.items.length) {
    return (
      <Card>
        <Empty
          title={t("store.noneTitle")}
          action={
            <Link className="link" href="/settings">
              {t("accounts.connect")}
            </Link>
          }
        >
          {t("store.noneText")}
        </Empty>
      </Card>
    );
  }
  return (
    <>
      <p className="quiet">{t("store.text")}</p>
      {stores.data.items.map((store) => (
        <StoreCard key={`${store.account_id} ${store.marketplace.id}`} store={store} />
      ))}
    </>
  );
}

function StoreCard({ store }: { store: Store }) {
  const { t } = useTranslation();
  const { data: accounts } = useAccounts();
  const [isOpen, setOpen] = useState(false);
  const account = accounts?.items.find((known) => known.id === store.account_id);
  return (
    <Card
      label={store.marketplace.name}
      title={
        <span className="row">
          {store.marketplace.name}
          {account && <span className="quiet">{account.seller_id}</span>}
          {store.is_denied && <Pill tone="bad">{t("store.denied")}</Pill>}
          {!store.is_mapped && !store.is_denied && <Pill tone="warn">{t("store.unmapped")}</Pill>}
        </span>
      }
      actions={
        <Button
          size="small"
          variant={store.is_mapped ? "secondary" : "primary"}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? t("close") : store.is_mapped ? t("store.edit") : t("store.map")}
        </Button>
      }
    >
      {isOpen ? (
        <MarketplaceForm store={store} onDone={() => setOpen(false)} />
      ) : (
        <Summary store={store} />
      )}
    </Card>
  );
}

function Summary({ store }: { store: Store }) {
  const { t } = useTranslation();
  const words = useWords();
  const { settings } = store;
  if (!settings) return <p className="quiet">{t("store.notMapped")}</p>;
  return (
    <Facts
      wide
      rows={[
        [t("store.channel"), settings.channel],
        [t("store.import_orders"), settings.import_orders ? t("yes") : t("no")],
        [t("store.hold_stock"), settings.hold_stock ? t("yes") : t("no")],
        [
          t("store.buyer_email"),
          words.label("buyer_emails", settings.buyer_email ?? "placeholder"),
        ],
        [t("store.default_carrier"), settings.default_carrier],
      ]}
    />
  );
}
