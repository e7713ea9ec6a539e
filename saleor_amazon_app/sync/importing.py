"""Creates Saleor orders for the stored Amazon orders that are ready, each exactly once.

Three things keep it at once: a row is claimed by a conditional update before anything is sent;
Saleor refuses a second order with the same external reference; and whatever has an unknown outcome
is looked up by that reference before it is sent again. What remains to be done to an order that
exists is read from Saleor (``mirror.completion``), so a resumed import is an ordinary one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from saleor_amazon_app.mirror.amazon_order import AmazonOrder
from saleor_amazon_app.mirror.completion import OrderSeen, differences, remaining_steps
from saleor_amazon_app.mirror.creation import Action, decide
from saleor_amazon_app.mirror.drafting import Draft, Held, draft
from saleor_amazon_app.mirror.failures import AppFailure, Remedy
from saleor_amazon_app.mirror.ids import AccountId, SellerId, SellerSku, TenantId
from saleor_amazon_app.mirror.inward import address_mark
from saleor_amazon_app.mirror.mapping import Mapping
from saleor_amazon_app.mirror.parcels import Variant
from saleor_amazon_app.mirror.problems import Problem, ProblemKind
from saleor_amazon_app.mirror.reckoning import TotalNotTold
from saleor_amazon_app.mirror.sentences import say, several
from saleor_amazon_app.mirror.verdicts import Verdict, is_noise, judge
from saleor_amazon_app.mirror.waiting import next_look, retry_delay
from saleor_amazon_app.saleor.client import SaleorApi
from saleor_amazon_app.saleor.errors import InvalidRequest, ServerFault
from saleor_amazon_app.saleor.orders import (
    BATCH,
    RowResult,
    find_orders,
    import_orders,
    take_steps,
)
from saleor_amazon_app.store import orders as order_store
from saleor_amazon_app.store.accounts import get_account, mappings
from saleor_amazon_app.store.models import Order, OrderState, Tenant
from saleor_amazon_app.sync.filing import open_fix, open_order
from saleor_amazon_app.sync.records import record_failure
from saleor_amazon_app.sync.services import Services
from saleor_amazon_app.sync.skus import resolve_skus

log = structlog.get_logger(__name__)

_TRIES: Final = 4
"""How often an order may break Saleor before a person has to look."""


@dataclass
class ImportReport:
    """What an import run did."""

    imported: int = 0
    blocked: int = 0
    waiting: int = 0
    busy: bool = False
    """Another worker is importing for this shop."""
    failure: AppFailure | None = None


@dataclass
class _Job:
    """One claimed order on its way to Saleor."""

    row_id: str
    reference: str
    order: AmazonOrder | None
    mapping: Mapping | None
    attempts: int
    row: Order
    exists: bool = False
    """It is in Saleor already, from an attempt whose outcome was not recorded."""
    reserve: bool = True
    draft: Draft | None = None


@dataclass
class Importer:
    """Imports the ready orders of one account."""

    services: Services
    tenant_id: TenantId
    account_id: AccountId
    on_progress: Callable[[ImportReport], None] = lambda _report: None
    report: ImportReport = field(default_factory=ImportReport)
    _claim: str = field(default="", init=False)
    _seller: SellerId = field(default=SellerId(""), init=False)
    _app_id: str = field(default="", init=False)
    _connected_at: datetime = field(default=datetime.max.replace(tzinfo=UTC), init=False)
    _import_from: datetime = field(default=datetime.max.replace(tzinfo=UTC), init=False)

    def run(self) -> ImportReport:
        """Import batch after batch until nothing is ready or Saleor does not answer."""
        try:
            with self.services.saleor(self.tenant_id) as api:
                while jobs := self._take():
                    self._import(api, jobs)
                    self.on_progress(self.report)
        except AppFailure as failure:
            self.report.failure = failure
            self._put_back(failure)
            record_failure(self.services, self.tenant_id, self.account_id, "import", failure)
        return self.report

    # --- claiming -------------------------------------------------------------------------------

    def _take(self) -> list[_Job]:
        """Claim a batch. From here on the outcome of each is unknown until it is recorded."""
        with self.services.database.system() as session:
            self._app_id = session.get_one(Tenant, self.tenant_id).app_id
        with self.services.database.tenant(self.tenant_id) as session:
            account = get_account(session, self.account_id)
            self._seller, self._connected_at = SellerId(account.seller_id), account.connected_at
            self._import_from = account.import_from
            by_marketplace = mappings(session, self.account_id)
            now = self.services.now()
            self._claim, rows = order_store.claim(session, self.account_id, BATCH, now)
            jobs = [self._job(row, by_marketplace) for row in rows]
            for row in rows:
                if row.state == OrderState.READY:
                    row.state = OrderState.CREATING
        return jobs

    def _job(self, row: Order, by_marketplace: dict[str, Mapping]) -> _Job:
        order = open_order(self.services.vault, row)
        mapping = by_marketplace.get(row.marketplace_id or "")
        return _Job(row.id, row.amazon_order_id, order, mapping, row.attempts, row)

    def _put_back(self, failure: AppFailure) -> None:
        """Let go of what is still claimed; it is looked up before it is sent again."""
        with self.services.database.tenant(self.tenant_id) as session:
            now = self.services.now()
            for row in order_store.held_by_claim(session, self._claim):
                delay = max(retry_delay(row.attempts), timedelta(seconds=failure.retry_after))
                order_store.release(row, next_attempt_at=now + delay)
                if failure.remedy is Remedy.PERSON:
                    order_store.note(session, row, str(failure), actor="app", at=now)

    # --- a batch --------------------------------------------------------------------------------

    def _import(self, api: SaleorApi, jobs: list[_Job]) -> None:
        existing = self._find_started(api, jobs)
        for job in jobs:
            job.exists = job.reference in existing
        self._draft_all(api, jobs)
        self._finish(api, [(job, existing[job.reference]) for job in jobs if job.exists])
        drafted = [job for job in jobs if job.draft and not job.exists]
        for touches_stock in (True, False):
            group = [job for job in drafted if _touches_stock(job) is touches_stock]
            self._send(api, group, touch_stock=touches_stock)

    def _find_started(self, api: SaleorApi, jobs: Sequence[_Job]) -> dict[str, OrderSeen]:
        """Look up what an earlier attempt may have created."""
        started = [job.reference for job in jobs if job.attempts > 1]
        return find_orders(api, started) if started else {}

    def _draft_all(self, api: SaleorApi, jobs: Sequence[_Job]) -> None:
        skus = {sku for job in jobs if job.order for sku in job.order.skus}
        variants = resolve_skus(self.services, self.tenant_id, api, skus)
        for job in jobs:
            self._draft_one(job, variants)

    def _draft_one(self, job: _Job, variants: dict[SellerSku, Variant]) -> None:
        """Draft an order; whatever goes wrong with it stays its own affair.

        For an order that exists the draft only serves to compare, and its lack holds up nothing.
        """
        if not job.exists and self._is_ruled_out(job):
            return
        try:
            job.draft = self._make_draft(job, variants)
        except Held as held:
            if not job.exists:
                self._block(job, *held.problems)
        except TotalNotTold:
            if not job.exists:
                self._wait(job, say("decision.total_awaited"))
        except Exception as error:  # noqa: BLE001 - one order's fault must not stop the others
            # no traceback: it could hold what the order holds
            log.error(  # noqa: TRY400
                "draft failed", order=job.reference, error=type(error).__name__
            )
            text = say("problem.app_fault", error=type(error).__name__)
            if not job.exists:
                self._block(job, Problem(ProblemKind.UNREADABLE, text))

    def _is_ruled_out(self, job: _Job) -> bool:
        """Decide again: Amazon may have cancelled the order since it was first tried."""
        if job.order is None:
            return False
        decision = decide(job.order, import_from=self._import_from)
        if decision.action is Action.CREATE:
            return False
        waits = decision.action is Action.WAIT
        self._conclude(job, OrderState.WAITING if waits else OrderState.LEFT_OUT, decision.reason)
        return True

    def _make_draft(self, job: _Job, variants: dict[SellerSku, Variant]) -> Draft:
        if job.order is None:
            raise Held(Problem(ProblemKind.UNREADABLE, say("problem.illegible")))
        if job.mapping is None:
            raise Held(Problem(ProblemKind.UNMAPPED_MARKETPLACE, say("problem.not_mapped")))
        return draft(
            job.order,
            job.mapping,
            variants,
            seller_id=self._seller,
            app_id=self._app_id,
            fix=open_fix(self.services.vault, job.row),
            reserve=job.reserve,
        )

    # --- sending --------------------------------------------------------------------------------

    def _send(self, api: SaleorApi, jobs: Sequence[_Job], *, touch_stock: bool) -> None:
        if not jobs:
            return
        inputs = [job.draft.input for job in jobs if job.draft]
        try:
            results = import_orders(api, inputs, touch_stock=touch_stock)
        except (ServerFault, InvalidRequest) as fault:
            self._divide(api, jobs, fault, touch_stock=touch_stock)
            return
        self._sort_out(api, jobs, results, touch_stock=touch_stock)

    def _divide(
        self, api: SaleorApi, jobs: Sequence[_Job], fault: AppFailure, *, touch_stock: bool
    ) -> None:
        """A whole batch failed and nothing of it was kept: find the order at fault by halving.

        One order that exists already makes all fail (``IntegrityError``), so they are looked up
        first.
        """
        existing = find_orders(api, [job.reference for job in jobs])
        self._finish(api, [(j, existing[j.reference]) for j in jobs if j.reference in existing])
        rest = [job for job in jobs if job.reference not in existing]
        if len(rest) == 1 and len(jobs) == 1:
            self._broke(rest[0], fault)
            return
        middle = (len(rest) + 1) // 2
        for half in (rest[:middle], rest[middle:]):
            self._send(api, half, touch_stock=touch_stock)

    def _broke(self, job: _Job, fault: AppFailure) -> None:
        if job.attempts >= _TRIES or isinstance(fault, InvalidRequest):
            self._block(job, Problem(ProblemKind.REFUSED_BY_SALEOR, fault.message))
        else:
            self._retry(job, fault.message)

    def _sort_out(
        self,
        api: SaleorApi,
        jobs: Sequence[_Job],
        results: Sequence[RowResult],
        *,
        touch_stock: bool,
    ) -> None:
        """Deal with each row by its own result; rows that fell with a bad one are sent again."""
        pairs = list(zip(jobs, results, strict=True))
        created = [(job, result.order) for job, result in pairs if result.order]
        self._finish(api, created)
        refused = [(job, result) for job, result in pairs if not result.order]
        codes = [error.code for _, result in refused for error in result.errors]
        only_noise = all(is_noise(code) for code in codes)
        at_fault = [
            (job, result)
            for job, result in refused
            if any(only_noise or not is_noise(error.code) for error in result.errors)
        ]
        for job, result in at_fault:
            self._take_verdict(api, job, result, only_noise=only_noise)
        guilty = {job.row_id for job, _ in at_fault}
        fallen = [job for job, _ in refused if job.row_id not in guilty]
        if fallen and not guilty and not created:
            fault = ServerFault("Saleor created nothing and named no reason.")
            self._divide(api, fallen, fault, touch_stock=touch_stock)
            return
        self._send(api, fallen, touch_stock=touch_stock)

    def _take_verdict(
        self, api: SaleorApi, job: _Job, result: RowResult, *, only_noise: bool
    ) -> None:
        errors = [e for e in result.errors if only_noise or not is_noise(e.code)]
        ruling = judge([(error.path, error.code, error.message) for error in errors])
        match ruling.verdict:
            case Verdict.EXISTS:
                seen = find_orders(api, [job.reference])
                self._finish(api, [(job, order) for order in seen.values()])
            case Verdict.WITHOUT_STOCK:
                self._send_without_stock(api, job)
            case Verdict.LATER:
                self._retry(job, ruling.problems[0].message)
            case Verdict.HOLD:
                self._block(job, *ruling.problems)

    def _send_without_stock(self, api: SaleorApi, job: _Job) -> None:
        """A sale that has happened is never held up by stock: import it without holding units."""
        job.reserve = False
        skus = job.order.skus if job.order else frozenset()
        self._draft_one(job, resolve_skus(self.services, self.tenant_id, api, skus))
        self._send(api, [job], touch_stock=False)

    # --- finishing ------------------------------------------------------------------------------

    def _finish(self, api: SaleorApi, created: Sequence[tuple[_Job, OrderSeen]]) -> None:
        """Record orders that exist, take the steps they still need, and record that too."""
        if not created:
            return
        self._record_created(created)
        steps = [(job, step) for job, seen in created for step in remaining_steps(seen)]
        errors = take_steps(api, [step for _, step in steps])
        failed = {job.row_id for (job, _), error in zip(steps, errors, strict=True) if error}
        if failed:
            failed = self._still_open(api, [job for job, _ in created if job.row_id in failed])
        for job, _ in created:
            if job.row_id in failed:
                self._retry(job, say("history.unfinished"))
        self._record_imported([pair for pair in created if pair[0].row_id not in failed])

    def _still_open(self, api: SaleorApi, jobs: Sequence[_Job]) -> set[str]:
        """Look again after a refused step: it may have been taken before."""
        seen = find_orders(api, [job.reference for job in jobs])
        return {
            job.row_id
            for job in jobs
            if job.reference not in seen or remaining_steps(seen[job.reference])
        }

    def _record_created(self, created: Sequence[tuple[_Job, OrderSeen]]) -> None:
        """Record Saleor's ids at once, so that a crash after this finds the order by them."""
        seen_by_row = {job.row_id: seen for job, seen in created}
        with self.services.database.tenant(self.tenant_id) as session:
            for row in order_store.held_by(session, self._claim, seen_by_row.keys()):
                seen = seen_by_row[row.id]
                row.state = OrderState.CREATED
                row.saleor_order_id, row.saleor_number = seen.id, seen.number

    def _record_imported(self, done: Sequence[tuple[_Job, OrderSeen]]) -> None:
        by_row = {job.row_id: (job, seen) for job, seen in done}
        now = self.services.now()
        with self.services.database.tenant(self.tenant_id) as session:
            known = order_store.open_problems_of(session, by_row.keys())
            for row in order_store.held_by(session, self._claim, by_row.keys()):
                job, seen = by_row[row.id]
                found = _found_wrong(job, seen)
                row.state = OrderState.IMPORTED
                if row.mirrored_at is None and job.order:
                    row.mirrored_at = now
                    row.lag_seconds = self._lag(job.order, now)
                row.mirrored_status = seen.amazon_status
                if job.order:
                    row.address_mark = row.address_mark or address_mark(job.order)
                if seen.amazon_status != row.status:
                    row.reconcile_at = now
                order_store.release(row)
                order_store.set_problems(session, row, found, now, known.get(row.id, ()))
                text = say("history.imported", number=seen.number)
                text = several(text, *(problem.message for problem in found))
                order_store.note(session, row, text, actor="app", at=now)
        self.report.imported += len(done)

    def _lag(self, order: AmazonOrder, now: datetime) -> int | None:
        """Return the seconds since Amazon's last word, if it was said since the connection."""
        said = order.last_updated_time
        return int((now - said).total_seconds()) if said >= self._connected_at else None

    # --- outcomes -------------------------------------------------------------------------------

    def _block(self, job: _Job, *problems: Problem) -> None:
        text = several(*(problem.with_cure for problem in problems))
        self._conclude(job, OrderState.BLOCKED, text, problems)
        self.report.blocked += 1

    def _wait(self, job: _Job, text: str) -> None:
        self._conclude(job, OrderState.WAITING, text, again_in=next_look(job.attempts - 1))
        self.report.waiting += 1

    def _retry(self, job: _Job, text: str) -> None:
        self._conclude(job, None, text, again_in=retry_delay(job.attempts))

    def _conclude(
        self,
        job: _Job,
        state: OrderState | None,
        text: str,
        problems: Sequence[Problem] = (),
        again_in: timedelta | None = None,
    ) -> None:
        """Let go of an order, unless it is in Saleor already and only its draft failed."""
        now = self.services.now()
        with self.services.database.tenant(self.tenant_id) as session:
            for row in order_store.held_by(session, self._claim, [job.row_id]):
                if state and row.saleor_order_id is None:
                    row.state = state
                order_store.release(row, next_attempt_at=now + again_in if again_in else None)
                order_store.set_problems(session, row, problems, now)
                order_store.note(session, row, text, actor="app", at=now)


def _touches_stock(job: _Job) -> bool:
    return bool(job.draft and job.draft.touches_stock)


def _found_wrong(job: _Job, seen: OrderSeen) -> list[Problem]:
    """Return what a person has to know of an order that is in Saleor."""
    found = differences(job.draft, seen) if job.draft else []
    if not job.reserve:
        found.append(Problem(ProblemKind.NOT_RESERVED, say("problem.not_reserved")))
    return found
