import { ArrowDown, ArrowUp } from "lucide-react";
import type { MouseEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import type { OrderRow } from "../../api/queries";
import { useBridge } from "../../bridge/context";
import { useFormats } from "../../format/context";
import { useSay } from "../../i18n/sentences";
import { Pill } from "../../ui/page";
import { toneOfState, toneOfStatus, useWords } from "../../ui/words";
import type { Column } from "./columns";
import type { Sorting } from "./filters";

const SORTABLE: Partial<Record<Column, Sorting["sort"]>> = {
  purchased: "purchased",
  total: "total",
  ship_by: "ship_by",
  note: "updated",
};
const AT_THE_END: readonly Column[] = ["total", "units_open"];

interface TableProps {
  rows: readonly OrderRow[];
  columns: readonly Column[];
  sorting?: Sorting;
  onSort?: (sorting: Sorting) => void;
  picked?: ReadonlySet<string>;
  onPick?: (picked: ReadonlySet<string>) => void;
  isStale?: boolean;
}

/** Orders in a table; with `onPick` they can be picked. */
export function OrderTable({
  rows,
  columns,
  sorting,
  onSort,
  picked,
  onPick,
  isStale,
}: TableProps) {
  return (
    <div className="scroll">
      <table className={isStale ? "list stale" : "list"}>
        <thead>
          <tr>
            {onPick && picked && <PickAll rows={rows} picked={picked} onPick={onPick} />}
            {columns.map((column) => (
              <Head key={column} column={column} sorting={sorting} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row
              key={`${row.account_id} ${row.amazon_order_id}`}
              row={row}
              columns={columns}
              picked={picked}
              onPick={onPick}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface HeadProps {
  column: Column;
  sorting: Sorting | undefined;
  onSort: ((sorting: Sorting) => void) | undefined;
}

function Head({ column, sorting, onSort }: HeadProps) {
  const { t } = useTranslation();
  const sort = SORTABLE[column];
  const className = AT_THE_END.includes(column) ? "end" : undefined;
  if (!sort || !sorting || !onSort) {
    return (
      <th scope="col" className={className}>
        {t(`column.${column}`)}
      </th>
    );
  }
  const isSorted = sorting.sort === sort;
  const other = sorting.direction === "descending" ? "ascending" : "descending";
  const Arrow = sorting.direction === "ascending" ? ArrowUp : ArrowDown;
  return (
    <th scope="col" className={className} aria-sort={isSorted ? sorting.direction : "none"}>
      <button
        type="button"
        onClick={() => onSort({ sort, direction: isSorted ? other : "descending" })}
      >
        {t(`column.${column}`)} {isSorted && <Arrow size={12} aria-hidden />}
      </button>
    </th>
  );
}

interface PickAllProps {
  rows: readonly OrderRow[];
  picked: ReadonlySet<string>;
  onPick: (picked: ReadonlySet<string>) => void;
}

function PickAll({ rows, picked, onPick }: PickAllProps) {
  const { t } = useTranslation();
  const all = rows.every((row) => picked.has(row.amazon_order_id));
  const some = !all && rows.some((row) => picked.has(row.amazon_order_id));
  const ids = rows.map((row) => row.amazon_order_id);
  return (
    <th scope="col">
      <input
        type="checkbox"
        aria-label={t("orders.pickAll")}
        checked={all}
        ref={(box) => {
          if (box) box.indeterminate = some;
        }}
        onChange={() => onPick(all ? new Set() : new Set(ids))}
      />
    </th>
  );
}

interface RowProps {
  row: OrderRow;
  columns: readonly Column[];
  picked: ReadonlySet<string> | undefined;
  onPick: ((picked: ReadonlySet<string>) => void) | undefined;
}

function Row({ row, columns, picked, onPick }: RowProps) {
  const { t } = useTranslation();
  const [, goTo] = useLocation();
  const id = row.amazon_order_id;
  const isPicked = picked?.has(id) ?? false;
  const toggle = () => {
    const changed = new Set(picked);
    if (!changed.delete(id)) changed.add(id);
    onPick?.(changed);
  };
  // The whole row is a target for the mouse; the keyboard and screen readers use its link.
  const open = (event: MouseEvent) => {
    if ((event.target as Element).closest("a, button, input, label")) return;
    if (window.getSelection()?.toString()) return;
    goTo(`/orders/${id}`);
  };
  return (
    <tr className={isPicked ? "clickable picked" : "clickable"} onClick={open}>
      {onPick && (
        <td>
          <input
            type="checkbox"
            aria-label={t("orders.pick", { number: id })}
            checked={isPicked}
            onChange={toggle}
          />
        </td>
      )}
      {columns.map((column) => (
        <Cell key={column} column={column} row={row} />
      ))}
    </tr>
  );
}

function Cell({ column, row }: { column: Column; row: OrderRow }): ReactNode {
  const { t } = useTranslation();
  const say = useSay();
  const format = useFormats();
  switch (column) {
    case "purchased":
      return <td className="nowrap">{format.shortDateTime(row.purchased_at)}</td>;
    case "number":
      return (
        <td className="nowrap">
          <Link className="link mono" href={`/orders/${row.amazon_order_id}`}>
            {row.amazon_order_id}
          </Link>
          <Marks row={row} />
        </td>
      );
    case "status":
      return <StatusCell row={row} />;
    case "buyer":
      return <td className="buyer">{row.buyer_name ?? <span className="quiet">–</span>}</td>;
    case "total":
      return <td className="end">{format.money(row.total?.amount, row.total?.currency)}</td>;
    case "note":
      return (
        <td className="clip" title={say(row.note)}>
          <span>{say(row.note)}</span>
        </td>
      );
    case "marketplace":
      return <td className="nowrap">{row.marketplace?.name ?? "–"}</td>;
    case "fulfilled_by":
      return <td>{row.fulfilled_by === "AMAZON" ? t("fba") : t("fbm")}</td>;
    case "ship_by":
      return <ShipBy row={row} />;
    case "units_open":
      return (
        <td className="end">
          {t("orders.openOf", {
            open: format.number(row.units_open),
            all: format.number(row.units),
          })}
        </td>
      );
    case "saleor":
      return <SaleorCell row={row} />;
  }
}

function StatusCell({ row }: { row: OrderRow }) {
  const words = useWords();
  return (
    <td>
      <div className="row">
        <Pill tone={toneOfStatus(row.status)}>{words.status(row.status)}</Pill>
        {row.state !== "imported" && (
          <Pill tone={toneOfState(row.state)}>{words.state(row.state)}</Pill>
        )}
      </div>
    </td>
  );
}

function ShipBy({ row }: { row: OrderRow }) {
  const { t } = useTranslation();
  const format = useFormats();
  return (
    <td className="nowrap">
      {format.shortDate(row.ship_by)}{" "}
      {row.due && <Pill tone={row.due === "late" ? "bad" : "warn"}>{t(`due.${row.due}`)}</Pill>}
    </td>
  );
}

export function Marks({ row }: { row: Pick<OrderRow, "is_prime" | "is_business" | "replaces"> }) {
  const { t } = useTranslation();
  if (!row.is_prime && !row.is_business && !row.replaces) return null;
  return (
    <span className="row">
      {row.is_prime && <Pill tone="info">{t("mark.prime")}</Pill>}
      {row.is_business && <Pill tone="info">{t("mark.business")}</Pill>}
      {row.replaces && <Pill>{t("mark.replacement")}</Pill>}
    </span>
  );
}

function SaleorCell({ row }: { row: OrderRow }) {
  const bridge = useBridge();
  const { saleor } = row;
  if (!saleor) return <td className="quiet">–</td>;
  return (
    <td>
      <button
        type="button"
        className="link"
        onClick={() => bridge.goTo(`/orders/${encodeURIComponent(saleor.id)}`)}
      >
        #{saleor.number}
      </button>
    </td>
  );
}
