import { Button } from "@saleor/macaw-ui";
import { useTranslation } from "react-i18next";
import { type Schemas, told } from "../../api/client";
import { type OrderDetail, useOrderAct } from "../../api/queries";
import { useFormats } from "../../format/context";
import { useSay } from "../../i18n/sentences";
import { Letter } from "../../messages/letter";
import { Card, Pill } from "../../ui/page";
import { Failure } from "../../ui/states";
import { toneOfIntent } from "../../ui/words";

type Intent = Schemas["IntentShown"];
type Act = "again" | "done" | "give-up";

const STATES = [
  "queued",
  "sending",
  "submitted",
  "accepted",
  "rejected",
  "needs_attention",
  "withdrawn",
] as const;

/** What was told to Amazon, and what Amazon said to it. */
export function IntentsCard({ detail }: { detail: OrderDetail }) {
  const { t } = useTranslation();
  return (
    <Card title={t("intents.title")}>
      {detail.intents.length === 0 && <p className="quiet">{t("intents.empty")}</p>}
      <ul className="plain divided">
        {detail.intents.map((intent) => (
          <IntentRow key={intent.id} intent={intent} orderId={detail.order.amazon_order_id} />
        ))}
      </ul>
    </Card>
  );
}

export function IntentState({ state }: { state: string }) {
  const { t } = useTranslation();
  const known = STATES.find((name) => name === state);
  return <Pill tone={toneOfIntent(state)}>{known ? t(`intents.state.${known}`) : state}</Pill>;
}

/** What was asked for; of an invoice the summary is its number, which alone would say too little. */
export function IntentSummary({ intent }: { intent: Intent }) {
  const { t } = useTranslation();
  const say = useSay();
  const summary = say(intent.summary);
  return intent.kind === "invoice" ? t("intents.invoice", { summary }) : summary;
}

function IntentRow({ intent, orderId }: { intent: Intent; orderId: string }) {
  const { t } = useTranslation();
  const say = useSay();
  const format = useFormats();
  const facts = [
    t(asked(intent), { when: format.dateTime(intent.asked_at), by: intent.asked_by ?? "" }),
    intent.sent_at && t("intents.sent", { when: format.dateTime(intent.sent_at) }),
    intent.settled_at && t("intents.settled", { when: format.dateTime(intent.settled_at) }),
    intent.feed_id && t("intents.feed", { number: intent.feed_id }),
    !intent.settled_at &&
      intent.next_attempt_at &&
      t("intents.next", { when: format.relative(intent.next_attempt_at) }),
  ];
  return (
    <li>
      <div className="row">
        <IntentState state={intent.state} />
        <strong>
          <IntentSummary intent={intent} />
        </strong>
        {intent.amount && (
          <span className="mono">{format.money(intent.amount.amount, intent.amount.currency)}</span>
        )}
      </div>
      {intent.answer && <p>{say(intent.answer)}</p>}
      {intent.text && <Words text={intent.text} />}
      <p className="quiet">{facts.filter(Boolean).join(" · ")}</p>
      <IntentActs intent={intent} orderId={orderId} />
    </li>
  );
}

/** Where it was asked, and by whom, if Saleor tells. */
function asked(intent: Intent) {
  if (!intent.asked_in_saleor) return "intents.asked";
  return intent.asked_by ? "intents.askedInSaleorBy" : "intents.askedInSaleor";
}

/** What the buyer was sent, for those who want to read it. */
function Words({ text }: { text: string }) {
  const { t } = useTranslation();
  return (
    <details>
      <summary>{t("intents.words")}</summary>
      <Letter>{text}</Letter>
    </details>
  );
}

const CALLS = {
  again: "/api/v1/intents/{intent_id}/again",
  done: "/api/v1/intents/{intent_id}/done",
  "give-up": "/api/v1/intents/{intent_id}/give-up",
} as const;

function IntentActs({ intent, orderId }: { intent: Intent; orderId: string }) {
  const { t } = useTranslation();
  const act = useOrderAct(orderId, (client, name: Act) =>
    told(client.POST(CALLS[name], { params: { path: { intent_id: intent.id } } })),
  );
  const offered = [
    ["again", intent.may_send_again, t("intents.again")],
    ["done", intent.may_settle_as_done, t("intents.done")],
    ["give-up", intent.may_give_up, t("intents.giveUp")],
  ] as const;
  if (!offered.some(([, may]) => may)) return null;
  return (
    <div className="stack tight">
      <div className="row">
        {offered.map(
          ([name, may, label]) =>
            may && (
              <Button
                key={name}
                size="small"
                variant="secondary"
                disabled={act.isPending}
                onClick={() => act.mutate(name)}
              >
                {label}
              </Button>
            ),
        )}
      </div>
      {act.error && <Failure error={act.error} />}
    </div>
  );
}
