import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useRaw } from "../../api/queries";
import { Dialog } from "../../ui/dialog";
import { Banner } from "../../ui/page";
import { Failure, Loading } from "../../ui/states";

interface DialogProps {
  id: string;
  onClose: () => void;
}

/** What Amazon sent, as it came. It is fetched only once somebody has read that this is recorded. */
export function RawDialog({ id, onClose }: DialogProps) {
  const { t } = useTranslation();
  const [isWanted, setWanted] = useState(false);
  const raw = useRaw(id, isWanted);
  return (
    <Dialog
      title={t("raw.title")}
      wide
      onClose={onClose}
      action={isWanted ? undefined : t("raw.show")}
      onAction={() => setWanted(true)}
    >
      {!isWanted && <Banner tone="warn">{t("raw.warning")}</Banner>}
      {isWanted && raw.isPending && <Loading />}
      {raw.error && <Failure error={raw.error} />}
      {raw.data && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <pre className="raw" tabIndex={0}>
          {JSON.stringify(raw.data.payload, null, 2)}
        </pre>
      )}
    </Dialog>
  );
}
