import { useState } from "react";
import { useTranslation } from "react-i18next";
import { told } from "../../api/client";
import { useChange } from "../../api/queries";
import { Dialog } from "../../ui/dialog";
import { TextField } from "../../ui/fields";
import { Failure } from "../../ui/states";
import { VariantPicker } from "./variant-picker";

export function AddMappingDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [sku, setSku] = useState("");
  const [variant, setVariant] = useState<string | null>(null);
  const map = useChange(
    (client, body: { sku: string; variant_id: string }) =>
      told(client.PUT("/api/v1/sku-mappings", { body })),
    ["skus", "orders", "problems", "overview"],
  );
  const add = () =>
    variant && map.mutate({ sku: sku.trim(), variant_id: variant }, { onSuccess: onClose });
  return (
    <Dialog
      title={t("sku.add")}
      action={t("sku.map")}
      isBusy={map.isPending}
      isReady={sku.trim() !== "" && variant !== null}
      onAction={add}
      onClose={onClose}
    >
      <TextField
        label={t("sku.amazonSku")}
        maxLength={128}
        required
        value={sku}
        onChange={setSku}
      />
      <VariantPicker first="" picked={variant} onPick={setVariant} />
      {map.error && <Failure error={map.error} />}
    </Dialog>
  );
}
