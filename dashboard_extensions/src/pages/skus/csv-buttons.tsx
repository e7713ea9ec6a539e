import { Button } from "@saleor/macaw-ui";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Schemas, told } from "../../api/client";
import { useClient } from "../../api/context";
import { useChange } from "../../api/queries";
import { wordsFor } from "../../api/refused";
import { useBridge } from "../../bridge/context";
import { useSay } from "../../i18n/sentences";
import { Dialog } from "../../ui/dialog";
import { Banner } from "../../ui/page";
import { save } from "../../ui/saving";
import { Failure } from "../../ui/states";

export function CsvButtons() {
  const { t } = useTranslation();
  const say = useSay();
  const client = useClient();
  const bridge = useBridge();
  const [isImporting, setImporting] = useState(false);
  const write = useMutation({
    mutationFn: () => told<unknown>(client.GET("/api/v1/sku-mappings/export", { parseAs: "text" })),
    onSuccess: (text) => save(String(text), "sku-mappings.csv"),
    onError: (error) => {
      const { title, text } = wordsFor(error, t, say);
      bridge.notify("error", title, text);
    },
  });
  return (
    <>
      <Button variant="secondary" onClick={() => setImporting(true)}>
        {t("sku.import")}
      </Button>
      <Button variant="secondary" disabled={write.isPending} onClick={() => write.mutate()}>
        {t("sku.export")}
      </Button>
      {isImporting && <ImportDialog onClose={() => setImporting(false)} />}
    </>
  );
}

/** Reads a file twice: once to say what it would do, and once to do it. */
function ImportDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const client = useClient();
  const [csv, setCsv] = useState("");
  const check = useMutation({
    mutationFn: (text: string) =>
      told(client.POST("/api/v1/sku-mappings/import", { body: { csv: text, dry_run: true } })),
  });
  const keep = useChange(
    (api, text: string) =>
      told(api.POST("/api/v1/sku-mappings/import", { body: { csv: text, dry_run: false } })),
    ["skus", "orders", "problems", "overview"],
  );
  const read = async (file: File | undefined) => {
    if (!file) return;
    const text = await file.text();
    setCsv(text);
    keep.reset();
    check.mutate(text);
  };
  const isGood = check.data !== undefined && check.data.faults.length === 0;
  return (
    <Dialog
      title={t("sku.import")}
      action={t("sku.importNow")}
      isBusy={keep.isPending || check.isPending}
      isReady={isGood && check.data.mapped > 0}
      onAction={() => keep.mutate(csv, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>{t("sku.importText")}</p>
      <pre className="raw">amazon_sku,saleor_sku{"\n"}AMZ-MUG-1,MUG-SLATE</pre>
      <input
        type="file"
        className="input"
        accept=".csv,text/csv"
        aria-label={t("sku.file")}
        onChange={(event) => void read(event.target.files?.[0])}
      />
      {check.data && <Outcome outcome={check.data} />}
      {check.error && <Failure error={check.error} />}
      {keep.error && <Failure error={keep.error} />}
    </Dialog>
  );
}

function Outcome({ outcome }: { outcome: Schemas["SkuImport"] }) {
  const { t } = useTranslation();
  const say = useSay();
  if (outcome.faults.length) {
    return (
      <Banner tone="bad" urgent>
        <strong>{t("sku.faults", { count: outcome.faults.length })}</strong>
        <ul className="plain">
          {outcome.faults.map((fault) => (
            <li key={`${fault.line} ${fault.message.text}`}>
              {t("sku.fault", { line: fault.line, text: say(fault.message) })}
            </li>
          ))}
        </ul>
      </Banner>
    );
  }
  return (
    <Banner tone="good">
      {t("sku.willMap", { count: outcome.mapped, unchanged: outcome.unchanged })}
    </Banner>
  );
}
