import { Button } from "@saleor/macaw-ui";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import type { Schemas } from "../../api/client";
import { useOrder, useProblems } from "../../api/queries";
import { useFormats } from "../../format/context";
import { useSay } from "../../i18n/sentences";
import { PageButtons, usePages } from "../../ui/paging";
import { Failure, Loading } from "../../ui/states";
import { AddressDialog } from "../order/address-dialog";
import { CancelDialog } from "../order/cancel-dialog";
import { type Cure, cureFor } from "../order/cures";
import { DismissDialog } from "../order/dismiss-dialog";
import { RetryButton } from "../order/retry-button";
import { MapSkuDialog } from "../skus/map-sku-dialog";

type Row = Schemas["ProblemRow"];

/** The orders of one cause, the oldest first, each with its cure. */
export function ProblemRows({ kind }: { kind: Schemas["ProblemKind"] }) {
  const { t } = useTranslation();
  const pages = usePages();
  const problems = useProblems(kind, pages.cursor);
  if (problems.isPending)
    return (
      <Inset>
        <Loading rows={3} />
      </Inset>
    );
  if (!problems.data) {
    return (
      <Inset>
        <Failure error={problems.error} onRetry={() => void problems.refetch()} />
      </Inset>
    );
  }
  const { items, next_cursor: next } = problems.data;
  return (
    <>
      <div className="scroll">
        <table className="list">
          <thead>
            <tr>
              <th scope="col">{t("column.number")}</th>
              <th scope="col">{t("problems.what")}</th>
              <th scope="col">{t("problems.waitsSince")}</th>
              <th scope="col" className="end">
                {t("column.total")}
              </th>
              <th scope="col">
                <span className="visually-hidden">{t("actions.title")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {items.map((row) => (
              <ProblemLine key={`${row.order.amazon_order_id} ${row.problem.subject}`} row={row} />
            ))}
          </tbody>
        </table>
      </div>
      <PageButtons pages={pages} next={next} />
    </>
  );
}

function Inset({ children }: { children: ReactNode }) {
  return <div className="inset">{children}</div>;
}

function ProblemLine({ row }: { row: Row }) {
  const format = useFormats();
  const say = useSay();
  const { order, problem } = row;
  return (
    <tr>
      <td className="nowrap">
        <Link className="link mono" href={`/orders/${order.amazon_order_id}`}>
          {order.amazon_order_id}
        </Link>
      </td>
      <td>{say(problem.message)}</td>
      <td className="nowrap">{format.relative(problem.opened_at)}</td>
      <td className="end">{format.money(order.total?.amount, order.total?.currency)}</td>
      <td className="end">
        <LineActions row={row} />
      </td>
    </tr>
  );
}

function LineActions({ row }: { row: Row }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState<Cure | "dismiss" | null>(null);
  const { order, problem } = row;
  const cure = cureFor(problem.kind);
  const close = () => setOpened(null);
  return (
    <div className="row end">
      {cure && (
        <Button size="small" onClick={() => setOpened(cure)}>
          {t(`cureButton.${cure}`)}
        </Button>
      )}
      {problem.may_retry && <RetryButton id={order.amazon_order_id} />}
      {problem.may_dismiss && (
        <Button size="small" variant="secondary" onClick={() => setOpened("dismiss")}>
          {t("dismiss.button")}
        </Button>
      )}
      {opened === "map" && <MapSkuDialog sku={problem.subject} title={null} onClose={close} />}
      {(opened === "address" || opened === "cancel") && (
        <WithOrder id={order.amazon_order_id} cure={opened} onClose={close} />
      )}
      {opened === "dismiss" && (
        <DismissDialog id={order.amazon_order_id} kind={problem.kind} onClose={close} />
      )}
    </div>
  );
}

interface WithOrderProps {
  id: string;
  cure: "address" | "cancel";
  onClose: () => void;
}

/** Dialogs that need the whole order; the row has only its head. */
function WithOrder({ id, cure, onClose }: WithOrderProps) {
  const { data } = useOrder(id);
  if (!data) return null;
  return cure === "address" ? (
    <AddressDialog detail={data} onClose={onClose} />
  ) : (
    <CancelDialog detail={data} preset="BuyerCanceled" onClose={onClose} />
  );
}
