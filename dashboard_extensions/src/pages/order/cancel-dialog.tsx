import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Schemas, told } from "../../api/client";
import { type OrderDetail, useOrderAct } from "../../api/queries";
import { useFormats } from "../../format/context";
import { Dialog } from "../../ui/dialog";
import { SelectField, TextField } from "../../ui/fields";
import { Banner } from "../../ui/page";
import { Failure } from "../../ui/states";
import { useWords } from "../../ui/words";

interface DialogProps {
  detail: OrderDetail;
  onClose: () => void;
  onDone?: () => void;
  /** The reason that stands there at first. */
  preset?: string;
}

/** Asks Amazon to cancel the order, or units of it. Saleor follows once Amazon has accepted. */
export function CancelDialog({ detail, onClose, onDone = onClose, preset = "" }: DialogProps) {
  const { t } = useTranslation();
  const words = useWords();
  const { order, permits } = detail;
  const [reason, setReason] = useState(preset);
  const [isWhole, setWhole] = useState(permits.cancel.allowed);
  const [units, setUnits] = useState<Record<string, number>>({});
  const cancel = useOrderAct(order.amazon_order_id, (client, body: Schemas["CancelAsk"]) =>
    told(
      client.POST("/api/v1/orders/{amazon_order_id}/cancel", {
        params: { path: { amazon_order_id: order.amazon_order_id } },
        body,
      }),
    ),
  );
  const chosen = Object.fromEntries(Object.entries(units).filter(([, count]) => count > 0));
  const isReady = reason !== "" && (isWhole || Object.keys(chosen).length > 0);
  const send = () =>
    cancel.mutate(
      { reason: reason as Schemas["CancelReason"], units: isWhole ? {} : chosen },
      { onSuccess: onDone },
    );
  return (
    <Dialog
      title={t("cancel.title", { number: order.amazon_order_id })}
      action={isWhole ? t("cancel.whole") : t("cancel.someUnits")}
      isGrave
      isBusy={cancel.isPending}
      isReady={isReady}
      onAction={send}
      onClose={onClose}
    >
      <SelectField
        label={t("cancel.reason")}
        none={t("choose")}
        required
        choices={words.choices("cancel_reasons")}
        hint={words.explanation("cancel_reasons", reason)}
        value={reason}
        onChange={setReason}
      />
      {permits.cancel.allowed && permits.cancel_units.allowed && (
        <SelectField
          label={t("cancel.extent")}
          choices={[
            { value: "whole", label: t("cancel.whole") },
            { value: "units", label: t("cancel.someUnits") },
          ]}
          value={isWhole ? "whole" : "units"}
          onChange={(value) => setWhole(value === "whole")}
        />
      )}
      {!isWhole && <UnitFields detail={detail} units={units} onChange={setUnits} />}
      <Banner tone="warn">{t("cancel.warning")}</Banner>
      {cancel.error && <Failure error={cancel.error} />}
    </Dialog>
  );
}

interface UnitsProps {
  detail: OrderDetail;
  units: Record<string, number>;
  onChange: (units: Record<string, number>) => void;
}

function UnitFields({ detail, units, onChange }: UnitsProps) {
  const { t } = useTranslation();
  const { number } = useFormats();
  return (
    <div className="stack">
      {detail.items
        .filter((item) => item.quantity_open > 0)
        .map((item) => (
          <TextField
            key={item.item_id}
            type="number"
            min={0}
            max={item.quantity_open}
            label={item.title ?? item.sku ?? item.item_id}
            hint={t("cancel.openUnits", {
              count: item.quantity_open,
              shown: number(item.quantity_open),
            })}
            value={String(units[item.item_id] ?? 0)}
            onChange={(value) =>
              onChange({ ...units, [item.item_id]: clamp(value, item.quantity_open) })
            }
          />
        ))}
    </div>
  );
}

/** A whole number of units from what was typed, at most so many. */
export function clamp(typed: string, most: number): number {
  const count = Math.trunc(Number(typed));
  return Number.isFinite(count) ? Math.min(Math.max(count, 0), most) : 0;
}
