import { Button } from "@saleor/macaw-ui";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Schemas, told } from "../../api/client";
import { useClient } from "../../api/context";
import { useChange } from "../../api/queries";
import { SelectField, TextField } from "../../ui/fields";
import { Card } from "../../ui/page";
import { Failure, Loading } from "../../ui/states";
import { useWords } from "../../ui/words";

type Kind = Schemas["WordKind"];

/** The shop's own words for carriers and reasons, and what they mean at Amazon. */
export function WordsPart() {
  const client = useClient();
  const words = useQuery({
    queryKey: ["words"],
    queryFn: ({ signal }) => told(client.GET("/api/v1/words", { signal })),
  });
  if (words.isPending) return <Loading rows={4} />;
  if (!words.data) return <Failure error={words.error} onRetry={() => void words.refetch()} />;
  const { items } = words.data;
  return (
    <>
      <WordsCard kind="carrier" items={items.filter((word) => word.kind === "carrier")} />
      <WordsCard
        kind="refund_reason"
        items={items.filter((word) => word.kind === "refund_reason")}
      />
    </>
  );
}

interface CardProps {
  kind: Kind;
  items: readonly Schemas["Word"][];
}

function WordsCard({ kind, items }: CardProps) {
  const { t } = useTranslation();
  const words = useWords();
  const remove = useChange(
    (client, id: string) => told(client.DELETE("/api/v1/words/{id}", { params: { path: { id } } })),
    ["words", "changes"],
  );
  const meaning = (code: string) =>
    kind === "carrier" ? code : words.label("refund_reasons", code);
  return (
    <Card title={t(`words.${kind}`)}>
      <p className="quiet">{t(`words.${kind}Text`)}</p>
      <ul className="plain divided">
        {items.map((word) => (
          <li className="row" key={word.id}>
            <span>{word.word}</span>
            <span aria-hidden>→</span>
            <strong>{meaning(word.code)}</strong>
            <Button
              className="push"
              size="small"
              variant="secondary"
              aria-label={t("words.removeOf", { word: word.word })}
              onClick={() => remove.mutate(word.id)}
            >
              {t("words.remove")}
            </Button>
          </li>
        ))}
      </ul>
      {remove.error && <Failure error={remove.error} />}
      <AddWord kind={kind} />
    </Card>
  );
}

function AddWord({ kind }: { kind: Kind }) {
  const { t } = useTranslation();
  const words = useWords();
  const [word, setWord] = useState("");
  const [code, setCode] = useState("");
  const add = useChange(
    (client, body: Schemas["WordBody"]) => told(client.PUT("/api/v1/words", { body })),
    ["words", "changes"],
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const onSuccess = () => {
      setWord("");
      setCode("");
    };
    add.mutate({ kind, word: word.trim(), code }, { onSuccess });
  };
  const choices =
    kind === "carrier" ? (words.vocabulary?.carriers ?? []) : words.choices("refund_reasons");
  return (
    <form className="stack below" onSubmit={submit}>
      <div className="form-grid">
        <TextField
          label={t(`words.${kind}Word`)}
          maxLength={128}
          required
          value={word}
          onChange={setWord}
        />
        <SelectField
          label={t(`words.${kind}Code`)}
          none={t("choose")}
          required
          choices={choices}
          value={code}
          onChange={setCode}
        />
      </div>
      {add.error && <Failure error={add.error} />}
      <div>
        <Button
          type="submit"
          size="small"
          variant="secondary"
          disabled={!word.trim() || !code || add.isPending}
        >
          {t("words.add")}
        </Button>
      </div>
    </form>
  );
}
