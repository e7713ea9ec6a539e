"""Compares the two sides of mirrored orders and carries over what one of them lacks.

Webhooks, sweeps and Amazon's answers only mark an order; what to do is decided here from both
sides as they are, one order at a time. So it does not matter whether a webhook came once, twice,
late or never, and a worker that dies leaves an order to be compared again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Final

import structlog
from sqlalchemy.orm import Session

from saleor_amazon_app.mirror import inward
from saleor_amazon_app.mirror.amazon_order import AmazonOrder
from saleor_amazon_app.mirror.cancelling import plan_cancellation
from saleor_amazon_app.mirror.facts import FOLLOWED, PACKAGE, RESERVATION_WAREHOUSE
from saleor_amazon_app.mirror.failures import AppFailure
from saleor_amazon_app.mirror.ids import AccountId, TenantId
from saleor_amazon_app.mirror.intents import Known, Step
from saleor_amazon_app.mirror.marketplaces import find_marketplace, seller_central_link
from saleor_amazon_app.mirror.matching import match
from saleor_amazon_app.mirror.outcomes import RefundOutcome, problems, refund_outcomes
from saleor_amazon_app.mirror.problems import OF_THE_MIRROR, Problem, ProblemKind
from saleor_amazon_app.mirror.refund_requests import plan_refunds
from saleor_amazon_app.mirror.saleor_order import SaleorOrder
from saleor_amazon_app.mirror.sentences import Sum, say, several
from saleor_amazon_app.mirror.shipping import plan_shipments
from saleor_amazon_app.mirror.terms import Terms
from saleor_amazon_app.mirror.waiting import retry_delay
from saleor_amazon_app.saleor import acting
from saleor_amazon_app.saleor.askers import with_askers
from saleor_amazon_app.saleor.client import SaleorApi
from saleor_amazon_app.saleor.errors import Declined
from saleor_amazon_app.saleor.reading import read_orders
from saleor_amazon_app.saleor.reasons import with_chosen_reasons
from saleor_amazon_app.store import ledger
from saleor_amazon_app.store import orders as order_store
from saleor_amazon_app.store.accounts import mappings
from saleor_amazon_app.store.models import ForeignRefund, Intent, Order
from saleor_amazon_app.sync import ledgering
from saleor_amazon_app.sync.filing import open_fix
from saleor_amazon_app.sync.looking import settle_shown, up_to_date
from saleor_amazon_app.sync.records import record_failure
from saleor_amazon_app.sync.services import Services

log = structlog.get_logger(__name__)

_BATCH: Final = 10


@dataclass
class ReconcileReport:
    """What a run did."""

    orders: int = 0
    actions: int = 0
    intents: int = 0
    failure: AppFailure | None = None


@dataclass
class _Job:
    """One claimed order with both of its sides."""

    row: Order
    marked_at: datetime | None
    order: AmazonOrder
    saleor: SaleorOrder
    known: list[Known]
    refunds: list[ForeignRefund]
    found: list[Problem] = field(default_factory=list)
    again_at: datetime | None = None


@dataclass
class Reconciler:
    """Reconciles the marked orders of one account."""

    services: Services
    tenant_id: TenantId
    account_id: AccountId
    report: ReconcileReport = field(default_factory=ReconcileReport)
    on_order: Callable[[str], None] = lambda _amazon_order_id: None

    def run(self) -> ReconcileReport:
        """Reconcile until nothing is marked or Saleor does not answer."""
        try:
            with self.services.saleor(self.tenant_id) as api:
                while rows := self._claim():
                    self._reconcile_all(api, rows)
        except AppFailure as failure:
            self.report.failure = failure
            record_failure(self.services, self.tenant_id, self.account_id, "reconcile", failure)
        return self.report

    def _claim(self) -> list[Order]:
        with self.services.database.tenant(self.tenant_id) as session:
            now = self.services.now()
            return ledger.claim_for_reconciling(session, self.account_id, _BATCH, now)

    def _reconcile_all(self, api: SaleorApi, rows: Sequence[Order]) -> None:
        try:
            seen = read_orders(api, [row.amazon_order_id for row in rows])
        except AppFailure:
            self._put_back(rows)
            raise
        left = list(rows)
        for row in rows:
            try:
                self._reconcile(api, row, seen.get(row.amazon_order_id))
            except AppFailure:
                self._put_back(left)
                raise
            left.remove(row)
            self.on_order(row.amazon_order_id)

    def _reconcile(self, api: SaleorApi, row: Order, saleor: SaleorOrder | None) -> None:
        if saleor:
            saleor = with_askers(api, with_chosen_reasons(api, saleor))
        job = self._prepare(row, saleor)
        if job is None:
            return
        if not self._write_intents(job):
            return
        for action in self._plan_inward(job):
            self._act(api, job, action)
        self._tell_refunds(api, job)
        self._conclude(job)
        self.report.orders += 1

    # --- reading --------------------------------------------------------------------------------

    def _prepare(self, row: Order, saleor: SaleorOrder | None) -> _Job | None:
        """Gather what is known of an order; None if there is nothing to compare."""
        try:
            order = up_to_date(self.services, self.tenant_id, self.account_id, row)
        except AppFailure as failure:
            self._put_back([row])
            record_failure(self.services, self.tenant_id, self.account_id, "getOrder", failure)
            return None
        if order is None:
            self._give_up(row, None)
            return None
        if saleor is None:
            text = say("problem.gone_from_saleor")
            self._give_up(row, Problem(ProblemKind.GONE_FROM_SALEOR, text))
            return None
        with self.services.database.tenant(self.tenant_id) as session:
            refunds = ledger.foreign_refunds(session, [row.id])[row.id]
            settle_shown(self.services, session, session.get_one(Order, row.id), order)
            known = ledgering.known_of(session, self.services.vault, row.id)
        return _Job(row, row.reconcile_at, order, saleor, known, refunds)

    def _give_up(self, row: Order, problem: Problem | None) -> None:
        with self.services.database.tenant(self.tenant_id) as session:
            for fresh in order_store.held_by(session, row.claim or "", [row.id]):
                fresh.reconcile_at, fresh.compared_at = None, self.services.now()
                self._set_problems(session, fresh, [problem] if problem else [])
                order_store.release(fresh)

    # --- to Amazon ------------------------------------------------------------------------------

    def _write_intents(self, job: _Job) -> bool:
        """Decide what Amazon has to hear, and write it down; False if the claim was lost."""
        now, row = self.services.now(), job.row
        with self.services.database.tenant(self.tenant_id) as session:
            fresh = order_store.held_by(session, row.claim or "", [row.id])
            if not fresh:
                return False
            self._read_ledger(session, job)  # a person may have asked since it was read
            terms = ledgering.terms_of(session, self.account_id, row.marketplace_id)
            steps = self._plan_outward(job, now, terms)
            ledgering.write(session, self.services.vault, fresh[0], steps, now)
            session.flush()
            job.known = ledgering.known_of(session, self.services.vault, row.id)
            self.report.intents += len(steps)
        return True

    def _read_ledger(self, session: Session, job: _Job) -> None:
        job.known = ledgering.known_of(session, self.services.vault, job.row.id)
        job.refunds = ledger.foreign_refunds(session, [job.row.id])[job.row.id]

    def _plan_outward(self, job: _Job, now: datetime, terms: Terms) -> list[Step]:
        order, saleor, known = job.order, job.saleor, job.known
        shipments = plan_shipments(order, saleor, match(order, saleor, known), known, terms, now)
        wishes, found = plan_cancellation(order, saleor, known, terms)
        elsewhere = sum((Decimal(r.amount) for r in job.refunds if not r.intent_id), Decimal(0))
        refunds = plan_refunds(order, saleor, known, terms, elsewhere)
        job.found += [*shipments.problems, *found]
        job.again_at = shipments.look_again_at
        return [*shipments.steps, *wishes, *refunds]

    # --- to Saleor ------------------------------------------------------------------------------

    def _plan_inward(self, job: _Job) -> list[inward.Action]:
        plan = inward.plan_inward(
            job.order,
            job.saleor,
            match(job.order, job.saleor, job.known),
            job.known,
            address_mark=job.row.address_mark,
            fix=open_fix(self.services.vault, job.row),
            untold=sum((Decimal(r.amount) for r in _untold(job)), Decimal(0)),
        )
        job.found += plan.problems
        return plan.actions

    def _act(self, api: SaleorApi, job: _Job, action: inward.Action) -> None:
        """Take one action. What Saleor declines is shown and tried again later.

        Its line in the history is written first: once it is done nothing would ask for it again.
        """
        line = self._note(job, action.note)
        try:
            self._carry_out(api, job, action)
        except AppFailure as failure:
            self._unsay(line)
            if not isinstance(failure, Declined):
                raise
            text = several(failure.message, failure.cure)
            job.found.append(Problem(ProblemKind.FULFIL_NOT_POSSIBLE, text, job.saleor.id))
            job.again_at = self.services.now() + timedelta(minutes=30)
            return
        self.report.actions += 1

    def _carry_out(self, api: SaleorApi, job: _Job, action: inward.Action) -> None:
        order_id = job.saleor.id
        match action:
            case inward.Fulfil():
                self._fulfil(api, job, action)
            case inward.Track():
                acting.set_facts(api, action.fulfillment_id, {FOLLOWED: action.tracking})
                acting.change_tracking(api, action.fulfillment_id, action.tracking)
            case inward.Cancel():
                acting.cancel_order(api, order_id)
            case inward.GiveBack():
                self._report(api, job, action.reference, action.amount, action.note)
            case inward.Remember():
                acting.set_facts(api, order_id, action.facts)
            case inward.ChangeAddress():
                self._change_address(api, job, action)
            case inward.Silence():
                acting.change_order(api, order_id, {"userEmail": action.email})

    def _fulfil(self, api: SaleorApi, job: _Job, action: inward.Fulfil) -> None:
        lines = [acting.FulfilledLine(id_, units) for id_, units in action.lines.items()]
        made = acting.fulfill(
            api,
            job.saleor.id,
            lines,
            warehouse_id=self._warehouse(job),
            tracking=action.tracking,
        )
        if action.reference:
            acting.set_facts(api, made, {PACKAGE: action.reference})

    def _warehouse(self, job: _Job) -> str:
        """Return where the order's units are held, else where the marketplace's orders go."""
        if held := job.saleor.facts.get(RESERVATION_WAREHOUSE):
            return held
        with self.services.database.tenant(self.tenant_id) as session:
            mapping = mappings(session, self.account_id).get(job.row.marketplace_id or "")
        return mapping.warehouse_id if mapping else ""

    def _change_address(self, api: SaleorApi, job: _Job, action: inward.ChangeAddress) -> None:
        address = dict(action.address)
        acting.change_order(
            api, job.saleor.id, {"shippingAddress": address, "billingAddress": address}
        )
        job.row.address_mark = action.mark

    def _report(
        self, api: SaleorApi, job: _Job, reference: str, amount: Decimal, message: str
    ) -> None:
        payment = job.saleor.payment
        if payment is None:
            raise Declined(say("problem.no_transaction"))
        report = acting.Report(
            "REFUND_SUCCESS",
            amount,
            reference,
            message,
            self._link(job),
            refundable=job.order.fulfilled_by == "MERCHANT",
        )
        acting.report_event(api, payment.id, report)

    def _tell_refunds(self, api: SaleorApi, job: _Job) -> None:
        """Tell Saleor's transaction what became of refunds: the app's own, and Amazon's."""
        for outcome in refund_outcomes(job.known, job.saleor):
            if self._try(job, partial(self._tell_outcome, api, job, outcome)):
                self._mark_told(Intent, outcome.intent_id)
        counted = inward.has_ended(job.order, job.saleor)
        for refund in _untold(job):
            if counted or self._try(job, partial(self._tell_foreign, api, job, refund)):
                self._mark_told(ForeignRefund, refund.id)

    def _try(self, job: _Job, tell: Callable[[], None]) -> bool:
        try:
            tell()
        except Declined as declined:
            text = several(declined.message, declined.cure)
            problem = Problem(ProblemKind.REFUND_NOT_POSSIBLE, text, job.saleor.id)
            job.found.append(problem)
            return False
        self.report.actions += 1
        return True

    def _tell_outcome(self, api: SaleorApi, job: _Job, outcome: RefundOutcome) -> None:
        payment = job.saleor.payment
        if payment is None:
            raise Declined(say("problem.no_transaction"))
        self._silence(api, job)
        link = self._link(job)
        report = acting.Report(
            outcome.type, outcome.amount, outcome.reference, outcome.message, link
        )
        acting.report_event(api, payment.id, report)

    def _tell_foreign(self, api: SaleorApi, job: _Job, refund: ForeignRefund) -> None:
        self._silence(api, job)
        amount = Decimal(refund.amount)
        note = say("history.refunded_at_amazon", amount=Sum(amount, refund.currency))
        self._report(api, job, refund.reference, amount, note)
        self._note(job, note)

    def _silence(self, api: SaleorApi, job: _Job) -> None:
        """Keep Saleor's mail about a refund from reaching Amazon's buyer."""
        if silence := inward.silenced(job.row.amazon_order_id, job.saleor):
            acting.change_order(api, job.saleor.id, {"userEmail": silence.email})

    def _link(self, job: _Job) -> str:
        marketplace = find_marketplace(job.order.marketplace_id)
        return seller_central_link(marketplace, job.order.order_id) if marketplace else ""

    # --- recording ------------------------------------------------------------------------------

    def _mark_told(self, kind: type[Intent | ForeignRefund], id_: int | str) -> None:
        with self.services.database.tenant(self.tenant_id) as session:
            row = session.get_one(kind, id_)
            name = "saleor_told_at" if kind is Intent else "told_at"
            setattr(row, name, self.services.now())

    def _note(self, job: _Job, text: str) -> int | None:
        """Write a line into the order's history; returns its id if it is a new one."""
        with self.services.database.tenant(self.tenant_id) as session:
            row = session.get_one(Order, job.row.id)
            line = order_store.note(
                session, row, text, actor="amazon", at=self.services.now(), for_saleor=True
            )
            session.flush()
            return line.id if line else None

    def _unsay(self, line: int | None) -> None:
        """Take back a line about something that could not be done."""
        if line is not None:
            with self.services.database.tenant(self.tenant_id) as session:
                order_store.take_back(session, line)

    def _conclude(self, job: _Job) -> None:
        """Record what was found and let go, unless the order was marked again meanwhile."""
        matches = match(job.order, job.saleor, job.known)
        found = [*job.found, *problems(job.known, job.saleor, job.order, matches)]
        with self.services.database.tenant(self.tenant_id) as session:
            for row in order_store.held_by(session, job.row.claim or "", [job.row.id]):
                if row.reconcile_at == job.marked_at:
                    row.reconcile_at = job.again_at
                row.mirrored_status, row.compared_at = row.status, self.services.now()
                row.address_mark = job.row.address_mark or inward.address_mark(job.order)
                row.attempts = 0
                self._set_problems(session, row, found)
                order_store.release(row)

    def _set_problems(self, session: Session, row: Order, found: Sequence[Problem]) -> None:
        known = [p for p in order_store.open_problems(session, row.id) if p.kind in OF_THE_MIRROR]
        now = self.services.now()
        for problem in order_store.set_problems(session, row, found, now, known):
            text = problem.with_cure
            order_store.note(session, row, text, actor="app", at=now, for_saleor=True)

    def _put_back(self, rows: Sequence[Order]) -> None:
        """Let go of orders that could not be compared; they are tried again later."""
        with self.services.database.tenant(self.tenant_id) as session:
            now = self.services.now()
            for row in rows:
                for fresh in order_store.held_by(session, row.claim or "", [row.id]):
                    fresh.attempts += 1
                    fresh.reconcile_at = now + retry_delay(fresh.attempts)
                    order_store.release(fresh)


def _untold(job: _Job) -> list[ForeignRefund]:
    """Return the refunds of Seller Central's and Amazon's that Saleor has not heard of."""
    return [refund for refund in job.refunds if not refund.intent_id and not refund.told_at]
