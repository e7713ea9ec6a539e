import { Button } from "@saleor/macaw-ui";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Schemas, told } from "../../api/client";
import { useClient } from "../../api/context";
import { useChange } from "../../api/queries";
import { useFormats } from "../../format/context";
import { Dialog } from "../../ui/dialog";
import { TextField } from "../../ui/fields";
import { Card, Pill } from "../../ui/page";
import { PageButtons, usePages } from "../../ui/paging";
import { Empty, Failure, Loading } from "../../ui/states";
import { AddMappingDialog } from "./add-mapping-dialog";

type Mapping = Schemas["SkuMappingShown"];

export function MappingsCard() {
  const { t } = useTranslation();
  const [search, setSearch] = useState("");
  const [isAdding, setAdding] = useState(false);
  return (
    <Card
      title={t("sku.mappings")}
      flush
      actions={
        <Button size="small" variant="secondary" onClick={() => setAdding(true)}>
          {t("sku.add")}
        </Button>
      }
    >
      <div className="inset">
        <TextField label={t("sku.find")} type="search" value={search} onChange={setSearch} />
      </div>
      <Mappings key={search} search={search.trim()} />
      {isAdding && <AddMappingDialog onClose={() => setAdding(false)} />}
    </Card>
  );
}

function Mappings({ search }: { search: string }) {
  const { t } = useTranslation();
  const client = useClient();
  const pages = usePages();
  const query = {
    ...(search ? { search } : {}),
    ...(pages.cursor ? { cursor: pages.cursor } : {}),
  };
  const mappings = useQuery({
    queryKey: ["skus", "mappings", query],
    queryFn: ({ signal }) =>
      told(client.GET("/api/v1/sku-mappings", { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });
  if (mappings.isPending) {
    return (
      <div className="inset">
        <Loading rows={3} />
      </div>
    );
  }
  if (!mappings.data) {
    return (
      <div className="inset">
        <Failure error={mappings.error} onRetry={() => void mappings.refetch()} />
      </div>
    );
  }
  const { items, next_cursor: next } = mappings.data;
  if (!items.length && !pages.isLater) {
    return <Empty title={t("sku.noMappingsTitle")}>{t("sku.noMappingsText")}</Empty>;
  }
  return (
    <>
      <MappingTable items={items} />
      <PageButtons pages={pages} next={next} />
    </>
  );
}

function MappingTable({ items }: { items: readonly Mapping[] }) {
  const { t } = useTranslation();
  const format = useFormats();
  const [removed, setRemoved] = useState<Mapping | null>(null);
  return (
    <div className="scroll">
      <table className="list">
        <thead>
          <tr>
            <th scope="col">{t("sku.sku")}</th>
            <th scope="col">{t("sku.variant")}</th>
            <th scope="col">{t("sku.created")}</th>
            <th scope="col">
              <span className="visually-hidden">{t("sku.remove")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((mapping) => (
            <tr key={mapping.id}>
              <td className="mono">{mapping.sku}</td>
              <td>
                {mapping.variant ? (
                  <>
                    {mapping.variant.product} <span className="quiet">· {mapping.variant.sku}</span>
                  </>
                ) : (
                  <Pill tone="bad">{t("sku.gone")}</Pill>
                )}
              </td>
              <td className="nowrap">{format.date(mapping.created_at)}</td>
              <td className="end">
                <Button
                  size="small"
                  variant="secondary"
                  aria-label={t("sku.removeOf", { sku: mapping.sku })}
                  onClick={() => setRemoved(mapping)}
                >
                  {t("sku.remove")}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {removed && <RemoveDialog mapping={removed} onClose={() => setRemoved(null)} />}
    </div>
  );
}

function RemoveDialog({ mapping, onClose }: { mapping: Mapping; onClose: () => void }) {
  const { t } = useTranslation();
  const remove = useChange(
    (client, id: string) =>
      told(client.DELETE("/api/v1/sku-mappings/{id}", { params: { path: { id } } })),
    ["skus"],
  );
  return (
    <Dialog
      title={t("sku.removeOf", { sku: mapping.sku })}
      action={t("sku.remove")}
      isGrave
      isBusy={remove.isPending}
      onAction={() => remove.mutate(mapping.id, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>{t("sku.removeText")}</p>
      {remove.error && <Failure error={remove.error} />}
    </Dialog>
  );
}
