import { Button } from "@saleor/macaw-ui";
import { ListFilter, Search, X } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "../../format/context";
import { useWords } from "../../ui/words";
import { FilterDialog } from "./filter-dialog";
import {
  chipsOf,
  type Filters,
  type ManyName,
  NO_FILTERS,
  type SingleName,
  without,
} from "./filters";

const PAUSE = 400;

interface BarProps {
  filters: Filters;
  onChange: (filters: Filters) => void;
}

/** Search, the filters in words, and the way to more of them. */
export function FilterBar({ filters, onChange }: BarProps) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const chips = chipsOf(filters);
  return (
    <div className="stack tight">
      <div className="row">
        <SearchBox
          value={filters.search ?? ""}
          onSearch={(search) => onChange({ ...filters, search: search || undefined })}
        />
        <Button variant="secondary" onClick={() => setOpen(true)}>
          <ListFilter size={16} aria-hidden /> {t("orders.filter")}
          {chips.length > 0 && <span className="count calm">{chips.length}</span>}
        </Button>
        <Shortcuts filters={filters} onChange={onChange} />
      </div>
      {chips.length > 0 && (
        <ul className="row chips" aria-label={t("orders.activeFilters")}>
          {chips.map(({ name, value }) => (
            <li key={`${name} ${value}`}>
              <Chip
                name={name}
                value={value}
                onRemove={() => onChange(without(filters, name, value))}
              />
            </li>
          ))}
          <li>
            <button
              type="button"
              className="link"
              onClick={() => onChange({ ...NO_FILTERS, search: filters.search })}
            >
              {t("orders.clearFilters")}
            </button>
          </li>
        </ul>
      )}
      {isOpen && (
        <FilterDialog
          filters={filters}
          onClose={() => setOpen(false)}
          onApply={(changed) => {
            setOpen(false);
            onChange(changed);
          }}
        />
      )}
    </div>
  );
}

function SearchBox({ value, onSearch }: { value: string; onSearch: (text: string) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = setTimeout(() => onSearch(text.trim()), PAUSE);
    return () => clearTimeout(timer);
  }, [text, value, onSearch]);
  return (
    <div className="search">
      <Search size={16} aria-hidden />
      <input
        type="search"
        className="input"
        aria-label={t("orders.search")}
        placeholder={t("orders.searchHint")}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === "Enter" && onSearch(text.trim())}
      />
    </div>
  );
}

/** The questions that are asked every day, one click each. */
function Shortcuts({ filters, onChange }: BarProps) {
  const { t } = useTranslation();
  const toggle = (name: "due" | "has_problem", value: string) =>
    onChange({ ...filters, [name]: filters[name] === value ? undefined : value });
  const entries = [
    ["due", "late", t("due.late")],
    ["due", "today", t("due.today")],
    ["has_problem", "true", t("orders.withProblem")],
  ] as const;
  return (
    <>
      {entries.map(([name, value, label]) => (
        <Button
          key={value}
          variant={filters[name] === value ? "primary" : "tertiary"}
          aria-pressed={filters[name] === value}
          onClick={() => toggle(name, value)}
        >
          {label}
        </Button>
      ))}
    </>
  );
}

interface ChipProps {
  name: SingleName | ManyName;
  value: string;
  onRemove: () => void;
}

function Chip({ name, value, onRemove }: ChipProps) {
  const { t } = useTranslation();
  const text = `${t(`filter.${name}`)}: ${useValueInWords()(name, value)}`;
  return (
    <span className="chip">
      {text}
      <button
        type="button"
        aria-label={t("orders.removeFilter", { filter: text })}
        onClick={onRemove}
      >
        <X size={12} aria-hidden />
      </button>
    </span>
  );
}

function useValueInWords() {
  const { t } = useTranslation();
  const words = useWords();
  const format = useFormats();
  return (name: SingleName | ManyName, value: string): string => {
    switch (name) {
      case "status":
        return words.status(value);
      case "state":
        return words.state(value);
      case "problem":
        return words.problem(value);
      case "marketplace":
        return words.vocabulary?.marketplaces.find((m) => m.id === value)?.name ?? value;
      case "fulfilled_by":
        return value === "AMAZON" ? t("fba") : t("fbm");
      case "due":
        return value === "late" ? t("due.late") : t("due.today");
      case "has_problem":
        return value === "true" ? t("yes") : t("no");
      case "mark":
        return ["prime", "business", "replacement"].includes(value)
          ? t(`mark.${value as "prime" | "business" | "replacement"}`)
          : value;
      case "purchased_from":
      case "purchased_to":
      case "ship_by_from":
      case "ship_by_to":
        return format.date(`${value}T12:00:00`);
      default:
        return value;
    }
  };
}
