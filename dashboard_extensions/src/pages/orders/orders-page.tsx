import { Button } from "@saleor/macaw-ui";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useSearch } from "wouter";
import { useOrderCount, useOrders } from "../../api/queries";
import { useFormats } from "../../format/context";
import { Card, Page } from "../../ui/page";
import { PageButtons, usePages } from "../../ui/paging";
import { Empty, Failure, Loading } from "../../ui/states";
import { SyncButton } from "../overview/sync-button";
import { BulkBar } from "./bulk-bar";
import { ColumnPicker, useColumns } from "./columns";
import { ExportButton } from "./export-button";
import { FilterBar } from "./filter-bar";
import {
  asFilter,
  asOrderQuery,
  chipsOf,
  type Filters,
  NO_FILTERS,
  readFilters,
  readSorting,
  type Sorting,
  writeQuery,
} from "./filters";
import { rememberList } from "./last-list";
import { OrderTable } from "./order-table";
import { Views } from "./views";

/** The list of all orders. What it shows stands in the address; the place in it does not. */
export function OrdersPage() {
  const { t } = useTranslation();
  const search = useSearch();
  const { filters, sorting, show } = useAddress();
  useEffect(() => rememberList(search), [search]);
  // Another list begins at its first page, with nothing picked.
  return (
    <Page title={t("orders.title")} beside={<Views query={search} />} actions={<SyncButton />}>
      <FilterBar filters={filters} onChange={(changed) => show(changed, sorting)} />
      <List key={search} filters={filters} sorting={sorting} show={show} />
    </Page>
  );
}

type Show = (filters: Filters, sorting: Sorting) => void;

function useAddress() {
  const search = useSearch();
  const [, goTo] = useLocation();
  return useMemo(() => {
    const query = new URLSearchParams(search);
    const show: Show = (filters, sorting) => {
      const written = writeQuery(filters, sorting);
      goTo(written ? `/orders?${written}` : "/orders");
    };
    return { filters: readFilters(query), sorting: readSorting(query), show };
  }, [search, goTo]);
}

interface ListProps {
  filters: Filters;
  sorting: Sorting;
  show: Show;
}

function List({ filters, sorting, show }: ListProps) {
  const { t } = useTranslation();
  const pages = usePages();
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const { columns, toggle } = useColumns();
  const orders = useOrders(asOrderQuery(filters, sorting, pages.cursor));
  const rows = orders.data?.items ?? [];
  return (
    <Card
      flush
      label={t("orders.title")}
      actions={
        <>
          <ColumnPicker columns={columns} onToggle={toggle} />
          <ExportButton query={asOrderQuery(filters, sorting)} />
        </>
      }
      title={<Total filters={filters} />}
    >
      {orders.error && !orders.data && (
        <div className="body">
          <Failure error={orders.error} onRetry={() => void orders.refetch()} />
        </div>
      )}
      {orders.isPending && (
        <div className="body">
          <Loading rows={8} />
        </div>
      )}
      {orders.data && rows.length === 0 && (
        <NoOrders filters={filters} onClear={() => show(NO_FILTERS, sorting)} />
      )}
      {rows.length > 0 && (
        <OrderTable
          rows={rows}
          columns={columns}
          sorting={sorting}
          onSort={(changed) => show(filters, changed)}
          picked={picked}
          onPick={setPicked}
          isStale={orders.isPlaceholderData}
        />
      )}
      <BulkBar rows={rows} picked={picked} filters={filters} onDone={() => setPicked(new Set())} />
      <PageButtons
        pages={pages}
        next={orders.data?.next_cursor}
        isStale={orders.isPlaceholderData}
      />
    </Card>
  );
}

function Total({ filters }: { filters: Filters }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const { data } = useOrderCount(asFilter(filters));
  if (!data) return <span className="quiet">{t("orders.counting")}</span>;
  const key = data.is_exact ? "orders.count" : "orders.countAtLeast";
  return <span aria-live="polite">{t(key, { count: data.count, shown: number(data.count) })}</span>;
}

function NoOrders({ filters, onClear }: { filters: Filters; onClear: () => void }) {
  const { t } = useTranslation();
  const isFiltered = Boolean(filters.search) || chipsOf(filters).length > 0;
  if (!isFiltered) return <Empty title={t("orders.noneTitle")}>{t("orders.noneText")}</Empty>;
  return (
    <Empty
      title={t("orders.noMatchTitle")}
      action={
        <Button variant="secondary" onClick={onClear}>
          {t("orders.clearFilters")}
        </Button>
      }
    >
      {t("orders.noMatchText")}
    </Empty>
  );
}
