import { Button } from "@saleor/macaw-ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { type Schemas, told } from "../../api/client";
import { useChange } from "../../api/queries";
import { Dialog } from "../../ui/dialog";
import { TextArea } from "../../ui/fields";
import { Failure } from "../../ui/states";
import { useWords } from "../../ui/words";

type Kind = "retry" | "dismiss";

/** What can be done about all orders of one cause at once. */
export function GroupActions({ group }: { group: Schemas["ProblemGroup"] }) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<Kind | null>(null);
  return (
    <>
      <Link className="link" href={`/orders?problem=${group.kind}`}>
        {t("problems.asList")}
      </Link>
      {group.kind === "unknown_sku" && (
        <Link className="link" href="/skus">
          {t("problems.toSkus")}
        </Link>
      )}
      {group.may_dismiss && (
        <Button size="small" variant="secondary" onClick={() => setKind("dismiss")}>
          {t("problems.dismissAll")}
        </Button>
      )}
      {group.may_retry && (
        <Button size="small" variant="secondary" onClick={() => setKind("retry")}>
          {t("problems.retryAll")}
        </Button>
      )}
      {kind && <AllDialog group={group} kind={kind} onClose={() => setKind(null)} />}
    </>
  );
}

interface DialogProps {
  group: Schemas["ProblemGroup"];
  kind: Kind;
  onClose: () => void;
}

const SHORTEST = 3;

function AllDialog({ group, kind, onClose }: DialogProps) {
  const { t } = useTranslation();
  const words = useWords();
  const [reason, setReason] = useState("");
  const start = useChange(
    (client, body: Schemas["BulkAsk"]) => told(client.POST("/api/v1/tasks", { body })),
    ["tasks"],
  );
  const problem = group.kind as Schemas["ProblemKind"];
  const filter = { problem: [problem] } as Schemas["OrderFilter"];
  const isDismissing = kind === "dismiss";
  const body: Schemas["BulkAsk"] = isDismissing
    ? { kind, filter, problem, reason: reason.trim(), expected: group.orders }
    : { kind, filter, expected: group.orders };
  return (
    <Dialog
      title={t(`problems.${kind}AllTitle`, {
        count: group.orders,
        problem: words.problem(group.kind),
      })}
      action={t(`problems.${kind}All`)}
      isBusy={start.isPending}
      isReady={!isDismissing || reason.trim().length >= SHORTEST}
      onAction={() => start.mutate(body, { onSuccess: onClose })}
      onClose={onClose}
    >
      {isDismissing ? (
        <TextArea
          label={t("dismiss.reason")}
          hint={t("dismiss.hint")}
          required
          value={reason}
          onChange={setReason}
        />
      ) : (
        <p>{t("problems.retryAllText")}</p>
      )}
      {start.error && <Failure error={start.error} />}
    </Dialog>
  );
}
