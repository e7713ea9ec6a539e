import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";
import { useFigures } from "../../api/queries";
import { useFormats } from "../../format/context";
import { Card } from "../../ui/page";
import { Failure, Loading } from "../../ui/states";
import { RevenueChart } from "./revenue-chart";

const DAYS = 30;

/** Revenue and orders, in each currency by itself: sums of different ones would mean nothing. */
export function FiguresCard() {
  const { t } = useTranslation();
  const figures = useFigures(DAYS);
  return (
    <Card title={t("figures.title")}>
      {figures.isPending && <Loading rows={6} />}
      {figures.error && !figures.data && (
        <Failure error={figures.error} onRetry={() => void figures.refetch()} />
      )}
      {figures.data && <Figures figures={figures.data} />}
    </Card>
  );
}

function Figures({ figures }: { figures: Schemas["Figures"] }) {
  const { t } = useTranslation();
  const currencies = [
    ...new Set(figures.periods.flatMap((p) => [...p.turnover, ...p.held].map((s) => s.currency))),
  ].sort();
  const [chosen, setChosen] = useState<string | null>(null);
  const currency = chosen ?? busiest(figures) ?? currencies[0];
  if (!currency) return <p className="quiet">{t("figures.none")}</p>;
  return (
    <div className="stack">
      {currencies.length > 1 && (
        <fieldset className="row" aria-label={t("figures.currency")}>
          {currencies.map((name) => (
            <button
              key={name}
              type="button"
              className={name === currency ? "segment on" : "segment"}
              aria-pressed={name === currency}
              onClick={() => setChosen(name)}
            >
              {name}
            </button>
          ))}
        </fieldset>
      )}
      <div className="grid">
        {figures.periods.map((period) => (
          <Period key={period.days ?? "all"} period={period} currency={currency} />
        ))}
      </div>
      <RevenueChart days={figures.daily} currency={currency} />
      <p className="quiet small">{t("figures.leftOut")}</p>
    </div>
  );
}

/** The currency with the most orders in the longest period. */
export function busiest(figures: Schemas["Figures"]): string | undefined {
  const all = figures.periods.at(-1)?.turnover ?? [];
  return [...all].sort((one, other) => other.orders - one.orders)[0]?.currency;
}

interface PeriodProps {
  period: Schemas["Period"];
  currency: string;
}

function Period({ period, currency }: PeriodProps) {
  const { t } = useTranslation();
  const format = useFormats();
  const sum = period.turnover.find((turnover) => turnover.currency === currency);
  const held = period.held.find((turnover) => turnover.currency === currency);
  const title =
    period.days === null ? t("figures.all") : t("figures.lastDays", { count: period.days });
  return (
    <div>
      <div className="quiet">{title}</div>
      <strong className="big">{format.money(sum?.revenue ?? "0", currency)}</strong>
      <div>
        {t("figures.orders", { count: sum?.orders ?? 0, shown: format.number(sum?.orders ?? 0) })}
      </div>
      {held && held.orders > 0 && (
        <div className="quiet small">
          {t("figures.held", {
            count: held.orders,
            amount: format.money(held.revenue, currency),
          })}
        </div>
      )}
    </div>
  );
}
