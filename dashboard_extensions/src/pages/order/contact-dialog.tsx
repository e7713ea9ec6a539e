import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Schemas, told } from "../../api/client";
import { useClient } from "../../api/context";
import { ASKED_EACH_TIME, type OrderDetail, useOrderAct } from "../../api/queries";
import { faultsOf } from "../../api/refused";
import { useBridgeState } from "../../bridge/context";
import { useFormats } from "../../format/context";
import { useSay } from "../../i18n/sentences";
import { Letter } from "../../messages/letter";
import { charactersLeft, holesIn, languageName } from "../../messages/texts";
import { Dialog } from "../../ui/dialog";
import { SelectField, TextArea } from "../../ui/fields";
import { Banner } from "../../ui/page";
import { Empty, Failure, Loading } from "../../ui/states";

type Choices = Schemas["ContactChoices"];
type Kind = Schemas["MessageKindOffered"];

interface Draft {
  kind: Kind["kind"] | null;
  template: string;
  text: string;
}

interface DialogProps {
  detail: OrderDetail;
  onClose: () => void;
}

/** What Amazon allows is asked each time the dialog opens, and kept no longer than it is open. */
function useChoices(id: string) {
  const client = useClient();
  return useQuery({
    queryKey: ["order", id, "contact"],
    queryFn: ({ signal }) =>
      told(
        client.GET("/api/v1/orders/{amazon_order_id}/contact", {
          params: { path: { amazon_order_id: id } },
          signal,
        }),
      ),
    ...ASKED_EACH_TIME,
  });
}

/**
 * Writes to the buyer in two steps: the words, then a look at exactly what would be sent. The second
 * step sends that and nothing else; whatever changes the words leads back to the first.
 */
export function ContactDialog({ detail, onClose }: DialogProps) {
  const { t } = useTranslation();
  const id = detail.order.amazon_order_id;
  const path = { amazon_order_id: id };
  const client = useClient();
  const choices = useChoices(id);
  const [draft, setDraft] = useState<Draft>({ kind: null, template: "", text: "" });
  const preview = useMutation({
    mutationFn: (body: Schemas["MessageAsk"]) =>
      told(
        client.POST("/api/v1/orders/{amazon_order_id}/messages/preview", {
          params: { path },
          body,
        }),
      ),
  });
  const send = useOrderAct(id, (api, body: Schemas["MessageConfirmed"]) =>
    told(api.POST("/api/v1/orders/{amazon_order_id}/messages", { params: { path }, body })),
  );
  const allowed = choices.data?.kinds.filter((kind) => kind.allowed) ?? [];
  const kind = allowed.find((one) => one.kind === draft.kind) ?? allowed[0];
  const seen = preview.data;
  const change = (more: Partial<Draft>) => {
    setDraft({ ...draft, ...more });
    preview.reset();
    send.reset();
  };
  const act = () => {
    if (!kind) return;
    if (!seen) return preview.mutate({ kind: kind.kind, text: draft.text });
    const { request_id, text } = seen;
    send.mutate({ kind: seen.kind, text, request_id }, { onSuccess: onClose });
  };
  return (
    <Dialog
      title={t("contact.title", { number: id })}
      action={kind && (seen ? t("contact.send") : t("contact.check"))}
      isGrave={Boolean(seen)}
      isBusy={preview.isPending || send.isPending}
      isReady={isReady(draft.text, kind)}
      onAction={act}
      onClose={onClose}
      wide
    >
      {choices.isPending && <Loading rows={6} />}
      {choices.error && <Failure error={choices.error} onRetry={() => void choices.refetch()} />}
      {choices.data && !kind && <NothingAllowed choices={choices.data} />}
      {choices.data && kind && (
        <Draft
          choices={choices.data}
          kind={kind}
          draft={draft}
          error={preview.error ?? send.error}
          onChange={change}
        />
      )}
      {seen ? <Preview seen={seen} /> : kind && <Banner>{t("contact.first")}</Banner>}
    </Dialog>
  );
}

function isReady(text: string, kind: Kind | undefined): boolean {
  if (!kind || !text.trim()) return false;
  return charactersLeft(text, kind.longest) >= 0 && holesIn(text).length === 0;
}

interface DraftProps {
  choices: Choices;
  kind: Kind;
  draft: Draft;
  error: unknown;
  onChange: (more: Partial<Draft>) => void;
}

function Draft({ choices, kind, draft, error, onChange }: DraftProps) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const say = useSay();
  const left = charactersLeft(draft.text, kind.longest);
  const fault = faultsOf(error, say).text;
  const most = number(kind.longest);
  const tooMany = left < 0 ? t("message.tooMany", { count: -left, shown: number(-left) }) : null;
  return (
    <>
      {choices.buyer_locale && <BuyersLanguage locale={choices.buyer_locale} />}
      <Kinds
        choices={choices}
        value={kind.kind}
        onChange={(value) => onChange({ kind: value, template: "" })}
      />
      <TemplateField choices={choices} kind={kind} draft={draft} onChange={onChange} />
      <TextArea
        label={t("contact.text")}
        rows={8}
        hint={`${t("message.left", { count: Math.max(left, 0), shown: number(Math.max(left, 0)), most })} ${t("message.rules")}`}
        error={tooMany ?? fault}
        value={draft.text}
        onChange={(text) => onChange({ text })}
      />
      <Holes text={draft.text} />
      {Boolean(error) && !fault && <Failure error={error} />}
    </>
  );
}

function BuyersLanguage({ locale }: { locale: string }) {
  const { t, i18n } = useTranslation();
  const name = languageName(locale, i18n.language);
  return <p>{t("contact.language", { language: name })}</p>;
}

interface KindsProps {
  choices: Choices;
  value: string;
  onChange: (kind: Kind["kind"]) => void;
}

function Kinds({ choices, value, onChange }: KindsProps) {
  const { t } = useTranslation();
  const say = useSay();
  return (
    <fieldset className="stack tight">
      <legend>{t("contact.kind")}</legend>
      {choices.kinds
        .filter((kind) => kind.allowed)
        .map((kind) => (
          <label className="check" key={kind.kind}>
            <input
              type="radio"
              name="kind"
              checked={kind.kind === value}
              onChange={() => onChange(kind.kind)}
            />
            <span>
              {say(kind.label)}
              <span className="quiet small"> {say(kind.explanation)}</span>
            </span>
          </label>
        ))}
      <NotAllowed choices={choices} />
    </fieldset>
  );
}

/** The kinds that are not possible now, each with its reason, and those of Seller Central alone. */
function NotAllowed({ choices }: { choices: Choices }) {
  const { t } = useTranslation();
  const say = useSay();
  const denied = choices.kinds.filter((kind) => !kind.allowed);
  const count = denied.length + choices.elsewhere.length;
  if (count === 0) return null;
  return (
    <details className="quiet small">
      <summary>{t("contact.others", { count })}</summary>
      <ul className="points">
        {denied.map((kind) => (
          <li key={kind.kind}>
            {say(kind.label)}: {say(kind.why_not)}
          </li>
        ))}
        {choices.elsewhere.map((name) => (
          <li key={name}>
            {name}: {t("contact.elsewhere")}
          </li>
        ))}
      </ul>
    </details>
  );
}

function NothingAllowed({ choices }: { choices: Choices }) {
  const { t } = useTranslation();
  return (
    <>
      <Empty title={t("contact.nothingTitle")}>{t("contact.nothingText")}</Empty>
      <NotAllowed choices={choices} />
    </>
  );
}

function TemplateField({ choices, kind, draft, onChange }: Omit<DraftProps, "error">) {
  const { t, i18n } = useTranslation();
  const fitting = choices.templates.filter((one) => one.kind === kind.kind);
  if (fitting.length === 0) return <p className="quiet small">{t("contact.noTemplates")}</p>;
  const pick = (id: string) => {
    const picked = fitting.find((one) => one.id === id);
    onChange({ template: id, ...(picked ? { text: picked.text } : {}) });
  };
  return (
    <SelectField
      label={t("contact.template")}
      hint={t("contact.templateHint")}
      none={t("contact.noTemplate")}
      choices={fitting.map(({ id, name, language }) => ({
        value: id,
        label: language ? `${name} (${languageName(language, i18n.language)})` : name,
      }))}
      value={draft.template}
      onChange={pick}
    />
  );
}

function Holes({ text }: { text: string }) {
  const { t } = useTranslation();
  const format = useFormats();
  const holes = holesIn(text);
  if (holes.length === 0) return null;
  return <Banner tone="warn">{t("contact.holes", { holes: format.list(holes) })}</Banner>;
}

function Preview({ seen }: { seen: Schemas["MessagePreview"] }) {
  const { t } = useTranslation();
  const say = useSay();
  const { locale } = useBridgeState();
  return (
    <section className="stack" aria-label={t("contact.exactly")}>
      <h3>{t("contact.exactly")}</h3>
      <Letter>{seen.text}</Letter>
      {seen.warnings.map((warning) => (
        <Banner key={`${warning.code}-${locale}`} tone="warn">
          {say(warning)}
        </Banner>
      ))}
      <Banner tone="warn">{t("contact.final")}</Banner>
    </section>
  );
}
