import { Button } from "@saleor/macaw-ui";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Schemas, told } from "../../api/client";
import { useClient } from "../../api/context";
import { useFormats } from "../../format/context";
import { useSay } from "../../i18n/sentences";
import { SelectField, TextField } from "../../ui/fields";
import { Banner, Card, Facts, Pill, type Tone } from "../../ui/page";
import { Failure, Loading } from "../../ui/states";

type Notifications = Schemas["Notifications"];
type Account = Schemas["AccountNotifications"];
type TypeState = Schemas["NotificationTypeState"];

const KEY = ["notifications"];
const PATH = "/api/v1/accounts/{id}/notifications";

/** Amazon's notifications: for each account whether they are on, and how they are at Amazon. */
export function AmazonCard() {
  const { t } = useTranslation();
  const client = useClient();
  const query = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => told(client.GET("/api/v1/notifications", { signal })),
    refetchInterval: 15_000,
  });
  return (
    <Card title={t("notifications.title")}>
      <div className="stack">
        <p className="quiet">{t("notifications.text")}</p>
        {query.isPending && <Loading rows={3} />}
        {query.error && !query.data && (
          <Failure error={query.error} onRetry={() => void query.refetch()} />
        )}
        {query.data && <Known notifications={query.data} />}
      </div>
    </Card>
  );
}

function Known({ notifications }: { notifications: Notifications }) {
  const { t } = useTranslation();
  const say = useSay();
  const { why_not, failure, items } = notifications;
  const hasQueue = why_not.length === 0;
  return (
    <>
      {!hasQueue && (
        <Banner>
          <strong>{t("notifications.notYet")}</strong>
          <div>{why_not.map(say).join(" ")}</div>
        </Banner>
      )}
      {failure && (
        <Banner tone="bad">
          <strong>{t("notifications.unreadable")}</strong>
          <div>{say(failure)}</div>
        </Banner>
      )}
      {items.length === 0 && <p>{t("notifications.noAccount")}</p>}
      <ul className="plain divided">
        {items.map((account) => (
          <li key={account.account_id}>
            <AccountRow account={account} hasQueue={hasQueue} mayTest={notifications.may_test} />
          </li>
        ))}
      </ul>
    </>
  );
}

interface RowProps {
  account: Account;
  hasQueue: boolean;
  mayTest: boolean;
}

function AccountRow({ account, hasQueue, mayTest }: RowProps) {
  const { t } = useTranslation();
  const isOn = account.since !== null;
  const change = useSwitch(account.account_id);
  const maySwitch = isOn || account.may_switch_on;
  return (
    <section className="stack tight" aria-label={account.seller_id}>
      <div className="row">
        <strong>{account.seller_id}</strong>
        <span className="quiet">{account.region.toUpperCase()}</span>
        <Pill tone={isOn ? "good" : "calm"}>
          {isOn ? t("notifications.on") : t("notifications.off")}
        </Pill>
        {hasQueue && maySwitch && (
          <Button
            className="push"
            size="small"
            variant="secondary"
            disabled={change.isPending}
            onClick={() => change.mutate(!isOn)}
          >
            {isOn ? t("notifications.switchOff") : t("notifications.switchOn")}
          </Button>
        )}
      </div>
      {change.isPending && <p role="status">{t("notifications.switching")}</p>}
      {change.error && <Failure error={change.error} />}
      {hasQueue && !maySwitch && <p className="quiet">{t("notifications.cannotSwitch")}</p>}
      {hasQueue && isOn ? (
        <AtAmazon account={account} />
      ) : (
        <WhileOff account={account} hasQueue={hasQueue} types={change.data?.types} />
      )}
      {hasQueue && isOn && mayTest && <Trial id={account.account_id} />}
    </section>
  );
}

/** What the app knows by itself, and what became of switching off. */
function WhileOff({ account, hasQueue, types }: OffProps) {
  const { t } = useTranslation();
  const times = useTimes(account, hasQueue);
  const shown = types && <Types types={types} />;
  return <Facts rows={[...times, [t("notifications.types"), shown]]} />;
}

interface OffProps {
  account: Account;
  hasQueue: boolean;
  types: readonly TypeState[] | undefined;
}

function useTimes(account: Account, hasQueue: boolean) {
  const { t } = useTranslation();
  const format = useFormats();
  const { since, last_at } = account;
  const none = since ? t("notifications.firstHour") : t("notifications.never");
  const last = last_at ? format.dateTime(last_at) : none;
  return [
    [t("notifications.since"), since && format.dateTime(since)],
    [t("notifications.last"), hasQueue || last_at ? last : null],
  ] as const;
}

/** Switching asks Amazon several times; what became of it is shown even where only part of it was done. */
function useSwitch(id: string) {
  const client = useClient();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (on: boolean) => told(client.PUT(PATH, { params: { path: { id } }, body: { on } })),
    onSettled: () => {
      for (const key of [KEY, ["notification-status", id], ["changes"]]) {
        void queries.invalidateQueries({ queryKey: key });
      }
    },
  });
}

function AtAmazon({ account }: { account: Account }) {
  const { t } = useTranslation();
  const say = useSay();
  const format = useFormats();
  const times = useTimes(account, true);
  const status = useStatus(account.account_id);
  const ask = () => void status.refetch();
  const { data } = status;
  const waiting = data && t("notifications.waitingAbout", { shown: format.number(data.waiting) });
  const types = data && <Types types={data.types} />;
  const asking = status.isPending && <span role="status">{t("notifications.asking")}</span>;
  return (
    <>
      <Facts
        rows={[
          ...times,
          [t("notifications.waiting"), waiting],
          [t("notifications.types"), types ?? (asking || null)],
        ]}
      />
      {data?.queue_fault && <Banner tone="bad">{say(data.queue_fault)}</Banner>}
      {status.error && <Failure error={status.error} onRetry={data ? undefined : ask} />}
      {data && (
        <div>
          <Button size="small" variant="secondary" disabled={status.isFetching} onClick={ask}>
            {status.isFetching ? t("notifications.asking") : t("notifications.askAgain")}
          </Button>
        </div>
      )}
    </>
  );
}

function useStatus(id: string) {
  const client = useClient();
  return useQuery({
    queryKey: ["notification-status", id],
    queryFn: ({ signal }) => told(client.GET(PATH, { params: { path: { id } }, signal })),
    // Each look spends some of Amazon's quota.
    staleTime: 60_000,
    refetchOnWindowFocus: false,
    retry: false,
  });
}

function Types({ types }: { types: readonly TypeState[] }) {
  const { t } = useTranslation();
  return (
    <ul className="plain stack tight" aria-label={t("notifications.types")}>
      {types.map((type) => (
        <li key={type.type} className="row">
          <TypeLine type={type} />
        </li>
      ))}
    </ul>
  );
}

function TypeLine({ type }: { type: TypeState }) {
  const say = useSay();
  const name = useTypeName();
  const [tone, label] = useStateOf(type.is_on);
  return (
    <>
      <Pill tone={tone}>{label}</Pill>
      <span>{name(type.type)}</span>
      {type.note && <span className="quiet">{say(type.note)}</span>}
    </>
  );
}

function useStateOf(isOn: boolean | null): [Tone, string] {
  const { t } = useTranslation();
  if (isOn === null) return ["bad", t("notifications.typeUnknown")];
  return isOn ? ["good", t("notifications.typeOn")] : ["calm", t("notifications.typeOff")];
}

/** Amazon's names in the merchant's words; one that this version does not know stays as it is. */
function useTypeName() {
  const { t, i18n } = useTranslation();
  return (type: string) => {
    const key = `notifications.type.${type}`;
    return i18n.exists(key) ? String(t(key as never)) : type;
  };
}

const TYPES = ["ORDER_CHANGE", "FEED_PROCESSING_FINISHED", "TRANSACTION_UPDATE"] as const;

/** Only Amazon's sandbox sends notifications on demand. */
function Trial({ id }: { id: string }) {
  const { t } = useTranslation();
  const client = useClient();
  const name = useTypeName();
  const [type, setType] = useState<(typeof TYPES)[number]>("ORDER_CHANGE");
  const [scenario, setScenario] = useState("");
  const trial = useMutation({
    mutationFn: () =>
      told(
        client.POST(`${PATH}/test`, {
          params: { path: { id } },
          body: { type, scenario: scenario.trim() },
        }),
      ),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    trial.mutate();
  };
  return (
    <details className="below">
      <summary>{t("notifications.test")}</summary>
      <form className="stack" onSubmit={submit}>
        <p className="quiet">{t("notifications.testText")}</p>
        <div className="form-grid">
          <SelectField
            label={t("notifications.testType")}
            choices={TYPES.map((value) => ({ value, label: name(value) }))}
            value={type}
            onChange={(value) => setType(TYPES.find((known) => known === value) ?? type)}
          />
          <TextField
            label={t("notifications.scenario")}
            hint={t("notifications.scenarioHint")}
            maxLength={100}
            required
            value={scenario}
            onChange={setScenario}
          />
        </div>
        <div className="row">
          <Button
            type="submit"
            size="small"
            variant="secondary"
            disabled={!scenario.trim() || trial.isPending}
          >
            {t("notifications.send")}
          </Button>
          {trial.isPending && <span role="status">{t("notifications.sending")}</span>}
        </div>
        {trial.error && <Failure error={trial.error} />}
        {trial.data && (
          <Banner tone={trial.data.came ? "good" : "bad"}>
            {trial.data.came ? t("notifications.came") : t("notifications.didNotCome")}
          </Banner>
        )}
      </form>
    </details>
  );
}
