import { Button } from "@saleor/macaw-ui";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { told } from "../api/client";
import {
  isOver,
  type Task,
  useChange,
  useOverview,
  useReadAgain,
  useTask,
  useTasks,
} from "../api/queries";
import { useFormats } from "../format/context";
import { useSay } from "../i18n/sentences";
import { Banner } from "./page";

/** Work in the background, wherever one is in the app: it goes on when the page is closed. */
export function RunningTasks() {
  const { data } = useTasks();
  const readAgain = useReadAgain();
  const running = (data?.items ?? []).filter((task) => !isOver(task));
  const before = useRef<string>("");
  const ids = running.map((task) => task.id).join(" ");
  useEffect(() => {
    // Something has ended, or come further: what the pages show may have changed.
    if (before.current && before.current !== ids) readAgain();
    before.current = ids;
  }, [ids, readAgain]);
  if (!running.length) return null;
  return (
    <div className="running stack tight">
      {running.map((task) => (
        <TaskBanner key={task.id} task={task} />
      ))}
    </div>
  );
}

function TaskBanner({ task }: { task: Task }) {
  const { t } = useTranslation();
  const stop = useChange(
    (client, id: string) =>
      told(client.POST("/api/v1/tasks/{id}/stop", { params: { path: { id } } })),
    ["tasks", "task"],
  );
  return (
    <Banner
      actions={
        task.kind !== "sync" && (
          <Button
            variant="secondary"
            disabled={stop.isPending}
            onClick={() => stop.mutate(task.id)}
          >
            {t("task.stop")}
          </Button>
        )
      }
    >
      <TaskProgress task={task} />
    </Banner>
  );
}

/** How far one task has come, in words and as a bar. */
export function TaskProgress({ task }: { task: Task }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const title = t(`task.${task.kind}`);
  const isSync = task.kind === "sync";
  const counts = t("task.progress", { done: number(task.done), total: number(task.total) });
  return (
    <div className="stack tight">
      <div className="row">
        <strong>{title}</strong>
        {!isSync && task.total > 0 && <span>{counts}</span>}
        {task.failed > 0 && <span>{t("task.failed", { count: task.failed })}</span>}
      </div>
      {!isOver(task) && !isSync && (
        <progress className="progress" aria-label={title} max={task.total || 1} value={task.done} />
      )}
      {isSync && <SyncProgress task={task} />}
      {isOver(task) && <Failures task={task} />}
    </div>
  );
}

function SyncProgress({ task }: { task: Task }) {
  const { t } = useTranslation();
  const say = useSay();
  const { number } = useFormats();
  const { data: overview } = useOverview();
  const sellers = new Map(overview?.accounts.map(({ id, seller_id }) => [id, seller_id]));
  return (
    <ul className="plain">
      {task.accounts.map((account) => (
        <li key={account.account_id}>
          {task.accounts.length > 1 && `${sellers.get(account.account_id) ?? ""} `}
          {t(`sync.phase.${phaseOf(account.phase)}`)}
          {": "}
          {t("sync.figures", {
            read: number(account.orders_read),
            imported: number(account.imported),
            held: number(account.held),
          })}{" "}
          {say(account.message)}
        </li>
      ))}
    </ul>
  );
}

const PHASES = ["waiting", "reading", "importing", "comparing", "done", "failed"] as const;

function phaseOf(told: string): (typeof PHASES)[number] {
  return PHASES.find((phase) => phase === told) ?? "waiting";
}

/** Why orders were left as they are, by what they have in common, and which they are. */
function Failures({ task }: { task: Task }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const say = useSay();
  if (!task.failures.length) return null;
  const isGrouped = task.failures.length > task.reasons.length;
  return (
    <ul className="plain">
      {isGrouped &&
        task.reasons.map(({ orders, message }) => (
          <li key={message.text}>
            {t("task.left", { count: orders, shown: number(orders), why: say(message) })}
          </li>
        ))}
      {task.failures.map((failure) => (
        <li key={failure.amazon_order_id}>
          <Link className="link mono among-words" href={`/orders/${failure.amazon_order_id}`}>
            {failure.amazon_order_id}
          </Link>
          {!isGrouped && <>: {say(failure.message)}</>}
        </li>
      ))}
    </ul>
  );
}

/** One task until it is over, for a place that has started it. */
export function FollowedTask({ id }: { id: string }) {
  const { data } = useTask(id);
  return data ? <TaskProgress task={data} /> : null;
}
