import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Schemas, told } from "../../api/client";
import { useClient } from "../../api/context";
import { useAccounts, useChange, useReadAgain } from "../../api/queries";
import { faultsOf, wordsFor } from "../../api/refused";
import { useBridge } from "../../bridge/context";
import { useSay } from "../../i18n/sentences";
import { Dialog } from "../../ui/dialog";
import { SelectField, TextField } from "../../ui/fields";
import { Banner } from "../../ui/page";
import { Failure, Loading } from "../../ui/states";
import { useWords } from "../../ui/words";
import { midnight } from "../orders/filters";

const CHANGED = ["accounts", "overview", "checklist", "marketplaces", "vocabulary", "changes"];

interface DialogProps {
  /** The account whose authorisation is renewed; without it another one is connected. */
  account?: Schemas["AccountShown"];
  onClose: () => void;
}

/** Connects an account: through Amazon's consent page, or with a token made in Seller Central. */
export function ConnectDialog({ account, onClose }: DialogProps) {
  const client = useClient();
  const choices = useQuery({
    queryKey: ["connect-choices"],
    queryFn: ({ signal }) => told(client.GET("/api/v1/accounts/choices", { signal })),
  });
  const { t } = useTranslation();
  if (choices.data) return <Form choices={choices.data} account={account} onClose={onClose} />;
  return (
    <Dialog title={t("accounts.connect")} onClose={onClose}>
      {choices.error ? <Failure error={choices.error} /> : <Loading />}
    </Dialog>
  );
}

interface FormProps {
  choices: Schemas["ConnectChoices"];
  account: Schemas["AccountShown"] | undefined;
  onClose: () => void;
}

type Way = "consent" | "token";

function Form({ choices, account, onClose }: FormProps) {
  const { t } = useTranslation();
  const say = useSay();
  const [way, setWay] = useState<Way>(choices.by_consent ? "consent" : "token");
  const [day, setDay] = useState(account?.import_from.slice(0, 10) ?? "");
  const importFrom = midnight(day) ?? null;
  const ways = {
    consent: useConsent({ choices, importFrom, onClose }),
    token: useToken({ choices, account, importFrom, onClose }),
  };
  const { fields, ...doing } = ways[way];
  return (
    <Dialog
      title={account ? t("accounts.renew") : t("accounts.connect")}
      onClose={onClose}
      {...doing}
    >
      <TextField
        label={t("accounts.importFrom")}
        hint={t("accounts.importFromHint")}
        type="date"
        value={day}
        onChange={setDay}
      />
      {choices.by_consent ? (
        <fieldset className="row" aria-label={t("accounts.way")}>
          <WayButton way="consent" chosen={way} onChoose={setWay} />
          <WayButton way="token" chosen={way} onChoose={setWay} />
        </fieldset>
      ) : (
        <Banner>{say(choices.why_not_by_consent)}</Banner>
      )}
      {fields}
    </Dialog>
  );
}

interface WayButtonProps {
  way: Way;
  chosen: Way;
  onChoose: (way: Way) => void;
}

function WayButton({ way, chosen, onChoose }: WayButtonProps) {
  const { t } = useTranslation();
  const isChosen = way === chosen;
  return (
    <button
      type="button"
      className={isChosen ? "segment on" : "segment"}
      aria-pressed={isChosen}
      onClick={() => onChoose(way)}
    >
      {way === "consent" ? t("accounts.byConsent") : t("accounts.byToken")}
    </button>
  );
}

interface WayProps {
  choices: Schemas["ConnectChoices"];
  importFrom: string | null;
  onClose: () => void;
}

/** One way of connecting: its fields, and what the dialog's button does. */
interface ChosenWay {
  fields: ReactNode;
  action: string;
  isBusy: boolean;
  isReady: boolean;
  onAction: () => void;
}

/** Amazon's page in another tab; the dialog closes once the account has been connected there. */
function useConsent({ choices, importFrom, onClose }: WayProps): ChosenWay {
  const { t } = useTranslation();
  const bridge = useBridge();
  const [store, setStore] = useState("");
  const ask = useChange(
    (client, body: Schemas["ConsentBody"]) =>
      told(client.POST("/api/v1/accounts/consent", { body })),
    [],
  );
  useConnected(ask.isSuccess, onClose);
  const go = () =>
    ask.mutate(
      { marketplace_id: store, import_from: importFrom },
      { onSuccess: ({ url }) => bridge.openOutside(url) },
    );
  const fields = (
    <>
      <p className="quiet">{t("accounts.byConsentText")}</p>
      <SelectField
        label={t("accounts.store")}
        hint={t("accounts.storeHint")}
        none={t("choose")}
        choices={choices.marketplaces.map(({ id, name }) => ({ value: id, label: name }))}
        value={store}
        onChange={setStore}
      />
      {ask.isSuccess && <Banner>{t("accounts.consentOpened")}</Banner>}
      {ask.error && <Failure error={ask.error} />}
    </>
  );
  return {
    fields,
    action: t("accounts.toAmazon"),
    isBusy: ask.isPending,
    isReady: store !== "",
    onAction: go,
  };
}

/** Waits until an account has come, or has been authorised anew, and says so once. */
function useConnected(isWaiting: boolean, onConnected: () => void): void {
  const readAgain = useReadAgain();
  const { data, refetch } = useAccounts();
  const now = data && JSON.stringify(data.items.map((one) => [one.id, one.authorised_until]));
  const before = useRef(now);
  useEffect(() => {
    if (!isWaiting) return;
    const timer = setInterval(() => void refetch(), 2_000);
    return () => clearInterval(timer);
  }, [isWaiting, refetch]);
  useEffect(() => {
    before.current ??= now;
    if (!isWaiting || now === before.current) return;
    readAgain();
    onConnected();
  }, [isWaiting, now, onConnected, readAgain]);
}

/** A token that the seller has made in Seller Central. */
function useToken({
  choices,
  account,
  importFrom,
  onClose,
}: WayProps & Pick<FormProps, "account">): ChosenWay {
  const { t } = useTranslation();
  const say = useSay();
  const words = useWords();
  const [draft, setDraft] = useState({
    seller_id: account?.seller_id ?? "",
    region: account?.region ?? "",
    refresh_token: "",
  });
  const connect = useChange(
    (client, body: Schemas["ConnectBody"]) => told(client.POST("/api/v1/accounts", { body })),
    CHANGED,
  );
  const fault = faultsOf(connect.error, say);
  const isMarked = ["seller_id", "region", "refresh_token"].some((name) => fault[name]);
  const set = (name: keyof typeof draft) => (value: string) =>
    setDraft({ ...draft, [name]: value });
  const body = {
    seller_id: draft.seller_id.trim().toUpperCase(),
    region: draft.region as Schemas["Region"],
    refresh_token: draft.refresh_token.trim(),
    import_from: importFrom,
  };
  const fields = (
    <>
      <p className="quiet">{t("accounts.byTokenText")}</p>
      <div className="form-grid">
        <TextField
          label={t("accounts.sellerId")}
          hint={t("accounts.sellerIdHint")}
          error={fault.seller_id}
          required
          readOnly={account !== undefined}
          value={draft.seller_id}
          onChange={set("seller_id")}
        />
        <SelectField
          label={t("accounts.region")}
          none={t("choose")}
          choices={choices.regions.map(({ value, label }) => ({
            value,
            label: words.known("regions", value) ?? label,
          }))}
          error={fault.region}
          required
          disabled={account !== undefined}
          value={draft.region}
          onChange={set("region")}
        />
      </div>
      <TextField
        label={t("accounts.token")}
        hint={t("accounts.tokenHint")}
        error={fault.refresh_token}
        type="password"
        autoComplete="off"
        required
        value={draft.refresh_token}
        onChange={set("refresh_token")}
      />
      {isMarked && (
        <Banner tone="bad" urgent>
          {wordsFor(connect.error, t, say).title}
        </Banner>
      )}
      {connect.error && !isMarked && <Failure error={connect.error} />}
    </>
  );
  return {
    fields,
    action: account ? t("accounts.renew") : t("accounts.connectWithToken"),
    isBusy: connect.isPending,
    isReady: body.seller_id !== "" && draft.region !== "" && body.refresh_token.length > 4,
    onAction: () => connect.mutate(body, { onSuccess: onClose }),
  };
}
