import { ArrowLeft } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { type OrderDetail, useOrder } from "../../api/queries";
import { Refused } from "../../api/refused";
import { Page, Pill } from "../../ui/page";
import { Empty, Failure, Loading } from "../../ui/states";
import { toneOfState, toneOfStatus, useWords } from "../../ui/words";
import { lastList } from "../orders/last-list";
import { Marks } from "../orders/order-table";
import { ActionsCard } from "./actions-card";
import { BuyerCard, DetailsCard, ShippingCard } from "./facts-cards";
import { IntentsCard } from "./intents-card";
import { ItemsCard, PackagesCard } from "./items-card";
import { MoneyCard } from "./money-card";
import { OrderLinks } from "./order-links";
import { ProblemsCard } from "./problems-card";
import { TimelineCard } from "./timeline-card";

/** One order: both sides of it, what happened, and all that can be done. */
export default function OrderPage({ id }: { id: string }) {
  const { t } = useTranslation();
  const order = useOrder(id);
  const title = t("order.title", { number: id });
  if (order.data) return <Order title={title} detail={order.data} />;
  return (
    <Page title={title} back={<Back />}>
      {order.isPending && <Loading rows={10} />}
      {order.error instanceof Refused && order.error.isMissing && (
        <Empty title={t("order.missingTitle")}>{t("order.missingText")}</Empty>
      )}
      {order.error && !(order.error instanceof Refused && order.error.isMissing) && (
        <Failure error={order.error} onRetry={() => void order.refetch()} />
      )}
    </Page>
  );
}

function Back() {
  const { t } = useTranslation();
  return (
    <p>
      <Link className="link back" href={lastList()}>
        <ArrowLeft size={14} aria-hidden /> {t("order.back")}
      </Link>
    </p>
  );
}

function Order({ title, detail }: { title: string; detail: OrderDetail }) {
  const words = useWords();
  const { order } = detail;
  return (
    <Page
      title={title}
      back={<Back />}
      beside={
        <span className="row">
          <Pill tone={toneOfStatus(order.status)}>{words.status(order.status)}</Pill>
          <Pill tone={toneOfState(order.state)}>{words.state(order.state)}</Pill>
          <Marks row={order} />
        </span>
      }
      actions={<OrderLinks order={order} />}
    >
      {detail.problems.length > 0 && <ProblemsCard detail={detail} />}
      <div className="columns">
        <div className="stack">
          <ItemsCard detail={detail} />
          <IntentsCard detail={detail} />
          <PackagesCard detail={detail} />
          <TimelineCard events={detail.timeline} />
        </div>
        <div className="stack">
          <ActionsCard detail={detail} />
          <MoneyCard detail={detail} />
          <DetailsCard detail={detail} />
          <ShippingCard detail={detail} />
          <BuyerCard detail={detail} />
        </div>
      </div>
    </Page>
  );
}
