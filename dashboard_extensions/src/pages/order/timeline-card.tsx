import { Button } from "@saleor/macaw-ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";
import { useFormats } from "../../format/context";
import { useSay } from "../../i18n/sentences";
import { Card } from "../../ui/page";

const AT_FIRST = 12;
const ACTORS = ["amazon", "saleor", "app", "merchant"] as const;

export function TimelineCard({ events }: { events: readonly Schemas["EventShown"][] }) {
  const { t } = useTranslation();
  const say = useSay();
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? events : events.slice(0, AT_FIRST);
  return (
    <Card title={t("timeline.title")}>
      {events.length === 0 && <p className="quiet">{t("timeline.empty")}</p>}
      <ol className="timeline">
        {shown.map((event, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: entries have no id, and only ever grow
          <li key={`${event.at} ${place}`}>
            <div>{say(event.message)}</div>
            <Byline event={event} />
          </li>
        ))}
      </ol>
      {shown.length < events.length && (
        <Button variant="secondary" onClick={() => setWhole(true)}>
          {t("timeline.more", { count: events.length - shown.length })}
        </Button>
      )}
    </Card>
  );
}

function Byline({ event }: { event: Schemas["EventShown"] }) {
  const { t } = useTranslation();
  const format = useFormats();
  const actor = ACTORS.find((known) => known === event.actor);
  const who = event.by ?? (actor ? t(`timeline.actor.${actor}`) : event.actor);
  return (
    <div className="quiet">
      <time dateTime={event.at}>{format.dateTime(event.at)}</time> · {who}
    </div>
  );
}
