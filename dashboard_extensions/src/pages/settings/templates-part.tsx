import { Button } from "@saleor/macaw-ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Schemas, told } from "../../api/client";
import { useClient } from "../../api/context";
import { useChange } from "../../api/queries";
import { useSay } from "../../i18n/sentences";
import { languageName, suggestionsIn } from "../../messages/texts";
import { Dialog } from "../../ui/dialog";
import { Card, Facts, Pill } from "../../ui/page";
import { Empty, Failure, Loading } from "../../ui/states";
import { TemplateDialog } from "./template-dialog";

type Templates = Schemas["Templates"];
type Template = Schemas["TemplateShown"];
type Start = Schemas["TemplateBody"] & { id?: string };

const NEW: Start = { name: "", kind: "unexpectedProblem", language: "", text: "" };

/** Templates of messages to buyers. Nothing here is sent; nobody is written to by a template. */
export function TemplatesPart() {
  const client = useClient();
  const templates = useQuery({
    queryKey: ["templates"],
    queryFn: ({ signal }) => told(client.GET("/api/v1/message-templates", { signal })),
  });
  const [open, setOpen] = useState<Start | null>(null);
  if (templates.isPending) return <Loading rows={4} />;
  if (!templates.data) {
    return <Failure error={templates.error} onRetry={() => void templates.refetch()} />;
  }
  return (
    <>
      <KeptCard templates={templates.data} onOpen={setOpen} />
      <SuggestionsCard templates={templates.data} onOpen={setOpen} />
      <PlaceholdersCard templates={templates.data} />
      {open && (
        <TemplateDialog start={open} templates={templates.data} onClose={() => setOpen(null)} />
      )}
    </>
  );
}

interface PartProps {
  templates: Templates;
  onOpen: (start: Start) => void;
}

function KeptCard({ templates, onOpen }: PartProps) {
  const { t } = useTranslation();
  const { items } = templates;
  const add = <Button onClick={() => onOpen(NEW)}>{t("templates.add")}</Button>;
  return (
    <Card title={t("settings.templates")} actions={items.length > 0 ? add : undefined}>
      {items.length === 0 ? (
        <Empty title={t("templates.noneTitle")} action={add}>
          {t("templates.noneText")}
        </Empty>
      ) : (
        <div className="stack">
          <p className="quiet">{t("templates.text")}</p>
          <ul className="plain divided">
            {items.map((template) => (
              <li key={template.id}>
                <TemplateRow template={template} templates={templates} onOpen={onOpen} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </Card>
  );
}

function TemplateRow({ template, templates, onOpen }: PartProps & { template: Template }) {
  const { t } = useTranslation();
  const [isDeleting, setDeleting] = useState(false);
  const { name } = template;
  return (
    <div className="stack tight">
      <div className="row">
        <strong>{name}</strong>
        <About template={template} templates={templates} />
        <div className="row push">
          <Button
            size="small"
            variant="secondary"
            aria-label={t("templates.editOf", { name })}
            onClick={() => onOpen(template)}
          >
            {t("templates.edit")}
          </Button>
          <Button
            size="small"
            variant="secondary"
            aria-label={t("templates.removeOf", { name })}
            onClick={() => setDeleting(true)}
          >
            {t("templates.remove")}
          </Button>
        </div>
      </div>
      <p className="quiet small excerpt">{template.text}</p>
      {isDeleting && <DeleteDialog template={template} onClose={() => setDeleting(false)} />}
    </div>
  );
}

type Described = Pick<Template, "kind" | "language">;

function About({ template, templates }: { template: Described; templates: Templates }) {
  const { t, i18n } = useTranslation();
  const say = useSay();
  const kind = templates.kinds.find((one) => one.kind === template.kind);
  const { language } = template;
  return (
    <>
      <Pill>{kind ? say(kind.label) : template.kind}</Pill>
      <Pill>{language ? languageName(language, i18n.language) : t("templates.anyLanguage")}</Pill>
    </>
  );
}

function DeleteDialog({ template, onClose }: { template: Template; onClose: () => void }) {
  const { t } = useTranslation();
  const remove = useChange(
    (client, id: string) =>
      told(client.DELETE("/api/v1/message-templates/{id}", { params: { path: { id } } })),
    ["templates", "changes"],
  );
  return (
    <Dialog
      title={t("templates.removeOf", { name: template.name })}
      action={t("templates.remove")}
      isGrave
      isBusy={remove.isPending}
      onAction={() => remove.mutate(template.id, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>{t("templates.removeText")}</p>
      {remove.error && <Failure error={remove.error} />}
    </Dialog>
  );
}

/** What one could start from; it is kept only once somebody saves it. */
function SuggestionsCard({ templates, onOpen }: PartProps) {
  const { t, i18n } = useTranslation();
  const left = suggestionsIn(i18n.language, templates.suggestions, templates.items);
  if (left.length === 0) return null;
  return (
    <Card title={t("templates.suggestions")}>
      <div className="stack">
        <p className="quiet">{t("templates.suggestionsText")}</p>
        <ul className="plain divided">
          {left.map((suggestion) => (
            <li className="stack tight" key={suggestion.name}>
              <div className="row">
                <strong>{suggestion.name}</strong>
                <About template={suggestion} templates={templates} />
                <Button
                  className="push"
                  size="small"
                  variant="secondary"
                  aria-label={t("templates.startFrom", { name: suggestion.name })}
                  onClick={() => onOpen(suggestion)}
                >
                  {t("templates.start")}
                </Button>
              </div>
              <p className="quiet small excerpt">{suggestion.text}</p>
            </li>
          ))}
        </ul>
      </div>
    </Card>
  );
}

function PlaceholdersCard({ templates }: { templates: Templates }) {
  const { t } = useTranslation();
  const say = useSay();
  return (
    <Card title={t("templates.placeholders")}>
      <div className="stack">
        <p className="quiet">{t("templates.placeholdersText")}</p>
        <Facts
          rows={templates.placeholders.map(({ name, explanation }) => [
            `{${name}}`,
            say(explanation),
          ])}
        />
      </div>
    </Card>
  );
}
