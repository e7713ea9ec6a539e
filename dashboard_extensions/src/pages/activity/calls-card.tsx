import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "wouter";
import { type Schemas, told } from "../../api/client";
import { useClient } from "../../api/context";
import { useOverview } from "../../api/queries";
import { useFormats } from "../../format/context";
import { useSay } from "../../i18n/sentences";
import { SelectField, TextField } from "../../ui/fields";
import { Card, Pill } from "../../ui/page";
import { PageButtons, usePages } from "../../ui/paging";
import { Empty, Failure, Loading } from "../../ui/states";
import { midnight } from "../orders/filters";

const SIDES = ["amazon", "saleor", "mail", "app"] as const;
const NAMES = ["side", "account", "operation", "code", "since", "until"] as const;
type Name = (typeof NAMES)[number];

/** Calls that failed, by account, with code and message; filters stand in the address. */
export function CallsCard() {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const set = (name: Name) => (value: string) =>
    setParams((before) => {
      if (value) before.set(name, value);
      else before.delete(name);
      return before;
    });
  return (
    <Card title={t("activity.calls")} flush>
      <Calls key={params.toString()} params={params} set={set} />
    </Card>
  );
}

interface CallsProps {
  params: URLSearchParams;
  set: (name: Name) => (value: string) => void;
}

function Calls({ params, set }: CallsProps) {
  const { t } = useTranslation();
  const pages = usePages();
  const calls = useCalls(params, pages.cursor);
  const items = calls.data?.items ?? [];
  return (
    <>
      <div className="inset">
        <CallFilters params={params} set={set} operations={calls.data?.operations ?? []} />
      </div>
      {calls.isPending && (
        <div className="inset">
          <Loading rows={4} />
        </div>
      )}
      {calls.error && !calls.data && (
        <div className="inset">
          <Failure error={calls.error} onRetry={() => void calls.refetch()} />
        </div>
      )}
      {calls.data && items.length === 0 && (
        <Empty title={t("activity.noneTitle")}>{t("activity.noneText")}</Empty>
      )}
      {items.length > 0 && <CallTable items={items} />}
      <PageButtons pages={pages} next={calls.data?.next_cursor} />
    </>
  );
}

function useCalls(params: URLSearchParams, cursor: string | undefined) {
  const client = useClient();
  const since = midnight(params.get("since") ?? undefined);
  const until = midnight(params.get("until") ?? undefined, 1);
  const query = Object.fromEntries(
    Object.entries({
      side: params.get("side"),
      account: params.get("account"),
      operation: params.get("operation"),
      code: params.get("code"),
      since,
      until,
      cursor,
    }).filter(([, value]) => value),
  );
  return useQuery({
    queryKey: ["activity", query],
    queryFn: ({ signal }) => told(client.GET("/api/v1/activity", { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });
}

interface FilterProps extends CallsProps {
  operations: readonly Schemas["Choice"][];
}

function CallFilters({ params, set, operations }: FilterProps) {
  const { t } = useTranslation();
  const { data } = useOverview();
  const accounts = (data?.accounts ?? []).map(({ id, seller_id, region }) => ({
    value: id,
    label: `${seller_id} (${region.toUpperCase()})`,
  }));
  const sides = SIDES.map((value) => ({ value, label: t(`activity.sideOf.${value}`) }));
  const lists = [
    ["side", sides],
    ["account", accounts],
    ["operation", operations],
  ] as const;
  return (
    <div className="form-grid tight">
      {lists.map(([name, choices]) => (
        <SelectField
          key={name}
          label={t(`activity.${name}`)}
          none={t("any")}
          choices={choices}
          value={params.get(name) ?? ""}
          onChange={set(name)}
        />
      ))}
      {(["since", "until"] as const).map((name) => (
        <TextField
          key={name}
          type="date"
          label={t(`activity.${name}`)}
          value={params.get(name) ?? ""}
          onChange={set(name)}
        />
      ))}
    </div>
  );
}

function CallTable({ items }: { items: readonly Schemas["ActivityShown"][] }) {
  const { t } = useTranslation();
  const say = useSay();
  const format = useFormats();
  return (
    <div className="scroll">
      <table className="list">
        <thead>
          <tr>
            <th scope="col">{t("activity.at")}</th>
            <th scope="col">{t("activity.account")}</th>
            <th scope="col">{t("activity.operation")}</th>
            <th scope="col">{t("activity.code")}</th>
            <th scope="col">{t("activity.message")}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.id}>
              <td className="nowrap">{format.dateTime(item.at)}</td>
              <td>{item.seller_id ?? "–"}</td>
              <td>
                <span className="row">
                  <SidePill side={item.side} /> {item.operation}
                </span>
              </td>
              <td className="mono">{item.code}</td>
              <td>{say(item.message)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function SidePill({ side }: { side: string }) {
  const { t } = useTranslation();
  const known = SIDES.find((one) => one === side);
  return <Pill>{known ? t(`activity.sideOf.${known}`) : side}</Pill>;
}
