import { useMutation, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Schemas, told } from "../../api/client";
import { useClient } from "../../api/context";
import { ASKED_EACH_TIME, type OrderDetail, useOrderAct } from "../../api/queries";
import { faultsOf } from "../../api/refused";
import { useFormats } from "../../format/context";
import { useSay } from "../../i18n/sentences";
import { Dialog } from "../../ui/dialog";
import { TextField } from "../../ui/fields";
import { Banner } from "../../ui/page";
import { Failure, Loading } from "../../ui/states";
import { asBase64 } from "./base64";
import { InvoicePreview } from "./invoice-preview";

type Choices = Schemas["InvoiceChoices"];
type Ask = Schemas["InvoiceAsk"];

interface Draft {
  /** The id of one of Saleor's invoices; empty for a file of the merchant's. */
  saleor: string;
  number: string;
  file: File | null;
}

interface DialogProps {
  detail: OrderDetail;
  onClose: () => void;
}

/** What invoices Saleor has is asked each time the dialog opens. */
function useChoices(id: string) {
  const client = useClient();
  return useQuery({
    queryKey: ["order", id, "invoices"],
    queryFn: ({ signal }) =>
      told(
        client.GET("/api/v1/orders/{amazon_order_id}/invoices", {
          params: { path: { amazon_order_id: id } },
          signal,
        }),
      ),
    ...ASKED_EACH_TIME,
  });
}

/** Looks at an invoice; what was looked at is kept, so that nothing else is sent afterwards. */
function usePreview(id: string) {
  const client = useClient();
  return useMutation({
    mutationFn: async (draft: Draft) => {
      const body = await asked(draft);
      const seen = await told(
        client.POST("/api/v1/orders/{amazon_order_id}/invoices/preview", {
          params: { path: { amazon_order_id: id } },
          body,
        }),
      );
      return { seen, body };
    },
  });
}

async function asked({ saleor, number, file }: Draft): Promise<Ask> {
  if (saleor) return { saleor_invoice_id: saleor, number, file: null };
  return { saleor_invoice_id: "", number, file: file && (await asBase64(file)) };
}

/** Uploads an invoice in two steps: what it is, then a look at exactly what Amazon gets. */
export function InvoiceDialog({ detail, onClose }: DialogProps) {
  const { t } = useTranslation();
  const id = detail.order.amazon_order_id;
  const choices = useChoices(id);
  const [draft, setDraft] = useState<Draft>({ saleor: "", number: "", file: null });
  const preview = usePreview(id);
  const send = useOrderAct(id, (api, body: Schemas["InvoiceConfirmed"]) =>
    told(
      api.POST("/api/v1/orders/{amazon_order_id}/invoices", {
        params: { path: { amazon_order_id: id } },
        body,
      }),
    ),
  );
  const looked = preview.data;
  const change = (more: Partial<Draft>) => {
    setDraft({ ...draft, ...more });
    preview.reset();
    send.reset();
  };
  const act = () => {
    if (!looked) return preview.mutate(draft);
    const { request_id, digest } = looked.seen;
    send.mutate({ ...looked.body, request_id, digest }, { onSuccess: onClose });
  };
  return (
    <Dialog
      title={t("invoice.title", { number: id })}
      action={looked ? t("invoice.send") : t("invoice.check")}
      isGrave={Boolean(looked)}
      isBusy={preview.isPending || send.isPending}
      isReady={Boolean(draft.saleor || (draft.file && draft.number.trim()))}
      onAction={act}
      onClose={onClose}
      wide
    >
      {choices.isPending && <Loading rows={3} />}
      {choices.error && <Failure error={choices.error} onRetry={() => void choices.refetch()} />}
      {choices.data && <MustComeTo choices={choices.data} />}
      <Source choices={choices.data} draft={draft} onChange={change} />
      <Fields draft={draft} error={preview.error ?? send.error} onChange={change} />
      {looked ? <InvoicePreview seen={looked.seen} /> : <Banner>{t("invoice.first")}</Banner>}
    </Dialog>
  );
}

/** What an invoice has to come to, so that a wrong one is not even chosen. */
function MustComeTo({ choices }: { choices: Choices }) {
  const { t } = useTranslation();
  const say = useSay();
  const { money } = useFormats();
  const { total, vat } = choices;
  if (!total || !vat) return <p>{say(choices.why_no_amounts)}</p>;
  return (
    <p>
      {t("invoice.mustComeTo", {
        total: money(total.amount, total.currency),
        vat: money(vat.amount, vat.currency),
      })}
    </p>
  );
}

interface SourceProps {
  choices: Choices | undefined;
  draft: Draft;
  onChange: (more: Partial<Draft>) => void;
}

function Source({ choices, draft, onChange }: SourceProps) {
  const { t } = useTranslation();
  const { date } = useFormats();
  const listed = choices?.saleor ?? [];
  if (listed.length === 0) return null;
  return (
    <fieldset className="stack tight">
      <legend>{t("invoice.source")}</legend>
      <label className="check">
        <input
          type="radio"
          name="source"
          checked={!draft.saleor}
          onChange={() => onChange({ saleor: "", number: "" })}
        />
        <span>{t("invoice.ownFile")}</span>
      </label>
      {listed.map((invoice) => (
        <label className="check" key={invoice.id}>
          <input
            type="radio"
            name="source"
            disabled={!invoice.has_file}
            checked={draft.saleor === invoice.id}
            onChange={() => onChange({ saleor: invoice.id, number: invoice.number, file: null })}
          />
          <span>
            {t("invoice.ofSaleor", { number: invoice.number, when: date(invoice.created_at) })}
            {!invoice.has_file && <span className="quiet small"> {t("invoice.noFile")}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

interface FieldsProps {
  draft: Draft;
  error: unknown;
  onChange: (more: Partial<Draft>) => void;
}

function Fields({ draft, error, onChange }: FieldsProps) {
  const { t } = useTranslation();
  const say = useSay();
  const faults = faultsOf(error, say);
  return (
    <>
      <TextField
        label={t("invoice.number")}
        hint={t("invoice.numberHint")}
        error={faults.number}
        value={draft.number}
        onChange={(number) => onChange({ number })}
      />
      {!draft.saleor && <FileField error={faults.file} onChange={(file) => onChange({ file })} />}
      {draft.saleor && faults.file && <Banner tone="warn">{faults.file}</Banner>}
      {Boolean(error) && !faults.number && !faults.file && <Failure error={error} />}
    </>
  );
}

interface FileProps {
  error: string | undefined;
  onChange: (file: File | null) => void;
}

function FileField({ error, onChange }: FileProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{t("invoice.file")}</label>
      <input
        id={id}
        className="input"
        type="file"
        accept="application/pdf,.pdf"
        aria-describedby={error ? `${id}-wrong ${id}-hint` : `${id}-hint`}
        aria-invalid={error ? true : undefined}
        onChange={(event) => onChange(event.target.files?.[0] ?? null)}
      />
      {error && (
        <span className="wrong" id={`${id}-wrong`}>
          {error}
        </span>
      )}
      <span className="hint" id={`${id}-hint`}>
        {t("invoice.fileHint")}
      </span>
    </div>
  );
}
