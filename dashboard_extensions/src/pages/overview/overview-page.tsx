import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import type { Schemas } from "../../api/client";
import { useOverview } from "../../api/queries";
import { useMay } from "../../bridge/context";
import { useFormats } from "../../format/context";
import { useSay } from "../../i18n/sentences";
import { Banner, Card, Page } from "../../ui/page";
import { Empty, Failure, Loading } from "../../ui/states";
import { useWords } from "../../ui/words";
import { OrderTable } from "../orders/order-table";
import { AccountsCard } from "./accounts-card";
import { ChecklistCard } from "./checklist-card";
import { FiguresCard } from "./figures-card";
import { SyncButton } from "./sync-button";

const RECENT = ["purchased", "number", "status", "buyer", "total", "note"] as const;

/** How things stand: accounts, what waits, figures, the latest orders. */
export function OverviewPage() {
  const { t } = useTranslation();
  const overview = useOverview();
  return (
    <Page
      title={t("overview.title")}
      actions={overview.data?.accounts.length ? <SyncButton /> : null}
    >
      {overview.isPending && <Loading rows={10} />}
      {overview.error && !overview.data && (
        <Failure error={overview.error} onRetry={() => void overview.refetch()} />
      )}
      {overview.data && <Overview overview={overview.data} />}
    </Page>
  );
}

function Overview({ overview }: { overview: Schemas["Overview"] }) {
  const { t } = useTranslation();
  return (
    <>
      <ReadOnly state={overview.read_only} />
      {!overview.checklist_is_done && <ChecklistCard overview={overview} />}
      {overview.accounts.length > 0 && (
        <>
          <Shipments overview={overview} />
          <div className="columns">
            <FiguresCard />
            <div className="stack">
              <WaitingCard groups={overview.problems} />
              <AccountsCard accounts={overview.accounts} />
            </div>
          </div>
          <Card
            flush
            title={t("overview.recent")}
            actions={
              <Link className="link" href="/orders">
                {t("overview.allOrders")}
              </Link>
            }
          >
            {overview.recent.length ? (
              <OrderTable rows={overview.recent} columns={RECENT} />
            ) : (
              <Empty title={t("orders.noneTitle")}>{t("orders.noneText")}</Empty>
            )}
          </Card>
        </>
      )}
    </>
  );
}

function ReadOnly({ state }: { state: Schemas["ReadOnlyState"] }) {
  const { t } = useTranslation();
  const say = useSay();
  const mayChange = useMay("MANAGE_APPS");
  if (!state.on) return null;
  return (
    <Banner
      tone="warn"
      actions={
        mayChange && (
          <Link className="link" href="/settings/shop">
            {t("readOnly.toSettings")}
          </Link>
        )
      }
    >
      <strong>{t("readOnly.title")}</strong>
      <div>{say(state.reason) || t("readOnly.text")}</div>
      {state.waiting > 0 && <div>{t("readOnly.waiting", { count: state.waiting })}</div>}
    </Banner>
  );
}

function Shipments({ overview }: { overview: Schemas["Overview"] }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const { open, late, due_today: today } = overview.shipments;
  const figures = [
    ["/orders?due=late", late, t("overview.late")],
    ["/orders?due=today", today, t("overview.dueToday")],
    [
      "/orders?fulfilled_by=MERCHANT&status=UNSHIPPED&sort=ship_by&direction=ascending",
      open,
      t("overview.toShip"),
    ],
  ] as const;
  return (
    <div className="grid">
      {figures.map(([href, count, label]) => (
        <Link key={href} href={href} className="card figure">
          <strong>{number(count)}</strong>
          <span className="quiet">{label}</span>
        </Link>
      ))}
    </div>
  );
}

function WaitingCard({ groups }: { groups: readonly Schemas["ProblemGroup"][] }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const words = useWords();
  return (
    <Card
      title={t("overview.waiting")}
      actions={
        groups.length > 0 && (
          <Link className="link" href="/problems">
            {t("overview.toProblems")}
          </Link>
        )
      }
    >
      {groups.length === 0 && <p className="quiet">{t("problems.noneTitle")}</p>}
      <ul className="plain stack tight">
        {groups.map((group) => (
          <li className="row" key={group.kind}>
            <Link className="link" href={`/orders?problem=${group.kind}`}>
              {words.problem(group.kind)}
            </Link>
            <span className="push mono">{number(group.orders)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
