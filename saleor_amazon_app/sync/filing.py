"""Stores what Amazon tells of an order, and settles what is to become of it.

Storing comes first: whatever happens afterwards, the order is known. An order that is in Saleor
already is brought up to date here and never decided upon again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import structlog
from sqlalchemy.orm import Session

from saleor_amazon_app.mirror.addresses import AddressFix, is_withheld
from saleor_amazon_app.mirror.amazon_order import AmazonOrder, UnreadableOrder, read_order
from saleor_amazon_app.mirror.creation import Action, decide
from saleor_amazon_app.mirror.failures import Side
from saleor_amazon_app.mirror.marketplaces import find_marketplace
from saleor_amazon_app.mirror.merging import merge
from saleor_amazon_app.mirror.personal_data import KEPT_FOR, without_personal_data
from saleor_amazon_app.mirror.problems import Problem, ProblemKind
from saleor_amazon_app.mirror.sentences import Term, say
from saleor_amazon_app.mirror.waiting import is_overdue, next_look
from saleor_amazon_app.store import orders as order_store
from saleor_amazon_app.store.accounts import mappings
from saleor_amazon_app.store.models import IN_SALEOR, Account, Activity, Order, OrderState
from saleor_amazon_app.store.models import Problem as KnownProblem
from saleor_amazon_app.store.searching import SearchKey, search_key
from saleor_amazon_app.store.vault import Vault
from saleor_amazon_app.sync import facts

log = structlog.get_logger(__name__)


@dataclass
class Filing:
    """Files orders of one account within one transaction."""

    session: Session
    account: Account
    vault: Vault
    now: datetime

    def __post_init__(self) -> None:
        self._mappings = mappings(self.session, self.account.id)
        self._problems: dict[str, list[KnownProblem]] | None = None

    @cached_property
    def _search_key(self) -> SearchKey:
        return search_key(self.session, self.vault, self.account.tenant_id)

    def file(self, payloads: Sequence[object]) -> int:
        """Store a page of orders; returns how many were new or changed.

        What has no order number cannot be kept apart from others: it is recorded as a failure, and
        every later sweep that meets it sees it again.
        """
        by_id = {str(p["orderId"]): p for p in payloads if isinstance(p, dict) and p.get("orderId")}
        if nameless := sum(not (isinstance(p, dict) and p.get("orderId")) for p in payloads):
            self._record_nameless(nameless)
        known = order_store.by_amazon_ids(self.session, self.account.id, by_id.keys())
        ids = [row.id for row in known.values()]
        self._problems = order_store.open_problems_of(self.session, ids)
        return sum(self._file_one(known.get(id_), id_, p) for id_, p in by_id.items())

    def settle_again(self, row: Order) -> None:
        """Decide anew about an order that is not in Saleor, from what is stored of it."""
        self._problems = None
        if row.state not in IN_SALEOR:
            self._settle(row, self.vault.open_json(row.payload))

    def _record_nameless(self, count: int) -> None:
        text = say("amazon.nameless", count=count)
        self.session.add(
            Activity(
                account_id=self.account.id,
                at=self.now,
                side=Side.AMAZON,
                operation="searchOrders",
                code="orderId",
                message=text,
            )
        )

    def _file_one(self, row: Order | None, amazon_id: str, payload: dict[str, Any]) -> bool:
        if row is None:
            row = Order(
                account_id=self.account.id,
                tenant_id=self.account.tenant_id,
                amazon_order_id=amazon_id,
                first_seen_at=self.now,
                erase_at=self.now + KEPT_FOR,
                payload=b"",
                attempts=0,
                note="",
            )
            self.session.add(row)
        else:
            stored = self.vault.open_json(row.payload)
            if _is_older(payload, row):
                return False
            payload = self._without_the_deleted(row, merge(stored, payload))
            row.read_at = self.now
            if payload == stored:
                return False
        row.payload, row.read_at = self.vault.seal_json(payload), self.now
        self.session.flush()
        self._settle(row, payload)
        return True

    def _without_the_deleted(self, row: Order, payload: dict[str, Any]) -> dict[str, Any]:
        """Keep out again what was deleted, unless Amazon tells that the order is not over."""
        if row.erased_at is None:
            return payload
        try:
            end = facts.end_told(row, read_order(payload))
        except UnreadableOrder:
            return without_personal_data(payload)
        if end.at + KEPT_FOR <= self.now:
            return without_personal_data(payload)
        row.erased_at, row.erase_at = None, end.at + KEPT_FOR
        return payload

    def _settle(self, row: Order, payload: dict[str, Any]) -> None:
        try:
            order = read_order(payload)
        except UnreadableOrder as error:
            self._hold(
                row,
                Problem(ProblemKind.UNREADABLE, say("problem.illegible_at", error=str(error))),
            )
            return
        before = row.status
        facts.copy_facts(row, order)
        facts.index(self.session, self.vault, self._search_key, row, order)
        if row.state in IN_SALEOR:
            self._note_change(row, before)
        else:
            self._decide(row, order)

    def _note_change(self, row: Order, before: str) -> None:
        row.reconcile_at = self.now
        if before != row.status:
            now, was = Term("statuses", row.status), Term("statuses", before)
            self._note(row, say("history.status", status=now, before=was), actor="amazon")

    def _decide(self, row: Order, order: AmazonOrder) -> None:
        decision = decide(order, import_from=self.account.import_from)
        match decision.action:
            case Action.LEAVE_OUT:
                self._set(row, OrderState.LEFT_OUT, decision.reason)
            case Action.WAIT:
                self._set(row, OrderState.WAITING, decision.reason)
            case Action.CREATE:
                self._admit(row, order, decision.reason)

    def _admit(self, row: Order, order: AmazonOrder, reason: str) -> None:
        """Let an order through to Saleor if everything outside itself is in place."""
        mapping = self._mappings.get(order.marketplace_id or "")
        if mapping is None:
            self._hold(row, _unmapped(order))
        elif not mapping.import_orders:
            self._set(row, OrderState.LEFT_OUT, say("decision.import_off"))
        elif is_withheld(order, self._fix(row)) and not mapping.without_address:
            self._await_address(row)
        else:
            self._set(row, OrderState.READY, reason)

    def _await_address(self, row: Order) -> None:
        """A missing address is asked for again; after a while a person hears of it as well."""
        if is_overdue(row.attempts):
            text = say("problem.address_withheld")
            self._hold(row, Problem(ProblemKind.ADDRESS_WITHHELD, text, "address"))
            return
        self._set(row, OrderState.WAITING, say("decision.address_awaited"))
        row.next_attempt_at = self.now + next_look(row.attempts)

    def _fix(self, row: Order) -> AddressFix | None:
        return open_fix(self.vault, row)

    def _hold(self, row: Order, problem: Problem) -> None:
        self._set(row, OrderState.BLOCKED, problem.with_cure, problem)

    def _set(self, row: Order, state: OrderState, message: str, *problems: Problem) -> None:
        if row.state != state:
            row.state = state
            order_store.release(row)
        if state is OrderState.READY:
            row.attempts, row.next_attempt_at = 0, None
        known = None if self._problems is None else self._problems.get(row.id, [])
        order_store.set_problems(self.session, row, problems, self.now, known)
        self._note(row, message, actor="app")

    def _note(self, row: Order, message: str, *, actor: str) -> None:
        order_store.note(self.session, row, message, actor=actor, at=self.now)


def open_order(vault: Vault, row: Order) -> AmazonOrder | None:
    """Return the order as Amazon told it last; None if that is illegible."""
    try:
        return read_order(vault.open_json(row.payload))
    except UnreadableOrder:
        return None


def open_fix(vault: Vault, row: Order) -> AddressFix | None:
    """Return the merchant's repair of an order's address."""
    return AddressFix(**vault.open_json(row.address_fix)) if row.address_fix else None


def _unmapped(order: AmazonOrder) -> Problem:
    known = find_marketplace(order.marketplace_id)
    name = known.name if known else order.marketplace_id
    text = (
        say("problem.marketplace", marketplace=name) if name else say("problem.unnamed_marketplace")
    )
    return Problem(ProblemKind.UNMAPPED_MARKETPLACE, text, order.marketplace_id or "")


def _is_older(payload: Mapping[str, Any], row: Order) -> bool:
    """Tell whether a payload is behind what is stored: lists and look-ups cross on the way."""
    try:
        told = read_order({**payload, "orderItems": [], "proceeds": None}).last_updated_time
    except UnreadableOrder:
        return False
    return row.amazon_updated_at is not None and told < row.amazon_updated_at
