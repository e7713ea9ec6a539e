import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Schemas, told } from "../../api/client";
import { useOrderAct } from "../../api/queries";
import { Dialog } from "../../ui/dialog";
import { TextArea } from "../../ui/fields";
import { Failure } from "../../ui/states";
import { useWords } from "../../ui/words";

const SHORTEST = 3;

interface DialogProps {
  id: string;
  kind: string;
  onClose: () => void;
}

/** Sets a problem aside for good; the reason stays in the order's timeline. */
export function DismissDialog({ id, kind, onClose }: DialogProps) {
  const { t } = useTranslation();
  const words = useWords();
  const [reason, setReason] = useState("");
  const dismiss = useOrderAct(id, (client, body: Schemas["DismissAsk"]) =>
    told(
      client.POST("/api/v1/orders/{amazon_order_id}/dismiss", {
        params: { path: { amazon_order_id: id } },
        body,
      }),
    ),
  );
  const body = { kind: kind as Schemas["ProblemKind"], reason: reason.trim() };
  return (
    <Dialog
      title={t("dismiss.title", { problem: words.problem(kind) })}
      action={t("dismiss.button")}
      isBusy={dismiss.isPending}
      isReady={body.reason.length >= SHORTEST}
      onAction={() => dismiss.mutate(body, { onSuccess: onClose })}
      onClose={onClose}
    >
      <TextArea
        label={t("dismiss.reason")}
        hint={t("dismiss.hint")}
        required
        value={reason}
        onChange={setReason}
      />
      {dismiss.error && <Failure error={dismiss.error} />}
    </Dialog>
  );
}
