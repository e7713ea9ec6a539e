import { Check } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import type { Schemas } from "../../api/client";
import { useChecklist } from "../../api/queries";
import { useMay } from "../../bridge/context";
import { useFormats } from "../../format/context";
import { useSay } from "../../i18n/sentences";
import { Card } from "../../ui/page";
import { Failure, Loading } from "../../ui/states";

const KEYS = ["account", "mapping", "workers", "sync", "order"] as const;
type Key = (typeof KEYS)[number];
const LEADS_TO: Partial<Record<Key, string>> = {
  account: "/settings",
  mapping: "/settings/marketplaces",
};

/** The way from the installation to the first imported order. */
export function ChecklistCard({ overview }: { overview: Schemas["Overview"] }) {
  const { t } = useTranslation();
  const checklist = useChecklist(true);
  return (
    <Card title={t("checklist.title")}>
      {checklist.isPending && <Loading rows={5} />}
      {checklist.error && (
        <Failure error={checklist.error} onRetry={() => void checklist.refetch()} />
      )}
      <ol className="steps">
        {checklist.data?.steps.map((step, place, steps) => (
          <Step
            key={step.key}
            step={step}
            number={place + 1}
            overview={overview}
            isNext={!step.done && steps.slice(0, place).every((before) => before.done)}
          />
        ))}
      </ol>
    </Card>
  );
}

interface StepProps {
  step: Schemas["Step"];
  number: number;
  overview: Schemas["Overview"];
  isNext: boolean;
}

function Step({ step, number, overview, isNext }: StepProps) {
  const { t } = useTranslation();
  const say = useSay();
  const maySet = useMay("MANAGE_APPS");
  const key = KEYS.find((known) => known === step.key);
  const to = key && LEADS_TO[key];
  return (
    <li className={step.done ? "done" : undefined}>
      <span className="mark">{step.done ? <Check size={14} aria-hidden /> : number}</span>
      <div>
        <strong>{key ? t(`checklist.${key}`) : step.key}</strong>
        {step.done && <span className="visually-hidden"> {t("checklist.done")}</span>}
        <div className="quiet">{say(step.detail)}</div>
        {isNext && to && maySet && (
          <Link className="link" href={to}>
            {t("checklist.go")}
          </Link>
        )}
        {isNext && key === "order" && <WhereOrdersAre overview={overview} />}
      </div>
    </li>
  );
}

/** Why nothing is there yet: nothing was bought since the import's start, or all of it waits. */
function WhereOrdersAre({ overview }: { overview: Schemas["Overview"] }) {
  const { t } = useTranslation();
  const { date } = useFormats();
  const [first] = [...overview.accounts].sort((one, other) =>
    one.import_from.localeCompare(other.import_from),
  );
  if (overview.recent.length) {
    return (
      <Link className="link" href="/orders">
        {t("checklist.seeOrders")}
      </Link>
    );
  }
  return (
    <>
      <div className="quiet">
        {t("checklist.noOrdersSince", { date: date(first?.import_from ?? null) })}
      </div>
      <Link className="link" href="/settings">
        {t("checklist.changeStart")}
      </Link>
    </>
  );
}
