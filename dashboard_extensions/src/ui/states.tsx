import { Button } from "@saleor/macaw-ui";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Refused, wordsFor } from "../api/refused";
import { SessionExpired } from "../bridge/bridge";
import { useSay } from "../i18n/sentences";
import { Banner } from "./page";

/** Something is coming. */
export function Loading({ rows = 5 }: { rows?: number }) {
  const { t } = useTranslation();
  const widths = ["92%", "78%", "85%", "64%", "72%"];
  return (
    <div className="bones" role="status">
      <span className="visually-hidden">{t("loading")}</span>
      {Array.from({ length: rows }, (_, row) => (
        <div
          className="bone"
          // biome-ignore lint/suspicious/noArrayIndexKey: the bones are all alike
          key={row}
          style={{ width: widths[row % widths.length] }}
        />
      ))}
    </div>
  );
}

interface EmptyProps {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}

/** There is nothing, and what one may do about it. */
export function Empty({ title, children, action }: EmptyProps) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {children && <p className="quiet">{children}</p>}
      {action}
    </div>
  );
}

interface FailureProps {
  error: unknown;
  onRetry?: (() => void) | undefined;
}

/** It did not work: why, what to do, and another try. */
export function Failure({ error, onRetry }: FailureProps) {
  const { t } = useTranslation();
  const say = useSay();
  if (error instanceof Refused && error.isForbidden) return <NoPermission error={error} />;
  const told = wordsFor(error, t, say);
  const retry = onRetry && (
    <Button type="button" variant="secondary" onClick={onRetry}>
      {t("tryAgain")}
    </Button>
  );
  return (
    <Banner
      tone={error instanceof SessionExpired ? "warn" : "bad"}
      urgent
      actions={<div className="row">{retry}</div>}
    >
      <strong>{told.title}</strong>
      {told.text && <div>{told.text}</div>}
    </Banner>
  );
}

function NoPermission({ error }: { error: Refused }) {
  const { t } = useTranslation();
  const say = useSay();
  const { sentence, detail } = error.problem;
  return (
    <Empty title={t("noPermissionTitle")}>{say(sentence) || detail || t("noPermissionText")}</Empty>
  );
}
