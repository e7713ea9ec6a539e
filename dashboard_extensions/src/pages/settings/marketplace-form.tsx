import { Button } from "@saleor/macaw-ui";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Schemas, told } from "../../api/client";
import { useClient } from "../../api/context";
import { useChange } from "../../api/queries";
import { Check, SelectField, TextField } from "../../ui/fields";
import { Failure, Loading } from "../../ui/states";
import { useWords } from "../../ui/words";

type Settings = Schemas["MarketplaceSettings"];
type Store = Schemas["MarketplaceShown"];

const DEFAULTS = {
  channel: "",
  warehouse_id: null,
  shipping_method_id: null,
  tax_class_id: null,
  import_orders: true,
  hold_stock: true,
  buyer_email: "placeholder",
  without_address: false,
  default_carrier: null,
  tracking_wait_hours: 4,
  ship_without_tracking: true,
  cancel_reason: "NoInventory",
  refund_reason: "GeneralAdjustment",
} as const;
const CHANGED = ["marketplaces", "overview", "checklist", "problems", "orders", "changes"];
const LONGEST_WAIT = 72;

interface FormProps {
  store: Store;
  onDone: () => void;
}

export function MarketplaceForm({ store, onDone }: FormProps) {
  const client = useClient();
  const shop = useQuery({
    queryKey: ["shop-choices"],
    queryFn: ({ signal }) => told(client.GET("/api/v1/settings/shop", { signal })),
    staleTime: 60_000,
  });
  if (shop.isPending) return <Loading />;
  if (!shop.data) return <Failure error={shop.error} onRetry={() => void shop.refetch()} />;
  return <Fields store={store} shop={shop.data} onDone={onDone} />;
}

interface FieldsProps extends FormProps {
  shop: Schemas["ShopChoices"];
}

function Fields({ store, shop, onDone }: FieldsProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<Settings>({ ...DEFAULTS, ...store.settings });
  const change = (more: Partial<Settings>) => setDraft({ ...draft, ...more });
  const save = useChange(
    (client, body: Settings) =>
      told(
        client.PUT("/api/v1/accounts/{id}/marketplaces/{marketplace_id}", {
          params: { path: { id: store.account_id, marketplace_id: store.marketplace.id } },
          body,
        }),
      ),
    CHANGED,
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(draft, { onSuccess: onDone });
  };
  return (
    <form className="stack" onSubmit={submit}>
      <Place draft={draft} change={change} shop={shop} store={store} />
      <Handling draft={draft} change={change} />
      <WayBack draft={draft} change={change} />
      {save.error && <Failure error={save.error} />}
      <div className="row end">
        <Button type="button" variant="secondary" onClick={onDone}>
          {t("cancelButton")}
        </Button>
        <Button type="submit" disabled={!draft.channel || save.isPending}>
          {save.isPending ? t("working") : t("save")}
        </Button>
      </div>
    </form>
  );
}

interface PartProps {
  draft: Settings;
  change: (more: Partial<Settings>) => void;
}

interface PlaceProps extends PartProps {
  shop: Schemas["ShopChoices"];
  store: Store;
}

const named = ({ id, name }: Schemas["Named"]) => ({ value: id, label: name });

function Place({ draft, change, shop, store }: PlaceProps) {
  const { t } = useTranslation();
  const { currency } = store.marketplace;
  const fitting = shop.channels.filter((channel) => !currency || channel.currency === currency);
  const channel = shop.channels.find((one) => one.slug === draft.channel);
  const oneOf = (choices: readonly Schemas["Named"][]) => ({
    choices: choices.map(named),
    // Where there are several the app cannot know which is meant.
    none: choices.length > 1 ? t("choose") : t("store.onlyOne"),
    required: choices.length > 1,
  });
  const pick = (slug: string) =>
    change({ channel: slug, warehouse_id: null, shipping_method_id: null });
  return (
    <fieldset className="stack">
      <legend>{t("store.place")}</legend>
      <div className="form-grid">
        <SelectField
          label={t("store.channel")}
          hint={t("store.channelHint", { currency: currency ?? "" })}
          error={fitting.length ? null : t("store.noChannel", { currency: currency ?? "" })}
          none={t("choose")}
          required
          choices={fitting.map(({ slug, name }) => ({ value: slug, label: name }))}
          value={draft.channel}
          onChange={pick}
        />
        <SelectField
          label={t("store.warehouse")}
          hint={t("store.warehouseHint")}
          {...oneOf(channel?.warehouses ?? [])}
          value={draft.warehouse_id ?? ""}
          onChange={(id) => change({ warehouse_id: id || null })}
        />
        <SelectField
          label={t("store.shippingMethod")}
          hint={t("store.shippingMethodHint")}
          {...oneOf(channel?.shipping_methods ?? [])}
          value={draft.shipping_method_id ?? ""}
          onChange={(id) => change({ shipping_method_id: id || null })}
        />
        <SelectField
          label={t("store.taxClass")}
          hint={t("store.taxClassHint")}
          {...oneOf(shop.tax_classes)}
          value={draft.tax_class_id ?? ""}
          onChange={(id) => change({ tax_class_id: id || null })}
        />
      </div>
    </fieldset>
  );
}

function Handling({ draft, change }: PartProps) {
  const { t } = useTranslation();
  const words = useWords();
  return (
    <fieldset className="stack">
      <legend>{t("store.handling")}</legend>
      {(["import_orders", "hold_stock", "without_address"] as const).map((name) => (
        <Check
          key={name}
          label={t(`store.${name}`)}
          hint={t(`store.${name}Hint`)}
          checked={draft[name] ?? DEFAULTS[name]}
          onChange={(on) => change({ [name]: on })}
        />
      ))}
      <SelectField
        label={t("store.buyer_email")}
        hint={words.explanation("buyer_emails", draft.buyer_email ?? DEFAULTS.buyer_email)}
        choices={words.choices("buyer_emails")}
        value={draft.buyer_email ?? DEFAULTS.buyer_email}
        onChange={(value) => change({ buyer_email: value as Schemas["BuyerEmail"] })}
      />
    </fieldset>
  );
}

function WayBack({ draft, change }: PartProps) {
  const { t } = useTranslation();
  const words = useWords();
  const { vocabulary } = words;
  return (
    <fieldset className="stack">
      <legend>{t("store.wayBack")}</legend>
      <div className="form-grid">
        <TextField
          label={t("store.default_carrier")}
          hint={t("store.default_carrierHint")}
          list="carriers"
          maxLength={128}
          value={draft.default_carrier ?? ""}
          onChange={(value) => change({ default_carrier: value || null })}
        />
        <TextField
          label={t("store.tracking_wait_hours")}
          hint={t("store.tracking_wait_hoursHint", { hours: DEFAULTS.tracking_wait_hours })}
          type="number"
          min={0}
          max={LONGEST_WAIT}
          value={String(draft.tracking_wait_hours ?? DEFAULTS.tracking_wait_hours)}
          onChange={(value) =>
            change({
              tracking_wait_hours: Math.min(Math.max(Math.trunc(Number(value)), 0), LONGEST_WAIT),
            })
          }
        />
        <SelectField
          label={t("store.cancel_reason")}
          hint={t("store.cancel_reasonHint")}
          choices={words.choices("cancel_reasons")}
          value={draft.cancel_reason ?? DEFAULTS.cancel_reason}
          onChange={(value) => change({ cancel_reason: value as Schemas["CancelReason"] })}
        />
        <SelectField
          label={t("store.refund_reason")}
          hint={t("store.refund_reasonHint")}
          choices={words.choices("refund_reasons")}
          value={draft.refund_reason ?? DEFAULTS.refund_reason}
          onChange={(value) => change({ refund_reason: value as Schemas["AdjustmentReason"] })}
        />
      </div>
      <datalist id="carriers">
        {vocabulary?.carriers.map((carrier) => (
          <option key={carrier.value} value={carrier.value}>
            {carrier.label}
          </option>
        ))}
      </datalist>
      <Check
        label={t("store.ship_without_tracking")}
        hint={t("store.ship_without_trackingHint")}
        checked={draft.ship_without_tracking ?? DEFAULTS.ship_without_tracking}
        onChange={(on) => change({ ship_without_tracking: on })}
      />
    </fieldset>
  );
}
