"""What is done about one order. Each answers with the order as it is then."""

from flask import Response

from saleor_amazon_app.mirror.failures import AppFailure, Misconfigured
from saleor_amazon_app.mirror.ids import AccountId, OrderItemId
from saleor_amazon_app.mirror.sentences import say
from saleor_amazon_app.showing.order import find
from saleor_amazon_app.showing.refund import show_preview
from saleor_amazon_app.showing.shapes.actions import (
    CancelAsk,
    DismissAsk,
    RefundAsk,
    RefundConfirmed,
    RefundPreview,
)
from saleor_amazon_app.showing.shapes.order import AddressRepair, OrderDetail
from saleor_amazon_app.sync import asking, confirmed_refunds, refetching, repairs, resending
from saleor_amazon_app.sync.changes import add_change
from saleor_amazon_app.sync.records import record_failure
from saleor_amazon_app.web.api.auth import Permission, caller, tenant_id
from saleor_amazon_app.web.api.order import shown
from saleor_amazon_app.web.api.paths import OrderPath
from saleor_amazon_app.web.api.routing import Resource, answer, needs
from saleor_amazon_app.web.api.waking import wake_carrier, wake_import
from saleor_amazon_app.web.context import services

api = Resource("order_actions", __name__)


@api.post("/orders/<amazon_order_id>/retry", responses={200: OrderDetail})
@needs(Permission.SEE)
def retry_order(path: OrderPath) -> Response:
    """Decide anew about an order that is held, and import it if it is ready."""
    account_id = repairs.retry(services(), tenant_id(), path.amazon_order_id)
    _note(path, "Tried again")
    wake_import(account_id)
    return shown(path)


@api.post("/orders/<amazon_order_id>/fetch", responses={200: OrderDetail})
@needs(Permission.SEE)
def fetch_order(path: OrderPath) -> Response:
    """Fetch the order from Amazon again."""
    account_id = _note(path, "Fetched again from Amazon")
    try:
        refetching.fetch_order(services(), tenant_id(), account_id, path.amazon_order_id)
    except AppFailure as failure:
        record_failure(services(), tenant_id(), account_id, "getOrder", failure)
        raise
    wake_import(account_id)
    wake_carrier(path.amazon_order_id)
    return shown(path)


@api.post("/orders/<amazon_order_id>/cancel", responses={200: OrderDetail})
@needs(Permission.SEE)
def cancel_order(path: OrderPath, body: CancelAsk) -> Response:
    """Cancel the order, or units of it, at Amazon; Saleor follows once Amazon accepts."""
    number, by = path.amazon_order_id, _by()
    if body.units:
        reason = asking.adjustment_reason(body.reason)
        asking.cancel_units(services(), tenant_id(), number, _units(body.units), reason, by)
    else:
        asking.cancel(services(), tenant_id(), number, body.reason, by)
    wake_carrier(number)
    return shown(path)


@api.post("/orders/<amazon_order_id>/refund/preview", responses={200: RefundPreview})
@needs(Permission.REFUND)
def preview_refund(path: OrderPath, body: RefundAsk) -> Response:
    """Show exactly what a refund would send to Amazon."""
    found = confirmed_refunds.preview(services(), tenant_id(), path.amazon_order_id, _asked(body))
    return answer(show_preview(found))


@api.post("/orders/<amazon_order_id>/refund", responses={200: OrderDetail})
@needs(Permission.REFUND)
def refund_order(path: OrderPath, body: RefundConfirmed) -> Response:
    """Refund the buyer through Amazon, as previewed."""
    confirmed_refunds.confirm(
        services(),
        tenant_id(),
        path.amazon_order_id,
        _asked(body),
        request_id=body.request_id,
        digest=body.digest,
        by=caller().person,
    )
    wake_carrier(path.amazon_order_id)
    return shown(path)


@api.post("/orders/<amazon_order_id>/tracking", responses={200: OrderDetail})
@needs(Permission.SEE)
def send_tracking_again(path: OrderPath) -> Response:
    """Tell Amazon the order's packages again; each edits the package it made."""
    resending.send_tracking_again(services(), tenant_id(), path.amazon_order_id, caller().person)
    wake_carrier(path.amazon_order_id)
    return shown(path)


@api.put("/orders/<amazon_order_id>/address", responses={200: OrderDetail})
@needs(Permission.SEE)
def repair_address(path: OrderPath, body: AddressRepair) -> Response:
    """Repair fields of the address and try the order again."""
    changes = body.model_dump(exclude_none=True)
    if not changes:
        raise Misconfigured(
            say("refused.nothing_to_repair"), cure=say("refused.change_a_field"), code="nothing"
        )
    account_id = repairs.repair_address(
        services(), tenant_id(), path.amazon_order_id, changes, caller().person.name
    )
    wake_import(account_id)
    return shown(path)


@api.post("/orders/<amazon_order_id>/dismiss", responses={200: OrderDetail})
@needs(Permission.SEE)
def dismiss_problem(path: OrderPath, body: DismissAsk) -> Response:
    """Close the order's problems of a kind for good, with the reason."""
    asking.dismiss(services(), tenant_id(), path.amazon_order_id, body.kind, _by(), body.reason)
    return shown(path)


def _note(path: OrderPath, action: str) -> AccountId:
    """Record who asked for something that leaves no line of its own; returns the account."""
    with services().database.tenant(tenant_id()) as session:
        row = find(session, path.amazon_order_id)
        add_change(
            services(), session, caller().person, row.amazon_order_id, action, order_id=row.id
        )
        return AccountId(row.account_id)


def _by() -> str:
    return caller().person.name[:64]


def _units(told: dict[str, int]) -> dict[OrderItemId, int]:
    return {OrderItemId(item): count for item, count in told.items()}


def _asked(body: RefundAsk) -> confirmed_refunds.Asked:
    return confirmed_refunds.Asked(_units(body.units), body.shipping, body.amount, body.reason)
