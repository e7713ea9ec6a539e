import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Schemas, told } from "./client";
import { useClient } from "./context";

export type OrderRow = Schemas["OrderRow"];
export type OrderDetail = Schemas["OrderDetail"];
export type OrderFilter = Schemas["OrderFilter"];
export type Task = Schemas["Task"];
export type WidgetOrder = Schemas["WidgetOrder"];

const SOON = 2_000;
const NOW_AND_THEN = 30_000;

export const timezone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

/** What rarely changes is read once. */
const RARELY = { staleTime: 300_000 };

/** What is asked each time a dialog opens, and kept no longer than it is open. */
export const ASKED_EACH_TIME = { staleTime: Number.POSITIVE_INFINITY, gcTime: 0, retry: false };

export function useMe() {
  const client = useClient();
  return useQuery({
    queryKey: ["me"],
    queryFn: ({ signal }) => told(client.GET("/api/v1/me", { signal })),
    ...RARELY,
  });
}

export function useVocabulary() {
  const client = useClient();
  return useQuery({
    queryKey: ["vocabulary"],
    queryFn: ({ signal }) => told(client.GET("/api/v1/vocabulary", { signal })),
    ...RARELY,
  });
}

// --- overview --------------------------------------------------------------------------------

export function useOverview() {
  const client = useClient();
  return useQuery({
    queryKey: ["overview"],
    queryFn: ({ signal }) =>
      told(client.GET("/api/v1/overview", { params: { query: { timezone: timezone() } }, signal })),
    refetchInterval: NOW_AND_THEN,
  });
}

export function useFigures(days: number) {
  const client = useClient();
  return useQuery({
    queryKey: ["figures", days],
    queryFn: ({ signal }) =>
      told(
        client.GET("/api/v1/figures", {
          params: { query: { timezone: timezone(), days } },
          signal,
        }),
      ),
  });
}

export function useChecklist(isWanted: boolean) {
  const client = useClient();
  return useQuery({
    queryKey: ["checklist"],
    queryFn: ({ signal }) => told(client.GET("/api/v1/checklist", { signal })),
    enabled: isWanted,
    refetchInterval: NOW_AND_THEN,
  });
}

// --- accounts --------------------------------------------------------------------------------

export function useAccounts() {
  const client = useClient();
  return useQuery({
    queryKey: ["accounts"],
    queryFn: ({ signal }) => told(client.GET("/api/v1/accounts", { signal })),
    refetchInterval: (query) => (isLeaving(query.state.data) ? 2_000 : 15_000),
  });
}

const isLeaving = (accounts: Schemas["Accounts"] | undefined) =>
  accounts?.items.some((account) => account.state === "removing");

// --- orders ----------------------------------------------------------------------------------

export type OrderQuery = OrderFilter & {
  sort?: Schemas["Sort"];
  direction?: Schemas["Direction"];
  limit?: number;
  cursor?: string;
};

export function useOrders(query: OrderQuery) {
  const client = useClient();
  return useQuery({
    queryKey: ["orders", query],
    queryFn: ({ signal }) =>
      told(client.GET("/api/v1/orders", { params: { query: asQuery(query) }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: NOW_AND_THEN,
  });
}

export function useOrderCount(filter: OrderFilter, isWanted = true) {
  const client = useClient();
  return useQuery({
    queryKey: ["orders", "count", filter],
    queryFn: ({ signal }) =>
      told(client.GET("/api/v1/orders/count", { params: { query: asQuery(filter) }, signal })),
    placeholderData: keepPreviousData,
    enabled: isWanted,
  });
}

/** Leaves out what does not restrict, so that an address stays readable. */
export function asQuery<T extends object>(filter: T): T {
  const kept = Object.entries(filter).filter(([, value]) =>
    Array.isArray(value) ? value.length > 0 : value !== null && value !== undefined && value !== "",
  );
  return Object.fromEntries(kept) as T;
}

export const orderKey = (id: string) => ["order", id] as const;

export function useOrder(id: string) {
  const client = useClient();
  return useQuery({
    queryKey: orderKey(id),
    queryFn: ({ signal }) =>
      told(
        client.GET("/api/v1/orders/{amazon_order_id}", {
          params: { path: { amazon_order_id: id } },
          signal,
        }),
      ),
    // While Amazon owes an answer the page looks often.
    refetchInterval: (query) => (isUnderWay(query.state.data) ? SOON : NOW_AND_THEN),
  });
}

function isUnderWay(detail: OrderDetail | undefined): boolean {
  const moving = ["queued", "sending", "submitted"];
  const importing = ["ready", "creating", "created"];
  return (
    detail !== undefined &&
    (detail.intents.some((intent) => moving.includes(intent.state)) ||
      importing.includes(detail.order.state))
  );
}

export function useMoney(id: string, mark: string) {
  const client = useClient();
  return useQuery({
    // The comparison reads Saleor: again when something has happened to the order, not by the clock.
    queryKey: ["order", id, "money", mark],
    queryFn: ({ signal }) =>
      told(
        client.GET("/api/v1/orders/{amazon_order_id}/money", {
          params: { path: { amazon_order_id: id } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

export function useRaw(id: string, isWanted: boolean) {
  const client = useClient();
  return useQuery({
    queryKey: ["order", id, "raw"],
    queryFn: ({ signal }) =>
      told(
        client.GET("/api/v1/orders/{amazon_order_id}/raw", {
          params: { path: { amazon_order_id: id } },
          signal,
        }),
      ),
    enabled: isWanted,
    // Somebody's looking is recorded; the data does not stay in memory either.
    gcTime: 0,
  });
}

export function useWidgetOrder(saleorOrderId: string | null) {
  const client = useClient();
  return useQuery({
    queryKey: ["widget", saleorOrderId],
    queryFn: ({ signal }) =>
      told(
        client.GET("/api/v1/saleor-orders/{saleor_order_id}", {
          params: { path: { saleor_order_id: saleorOrderId ?? "" } },
          signal,
        }),
      ),
    enabled: saleorOrderId !== null,
    refetchInterval: (query) =>
      query.state.data?.sent.some((intent) =>
        ["queued", "sending", "submitted"].includes(intent.state),
      )
        ? SOON * 2
        : NOW_AND_THEN,
  });
}

/** An act on one order. Its answer is the order as it is then. */
export function useOrderAct<Input>(
  id: string,
  act: (client: ReturnType<typeof useClient>, input: Input) => Promise<OrderDetail>,
) {
  const client = useClient();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: Input) => act(client, input),
    onSuccess: (detail) => {
      queries.setQueryData(orderKey(id), detail);
      for (const key of ["orders", "problems", "overview", "widget", "skus"]) {
        void queries.invalidateQueries({ queryKey: [key] });
      }
    },
  });
}

// --- problems --------------------------------------------------------------------------------

export function useProblemGroups() {
  const client = useClient();
  return useQuery({
    queryKey: ["problems"],
    queryFn: ({ signal }) => told(client.GET("/api/v1/problems", { signal })),
    refetchInterval: NOW_AND_THEN,
  });
}

export function useProblems(kind: Schemas["ProblemKind"], cursor: string | undefined) {
  const client = useClient();
  return useQuery({
    queryKey: ["problems", kind, cursor],
    queryFn: ({ signal }) =>
      told(
        client.GET("/api/v1/problems/orders", {
          params: { query: { kind, limit: 25, ...(cursor ? { cursor } : {}) } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });
}

// --- background work -------------------------------------------------------------------------

export const isOver = (task: Task): boolean => task.state === "done" || task.state === "stopped";

export function useTask(id: string | null) {
  const client = useClient();
  return useQuery({
    queryKey: ["task", id],
    queryFn: ({ signal }) =>
      told(client.GET("/api/v1/tasks/{id}", { params: { path: { id: id ?? "" } }, signal })),
    enabled: id !== null,
    refetchInterval: (query) => (query.state.data && isOver(query.state.data) ? false : 1_000),
  });
}

export function useTasks() {
  const client = useClient();
  return useQuery({
    queryKey: ["tasks"],
    queryFn: ({ signal }) => told(client.GET("/api/v1/tasks", { signal })),
    refetchInterval: (query) =>
      query.state.data?.items.some((task) => !isOver(task)) ? SOON : NOW_AND_THEN,
  });
}

/** Everything that work in the background may have changed is read again. */
export function useReadAgain() {
  const queries = useQueryClient();
  return () => {
    for (const key of [
      "orders",
      "order",
      "problems",
      "overview",
      "figures",
      "skus",
      "checklist",
      "marketplaces",
    ]) {
      void queries.invalidateQueries({ queryKey: [key] });
    }
  };
}

/** A change whose success makes the named queries be read again. */
export function useChange<Input, Output>(
  change: (client: ReturnType<typeof useClient>, input: Input) => Promise<Output>,
  keys: readonly string[],
) {
  const client = useClient();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: Input) => change(client, input),
    onSuccess: () => {
      for (const key of keys) void queries.invalidateQueries({ queryKey: [key] });
    },
  });
}
