import { useTranslation } from "react-i18next";
import { useTasks } from "../../api/queries";
import { useFormats } from "../../format/context";
import { Card } from "../../ui/page";
import { Failure, Loading } from "../../ui/states";
import { TaskProgress } from "../../ui/task-progress";

/** Bulk work and syncs, the latest first, with what failed in them. */
export function TasksCard() {
  const { t } = useTranslation();
  const format = useFormats();
  const tasks = useTasks();
  return (
    <Card title={t("task.title")}>
      {tasks.isPending && <Loading rows={3} />}
      {tasks.error && !tasks.data && (
        <Failure error={tasks.error} onRetry={() => void tasks.refetch()} />
      )}
      {tasks.data?.items.length === 0 && <p className="quiet">{t("task.empty")}</p>}
      <ul className="plain divided">
        {tasks.data?.items.map((task) => (
          <li key={task.id}>
            <TaskProgress task={task} />
            <div className="quiet small">
              {format.dateTime(task.created_at)} · {task.asked_by} · {t(`task.state.${task.state}`)}
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}
