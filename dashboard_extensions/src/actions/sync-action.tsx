import { Button } from "@saleor/macaw-ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useBridge } from "../bridge/context";
import { useSync } from "../pages/overview/sync-button";
import { Failure } from "../ui/states";
import { FollowedTask } from "../ui/task-progress";

/** Sync now, from the menu of Saleor's list of orders. It goes on when the pop-up is closed. */
export function SyncAction() {
  const { t } = useTranslation();
  const bridge = useBridge();
  const sync = useSync();
  const [task, setTask] = useState<string | null>(null);
  const start = () => sync.mutate(null, { onSuccess: (started) => setTask(started.id) });
  return (
    <div className="inside stack">
      <p>{t("sync.text")}</p>
      {task && <FollowedTask id={task} />}
      {sync.error && <Failure error={sync.error} />}
      <div className="row">
        {!task && (
          <Button disabled={sync.isPending} onClick={start}>
            {sync.isPending ? t("working") : t("sync.now")}
          </Button>
        )}
        <Button variant="secondary" onClick={() => bridge.openAppPage("/orders")}>
          {t("widget.all")}
        </Button>
        <Button variant="secondary" onClick={() => bridge.closePopup()}>
          {t("close")}
        </Button>
      </div>
    </div>
  );
}
