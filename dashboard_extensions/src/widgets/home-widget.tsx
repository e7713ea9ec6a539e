import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { useOverview } from "../api/queries";
import { useBridge } from "../bridge/context";
import { useFormats } from "../format/context";
import { AccountState } from "../pages/overview/accounts-card";
import { Failure, Loading } from "../ui/states";
import { Widget } from "./widget";

/** On the Dashboard's home page: what is pressing, and whether the accounts are well. */
export default function HomeWidget() {
  const overview = useOverview();
  return (
    <Widget>
      {overview.isPending && <Loading rows={4} />}
      {overview.error && !overview.data && (
        <Failure error={overview.error} onRetry={() => void overview.refetch()} />
      )}
      {overview.data && <Content overview={overview.data} />}
    </Widget>
  );
}

function Content({ overview }: { overview: Schemas["Overview"] }) {
  const { t } = useTranslation();
  const bridge = useBridge();
  const { number } = useFormats();
  const problems = overview.problems.reduce((sum, group) => sum + group.orders, 0);
  const figures = [
    ["/orders?due=late", overview.shipments.late, t("overview.late")],
    ["/orders?due=today", overview.shipments.due_today, t("overview.dueToday")],
    ["/problems", problems, t("overview.waiting")],
  ] as const;
  if (!overview.accounts.length) {
    return (
      <button type="button" className="link" onClick={() => bridge.openAppPage("/settings")}>
        {t("widget.connect")}
      </button>
    );
  }
  return (
    <div className="stack">
      <div className="grid narrow">
        {figures.map(([path, count, label]) => (
          <button
            key={path}
            type="button"
            className="card figure"
            onClick={() => bridge.openAppPage(path)}
          >
            <strong>{number(count)}</strong>
            <span className="quiet">{label}</span>
          </button>
        ))}
      </div>
      <ul className="plain stack tight">
        {overview.accounts.map((account) => (
          <li className="row" key={account.id}>
            {account.seller_id} <AccountState account={account} />
          </li>
        ))}
      </ul>
      <button type="button" className="link" onClick={() => bridge.openAppPage("/orders")}>
        {t("widget.all")}
      </button>
    </div>
  );
}
