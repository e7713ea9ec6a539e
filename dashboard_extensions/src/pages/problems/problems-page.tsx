import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";
import { useProblemGroups } from "../../api/queries";
import { useFormats } from "../../format/context";
import { useSay } from "../../i18n/sentences";
import { Card, Page, Pill } from "../../ui/page";
import { Empty, Failure, Loading } from "../../ui/states";
import { useWords } from "../../ui/words";
import { GroupActions } from "./group-actions";
import { ProblemRows } from "./problem-rows";

/** All that waits for a person, by cause. */
export default function ProblemsPage() {
  const { t } = useTranslation();
  const groups = useProblemGroups();
  return (
    <Page title={t("problems.title")}>
      <p className="quiet">{t("problems.text")}</p>
      {groups.isPending && <Loading rows={6} />}
      {groups.error && !groups.data && (
        <Failure error={groups.error} onRetry={() => void groups.refetch()} />
      )}
      {groups.data?.items.length === 0 && (
        <Card>
          <Empty title={t("problems.noneTitle")}>{t("problems.noneText")}</Empty>
        </Card>
      )}
      {groups.data?.items.map((group, place) => (
        <Group key={group.kind} group={group} isFirst={place === 0} />
      ))}
    </Page>
  );
}

interface GroupProps {
  group: Schemas["ProblemGroup"];
  isFirst: boolean;
}

function Group({ group, isFirst }: GroupProps) {
  const { t } = useTranslation();
  const words = useWords();
  const say = useSay();
  const format = useFormats();
  const [isOpen, setOpen] = useState(isFirst);
  return (
    <Card
      flush
      label={words.problem(group.kind)}
      title={
        <span className="row">
          {words.problem(group.kind)}
          <Pill tone="bad">
            {t("problems.orders", { count: group.orders, shown: format.number(group.orders) })}
          </Pill>
        </span>
      }
      actions={<GroupActions group={group} />}
    >
      <div className="inset stack tight">
        <p>{say(group.cure)}</p>
        <p className="quiet small">
          {t("problems.oldest", { when: format.relative(group.oldest_at) })}
        </p>
        <div>
          <button
            type="button"
            className="link"
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            {isOpen ? t("problems.hide") : t("problems.show")}
          </button>
        </div>
      </div>
      {isOpen && <ProblemRows kind={group.kind as Schemas["ProblemKind"]} />}
    </Card>
  );
}
