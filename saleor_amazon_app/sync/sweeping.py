"""Reads an account's orders from Amazon page by page, storing each page before going on.

Where a sweep stands is in the store and nowhere else: the window being read, its paging token, the
watermark. A worker that dies leaves a page to be read again, never one that was skipped.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from saleor_amazon_app.amazon.errors import Forbidden, Refused, Throttled
from saleor_amazon_app.amazon.lwa import SellerCredentials
from saleor_amazon_app.amazon.orders import OrdersPage, search_orders
from saleor_amazon_app.mirror.facts import moment
from saleor_amazon_app.mirror.failures import AppFailure, Remedy
from saleor_amazon_app.mirror.ids import AccountId, TenantId
from saleor_amazon_app.mirror.sentences import say, several
from saleor_amazon_app.mirror.waiting import retry_delay
from saleor_amazon_app.store import sweeps as sweep_store
from saleor_amazon_app.store.accounts import get_account, list_marketplaces
from saleor_amazon_app.store.models import Account, Sweep, SweepKind
from saleor_amazon_app.sync import narrowing
from saleor_amazon_app.sync.filing import Filing
from saleor_amazon_app.sync.records import add_activity, record_failure
from saleor_amazon_app.sync.services import Services

log = structlog.get_logger(__name__)

_TOKEN_LIFE: Final = timedelta(hours=23)
"""Amazon's paging tokens expire after 24 hours."""
_BEFORE: Final = "before"
_QUERY: Final = "query"


class SweepEnd(StrEnum):
    """How a sweep ended."""

    DONE = "done"
    BUSY = "busy"
    """Another worker is at it."""
    PAUSED = "paused"
    """Amazon's quota is used up; the next page waits."""
    FAILED = "failed"


@dataclass
class SweepReport:
    end: SweepEnd = SweepEnd.DONE
    pages: int = 0
    orders: int = 0
    changed: int = 0
    failure: AppFailure | None = None


@dataclass
class Sweeper:
    """One sweep of one account, under a lease."""

    services: Services
    tenant_id: TenantId
    account_id: AccountId
    kind: SweepKind = SweepKind.UPDATES
    on_page: Callable[[SweepReport], None] = lambda _report: None
    _owner: str = field(default="", init=False)

    def run(self) -> SweepReport:
        """Read until Amazon has no more pages, the quota is used up, or something fails."""
        report = SweepReport()
        if not self._begin():
            report.end = SweepEnd.BUSY
            return report
        try:
            while self._read_page(report):
                self.on_page(report)
            self.on_page(report)
        except AppFailure as failure:
            self._give_up(report, failure)
        finally:
            self._release()
        return report

    def _begin(self) -> bool:
        with self._session() as session:
            now = self.services.now()
            owner = sweep_store.take_lease(session, self.account_id, self.kind, now)
        self._owner = owner or ""
        return bool(owner)

    def _read_page(self, report: SweepReport) -> bool:
        """Read and store one page; tell whether there are more."""
        with self._session() as session:
            account = get_account(session, self.account_id)
            sweep = self._sweep(session)
            window = sweep.window or self._open_window(session, account, sweep)
            token = self._usable_token(sweep)
            seller, region = self.services.seller(account), account.region
            withheld = narrowing.still_withheld(account, self.services.now())
        try:
            page = self._search(seller, region, window, token, withheld)
        except Refused:
            self._restart_window(token)
            raise
        return page is None or self._store(page, window, report)

    def _open_window(self, session: Session, account: Account, sweep: Sweep) -> dict[str, Any]:
        """Fix the query of a new window before it is first sent: all its pages must repeat it."""
        settings, now = self.services.settings, self.services.now()
        names = [m.marketplace_id for m in list_marketplaces(session, account.id) if not m.denied]
        if self.kind is SweepKind.UPDATES:
            overlap = timedelta(seconds=settings.sweep_overlap_seconds)
            start = sweep.watermark - overlap if sweep.watermark else account.import_from
            query = {"lastUpdatedAfter": moment(start)}
        else:
            start = now - timedelta(days=settings.reconcile_days)
            query = {"createdAfter": moment(max(start, account.import_from))}
        query |= {"marketplaceIds": ",".join(names), "maxResultsPerPage": "100"}
        sweep.window, sweep.next_token, sweep.token_at = {_QUERY: query}, None, None
        return sweep.window

    def _usable_token(self, sweep: Sweep) -> str | None:
        fresh = sweep.token_at and self.services.now() - sweep.token_at < _TOKEN_LIFE
        return sweep.next_token if fresh else None

    def _search(
        self,
        seller: SellerCredentials,
        region: str,
        window: dict[str, Any],
        token: str | None,
        withheld: frozenset[str],
    ) -> OrdersPage | None:
        """Ask for a page; None if the window has to be opened anew for other marketplaces."""
        api = self.services.amazon
        query = window[_QUERY] | {"includedData": narrowing.included(withheld)}
        try:
            return search_orders(api, seller, region, query, token)
        except Forbidden as forbidden:
            found = narrowing.narrow(api, seller, region, query, token, forbidden)
            self._remember(found, forbidden)
            return found.page

    def _remember(self, found: narrowing.Narrowed, forbidden: Forbidden) -> None:
        """Note what Amazon denies, so that the rest is read without asking for it each time."""
        with self._session() as session:
            account = get_account(session, self.account_id)
            account.withheld_data = sorted(found.withheld)
            account.withheld_checked_at = self.services.now()
            for row in list_marketplaces(session, account.id):
                row.denied = row.denied or row.marketplace_id in found.denied_marketplaces
            if found.denied_marketplaces:
                self._sweep(session).window = None
            text = several(forbidden.message, found.describe())
            failure = Forbidden(text, cure=forbidden.cure, code=forbidden.code)
            add_activity(session, self.services, self.account_id, "searchOrders", failure)

    def _store(self, page: OrdersPage, window: dict[str, Any], report: SweepReport) -> bool:
        """Store a page and how far it leads, in one transaction."""
        for last in (False, True):
            try:
                return self._store_once(page, window, report)
            except IntegrityError:  # another worker stored one of the orders first: read it again
                if last:
                    raise
        return False

    def _store_once(self, page: OrdersPage, window: dict[str, Any], report: SweepReport) -> bool:
        now = self.services.now()
        with self._session() as session:
            sweep = self._sweep(session)
            account = get_account(session, self.account_id)
            changed = Filing(session, account, self.services.vault, now).file(page.orders)
            window = {_BEFORE: page.before} | window
            sweep.window, sweep.next_token = window, page.next_token
            sweep.token_at = now if page.next_token else None
            sweep.lease_until = now + sweep_store.LEASE
            if not page.next_token:
                self._close_window(sweep, window, now)
        report.pages += 1
        report.orders += len(page.orders)
        report.changed += changed
        return page.next_token is not None

    def _close_window(self, sweep: Sweep, window: dict[str, Any], now: datetime) -> None:
        """Advance the watermark to the end that Amazon gave with the window's first page."""
        if window[_BEFORE]:
            sweep.watermark = datetime.fromisoformat(window[_BEFORE])
        sweep.window = None
        sweep.finished_at = now
        sweep.failure = sweep.failed_at = sweep.not_before = None
        sweep.failures = 0

    def _restart_window(self, token: str | None) -> None:
        """After a 400, forget the paging token: if it was the fault, the window starts over."""
        if token is None:
            return
        with self._session() as session:
            sweep = self._sweep(session)
            sweep.next_token = sweep.token_at = None

    def _give_up(self, report: SweepReport, failure: AppFailure) -> None:
        report.end = SweepEnd.PAUSED if isinstance(failure, Throttled) else SweepEnd.FAILED
        report.failure = failure
        now = self.services.now()
        with self._session() as session:
            sweep = sweep_store.leased(session, self.account_id, self.kind, self._owner)
            if sweep is None:
                return
            if failure.remedy is Remedy.WAIT:
                sweep.not_before = now + timedelta(seconds=failure.retry_after)
                return
            sweep.failures += 1
            sweep.failure, sweep.failed_at = failure.said, now
            sweep.not_before = now + retry_delay(sweep.failures)
        record_failure(self.services, self.tenant_id, self.account_id, "searchOrders", failure)

    def _release(self) -> None:
        with self._session() as session:
            sweep = sweep_store.leased(session, self.account_id, self.kind, self._owner)
            if sweep is not None:
                sweep.lease_owner = sweep.lease_until = None

    def _sweep(self, session: Session) -> Sweep:
        sweep = sweep_store.leased(session, self.account_id, self.kind, self._owner)
        if sweep is None:
            raise LeaseLost(say("refused.lease_lost"))
        return sweep

    def _session(self) -> Any:  # noqa: ANN401 - the context manager of a session
        return self.services.database.tenant(self.tenant_id)


class LeaseLost(AppFailure):
    """This worker was too slow; another one goes on from the last stored page."""

    remedy = Remedy.RETRY
