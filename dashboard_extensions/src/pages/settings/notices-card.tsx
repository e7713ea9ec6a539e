import { Button } from "@saleor/macaw-ui";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Schemas, told } from "../../api/client";
import { useClient } from "../../api/context";
import { timezone, useChange } from "../../api/queries";
import { faultsOf } from "../../api/refused";
import { useFormats } from "../../format/context";
import { LANGUAGES, type Language, languageFor } from "../../i18n";
import { useSay } from "../../i18n/sentences";
import { languageName } from "../../messages/texts";
import { Check, Checks, SelectField, TextArea } from "../../ui/fields";
import { Banner, Card } from "../../ui/page";
import { Failure, Loading } from "../../ui/states";

type Notices = Schemas["Notices"];
type Body = Schemas["NoticesBody"];
type Recipient = Schemas["RecipientShown"];

const KEY = ["notices"];
const CAUSES = ["authorisation", "problems", "answers", "shipments", "standstill"] as const;
const PACES = ["at_once", "daily"] as const;
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

/** Notices by e-mail to the merchant's own staff. */
export function NoticesCard() {
  const { t } = useTranslation();
  const client = useClient();
  const query = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => told(client.GET("/api/v1/notices", { signal })),
    refetchInterval: 30_000,
  });
  return (
    <Card title={t("notices.title")}>
      <div className="stack">
        <p className="quiet">{t("notices.text")}</p>
        {query.isPending && <Loading rows={4} />}
        {query.error && !query.data && (
          <Failure error={query.error} onRetry={() => void query.refetch()} />
        )}
        {query.data && <Known notices={query.data} />}
      </div>
    </Card>
  );
}

function Known({ notices }: { notices: Notices }) {
  const { t } = useTranslation();
  const say = useSay();
  const hasServer = notices.why_not.length === 0;
  return (
    <>
      {!hasServer && (
        <Banner>
          <strong>{t("notices.notYet")}</strong>
          <div>{notices.why_not.map(say).join(" ")}</div>
        </Banner>
      )}
      {(hasServer || notices.on) && <NoticesForm notices={notices} />}
      {notices.recipients.length > 0 && <Fares recipients={notices.recipients} />}
      {hasServer && notices.recipients.length > 0 && <TestMail />}
    </>
  );
}

// --- what is set -----------------------------------------------------------------------------

/** What stands in the fields at first: where nobody has chosen yet, the page's language and zone. */
function useStart(notices: Notices): Body {
  const { i18n } = useTranslation();
  const { on, causes, pace, hour } = notices;
  const recipients = notices.recipients.map(({ address }) => address);
  return notices.is_chosen
    ? { on, causes, pace, hour, recipients, timezone: notices.timezone, language: notices.language }
    : {
        on,
        causes,
        pace,
        hour,
        recipients,
        timezone: timezone(),
        language: languageFor(i18n.language),
      };
}

function NoticesForm({ notices }: { notices: Notices }) {
  const { t } = useTranslation();
  const say = useSay();
  const [body, setBody] = useState<Body>(useStart(notices));
  const [lines, setLines] = useState(body.recipients.join("\n"));
  const save = useChange(
    (client, body: Body) => told(client.PUT("/api/v1/notices", { body })),
    [...KEY, "changes"],
  );
  const change = (more: Partial<Body>) => {
    setBody({ ...body, ...more });
    save.reset();
  };
  const faults = faultsOf(save.error, say);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ ...body, recipients: addressesIn(lines) });
  };
  return (
    <form className="stack" onSubmit={submit}>
      <Check
        label={t("notices.on")}
        hint={notices.sender ? t("notices.onHint", { sender: notices.sender }) : undefined}
        checked={body.on}
        onChange={(on) => change({ on })}
      />
      <TextArea
        label={t("notices.recipients")}
        hint={t("notices.recipientsHint")}
        error={faults.recipients}
        value={lines}
        onChange={(text) => {
          setLines(text);
          save.reset();
        }}
      />
      <CausesField
        values={body.causes}
        error={faults.causes}
        onChange={(causes) => change({ causes })}
      />
      <TimeFields body={body} faults={faults} change={change} />
      {save.error && Object.keys(faults).length === 0 && <Failure error={save.error} />}
      <div className="row">
        <Button type="submit" variant="secondary" disabled={save.isPending}>
          {t("save")}
        </Button>
        {save.isSuccess && <span role="status">{t("saved")}</span>}
      </div>
    </form>
  );
}

const addressesIn = (lines: string): string[] =>
  lines
    .split(/[\n,;]/)
    .map((line) => line.trim())
    .filter(Boolean);

interface CausesProps {
  values: Body["causes"];
  error: string | undefined;
  onChange: (causes: Body["causes"]) => void;
}

function CausesField({ values, error, onChange }: CausesProps) {
  const { t } = useTranslation();
  return (
    <div className="field">
      <Checks
        legend={t("notices.causes")}
        choices={CAUSES.map((value) => ({ value, label: t(`value.notice_causes.${value}`) }))}
        values={values}
        onChange={(chosen) => onChange(CAUSES.filter((cause) => chosen.includes(cause)))}
      />
      <span className="hint">{t("notices.causesHint")}</span>
      {error && (
        <span className="wrong" role="alert">
          {error}
        </span>
      )}
    </div>
  );
}

interface TimeProps {
  body: Body;
  faults: Partial<Record<string, string>>;
  change: (more: Partial<Body>) => void;
}

function TimeFields({ body, faults, change }: TimeProps) {
  const { t, i18n } = useTranslation();
  const zones = [
    ...new Set([...Intl.supportedValuesOf("timeZone"), "UTC", body.timezone ?? "UTC"]),
  ];
  return (
    <div className="form-grid">
      <SelectField
        label={t("notices.pace")}
        hint={t("notices.paceHint")}
        choices={PACES.map((value) => ({ value, label: t(`value.notice_paces.${value}`) }))}
        value={body.pace ?? "at_once"}
        onChange={(value) => change({ pace: PACES.find((pace) => pace === value) ?? "at_once" })}
      />
      {body.pace === "daily" && (
        <SelectField
          label={t("notices.hour")}
          hint={t("notices.hourHint")}
          choices={HOURS.map((hour) => ({
            value: String(hour),
            label: `${String(hour).padStart(2, "0")}:00`,
          }))}
          value={String(body.hour ?? 7)}
          onChange={(value) => change({ hour: Number(value) })}
        />
      )}
      <SelectField
        label={t("notices.timezone")}
        hint={t("notices.timezoneHint")}
        error={faults.timezone}
        choices={zones.map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") }))}
        value={body.timezone ?? "UTC"}
        onChange={(zone) => change({ timezone: zone })}
      />
      <SelectField
        label={t("notices.language")}
        hint={t("notices.languageHint")}
        choices={LANGUAGES.map((tag) => ({ value: tag, label: languageName(tag, i18n.language) }))}
        value={body.language ?? ("en" satisfies Language)}
        onChange={(language) => change({ language })}
      />
    </div>
  );
}

// --- how the mails fare ----------------------------------------------------------------------

function Fares({ recipients }: { recipients: readonly Recipient[] }) {
  const { t } = useTranslation();
  return (
    <section className="stack tight below" aria-label={t("notices.fares")}>
      <h3>{t("notices.fares")}</h3>
      <ul className="plain divided">
        {recipients.map((recipient) => (
          <li key={recipient.address} className="stack tight">
            <RecipientLine recipient={recipient} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function RecipientLine({ recipient }: { recipient: Recipient }) {
  const { t } = useTranslation();
  const say = useSay();
  const format = useFormats();
  const { address, sent_at, failed_at, failure, next_attempt_at } = recipient;
  const sent = sent_at && t("notices.sent", { when: format.dateTime(sent_at) });
  const when = failed_at && format.dateTime(failed_at);
  const again = next_attempt_at && t("notices.again", { when: format.dateTime(next_attempt_at) });
  return (
    <>
      <div className="row">
        <span>{address}</span>
        <span className="quiet push">{sent ?? t("notices.noneSent")}</span>
      </div>
      {when && (
        <div className="field">
          <span className="wrong">
            {t("notices.failed", { when, why: say(failure) })} {again}
          </span>
        </div>
      )}
    </>
  );
}

function TestMail() {
  const { t } = useTranslation();
  const say = useSay();
  const test = useChange(
    (client, _: undefined) => told(client.POST("/api/v1/notices/test")),
    [...KEY, "changes"],
  );
  const failed = test.data?.items.filter((item) => item.failure) ?? [];
  return (
    <div className="stack tight">
      <div className="row">
        <Button
          variant="secondary"
          size="small"
          disabled={test.isPending}
          onClick={() => test.mutate(undefined)}
        >
          {test.isPending ? t("notices.testing") : t("notices.test")}
        </Button>
        <span className="quiet">{t("notices.testHint")}</span>
      </div>
      {test.error && <Failure error={test.error} />}
      {test.data && failed.length === 0 && <Banner tone="good">{t("notices.taken")}</Banner>}
      {failed.map((item) => (
        <Banner key={item.address} tone="bad" urgent>
          <strong>{item.address}</strong>
          <div>{say(item.failure)}</div>
        </Banner>
      ))}
    </div>
  );
}
