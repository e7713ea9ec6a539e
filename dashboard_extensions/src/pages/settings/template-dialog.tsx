import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Schemas, told } from "../../api/client";
import { useChange } from "../../api/queries";
import { faultsOf } from "../../api/refused";
import { useFormats } from "../../format/context";
import { useSay } from "../../i18n/sentences";
import { Letter } from "../../messages/letter";
import { charactersLeft, languageName, withExamples, withWord } from "../../messages/texts";
import { Dialog } from "../../ui/dialog";
import { SelectField, TextArea, TextField } from "../../ui/fields";
import { Failure } from "../../ui/states";

type Templates = Schemas["Templates"];
type Body = Schemas["TemplateBody"];

/** Languages of Amazon's stores, to choose from; any other can be written. */
const LANGUAGES = [
  ...["en-US", "en-GB", "de-DE", "fr-FR", "it-IT", "es-ES", "nl-NL", "pl-PL", "sv-SE"],
  ...["fr-BE", "tr-TR", "pt-BR", "es-MX", "fr-CA", "ar-AE", "ja-JP", "zh-CN"],
];

interface DialogProps {
  /** What stands in the fields at first; with an id it is a template that is kept already. */
  start: Body & { id?: string };
  templates: Templates;
  onClose: () => void;
}

/** Writes a template or changes one, with a preview beside it. */
export function TemplateDialog({ start, templates, onClose }: DialogProps) {
  const { t } = useTranslation();
  const say = useSay();
  const { id } = start;
  const [body, setBody] = useState<Body>(withoutId(start));
  const save = useChange(
    (client, body: Body) =>
      id
        ? told(client.PUT("/api/v1/message-templates/{id}", { params: { path: { id } }, body }))
        : told(client.POST("/api/v1/message-templates", { body })),
    ["templates", "changes"],
  );
  const change = (more: Partial<Body>) => {
    setBody({ ...body, ...more });
    save.reset();
  };
  const faults = faultsOf(save.error, say);
  const kind = templates.kinds.find((one) => one.kind === body.kind);
  return (
    <Dialog
      title={id ? t("templates.editOf", { name: start.name }) : t("templates.add")}
      action={t("save")}
      isBusy={save.isPending}
      isReady={Boolean(body.name.trim() && body.text.trim())}
      onAction={() => save.mutate(body, { onSuccess: onClose })}
      onClose={onClose}
      wide
    >
      <div className="form-grid">
        <TextField
          label={t("templates.name")}
          hint={t("templates.nameHint")}
          maxLength={80}
          required
          error={faults.name}
          value={body.name}
          onChange={(name) => change({ name })}
        />
        <LanguageField
          value={body.language ?? ""}
          error={faults.language}
          onChange={(language) => change({ language })}
        />
      </div>
      <SelectField
        label={t("templates.kind")}
        hint={kind && say(kind.explanation)}
        choices={templates.kinds.map((one) => ({ value: one.kind, label: say(one.label) }))}
        value={body.kind}
        onChange={(value) => change({ kind: value as Body["kind"] })}
      />
      <TextPart
        templates={templates}
        text={body.text}
        longest={kind?.longest ?? 0}
        error={faults.text}
        onChange={(text) => change({ text })}
      />
      <Preview text={body.text} templates={templates} />
      {save.error && Object.keys(faults).length === 0 && <Failure error={save.error} />}
    </Dialog>
  );
}

const withoutId = ({ name, kind, language, text }: Body): Body => ({
  name,
  kind,
  language: language ?? "",
  text,
});

interface LanguageProps {
  value: string;
  error: string | undefined;
  onChange: (language: string) => void;
}

function LanguageField({ value, error, onChange }: LanguageProps) {
  const { t, i18n } = useTranslation();
  const name = value && languageName(value, i18n.language);
  return (
    <>
      <TextField
        label={t("templates.language")}
        hint={name && name !== value ? name : t("templates.languageHint")}
        maxLength={35}
        list="languages"
        autoComplete="off"
        error={error}
        value={value}
        onChange={onChange}
      />
      <datalist id="languages">
        {LANGUAGES.map((tag) => (
          <option key={tag} value={tag}>
            {languageName(tag, i18n.language)}
          </option>
        ))}
      </datalist>
    </>
  );
}

interface TextProps {
  templates: Templates;
  text: string;
  longest: number;
  error: string | undefined;
  onChange: (text: string) => void;
}

function TextPart({ templates, text, longest, error, onChange }: TextProps) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const area = useRef<HTMLTextAreaElement>(null);
  const left = charactersLeft(text, longest);
  const most = number(longest);
  const insert = (name: string) => {
    const { selectionStart = text.length, selectionEnd = text.length } = area.current ?? {};
    onChange(withWord(text, `{${name}}`, selectionStart, selectionEnd));
    area.current?.focus();
  };
  const counted = t("message.left", {
    count: Math.max(left, 0),
    shown: number(Math.max(left, 0)),
    most,
  });
  return (
    <div className="stack tight">
      <TextArea
        label={t("templates.words")}
        rows={7}
        required
        area={area}
        hint={`${counted} ${t("message.rules")}`}
        error={left < 0 ? t("message.tooMany", { count: -left, shown: number(-left) }) : error}
        value={text}
        onChange={onChange}
      />
      <fieldset className="row" aria-label={t("templates.insert")}>
        <span className="quiet small">{t("templates.insert")}</span>
        {templates.placeholders.map(({ name }) => (
          <button key={name} type="button" className="segment small" onClick={() => insert(name)}>
            {`{${name}}`}
          </button>
        ))}
      </fieldset>
    </div>
  );
}

function Preview({ text, templates }: { text: string; templates: Templates }) {
  const { t } = useTranslation();
  if (!text.trim()) return null;
  const pieces = withExamples(text, templates.placeholders);
  return (
    <section className="stack tight" aria-label={t("templates.preview")}>
      <h3>{t("templates.preview")}</h3>
      <Letter>
        {pieces.map((piece, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a piece is its place
          <span key={place} className={piece.kind === "plain" ? undefined : `piece ${piece.kind}`}>
            {piece.text}
          </span>
        ))}
      </Letter>
      <p className="quiet small">{t("templates.previewText")}</p>
    </section>
  );
}
