import { Button } from "@saleor/macaw-ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Schemas, told } from "../../api/client";
import { useAccounts, useChange } from "../../api/queries";
import { useFormats } from "../../format/context";
import { Card, Facts } from "../../ui/page";
import { Empty, Failure, Loading } from "../../ui/states";
import { AccountState, SyncTimes } from "../overview/accounts-card";
import { ConnectDialog } from "./connect-dialog";
import { ImportStartDialog } from "./import-start-dialog";
import { RemoveDialog } from "./remove-dialog";

type Account = Schemas["AccountShown"];

/** The sellers' accounts: connect, renew, pause, remove. */
export function AccountsPart() {
  const { t } = useTranslation();
  const accounts = useAccounts();
  const [isConnecting, setConnecting] = useState(false);
  const connect = <Button onClick={() => setConnecting(true)}>{t("accounts.connect")}</Button>;
  return (
    <>
      <Card
        title={t("settings.accounts")}
        actions={accounts.data?.items.length ? connect : undefined}
      >
        {accounts.isPending && <Loading rows={3} />}
        {accounts.error && !accounts.data && (
          <Failure error={accounts.error} onRetry={() => void accounts.refetch()} />
        )}
        {accounts.data?.items.length === 0 && (
          <Empty title={t("accounts.noneTitle")} action={connect}>
            {t("accounts.noneText")}
          </Empty>
        )}
        <ul className="plain divided">
          {accounts.data?.items.map((account) => (
            <li key={account.id}>
              <AccountRow account={account} />
            </li>
          ))}
        </ul>
      </Card>
      {isConnecting && <ConnectDialog onClose={() => setConnecting(false)} />}
    </>
  );
}

function AccountRow({ account }: { account: Account }) {
  const { t } = useTranslation();
  const format = useFormats();
  const [isRenewing, setRenewing] = useState(false);
  const [isRemoving, setRemoving] = useState(false);
  const isLeaving = account.state === "removing";
  return (
    <div className="stack tight">
      <div className="row">
        <strong>{account.seller_id}</strong>
        <AccountState account={account} />
        {!isLeaving && (
          <div className="row push">
            <PauseButton account={account} />
            <Button size="small" variant="secondary" onClick={() => setRenewing(true)}>
              {t("accounts.renew")}
            </Button>
            <Button size="small" variant="secondary" onClick={() => setRemoving(true)}>
              {t("accounts.remove")}
            </Button>
          </div>
        )}
      </div>
      {isLeaving && <p className="quiet">{t("accounts.removing")}</p>}
      <Facts
        rows={[
          [t("accounts.region"), account.region.toUpperCase()],
          [t("accounts.authorisedUntil"), format.date(account.authorised_until)],
          [t("accounts.importFrom"), <ImportStart key="start" account={account} />],
          [t("accounts.connectedAt"), format.dateTime(account.connected_at)],
        ]}
      />
      <SyncTimes account={account} />
      {isRemoving && <RemoveDialog account={account} onClose={() => setRemoving(false)} />}
      {isRenewing && <ConnectDialog account={account} onClose={() => setRenewing(false)} />}
    </div>
  );
}

function ImportStart({ account }: { account: Account }) {
  const { t } = useTranslation();
  const format = useFormats();
  const [isOpen, setOpen] = useState(false);
  return (
    <span className="row">
      {format.date(account.import_from)}
      {account.state !== "removing" && (
        <button type="button" className="link" onClick={() => setOpen(true)}>
          {t("accounts.importFromChange")}
        </button>
      )}
      {isOpen && <ImportStartDialog account={account} onClose={() => setOpen(false)} />}
    </span>
  );
}

const PAUSE = "/api/v1/accounts/{id}/pause";
const RESUME = "/api/v1/accounts/{id}/resume";

function PauseButton({ account }: { account: Account }) {
  const { t } = useTranslation();
  const isPaused = account.state === "paused";
  const change = useChange(
    (client, id: string) =>
      told(client.POST(isPaused ? RESUME : PAUSE, { params: { path: { id } } })),
    ["accounts", "overview", "changes"],
  );
  return (
    <>
      <Button
        size="small"
        variant="secondary"
        disabled={change.isPending}
        onClick={() => change.mutate(account.id)}
      >
        {isPaused ? t("accounts.resume") : t("accounts.pause")}
      </Button>
      {change.error && <Failure error={change.error} />}
    </>
  );
}
