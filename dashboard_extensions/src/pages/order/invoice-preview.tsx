import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";
import { useFormats } from "../../format/context";
import { useSay } from "../../i18n/sentences";
import { Banner, Facts } from "../../ui/page";

const KIB = 1024;

/** Exactly what Amazon gets: the file's measure, and what is said beside it. */
export function InvoicePreview({ seen }: { seen: Schemas["InvoicePreview"] }) {
  const { t } = useTranslation();
  const say = useSay();
  const { money, number } = useFormats();
  return (
    <section className="stack" aria-label={t("invoice.exactly")}>
      <h3>{t("invoice.exactly")}</h3>
      <Facts
        rows={[
          [t("invoice.number"), seen.number],
          [t("invoice.total"), seen.total && money(seen.total, seen.currency)],
          [t("invoice.vat"), seen.vat && money(seen.vat, seen.currency)],
          [t("invoice.size"), t("invoice.kib", { size: number(Math.ceil(seen.size / KIB)) })],
        ]}
      />
      {seen.warnings.map((warning) => (
        <Banner key={warning.code} tone="warn">
          {say(warning)}
        </Banner>
      ))}
      <details>
        <summary>{t("invoice.options")}</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <pre className="raw" tabIndex={0}>
          {seen.options.map(({ name, value }) => `${name} = ${value}`).join("\n")}
        </pre>
      </details>
      <Banner tone="warn">{t("invoice.final")}</Banner>
    </section>
  );
}
