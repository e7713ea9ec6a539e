import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";
import { useFormats } from "../../format/context";

const WIDTH = 640;
const HEIGHT = 180;
const FOOT = 22;
const LABELS = 6;

export interface Bar {
  day: string;
  revenue: string;
  orders: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Places a bar for each day. Heights are only for the eye; the exact sums stay strings. */
export function barsOf(days: readonly Schemas["Day"][], currency: string): Bar[] {
  const sums = days.map((day) => day.turnover.find((one) => one.currency === currency));
  const highest = Math.max(...sums.map((sum) => Number(sum?.revenue ?? 0)), 0);
  const room = WIDTH / Math.max(days.length, 1);
  const most = HEIGHT - FOOT - 8;
  return days.map((day, place) => {
    const revenue = sums[place]?.revenue ?? "0";
    const height = highest > 0 ? (Math.max(Number(revenue), 0) / highest) * most : 0;
    return {
      day: day.day,
      revenue,
      orders: sums[place]?.orders ?? 0,
      x: place * room + room * 0.15,
      y: HEIGHT - FOOT - height,
      width: room * 0.7,
      height,
    };
  });
}

interface ChartProps {
  days: readonly Schemas["Day"][];
  currency: string;
}

/** Revenue by day as bars, and the same as a table for those who do not see them. */
export function RevenueChart({ days, currency }: ChartProps) {
  const { t } = useTranslation();
  const { money, day: short, number } = useFormats();
  const title = useId();
  const bars = barsOf(days, currency);
  const step = Math.max(1, Math.ceil(bars.length / LABELS));
  const at = (bar: Bar) => short(`${bar.day}T12:00:00`);
  return (
    <figure className="figure-plain">
      <figcaption className="quiet" id={title}>
        {t("figures.chart", { currency })}
      </figcaption>
      <svg className="chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
        <line className="axis" x1="0" x2={WIDTH} y1={HEIGHT - FOOT} y2={HEIGHT - FOOT} />
        {bars.map((bar, place) => (
          <g key={bar.day}>
            <rect className="bar" x={bar.x} y={bar.y} width={bar.width} height={bar.height} rx="2">
              <title>
                {at(bar)}: {money(bar.revenue, currency)}
              </title>
            </rect>
            {place % step === 0 && (
              <text
                x={place === 0 ? 0 : bar.x + bar.width / 2}
                y={HEIGHT - 6}
                textAnchor={place === 0 ? "start" : "middle"}
              >
                {at(bar)}
              </text>
            )}
          </g>
        ))}
      </svg>
      <table className="visually-hidden" aria-labelledby={title}>
        <thead>
          <tr>
            <th scope="col">{t("figures.day")}</th>
            <th scope="col">{t("figures.revenue")}</th>
            <th scope="col">{t("figures.orderCount")}</th>
          </tr>
        </thead>
        <tbody>
          {bars.map((bar) => (
            <tr key={bar.day}>
              <th scope="row">{at(bar)}</th>
              <td>{money(bar.revenue, currency)}</td>
              <td>{number(bar.orders)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}
