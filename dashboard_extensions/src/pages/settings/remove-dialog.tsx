import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Schemas, told } from "../../api/client";
import { useClient } from "../../api/context";
import { useChange } from "../../api/queries";
import { useFormats } from "../../format/context";
import { Dialog } from "../../ui/dialog";
import { Check } from "../../ui/fields";
import { Banner } from "../../ui/page";
import { Failure, Loading } from "../../ui/states";

const CHANGED = [
  ...["accounts", "overview", "checklist", "marketplaces", "vocabulary", "changes"],
  ...["orders", "problems", "figures", "tasks"],
];
const SOON = 3_000;

interface DialogProps {
  account: Schemas["AccountShown"];
  onClose: () => void;
}

/** Removes an account, after saying what stays and what is deleted, and what is in the way. */
export function RemoveDialog({ account, onClose }: DialogProps) {
  const { t } = useTranslation();
  const client = useClient();
  const path = { id: account.id };
  const [isKnown, setIsKnown] = useState(false);
  const removal = useQuery({
    queryKey: ["removal", account.id],
    queryFn: ({ signal }) =>
      told(client.GET("/api/v1/accounts/{id}/removal", { params: { path }, signal })),
    // What is in the way may pass while somebody looks.
    refetchInterval: (query) => (query.state.data?.allowed ? false : SOON),
    gcTime: 0,
  });
  const remove = useChange(
    (api, query: { leave_unanswered?: number }) =>
      told(api.DELETE("/api/v1/accounts/{id}", { params: { path, query } })),
    CHANGED,
  );
  const { allowed = false, may_leave: mayLeave = 0 } = removal.data ?? {};
  const isLeft = !allowed && mayLeave > 0 && isKnown;
  const go = () =>
    remove.mutate(isLeft ? { leave_unanswered: mayLeave } : {}, { onSuccess: onClose });
  return (
    <Dialog
      title={t("accounts.removeTitle", { seller: account.seller_id })}
      action={t("accounts.removeAction")}
      isGrave
      isBusy={remove.isPending}
      isReady={allowed || isLeft}
      onAction={go}
      onClose={onClose}
    >
      {removal.isPending && <Loading rows={4} />}
      {removal.error && <Failure error={removal.error} onRetry={() => void removal.refetch()} />}
      {removal.data && <Consequences removal={removal.data} />}
      {removal.data && !allowed && <InTheWay removal={removal.data} />}
      {!allowed && mayLeave > 0 && (
        <Check
          label={t("accounts.leave", { count: mayLeave })}
          hint={t("accounts.leaveHint")}
          checked={isKnown}
          onChange={setIsKnown}
        />
      )}
      {remove.error && <Failure error={remove.error} />}
    </Dialog>
  );
}

function Consequences({ removal }: { removal: Schemas["AccountRemoval"] }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const { in_saleor: stay, orders: go } = removal;
  return (
    <>
      <section className="stack tight">
        <h3>{t("accounts.removeStays")}</h3>
        <ul className="points">
          <li>{t("accounts.staysOrders", { count: stay, shown: number(stay) })}</li>
          <li>{t("accounts.staysAtAmazon")}</li>
          <li>{t("accounts.staysInShop")}</li>
        </ul>
      </section>
      <section className="stack tight">
        <h3>{t("accounts.removeGoes")}</h3>
        <ul className="points">
          <li>{t("accounts.goesOrders", { count: go, shown: number(go) })}</li>
          <li>{t("accounts.goesSettings")}</li>
        </ul>
      </section>
      <Banner tone="warn">{t("accounts.removeFinal")}</Banner>
    </>
  );
}

function InTheWay({ removal }: { removal: Schemas["AccountRemoval"] }) {
  const { t } = useTranslation();
  const { under_way: underWay, unknown, importing } = removal;
  return (
    <Banner tone="bad" urgent>
      <strong>{t("accounts.removeNotYet")}</strong>
      {underWay > 0 && <div>{t("accounts.removeUnderWay", { count: underWay })}</div>}
      {unknown > 0 && <div>{t("accounts.removeUnknown", { count: unknown })}</div>}
      {importing > 0 && <div>{t("accounts.removeImporting", { count: importing })}</div>}
    </Banner>
  );
}
