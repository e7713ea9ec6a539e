import { useTranslation } from "react-i18next";
import { useMay } from "../../bridge/context";
import { Page } from "../../ui/page";
import { CsvButtons } from "./csv-buttons";
import { MappingsCard } from "./mappings-card";
import { UnmatchedCard } from "./unmatched-card";

/** Amazon's SKUs and the variants that they stand for. */
export default function SkusPage() {
  const { t } = useTranslation();
  const may = useMay("MANAGE_ORDERS");
  return (
    <Page title={t("sku.title")} actions={may && <CsvButtons />}>
      <p className="quiet">{t("sku.text")}</p>
      <UnmatchedCard />
      <MappingsCard />
    </Page>
  );
}
