import { Button } from "@saleor/macaw-ui";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Schemas, told } from "../../api/client";
import { type OrderDetail, useOrderAct } from "../../api/queries";
import { useBridge, useMay } from "../../bridge/context";
import { useSay } from "../../i18n/sentences";
import { Card } from "../../ui/page";
import { Failure } from "../../ui/states";
import { AddressDialog } from "./address-dialog";
import { CancelDialog } from "./cancel-dialog";
import { ContactDialog } from "./contact-dialog";
import { InvoiceDialog } from "./invoice-dialog";
import { RawDialog } from "./raw-dialog";
import { RefundDialog } from "./refund-dialog";

type Opened = "cancel" | "refund" | "contact" | "invoice" | "address" | "raw" | null;

/** All that can be done about the order; what cannot says why. */
export function ActionsCard({ detail }: { detail: OrderDetail }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState<Opened>(null);
  const mayRefund = useMay("HANDLE_PAYMENTS");
  const maySeeRaw = useMay("MANAGE_APPS");
  const { permits } = detail;
  const close = () => setOpened(null);
  const needsPermission = { allowed: false, why_not: words(t("actions.needsPayments")) };
  return (
    <Card title={t("actions.title")}>
      <div className="stack tight">
        <ShipInSaleor order={detail.order} />
        <Action
          permitted={mayRefund ? permits.refund : needsPermission}
          onPick={() => setOpened("refund")}
        >
          {t("actions.refund")}
        </Action>
        <Action
          permitted={permits.cancel.allowed ? permits.cancel : either(permits)}
          onPick={() => setOpened("cancel")}
        >
          {t("actions.cancel")}
        </Action>
        <DirectAction name="tracking" permitted={permits.send_tracking} detail={detail} />
        <Action permitted={permits.contact} onPick={() => setOpened("contact")}>
          {t("actions.contact")}
        </Action>
        <Action permitted={permits.invoice} onPick={() => setOpened("invoice")}>
          {t("actions.invoice")}
        </Action>
        <Action permitted={permits.repair_address} onPick={() => setOpened("address")}>
          {t("actions.address")}
        </Action>
        <DirectAction name="retry" permitted={permits.retry} detail={detail} />
        <DirectAction name="fetch" permitted={permits.fetch} detail={detail} />
        {maySeeRaw && (
          <Action permitted={{ allowed: true, why_not: null }} onPick={() => setOpened("raw")}>
            {t("actions.raw")}
          </Action>
        )}
      </div>
      {opened === "refund" && <RefundDialog detail={detail} onClose={close} />}
      {opened === "cancel" && <CancelDialog detail={detail} onClose={close} />}
      {opened === "contact" && <ContactDialog detail={detail} onClose={close} />}
      {opened === "invoice" && <InvoiceDialog detail={detail} onClose={close} />}
      {opened === "address" && <AddressDialog detail={detail} onClose={close} />}
      {opened === "raw" && <RawDialog id={detail.order.amazon_order_id} onClose={close} />}
    </Card>
  );
}

/** Shipping is done where the shop's other orders are shipped; Amazon hears of it from there. */
function ShipInSaleor({ order }: { order: OrderDetail["order"] }) {
  const { t } = useTranslation();
  const bridge = useBridge();
  const { saleor } = order;
  if (!saleor || order.fulfilled_by !== "MERCHANT" || order.units_open === 0) return null;
  return (
    <div className="action">
      <Button onClick={() => bridge.goTo(`/orders/${encodeURIComponent(saleor.id)}`)}>
        {t("actions.ship")}
      </Button>
      <p className="quiet small">{t("actions.shipText")}</p>
    </div>
  );
}

/** The page's own words, where the API's stand otherwise. */
const words = (text: string): Schemas["Sentence"] => ({ code: "", params: {}, text });

/** Where the whole order cannot be cancelled some of its units may be. */
function either({ cancel, cancel_units: units }: Schemas["Permits"]): Schemas["Permitted"] {
  return units.allowed ? units : cancel;
}

interface ActionProps {
  permitted: Schemas["Permitted"];
  onPick: () => void;
  children: ReactNode;
  isBusy?: boolean;
}

function Action({ permitted, onPick, children, isBusy = false }: ActionProps) {
  const say = useSay();
  return (
    <div className="action">
      <Button variant="secondary" disabled={!permitted.allowed || isBusy} onClick={onPick}>
        {children}
      </Button>
      {!permitted.allowed && <p className="quiet small">{say(permitted.why_not)}</p>}
    </div>
  );
}

const CALLS = {
  retry: "/api/v1/orders/{amazon_order_id}/retry",
  fetch: "/api/v1/orders/{amazon_order_id}/fetch",
  tracking: "/api/v1/orders/{amazon_order_id}/tracking",
} as const;

interface DirectProps {
  name: keyof typeof CALLS;
  permitted: Schemas["Permitted"];
  detail: OrderDetail;
}

/** An act without a question. */
function DirectAction({ name, permitted, detail }: DirectProps) {
  const { t } = useTranslation();
  const id = detail.order.amazon_order_id;
  const act = useOrderAct(id, (client, _input: undefined) =>
    told(client.POST(CALLS[name], { params: { path: { amazon_order_id: id } } })),
  );
  return (
    <>
      <Action permitted={permitted} isBusy={act.isPending} onPick={() => act.mutate(undefined)}>
        {act.isPending ? t("working") : t(`actions.${name}`)}
      </Action>
      {act.isSuccess && (
        <p className="small" role="status">
          {t(`actions.${name}Done`)}
        </p>
      )}
      {act.error && <Failure error={act.error} />}
    </>
  );
}
