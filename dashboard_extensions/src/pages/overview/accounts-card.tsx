import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import type { Schemas } from "../../api/client";
import { useMay } from "../../bridge/context";
import { useFormats } from "../../format/context";
import { useSay } from "../../i18n/sentences";
import { Card, Pill, type Tone } from "../../ui/page";

type Account = Schemas["AccountShown"];

const TONES: Record<Account["state"], Tone> = {
  connected: "good",
  paused: "calm",
  authorisation_lost: "bad",
  to_be_renewed: "warn",
  removing: "calm",
};

export function AccountsCard({ accounts }: { accounts: readonly Account[] }) {
  const { t } = useTranslation();
  const maySet = useMay("MANAGE_APPS");
  return (
    <Card
      title={t("accounts.title")}
      actions={
        maySet && (
          <Link className="link" href="/settings">
            {t("accounts.manage")}
          </Link>
        )
      }
    >
      <ul className="plain divided">
        {accounts.map((account) => (
          <li key={account.id}>
            <AccountLine account={account} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function AccountState({ account }: { account: Account }) {
  const { t } = useTranslation();
  return <Pill tone={TONES[account.state]}>{t(`accounts.state.${account.state}`)}</Pill>;
}

function AccountLine({ account }: { account: Account }) {
  return (
    <div className="stack tight">
      <div className="row">
        <strong>{account.seller_id}</strong>
        <span className="quiet">{account.region.toUpperCase()}</span>
        <AccountState account={account} />
      </div>
      <SyncTimes account={account} />
      <Stores account={account} />
    </div>
  );
}

export function SyncTimes({ account }: { account: Account }) {
  const { t } = useTranslation();
  const say = useSay();
  const format = useFormats();
  const next = (at: string) =>
    Date.parse(at) <= Date.now()
      ? t("accounts.nextSyncDue")
      : t("accounts.nextSync", { when: format.relative(at) });
  return (
    <div className="small">
      <div className="quiet">
        {account.last_sync_at
          ? t("accounts.lastSync", { when: format.relative(account.last_sync_at) })
          : t("accounts.neverSynced")}
        {account.is_syncing && ` · ${t("sync.running")}`}
        {!account.is_syncing && account.next_sync_at && ` · ${next(account.next_sync_at)}`}
      </div>
      {account.failure && <div>{t("accounts.failure", { text: say(account.failure) })}</div>}
      {account.withheld_data.length > 0 && (
        <div>{t("accounts.withheld", { names: format.list(account.withheld_data) })}</div>
      )}
    </div>
  );
}

function Stores({ account }: { account: Account }) {
  return (
    <ul className="plain small">
      {account.marketplaces.map((store) => (
        <li className="row" key={store.marketplace.id}>
          {store.marketplace.name}
          <StoreState store={store} />
        </li>
      ))}
    </ul>
  );
}

export function StoreState({ store }: { store: Schemas["MarketplaceState"] }) {
  const { t } = useTranslation();
  if (store.is_denied) return <Pill tone="bad">{t("store.denied")}</Pill>;
  if (!store.is_mapped) return <Pill tone="warn">{t("store.unmapped")}</Pill>;
  if (!store.import_orders) return <Pill>{t("store.readOnly")}</Pill>;
  return <span className="quiet">{store.channel}</span>;
}
