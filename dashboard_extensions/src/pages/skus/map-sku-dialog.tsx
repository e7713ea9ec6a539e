import { useState } from "react";
import { useTranslation } from "react-i18next";
import { told } from "../../api/client";
import { useChange } from "../../api/queries";
import { Dialog } from "../../ui/dialog";
import { Failure } from "../../ui/states";
import { VariantPicker } from "./variant-picker";

interface DialogProps {
  sku: string;
  title: string | null;
  onClose: () => void;
}

/** Lets one of Amazon's SKUs stand for a variant; the orders that waited for it are tried again. */
export function MapSkuDialog({ sku, title, onClose }: DialogProps) {
  const { t } = useTranslation();
  const [variant, setVariant] = useState<string | null>(null);
  const map = useChange(
    (client, variant_id: string) =>
      told(client.PUT("/api/v1/sku-mappings", { body: { sku, variant_id } })),
    ["skus", "order", "orders", "problems", "overview"],
  );
  return (
    <Dialog
      title={t("sku.mapTitle", { sku })}
      action={t("sku.map")}
      isBusy={map.isPending}
      isReady={variant !== null}
      onAction={() => variant && map.mutate(variant, { onSuccess: onClose })}
      onClose={onClose}
    >
      {title && <p>{title}</p>}
      <VariantPicker first={sku} picked={variant} onPick={setVariant} />
      {map.error && <Failure error={map.error} />}
    </Dialog>
  );
}
