import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dropdown } from "../../ui/dropdown";
import { Checks } from "../../ui/fields";

export const COLUMNS = [
  "purchased",
  "number",
  "status",
  "buyer",
  "total",
  "note",
  "marketplace",
  "fulfilled_by",
  "ship_by",
  "units_open",
  "saleor",
] as const;
export type Column = (typeof COLUMNS)[number];

const USUAL: readonly Column[] = [
  "purchased",
  "number",
  "status",
  "buyer",
  "total",
  "marketplace",
  "ship_by",
  "units_open",
  "note",
];
const KEY = "amazon-orders.columns";

/** Which columns somebody wants, remembered in their browser. */
export function useColumns() {
  const [columns, setColumns] = useState<readonly Column[]>(remembered);
  const toggle = (names: readonly string[]) => {
    const chosen = COLUMNS.filter((column) => column === "number" || names.includes(column));
    setColumns(chosen);
    try {
      localStorage.setItem(KEY, JSON.stringify(chosen));
    } catch {
      // A browser that keeps nothing for frames forgets the choice with the page.
    }
  };
  return { columns, toggle };
}

function remembered(): readonly Column[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "null");
    if (Array.isArray(kept)) return COLUMNS.filter((column) => kept.includes(column));
  } catch {
    // Nothing is kept.
  }
  return USUAL;
}

interface PickerProps {
  columns: readonly Column[];
  onToggle: (names: readonly string[]) => void;
}

export function ColumnPicker({ columns, onToggle }: PickerProps) {
  const { t } = useTranslation();
  const choices = COLUMNS.filter((column) => column !== "number").map((value) => ({
    value,
    label: t(`column.${value}`),
  }));
  return (
    <Dropdown label={t("orders.columns")}>
      <Checks legend={t("orders.columns")} choices={choices} values={columns} onChange={onToggle} />
    </Dropdown>
  );
}
