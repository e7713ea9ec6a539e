import { Button } from "@saleor/macaw-ui";
import { RefreshCw } from "lucide-react";
import { useTranslation } from "react-i18next";
import { told } from "../../api/client";
import { isOver, useChange, useTasks } from "../../api/queries";
import { wordsFor } from "../../api/refused";
import { useBridge } from "../../bridge/context";
import { useSay } from "../../i18n/sentences";

export function useSync() {
  return useChange(
    (client, accountId: string | null) =>
      told(client.POST("/api/v1/sync", { body: { account_id: accountId } })),
    ["tasks"],
  );
}

/** Sweeps, imports and compares now. Its progress shows above the pages. */
export function SyncButton() {
  const { t } = useTranslation();
  const say = useSay();
  const bridge = useBridge();
  const sync = useSync();
  const { data: tasks } = useTasks();
  const isSyncing = tasks?.items.some((task) => task.kind === "sync" && !isOver(task)) ?? false;
  const start = () =>
    sync.mutate(null, {
      onError: (error) => {
        const { title, text } = wordsFor(error, t, say);
        bridge.notify("error", title, text);
      },
    });
  return (
    <Button variant="secondary" disabled={isSyncing || sync.isPending} onClick={start}>
      <RefreshCw size={16} aria-hidden /> {isSyncing ? t("sync.running") : t("sync.now")}
    </Button>
  );
}
