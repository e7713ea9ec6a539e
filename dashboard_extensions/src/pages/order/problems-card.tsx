import { Button } from "@saleor/macaw-ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import type { Schemas } from "../../api/client";
import type { OrderDetail } from "../../api/queries";
import { useMay } from "../../bridge/context";
import { useFormats } from "../../format/context";
import { useSay } from "../../i18n/sentences";
import { Banner } from "../../ui/page";
import { useWords } from "../../ui/words";
import { MapSkuDialog } from "../skus/map-sku-dialog";
import { AddressDialog } from "./address-dialog";
import { CancelDialog } from "./cancel-dialog";
import { cureFor } from "./cures";
import { DismissDialog } from "./dismiss-dialog";
import { RetryButton } from "./retry-button";

type Problem = Schemas["ProblemShown"];

/** Why the order waits for a person, each with its cure in place. */
export function ProblemsCard({ detail }: { detail: OrderDetail }) {
  return (
    <div className="stack tight">
      {detail.problems.map((problem) => (
        <ProblemBanner
          key={`${problem.kind} ${problem.subject}`}
          problem={problem}
          detail={detail}
        />
      ))}
    </div>
  );
}

function ProblemBanner({ problem, detail }: { problem: Problem; detail: OrderDetail }) {
  const { t } = useTranslation();
  const words = useWords();
  const say = useSay();
  const format = useFormats();
  return (
    <Banner
      tone="bad"
      actions={
        <div className="row">
          <Cure problem={problem} detail={detail} />
        </div>
      }
    >
      <strong>{words.problem(problem.kind)}</strong>
      <div>{say(problem.message)}</div>
      <div>{say(problem.cure)}</div>
      <div className="small">
        {t("problems.since", { when: format.dateTime(problem.opened_at) })}
      </div>
    </Banner>
  );
}

/** The button that cures a problem, and the one that sets it aside. */
export function Cure({ problem, detail }: { problem: Problem; detail: OrderDetail }) {
  const { t } = useTranslation();
  const maySet = useMay("MANAGE_APPS");
  const [isOpen, setOpen] = useState(false);
  const [isDismissing, setDismissing] = useState(false);
  const cure = cureFor(problem.kind);
  const id = detail.order.amazon_order_id;
  const close = () => setOpen(false);
  return (
    <>
      {cure && (
        <Button size="small" onClick={() => setOpen(true)}>
          {t(`cureButton.${cure}`)}
        </Button>
      )}
      {problem.may_retry && <RetryButton id={id} />}
      {problem.kind === "unmapped_marketplace" && maySet && <SettingsLink />}
      {problem.may_dismiss && (
        <Button size="small" variant="secondary" onClick={() => setDismissing(true)}>
          {t("dismiss.button")}
        </Button>
      )}
      {isOpen && cure === "map" && (
        <MapSkuDialog
          sku={problem.subject}
          title={detail.items.find((item) => item.sku === problem.subject)?.title ?? null}
          onClose={close}
        />
      )}
      {isOpen && cure === "address" && <AddressDialog detail={detail} onClose={close} />}
      {isOpen && cure === "cancel" && (
        <CancelDialog detail={detail} preset="BuyerCanceled" onClose={close} />
      )}
      {isDismissing && (
        <DismissDialog id={id} kind={problem.kind} onClose={() => setDismissing(false)} />
      )}
    </>
  );
}

function SettingsLink() {
  const { t } = useTranslation();
  return (
    <Link className="link" href="/settings/marketplaces">
      {t("cureButton.marketplace")}
    </Link>
  );
}
