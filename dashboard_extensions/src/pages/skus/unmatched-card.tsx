import { Button } from "@saleor/macaw-ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { type Schemas, told } from "../../api/client";
import { useClient } from "../../api/context";
import { useFormats } from "../../format/context";
import { Card } from "../../ui/page";
import { Empty, Failure, Loading } from "../../ui/states";
import { MapSkuDialog } from "./map-sku-dialog";

/** SKUs that orders wait for, the most wanted first. */
export function UnmatchedCard() {
  const { t } = useTranslation();
  const client = useClient();
  const skus = useQuery({
    queryKey: ["skus", "unmatched"],
    queryFn: ({ signal }) => told(client.GET("/api/v1/skus/unmatched", { signal })),
  });
  const items = skus.data?.items ?? [];
  return (
    <Card title={t("sku.unmatched")} flush>
      {skus.isPending && (
        <div className="inset">
          <Loading rows={3} />
        </div>
      )}
      {skus.error && !skus.data && (
        <div className="inset">
          <Failure error={skus.error} onRetry={() => void skus.refetch()} />
        </div>
      )}
      {skus.data && items.length === 0 && (
        <Empty title={t("sku.allKnownTitle")}>{t("sku.allKnownText")}</Empty>
      )}
      {items.length > 0 && <UnmatchedTable items={items} />}
    </Card>
  );
}

function UnmatchedTable({ items }: { items: readonly Schemas["UnmatchedSku"][] }) {
  const { t } = useTranslation();
  const format = useFormats();
  const [mapped, setMapped] = useState<Schemas["UnmatchedSku"] | null>(null);
  return (
    <div className="scroll">
      <table className="list">
        <thead>
          <tr>
            <th scope="col">{t("sku.sku")}</th>
            <th scope="col">{t("sku.product")}</th>
            <th scope="col" className="end">
              {t("sku.waiting")}
            </th>
            <th scope="col">{t("sku.since")}</th>
            <th scope="col">
              <span className="visually-hidden">{t("sku.map")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.sku}>
              <td className="mono">{item.sku}</td>
              <td>{item.title ?? "–"}</td>
              <td className="end">
                <Link
                  className="link"
                  href={`/orders?problem=unknown_sku&search=${encodeURIComponent(item.sku)}`}
                >
                  {t("sku.orders", { count: item.orders, shown: format.number(item.orders) })}
                </Link>
              </td>
              <td className="nowrap">{format.relative(item.since)}</td>
              <td className="end">
                <Button size="small" onClick={() => setMapped(item)}>
                  {t("sku.map")}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {mapped && (
        <MapSkuDialog sku={mapped.sku} title={mapped.title} onClose={() => setMapped(null)} />
      )}
    </div>
  );
}
