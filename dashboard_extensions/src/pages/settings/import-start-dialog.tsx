import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Schemas, told } from "../../api/client";
import { useChange } from "../../api/queries";
import { Dialog } from "../../ui/dialog";
import { TextField } from "../../ui/fields";
import { Failure } from "../../ui/states";
import { midnight } from "../orders/filters";

const CHANGED = ["accounts", "overview", "checklist", "orders", "figures", "changes"];

interface DialogProps {
  account: Schemas["AccountShown"];
  onClose: () => void;
}

/** Changes since when orders are imported. */
export function ImportStartDialog({ account, onClose }: DialogProps) {
  const { t } = useTranslation();
  const [day, setDay] = useState(account.import_from.slice(0, 10));
  const since = midnight(day);
  const save = useChange(
    (client, import_from: string) =>
      told(
        client.PUT("/api/v1/accounts/{id}/import-from", {
          params: { path: { id: account.id } },
          body: { import_from },
        }),
      ),
    CHANGED,
  );
  return (
    <Dialog
      title={t("accounts.importFrom")}
      action={t("save")}
      isBusy={save.isPending}
      isReady={since !== undefined}
      onAction={() => since && save.mutate(since, { onSuccess: onClose })}
      onClose={onClose}
    >
      <TextField
        label={t("accounts.importFrom")}
        hint={t("accounts.importFromChangeHint")}
        type="date"
        required
        value={day}
        onChange={setDay}
      />
      {save.error && <Failure error={save.error} />}
    </Dialog>
  );
}
