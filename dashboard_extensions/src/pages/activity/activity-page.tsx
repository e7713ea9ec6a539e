import { useTranslation } from "react-i18next";
import { useMay } from "../../bridge/context";
import { Page } from "../../ui/page";
import { CallsCard } from "./calls-card";
import { ChangesCard } from "./changes-card";
import { TasksCard } from "./tasks-card";

/** What failed, what was changed, and what ran in the background. */
export default function ActivityPage() {
  const { t } = useTranslation();
  const maySeeChanges = useMay("MANAGE_APPS");
  return (
    <Page title={t("activity.title")}>
      <CallsCard />
      <TasksCard />
      {maySeeChanges && <ChangesCard />}
    </Page>
  );
}
