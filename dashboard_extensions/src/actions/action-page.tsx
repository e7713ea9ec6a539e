import { Button } from "@saleor/macaw-ui";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { told } from "../api/client";
import { type OrderDetail, useOrder, useOrderAct, useWidgetOrder } from "../api/queries";
import { Refused } from "../api/refused";
import { openedFor } from "../bridge/address";
import { useBridge, useBridgeState, useMay } from "../bridge/context";
import { keepRoom } from "../bridge/popup-room";
import { useSay } from "../i18n/sentences";
import { CancelDialog } from "../pages/order/cancel-dialog";
import { RefundDialog } from "../pages/order/refund-dialog";
import { InPopup } from "../ui/dialog";
import { Banner } from "../ui/page";
import { Empty, Failure, Loading } from "../ui/states";
import { SyncAction } from "./sync-action";

/**
 * What the menus of Saleor's order pages open. A pop-up says what came of it itself: on an order's
 * page the widget's frame hears the pop-up's messages too, and would have each toast shown twice.
 */
export default function ActionPage({ action }: { action: string }) {
  const { appParams } = useBridgeState();
  const [orderId] = useState(() => openedFor(location.search, appParams));
  useEscape();
  const bridge = useBridge();
  useEffect(() => keepRoom(bridge), [bridge]);
  return (
    <InPopup.Provider value={true}>
      <div className="popup">
        {action === "sync" ? <SyncAction /> : <ForOrder action={action} saleorId={orderId} />}
      </div>
    </InPopup.Provider>
  );
}

/** Escape leaves the pop-up: the Dashboard does not hear keys that are pressed in its frame. */
function useEscape() {
  const bridge = useBridge();
  useEffect(() => {
    const leave = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented) bridge.closePopup();
    };
    document.addEventListener("keydown", leave);
    return () => document.removeEventListener("keydown", leave);
  }, [bridge]);
}

function ForOrder({ action, saleorId }: { action: string; saleorId: string | null }) {
  if (!saleorId) return <NotFromAmazon />;
  return <Named action={action} saleorId={saleorId} />;
}

function Named({ action, saleorId }: { action: string; saleorId: string }) {
  const order = useWidgetOrder(saleorId);
  if (order.data) return <Opened action={action} id={order.data.amazon_order_id} />;
  if (order.error instanceof Refused && order.error.isMissing) return <NotFromAmazon />;
  if (order.error) return <Failure error={order.error} onRetry={() => void order.refetch()} />;
  return (
    <Inset>
      <Loading />
    </Inset>
  );
}

function NotFromAmazon() {
  const { t } = useTranslation();
  return <Empty title={t("action.notFromAmazonTitle")}>{t("action.notFromAmazonText")}</Empty>;
}

function Inset({ children }: { children: ReactNode }) {
  return <div className="inside stack">{children}</div>;
}

function Opened({ action, id }: { action: string; id: string }) {
  const order = useOrder(id);
  const [isDone, setDone] = useState(false);
  const bridge = useBridge();
  const done = () => {
    setDone(true);
    bridge.refreshOrder();
  };
  if (!order.data) {
    return <Inset>{order.error ? <Failure error={order.error} /> : <Loading />}</Inset>;
  }
  if (isDone) return <Done action={action} detail={order.data} />;
  return <Ask action={action} detail={order.data} onDone={done} />;
}

interface AskProps {
  action: string;
  detail: OrderDetail;
  onDone: () => void;
}

function Ask({ action, detail, onDone }: AskProps) {
  const { t } = useTranslation();
  const bridge = useBridge();
  const say = useSay();
  const mayRefund = useMay("HANDLE_PAYMENTS");
  const { permits } = detail;
  const close = () => bridge.closePopup();
  if (action === "cancel") {
    if (!permits.cancel.allowed && !permits.cancel_units.allowed) {
      return <NotNow title={t("action.cannotCancel")} why={say(permits.cancel.why_not)} />;
    }
    return <CancelDialog detail={detail} onClose={close} onDone={onDone} />;
  }
  if (action === "refund") {
    if (!mayRefund)
      return <NotNow title={t("noPermissionTitle")} why={t("actions.needsPayments")} />;
    if (!permits.refund.allowed) {
      return <NotNow title={t("action.cannotRefund")} why={say(permits.refund.why_not)} />;
    }
    return <RefundDialog detail={detail} onClose={close} onDone={onDone} />;
  }
  return <Resync detail={detail} onDone={onDone} />;
}

function NotNow({ title, why }: { title: string; why: string }) {
  return (
    <Empty title={title} action={<CloseButton />}>
      {why}
    </Empty>
  );
}

function CloseButton() {
  const { t } = useTranslation();
  const bridge = useBridge();
  return (
    <Button variant="secondary" onClick={() => bridge.closePopup()}>
      {t("close")}
    </Button>
  );
}

function Done({ action, detail }: { action: string; detail: OrderDetail }) {
  const { t } = useTranslation();
  const bridge = useBridge();
  const kind = action === "cancel" || action === "refund" ? action : "resync";
  const page = `/orders/${encodeURIComponent(detail.order.amazon_order_id)}`;
  return (
    <Empty
      title={t(`action.${kind}Done`)}
      action={
        <div className="row">
          <Button variant="secondary" onClick={() => bridge.openAppPage(page)}>
            {t("widget.view")}
          </Button>
          <CloseButton />
        </div>
      }
    >
      {t(`action.${kind}DoneText`)}
    </Empty>
  );
}

/** Reads the order from Amazon again, and compares both sides. */
function Resync({ detail, onDone }: { detail: OrderDetail; onDone: () => void }) {
  const { t } = useTranslation();
  const say = useSay();
  const id = detail.order.amazon_order_id;
  const fetchAgain = useOrderAct(id, (client, _input: undefined) =>
    told(
      client.POST("/api/v1/orders/{amazon_order_id}/fetch", {
        params: { path: { amazon_order_id: id } },
      }),
    ),
  );
  return (
    <Inset>
      <p>{t("action.resyncText", { number: id })}</p>
      {!detail.permits.fetch.allowed && (
        <Banner tone="warn">{say(detail.permits.fetch.why_not)}</Banner>
      )}
      {fetchAgain.error && <Failure error={fetchAgain.error} />}
      <div className="row">
        <Button
          disabled={fetchAgain.isPending || !detail.permits.fetch.allowed}
          onClick={() => fetchAgain.mutate(undefined, { onSuccess: onDone })}
        >
          {fetchAgain.isPending ? t("working") : t("actions.fetch")}
        </Button>
        <CloseButton />
      </div>
    </Inset>
  );
}
