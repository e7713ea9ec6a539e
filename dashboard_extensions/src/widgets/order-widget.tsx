import { Button } from "@saleor/macaw-ui";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useWidgetOrder, type WidgetOrder } from "../api/queries";
import { Refused } from "../api/refused";
import { openedFor } from "../bridge/address";
import { useBridge, useBridgeState } from "../bridge/context";
import { useFormats } from "../format/context";
import { useSay } from "../i18n/sentences";
import { IntentState, IntentSummary } from "../pages/order/intents-card";
import { Marks } from "../pages/orders/order-table";
import { Pill } from "../ui/page";
import { Failure, Loading } from "../ui/states";
import { toneOfStatus, useWords } from "../ui/words";
import { Widget } from "./widget";

const SHOWN = 3;

/** On Saleor's order page: how the order stands at Amazon. For other orders it takes no room. */
export default function OrderWidget() {
  const { appParams } = useBridgeState();
  const [orderId] = useState(() => openedFor(location.search, appParams));
  const order = useWidgetOrder(orderId);
  const isOther = !orderId || (order.error instanceof Refused && order.error.isMissing);
  return (
    <Widget isEmpty={isOther}>
      {isOther && <NotFromAmazon />}
      {!isOther && order.data && <Content orderId={orderId} order={order.data} />}
      {!isOther && order.error && (
        <Failure error={order.error} onRetry={() => void order.refetch()} />
      )}
      {!isOther && order.isPending && <Loading rows={3} />}
    </Widget>
  );
}

/** Takes no room: the height that is reported is the smallest that there is. */
function NotFromAmazon() {
  const { t } = useTranslation();
  return <p className="visually-hidden">{t("widget.notFromAmazon")}</p>;
}

interface ContentProps {
  orderId: string;
  order: WidgetOrder;
}

function Content({ orderId, order }: ContentProps) {
  const say = useSay();
  const words = useWords();
  return (
    <div className="stack tight">
      <div className="row">
        <strong className="mono">{order.amazon_order_id}</strong>
        <Pill tone={toneOfStatus(order.status)}>{words.status(order.status)}</Pill>
        <Marks row={order} />
      </div>
      <ShipBy order={order} />
      <Problems order={order} />
      <Sent order={order} />
      {order.note && <p className="quiet small">{say(order.note)}</p>}
      <Buttons orderId={orderId} order={order} />
    </div>
  );
}

function ShipBy({ order }: { order: WidgetOrder }) {
  const { t } = useTranslation();
  const format = useFormats();
  if (!order.ship_by) return null;
  const due = order.due === "late" || order.due === "today" ? order.due : null;
  return (
    <p className="row">
      {t("widget.shipBy", { date: format.date(order.ship_by) })}
      {due && <Pill tone={due === "late" ? "bad" : "warn"}>{t(`due.${due}`)}</Pill>}
    </p>
  );
}

function Problems({ order }: { order: WidgetOrder }) {
  const say = useSay();
  const words = useWords();
  return (
    <ul className="plain">
      {order.problems.map((problem) => (
        <li key={`${problem.kind} ${problem.subject}`}>
          <Pill tone="bad">{words.problem(problem.kind)}</Pill>{" "}
          <span className="small">{say(problem.message)}</span>
        </li>
      ))}
    </ul>
  );
}

function Sent({ order }: { order: WidgetOrder }): ReactNode {
  return (
    <ul className="plain small">
      {order.sent.slice(0, SHOWN).map((intent) => (
        <li key={intent.id}>
          <IntentState state={intent.state} /> <IntentSummary intent={intent} />
        </li>
      ))}
    </ul>
  );
}

function Buttons({ orderId, order }: ContentProps) {
  const { t } = useTranslation();
  const bridge = useBridge();
  const page = `/orders/${encodeURIComponent(order.amazon_order_id)}`;
  const mayCancel = order.permits.cancel.allowed || order.permits.cancel_units.allowed;
  // A Dashboard without this action answers with a refusal; the order's page does as well.
  const cancel = () =>
    bridge.openPopup("amazon-cancel", { orderId }).catch(() => bridge.openAppPage(page));
  return (
    <div className="row">
      <Button size="small" variant="secondary" onClick={() => bridge.openAppPage(page)}>
        {t("widget.view")}
      </Button>
      {mayCancel && (
        <Button size="small" variant="secondary" onClick={cancel}>
          {t("widget.cancel")}
        </Button>
      )}
      <Button size="small" variant="tertiary" onClick={() => bridge.openAppPage("/orders")}>
        {t("widget.all")}
      </Button>
    </div>
  );
}
