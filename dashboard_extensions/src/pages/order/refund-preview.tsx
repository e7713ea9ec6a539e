import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";
import type { OrderDetail } from "../../api/queries";
import { useFormats } from "../../format/context";

interface PreviewProps {
  preview: Schemas["RefundPreview"];
  detail: OrderDetail;
}

/** Exactly what would be sent to Amazon: part by part, and the message itself. */
export function RefundPreview({ preview, detail }: PreviewProps) {
  const { t } = useTranslation();
  const { money } = useFormats();
  const { currency } = preview.amount;
  return (
    <section className="stack tight" aria-live="polite">
      <h3>{t("refund.willSend", { amount: money(preview.amount.amount, currency) })}</h3>
      <div className="scroll">
        <table className="list">
          <thead>
            <tr>
              <th scope="col">{t("items.item")}</th>
              <th scope="col">{t("refund.parts")}</th>
              <th scope="col" className="end">
                {t("refund.itemAmount")}
              </th>
            </tr>
          </thead>
          <tbody>
            {preview.items.map((item) => (
              <tr key={item.item_id}>
                <td>
                  {item.title ??
                    detail.items.find((known) => known.item_id === item.item_id)?.sku ??
                    item.item_id}
                  {item.quantity !== null && (
                    <div className="quiet">{t("refund.count", { count: item.quantity })}</div>
                  )}
                </td>
                <td>
                  <Parts item={item} currency={currency} />
                </td>
                <td className="end">{money(item.amount, currency)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="quiet">
        {t("refund.leftAfter", { amount: money(preview.left_after.amount, currency) })}
      </p>
      <details>
        <summary>{t("refund.message")}</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <pre className="raw" tabIndex={0}>
          {preview.message}
        </pre>
      </details>
    </section>
  );
}

function Parts({ item, currency }: { item: Schemas["RefundItem"]; currency: string }) {
  const { t } = useTranslation();
  const { money } = useFormats();
  return (
    <>
      {item.parts.map((part) => (
        <div key={`${part.type} ${part.is_promotion}`}>
          {part.type}: {money(part.amount, currency)}
          {part.is_promotion && ` (${t("refund.promotion")})`}
        </div>
      ))}
      {Number(item.tax_by_amazon) !== 0 && (
        <div>{t("refund.taxByAmazon", { amount: money(item.tax_by_amazon, currency) })}</div>
      )}
    </>
  );
}
