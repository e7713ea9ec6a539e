import { Button } from "@saleor/macaw-ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Schemas, told } from "../../api/client";
import { type OrderRow, useChange, useOrderCount } from "../../api/queries";
import { useFormats } from "../../format/context";
import { Dialog } from "../../ui/dialog";
import { SelectField } from "../../ui/fields";
import { Banner } from "../../ui/page";
import { Failure } from "../../ui/states";
import { useWords } from "../../ui/words";
import { asFilter, chipsOf, type Filters } from "./filters";

type Kind = "retry" | "fetch" | "cancel";

interface BarProps {
  rows: readonly OrderRow[];
  picked: ReadonlySet<string>;
  filters: Filters;
  onDone: () => void;
}

/** What can be done for many orders: those picked, or all that the filter finds. */
export function BulkBar({ rows, picked, filters, onDone }: BarProps) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const [kind, setKind] = useState<Kind | null>(null);
  const [isAll, setAll] = useState(false);
  const isFiltered = Boolean(filters.search) || chipsOf(filters).length > 0;
  const { data: count } = useOrderCount(asFilter(filters), picked.size > 0);
  if (picked.size === 0 && !kind) return null;
  const pageIsPicked = rows.length > 0 && rows.every((row) => picked.has(row.amazon_order_id));
  const many = isAll && pageIsPicked;
  const amount = many ? (count?.count ?? picked.size) : picked.size;
  return (
    <section className="bulk" aria-label={t("bulk.label")}>
      <strong>{t("bulk.picked", { count: amount, shown: number(amount) })}</strong>
      {pageIsPicked && isFiltered && count?.is_exact && count.count > picked.size && (
        <button type="button" className="link" onClick={() => setAll(!isAll)}>
          {isAll ? t("bulk.onlyPage") : t("bulk.allFound", { shown: number(count.count) })}
        </button>
      )}
      <div className="row push">
        <Button variant="secondary" onClick={() => setKind("retry")}>
          {t("bulk.retry")}
        </Button>
        <Button variant="secondary" onClick={() => setKind("fetch")}>
          {t("bulk.fetch")}
        </Button>
        <Button variant="secondary" onClick={() => setKind("cancel")}>
          {t("bulk.cancel")}
        </Button>
        <Button variant="tertiary" onClick={onDone}>
          {t("bulk.clear")}
        </Button>
      </div>
      {kind && (
        <BulkDialog
          kind={kind}
          amount={amount}
          ask={
            many
              ? { kind, filter: asFilter(filters), expected: amount }
              : { kind, amazon_order_ids: [...picked], expected: amount }
          }
          onClose={() => setKind(null)}
          onDone={() => {
            setKind(null);
            onDone();
          }}
        />
      )}
    </section>
  );
}

interface DialogProps {
  kind: Kind;
  amount: number;
  ask: Schemas["BulkAsk"];
  onClose: () => void;
  onDone: () => void;
}

function BulkDialog({ kind, amount, ask, onClose, onDone }: DialogProps) {
  const { t } = useTranslation();
  const words = useWords();
  const [reason, setReason] = useState("");
  const start = useChange(
    (client, body: Schemas["BulkAsk"]) => told(client.POST("/api/v1/tasks", { body })),
    ["tasks"],
  );
  const isCancel = kind === "cancel";
  const body = isCancel ? { ...ask, cancel_reason: reason as Schemas["CancelReason"] } : ask;
  return (
    <Dialog
      title={t(`bulk.${kind}Title`, { count: amount })}
      action={t(`bulk.${kind}`)}
      isGrave={isCancel}
      isBusy={start.isPending}
      isReady={!isCancel || reason !== ""}
      onAction={() => start.mutate(body, { onSuccess: onDone })}
      onClose={onClose}
    >
      <p>{t(`bulk.${kind}Text`)}</p>
      {isCancel && (
        <>
          <SelectField
            label={t("cancel.reason")}
            none={t("choose")}
            required
            choices={words.choices("cancel_reasons")}
            value={reason}
            onChange={setReason}
            hint={words.explanation("cancel_reasons", reason)}
          />
          <Banner tone="warn">{t("cancel.warning")}</Banner>
        </>
      )}
      {start.error && <Failure error={start.error} />}
    </Dialog>
  );
}
