import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Schemas, told } from "../../api/client";
import { type OrderDetail, useOrderAct } from "../../api/queries";
import { useSay } from "../../i18n/sentences";
import { Dialog } from "../../ui/dialog";
import { TextField } from "../../ui/fields";
import { Failure } from "../../ui/states";

const FIELDS = [
  "name",
  "company_name",
  "address_line1",
  "address_line2",
  "postal_code",
  "city",
  "state_or_region",
  "country_code",
  "phone",
] as const;
type FieldName = (typeof FIELDS)[number];

/** Fields that may not be emptied; the API leaves an absent field as it is. */
const NEVER_EMPTY: ReadonlySet<FieldName> = new Set([
  "name",
  "address_line1",
  "postal_code",
  "city",
  "country_code",
]);

interface DialogProps {
  detail: OrderDetail;
  onClose: () => void;
}

/** Repairs the address for Saleor; Amazon's own stays as it is. */
export function AddressDialog({ detail, onClose }: DialogProps) {
  const { t } = useTranslation();
  const say = useSay();
  const id = detail.order.amazon_order_id;
  const told_ = detail.shipping.address;
  const before = Object.fromEntries(FIELDS.map((name) => [name, told_?.[name] ?? ""])) as Record<
    FieldName,
    string
  >;
  const [draft, setDraft] = useState(before);
  const save = useOrderAct(id, (client, body: Schemas["AddressRepair"]) =>
    told(
      client.PUT("/api/v1/orders/{amazon_order_id}/address", {
        params: { path: { amazon_order_id: id } },
        body,
      }),
    ),
  );
  const changed = FIELDS.filter((name) => draft[name].trim() !== before[name]);
  const emptied = changed.filter((name) => NEVER_EMPTY.has(name) && !draft[name].trim());
  const body = Object.fromEntries(changed.map((name) => [name, draft[name].trim()]));
  const named = detail.problems.filter((p) => p.kind === "address").map((p) => say(p.message));
  return (
    <Dialog
      title={t("address.title")}
      action={t("address.save")}
      isBusy={save.isPending}
      isReady={changed.length > 0 && emptied.length === 0}
      onAction={() => save.mutate(body, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p className="quiet">{t("address.text")}</p>
      {named.map((message) => (
        <p key={message}>{message}</p>
      ))}
      <div className="form-grid">
        {FIELDS.map((name) => (
          <TextField
            key={name}
            label={t(`address.${name}`)}
            error={emptied.includes(name) ? t("address.notEmpty") : null}
            maxLength={name === "country_code" ? 2 : 255}
            autoComplete="off"
            value={draft[name]}
            onChange={(value) => setDraft({ ...draft, [name]: value })}
          />
        ))}
      </div>
      {save.error && <Failure error={save.error} />}
    </Dialog>
  );
}
