import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "../../ui/dialog";
import { Checks, SelectField, TextField } from "../../ui/fields";
import { useWords } from "../../ui/words";
import type { Filters, ManyName, SingleName } from "./filters";

interface DialogProps {
  filters: Filters;
  onClose: () => void;
  onApply: (filters: Filters) => void;
}

/** All filters at once; nothing changes before they are applied. */
export function FilterDialog({ filters, onClose, onApply }: DialogProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(filters);
  const set = (name: SingleName) => (value: string) =>
    setDraft({ ...draft, [name]: value || undefined });
  const setMany = (name: ManyName) => (values: string[]) => setDraft({ ...draft, [name]: values });
  return (
    <Dialog
      title={t("orders.filter")}
      action={t("orders.applyFilters")}
      onAction={() => onApply(draft)}
      onClose={onClose}
      wide
    >
      <div className="form-grid">
        {(["purchased_from", "purchased_to", "ship_by_from", "ship_by_to"] as const).map((name) => (
          <TextField
            key={name}
            type="date"
            label={t(`filter.${name}`)}
            value={draft[name] ?? ""}
            onChange={set(name)}
          />
        ))}
        <TextField label={t("filter.number")} value={draft.number ?? ""} onChange={set("number")} />
        <TextField
          label={t("filter.buyer")}
          hint={t("filter.buyerHint")}
          value={draft.buyer ?? ""}
          onChange={set("buyer")}
        />
        <TotalFields draft={draft} set={set} />
        <SelectField
          label={t("filter.fulfilled_by")}
          none={t("any")}
          choices={[
            { value: "MERCHANT", label: t("fbm") },
            { value: "AMAZON", label: t("fba") },
          ]}
          value={draft.fulfilled_by ?? ""}
          onChange={set("fulfilled_by")}
        />
        <SelectField
          label={t("filter.has_problem")}
          none={t("any")}
          choices={[
            { value: "true", label: t("yes") },
            { value: "false", label: t("no") },
          ]}
          value={draft.has_problem ?? ""}
          onChange={set("has_problem")}
        />
      </div>
      <ManyFields draft={draft} setMany={setMany} />
    </Dialog>
  );
}

interface TotalProps {
  draft: Filters;
  set: (name: SingleName) => (value: string) => void;
}

function TotalFields({ draft, set }: TotalProps) {
  const { t } = useTranslation();
  const { vocabulary } = useWords();
  const currencies = new Set(vocabulary?.marketplaces.flatMap((m) => m.currency ?? []) ?? []);
  const hasCurrency = Boolean(draft.currency);
  return (
    <>
      <SelectField
        label={t("filter.currency")}
        hint={t("filter.currencyHint")}
        none={t("any")}
        choices={[...currencies].sort().map((value) => ({ value, label: value }))}
        value={draft.currency ?? ""}
        onChange={set("currency")}
      />
      {(["total_min", "total_max"] as const).map((name) => (
        <TextField
          key={name}
          type="number"
          min={0}
          step="any"
          label={t(`filter.${name}`)}
          disabled={!hasCurrency}
          value={draft[name] ?? ""}
          onChange={set(name)}
        />
      ))}
    </>
  );
}

interface ManyProps {
  draft: Filters;
  setMany: (name: ManyName) => (values: string[]) => void;
}

function ManyFields({ draft, setMany }: ManyProps) {
  const { t } = useTranslation();
  const words = useWords();
  const marketplaces = (words.vocabulary?.marketplaces ?? []).map(({ id, name }) => ({
    value: id,
    label: name,
  }));
  const marks = (["prime", "business", "replacement"] as const).map((value) => ({
    value,
    label: t(`mark.${value}`),
  }));
  const groups = [
    ["status", words.choices("statuses")],
    ["state", words.choices("states")],
    ["marketplace", marketplaces],
    ["mark", marks],
    ["problem", words.choices("problems")],
  ] as const;
  return (
    <div className="form-grid">
      {groups.map(([name, choices]) => (
        <Checks
          key={name}
          legend={t(`filter.${name}`)}
          choices={choices}
          values={draft[name]}
          onChange={setMany(name)}
        />
      ))}
    </div>
  );
}
