import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { told } from "../../api/client";
import { useClient } from "../../api/context";
import { useFormats } from "../../format/context";
import { useSay } from "../../i18n/sentences";
import { Card } from "../../ui/page";
import { PageButtons, usePages } from "../../ui/paging";
import { Failure, Loading } from "../../ui/states";

/** What members of staff changed or looked at, and who it was. */
export function ChangesCard() {
  const { t } = useTranslation();
  const client = useClient();
  const format = useFormats();
  const say = useSay();
  const pages = usePages();
  const query = { limit: 20, ...(pages.cursor ? { cursor: pages.cursor } : {}) };
  const changes = useQuery({
    queryKey: ["changes", query],
    queryFn: ({ signal }) => told(client.GET("/api/v1/changes", { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });
  return (
    <Card title={t("changes.title")}>
      {changes.isPending && <Loading rows={3} />}
      {changes.error && !changes.data && (
        <Failure error={changes.error} onRetry={() => void changes.refetch()} />
      )}
      {changes.data?.items.length === 0 && <p className="quiet">{t("changes.empty")}</p>}
      <ul className="plain divided">
        {changes.data?.items.map((change) => (
          <li key={change.id}>
            <div>
              {say(change.action)} <strong>{say(change.subject)}</strong> {say(change.detail)}
            </div>
            <div className="quiet small">
              {format.dateTime(change.at)} · {change.by}
            </div>
          </li>
        ))}
      </ul>
      <PageButtons pages={pages} next={changes.data?.next_cursor} isInside />
    </Card>
  );
}
