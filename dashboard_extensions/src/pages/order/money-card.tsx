import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";
import { type OrderDetail, useMoney } from "../../api/queries";
import { useFormats } from "../../format/context";
import { useSay } from "../../i18n/sentences";
import { Banner, Card, Pill } from "../../ui/page";
import { Failure, Loading } from "../../ui/states";

const NAMES = [
  "goods",
  "shipping",
  "gift_wrap",
  "discount",
  "tax",
  "other",
  "total",
  "paid",
  "refunded",
] as const;

/** Both sides' amounts beside each other, and every difference between them. */
export function MoneyCard({ detail }: { detail: OrderDetail }) {
  const { t } = useTranslation();
  const intents = detail.intents.map(({ id, state }) => `${id} ${state}`).join();
  const mark = `${detail.order.state} ${detail.timeline[0]?.at ?? ""} ${intents}`;
  const money = useMoney(detail.order.amazon_order_id, mark);
  return (
    <Card
      title={t("money.title")}
      flush
      actions={
        money.data &&
        !money.data.explanation && (
          <Pill tone={money.data.agrees ? "good" : "bad"}>
            {money.data.agrees ? t("money.agrees") : t("money.differs")}
          </Pill>
        )
      }
    >
      {money.isPending && (
        <div className="body">
          <Loading rows={4} />
        </div>
      )}
      {money.error && !money.data && (
        <div className="body">
          <Failure error={money.error} onRetry={() => void money.refetch()} />
        </div>
      )}
      {money.data && <Comparison money={money.data} />}
    </Card>
  );
}

function Comparison({ money }: { money: Schemas["MoneyComparison"] }) {
  const { t } = useTranslation();
  const say = useSay();
  const format = useFormats();
  return (
    <>
      {money.explanation && <p className="quiet inset">{say(money.explanation)}</p>}
      {money.rows.length > 0 && (
        <div className="scroll">
          <table className="list">
            <thead>
              <tr>
                <th scope="col">
                  <span className="visually-hidden">{t("money.what")}</span>
                </th>
                <th scope="col" className="end">
                  {t("amazon")}
                </th>
                <th scope="col" className="end">
                  {t("saleor")}
                </th>
              </tr>
            </thead>
            <tbody>
              {money.rows.map((row) => (
                <MoneyRow key={row.name} row={row} currency={money.currency} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {Number(money.refunds_under_way) > 0 && (
        <div className="inset">
          <Banner>
            {t("money.underWay", {
              amount: format.money(money.refunds_under_way, money.currency),
            })}
          </Banner>
        </div>
      )}
    </>
  );
}

interface RowProps {
  row: Schemas["MoneyRow"];
  currency: string | null;
}

function MoneyRow({ row, currency }: RowProps) {
  const { t } = useTranslation();
  const format = useFormats();
  const name = NAMES.find((known) => known === row.name);
  const differs = row.difference !== null && Number(row.difference) !== 0;
  return (
    <tr className={row.name === "total" ? "strong" : undefined}>
      <th scope="row">
        {name ? t(`money.row.${name}`) : row.name}
        {differs && (
          <div>
            <Pill tone="bad">
              {t("money.difference", { amount: format.money(row.difference, currency) })}
            </Pill>
          </div>
        )}
      </th>
      <td className="end">{format.money(row.amazon, currency)}</td>
      <td className="end">{format.money(row.saleor, currency)}</td>
    </tr>
  );
}
