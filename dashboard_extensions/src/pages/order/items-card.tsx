import { Button } from "@saleor/macaw-ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";
import type { OrderDetail } from "../../api/queries";
import { useFormats } from "../../format/context";
import { Card, Pill } from "../../ui/page";
import { MapSkuDialog } from "../skus/map-sku-dialog";

type Item = Schemas["ItemShown"];

export function ItemsCard({ detail }: { detail: OrderDetail }) {
  const { t } = useTranslation();
  return (
    <Card title={t("items.title")} flush>
      <div className="scroll">
        <table className="list">
          <thead>
            <tr>
              <th scope="col">{t("items.item")}</th>
              <th scope="col" className="end">
                {t("items.shipped")}
              </th>
              <th scope="col" className="end">
                {t("items.price")}
              </th>
              <th scope="col" className="end">
                {t("items.shipping")}
              </th>
              <th scope="col" className="end">
                {t("items.discount")}
              </th>
              <th scope="col" className="end">
                {t("items.tax")}
              </th>
              <th scope="col" className="end">
                {t("items.total")}
              </th>
            </tr>
          </thead>
          <tbody>
            {detail.items.map((item) => (
              <ItemRow key={item.item_id} item={item} />
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function ItemRow({ item }: { item: Item }) {
  const { t } = useTranslation();
  const { money, number } = useFormats();
  const show = (amount: Schemas["Amount"] | null) => money(amount?.amount, amount?.currency);
  return (
    <tr>
      <td>
        <div className="clip-2">{item.title ?? t("items.untitled")}</div>
        <ItemFacts item={item} />
      </td>
      <td className="end">
        {t("items.of", {
          shipped: number(item.quantity_shipped),
          ordered: number(item.quantity_ordered),
        })}
      </td>
      <td className="end">{show(item.price)}</td>
      <td className="end">
        {show(item.shipping)}
        {item.gift_wrap && (
          <div className="quiet">{t("items.giftWrap", { amount: show(item.gift_wrap) })}</div>
        )}
      </td>
      <td className="end">{show(item.discount)}</td>
      <td className="end">{show(item.tax)}</td>
      <td className="end">{show(item.total)}</td>
    </tr>
  );
}

function ItemFacts({ item }: { item: Item }) {
  const { t } = useTranslation();
  const [isMapping, setMapping] = useState(false);
  const facts = [
    item.sku && t("items.sku", { sku: item.sku }),
    item.asin && t("items.asin", { asin: item.asin }),
    item.condition,
  ];
  return (
    <>
      <div className="quiet">{facts.filter(Boolean).join(" · ")}</div>
      {item.gift_message && (
        <div className="quiet">{t("items.giftMessage", { text: item.gift_message })}</div>
      )}
      {item.is_unknown_sku && item.sku && (
        <div className="row">
          <Pill tone="bad">{t("items.unknownSku")}</Pill>
          <Button size="small" variant="secondary" onClick={() => setMapping(true)}>
            {t("sku.map")}
          </Button>
        </div>
      )}
      {isMapping && item.sku && (
        <MapSkuDialog sku={item.sku} title={item.title} onClose={() => setMapping(false)} />
      )}
    </>
  );
}

export function PackagesCard({ detail }: { detail: OrderDetail }) {
  const { t } = useTranslation();
  const format = useFormats();
  const titles = new Map(detail.items.map((item) => [item.item_id, item.title ?? item.sku ?? ""]));
  if (!detail.packages.length) return null;
  return (
    <Card title={t("packages.title")} flush>
      <div className="scroll">
        <table className="list">
          <thead>
            <tr>
              <th scope="col">{t("packages.units")}</th>
              <th scope="col">{t("packages.carrier")}</th>
              <th scope="col">{t("packages.tracking")}</th>
              <th scope="col">{t("packages.shippedAt")}</th>
            </tr>
          </thead>
          <tbody>
            {detail.packages.map((parcel) => (
              <tr key={parcel.reference}>
                <td>
                  {Object.entries(parcel.units).map(([item, count]) => (
                    <div className="clip-2" key={item}>
                      {t("packages.unit", { count, shown: format.number(count) })}{" "}
                      {titles.get(item)}
                    </div>
                  ))}
                </td>
                <td>{parcel.carrier ?? "–"}</td>
                <td className="mono">{parcel.tracking_number ?? "–"}</td>
                <td className="nowrap">{format.dateTime(parcel.shipped_at)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
