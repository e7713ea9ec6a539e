import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Schemas, told } from "../../api/client";
import { useClient } from "../../api/context";
import { type OrderDetail, useOrderAct } from "../../api/queries";
import { useFormats } from "../../format/context";
import { readAmount } from "../../format/decimal";
import { Dialog } from "../../ui/dialog";
import { Check, SelectField, TextField } from "../../ui/fields";
import { Banner } from "../../ui/page";
import { Failure } from "../../ui/states";
import { useWords } from "../../ui/words";
import { clamp } from "./cancel-dialog";
import { RefundPreview } from "./refund-preview";

interface Draft {
  reason: string;
  units: Record<string, number>;
  shipping: boolean;
  amount: string;
}

interface DialogProps {
  detail: OrderDetail;
  onClose: () => void;
  onDone?: () => void;
}

/**
 * Refunds the buyer in two steps: what is wanted, then exactly what would be sent. The second step
 * sends that and nothing else; whatever changes the draft leads back to the first.
 */
export function RefundDialog({ detail, onClose, onDone = onClose }: DialogProps) {
  const { t } = useTranslation();
  const format = useFormats();
  const path = { amazon_order_id: detail.order.amazon_order_id };
  const client = useClient();
  const [draft, setDraft] = useState<Draft>({
    reason: "GeneralAdjustment",
    units: {},
    shipping: false,
    amount: "",
  });
  const preview = useMutation({
    mutationFn: (body: Schemas["RefundAsk"]) =>
      told(
        client.POST("/api/v1/orders/{amazon_order_id}/refund/preview", { params: { path }, body }),
      ),
  });
  const refund = useOrderAct(path.amazon_order_id, (api, body: Schemas["RefundConfirmed"]) =>
    told(api.POST("/api/v1/orders/{amazon_order_id}/refund", { params: { path }, body })),
  );
  const ask = asAsk(draft, detail.order.total?.currency);
  const seen = preview.data;
  const change = (more: Partial<Draft>) => {
    setDraft({ ...draft, ...more });
    preview.reset();
    refund.reset();
  };
  const act = () => {
    if (!ask) return;
    if (!seen) return preview.mutate(ask);
    const { request_id, digest } = seen;
    refund.mutate({ ...ask, request_id, digest }, { onSuccess: onDone });
  };
  const amount = seen && format.money(seen.amount.amount, seen.amount.currency);
  return (
    <Dialog
      title={t("refund.title", { number: path.amazon_order_id })}
      action={seen ? t("refund.send", { amount }) : t("refund.preview")}
      isGrave={Boolean(seen)}
      isBusy={preview.isPending || refund.isPending}
      isReady={ask !== null}
      onAction={act}
      onClose={onClose}
      wide
    >
      <DraftFields detail={detail} draft={draft} onChange={change} />
      {seen && <RefundPreview preview={seen} detail={detail} />}
      {preview.error && <Failure error={preview.error} />}
      {refund.error && <Failure error={refund.error} />}
      {!seen && <Banner>{t("refund.first")}</Banner>}
    </Dialog>
  );
}

/** What the API is asked for; null as long as nothing is asked for, or the amount is none. */
function asAsk(draft: Draft, currency: string | undefined): Schemas["RefundAsk"] | null {
  const units = Object.fromEntries(Object.entries(draft.units).filter(([, count]) => count > 0));
  const typed = draft.amount.trim();
  const amount = typed && currency ? readAmount(typed, currency) : null;
  if (typed && (amount === null || Number(amount) === 0)) return null;
  if (!typed && !draft.shipping && Object.keys(units).length === 0) return null;
  return {
    reason: draft.reason as Schemas["AdjustmentReason"],
    units,
    shipping: draft.shipping,
    ...(amount ? { amount } : {}),
  };
}

interface FieldsProps {
  detail: OrderDetail;
  draft: Draft;
  onChange: (more: Partial<Draft>) => void;
}

function DraftFields({ detail, draft, onChange }: FieldsProps) {
  const { t } = useTranslation();
  const words = useWords();
  const currency = detail.order.total?.currency ?? "";
  const typed = draft.amount.trim();
  const isWrong = typed !== "" && currency !== "" && readAmount(typed, currency) === null;
  return (
    <>
      <fieldset className="stack">
        <legend>{t("refund.units")}</legend>
        {detail.items.map((item) => (
          <UnitsField
            key={item.item_id}
            item={item}
            count={draft.units[item.item_id] ?? 0}
            onChange={(count) => onChange({ units: { ...draft.units, [item.item_id]: count } })}
          />
        ))}
      </fieldset>
      <Check
        label={t("refund.shipping")}
        checked={draft.shipping}
        onChange={(shipping) => onChange({ shipping })}
      />
      <div className="form-grid">
        <TextField
          label={t("refund.amount", { currency })}
          hint={t("refund.amountHint")}
          inputMode="decimal"
          error={isWrong ? t("refund.amountWrong", { currency }) : null}
          value={draft.amount}
          onChange={(amount) => onChange({ amount })}
        />
        <SelectField
          label={t("refund.reason")}
          choices={words.choices("refund_reasons")}
          hint={words.explanation("refund_reasons", draft.reason)}
          value={draft.reason}
          onChange={(reason) => onChange({ reason })}
        />
      </div>
    </>
  );
}

interface UnitsProps {
  item: Schemas["ItemShown"];
  count: number;
  onChange: (count: number) => void;
}

function UnitsField({ item, count, onChange }: UnitsProps) {
  const { t } = useTranslation();
  const { money, number } = useFormats();
  return (
    <TextField
      type="number"
      min={0}
      max={item.quantity_ordered}
      label={item.title ?? item.sku ?? item.item_id}
      hint={t("refund.ordered", {
        count: item.quantity_ordered,
        shown: number(item.quantity_ordered),
        amount: money(item.total?.amount, item.total?.currency),
      })}
      value={String(count)}
      onChange={(value) => onChange(clamp(value, item.quantity_ordered))}
    />
  );
}
