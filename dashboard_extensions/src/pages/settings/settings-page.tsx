import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useMay } from "../../bridge/context";
import { Page } from "../../ui/page";
import { Empty } from "../../ui/states";
import { AccountsPart } from "./accounts-part";
import { MarketplacesPart } from "./marketplaces-part";
import { NotificationsPart } from "./notifications-part";
import { ShopPart } from "./shop-part";
import { TemplatesPart } from "./templates-part";
import { WordsPart } from "./words-part";

const PARTS = ["accounts", "marketplaces", "words", "templates", "notifications", "shop"] as const;
type Part = (typeof PARTS)[number];

export default function SettingsPage({ part }: { part: string | undefined }) {
  const { t } = useTranslation();
  const may = useMay("MANAGE_APPS");
  const open = PARTS.find((known) => known === part) ?? "accounts";
  if (!may) {
    return (
      <Page title={t("settings.title")}>
        <Empty title={t("noPermissionTitle")}>{t("settings.needsApps")}</Empty>
      </Page>
    );
  }
  return (
    <Page title={t("settings.title")}>
      <nav className="row" aria-label={t("settings.title")}>
        {PARTS.map((name) => (
          <Link
            key={name}
            href={name === "accounts" ? "/settings" : `/settings/${name}`}
            className={name === open ? "segment on" : "segment"}
            aria-current={name === open ? "page" : undefined}
          >
            {t(`settings.${name}`)}
          </Link>
        ))}
      </nav>
      <Open part={open} />
    </Page>
  );
}

function Open({ part }: { part: Part }) {
  if (part === "marketplaces") return <MarketplacesPart />;
  if (part === "words") return <WordsPart />;
  if (part === "templates") return <TemplatesPart />;
  if (part === "notifications") return <NotificationsPart />;
  if (part === "shop") return <ShopPart />;
  return <AccountsPart />;
}
