import { Button } from "@saleor/macaw-ui";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Schemas, told } from "../../api/client";
import { useClient } from "../../api/context";
import { useChange } from "../../api/queries";
import { useSay } from "../../i18n/sentences";
import { TextField } from "../../ui/fields";
import { Banner, Card } from "../../ui/page";
import { Failure, Loading } from "../../ui/states";

const LONGEST_KEPT = 365;

/** Settings of the whole shop: read-only mode, and how long the log is kept. */
export function ShopPart() {
  const client = useClient();
  const settings = useQuery({
    queryKey: ["settings"],
    queryFn: ({ signal }) => told(client.GET("/api/v1/settings", { signal })),
  });
  if (settings.isPending) return <Loading rows={4} />;
  if (!settings.data) {
    return <Failure error={settings.error} onRetry={() => void settings.refetch()} />;
  }
  return (
    <>
      <ReadOnlyCard settings={settings.data} />
      <LogCard settings={settings.data} />
    </>
  );
}

function ReadOnlyCard({ settings }: { settings: Schemas["ShopSettings"] }) {
  const { t } = useTranslation();
  const say = useSay();
  const [reason, setReason] = useState("");
  const change = useChange(
    (client, body: Schemas["ReadOnlyBody"]) =>
      told(client.PUT("/api/v1/settings/read-only", { body })),
    ["settings", "overview", "changes"],
  );
  const on = settings.read_only;
  return (
    <Card title={t("readOnly.title")}>
      <div className="stack">
        <p className="quiet">{t("readOnly.text")}</p>
        {on && (
          <Banner tone="warn">
            <strong>{t("readOnly.isOn")}</strong>
            <div>{say(settings.read_only_reason)}</div>
          </Banner>
        )}
        {!on && (
          <TextField
            label={t("readOnly.reason")}
            hint={t("readOnly.reasonHint")}
            maxLength={500}
            value={reason}
            onChange={setReason}
          />
        )}
        <div>
          <Button
            variant="secondary"
            disabled={change.isPending}
            onClick={() => change.mutate({ on: !on, reason })}
          >
            {on ? t("readOnly.switchOff") : t("readOnly.switchOn")}
          </Button>
        </div>
        {change.error && <Failure error={change.error} />}
      </div>
    </Card>
  );
}

function LogCard({ settings }: { settings: Schemas["ShopSettings"] }) {
  const { t } = useTranslation();
  const [days, setDays] = useState(String(settings.activity_days));
  const save = useChange(
    (client, body: Schemas["ShopSettingsBody"]) => told(client.PUT("/api/v1/settings", { body })),
    ["settings", "changes"],
  );
  const wanted = Number(days);
  const isGood = Number.isInteger(wanted) && wanted >= 1 && wanted <= LONGEST_KEPT;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isGood) save.mutate({ activity_days: wanted });
  };
  return (
    <Card title={t("log.title")}>
      <form className="stack" onSubmit={submit}>
        <TextField
          label={t("log.days")}
          hint={t("log.daysHint", { days: settings.defaults.activity_days ?? 30 })}
          type="number"
          min={1}
          max={LONGEST_KEPT}
          error={isGood ? null : t("log.wrong", { most: LONGEST_KEPT })}
          value={days}
          onChange={setDays}
        />
        {save.error && <Failure error={save.error} />}
        <div className="row">
          <Button type="submit" variant="secondary" disabled={!isGood || save.isPending}>
            {t("save")}
          </Button>
          {save.isSuccess && <span role="status">{t("saved")}</span>}
        </div>
      </form>
    </Card>
  );
}
