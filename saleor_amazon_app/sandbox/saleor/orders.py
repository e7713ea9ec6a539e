"""What else is done to an order: cancelled, noted, changed, given metadata.

Saleor 3.23: saleor/graphql/order/mutations and saleor/graphql/meta/mutations.
"""

from typing import Any, Final

from saleor_amazon_app.sandbox.saleor import addresses
from saleor_amazon_app.sandbox.saleor.addresses import BadAddress
from saleor_amazon_app.sandbox.saleor.errors import PermissionDenied, Refused
from saleor_amazon_app.sandbox.saleor.history import record
from saleor_amazon_app.sandbox.saleor.ids import InvalidId, from_global, to_global
from saleor_amazon_app.sandbox.saleor.lookups import holder_of, order_of
from saleor_amazon_app.sandbox.saleor.model import (
    Address,
    Fulfillment,
    Line,
    Order,
    Transaction,
    WithMetadata,
)
from saleor_amazon_app.sandbox.saleor.state import Happening, Principal, State
from saleor_amazon_app.sandbox.saleor.stocks import release

Input = dict[str, Any]
_NOT_IN_THE_WAY: Final = frozenset(
    {"CANCELED", "REFUNDED", "REPLACED", "REFUNDED_AND_RETURNED", "RETURNED"}
)
_MOST_METADATA: Final = {
    "Order": ["MANAGE_ORDERS"],
    "OrderLine": ["MANAGE_ORDERS"],
    "Fulfillment": ["MANAGE_ORDERS"],
    "TransactionItem": ["HANDLE_PAYMENTS"],
    "App": ["MANAGE_APPS"],
    "ProductVariant": ["MANAGE_PRODUCTS"],
    "Channel": ["MANAGE_CHANNELS"],
    "Warehouse": ["MANAGE_PRODUCTS"],
}


def cancel(state: State, principal: Principal, told: Input) -> dict[str, Any]:
    """orderCancel: frees what is reserved, refunds nothing, and always writes to the customer."""
    order = order_of(state, told["id"])
    if order.status in ("CANCELED", "DRAFT", "EXPIRED") or any(
        f.status not in _NOT_IN_THE_WAY for f in order.fulfillments
    ):
        raise Refused("order", "This order can't be canceled.", "CANNOT_CANCEL_ORDER")
    with state.transaction(order):
        record(state, order, "CANCELED", principal)
        release(state, order)
        order.status = "CANCELED"
        state.touch(order)
        for event in ("ORDER_CANCELLED", "ORDER_UPDATED"):
            state.happen(Happening(event, principal, (order.id,)))
        state.mail("order_canceled", order)
    return {"order": order}


def add_note(state: State, principal: Principal, told: Input) -> dict[str, Any]:
    """OrderNoteAdd."""
    order = order_of(state, told["order"])
    message = told["input"]["message"].strip()
    if not message:
        raise Refused("message", "Message can't be empty.", "REQUIRED")
    with state.transaction(order):
        entry = record(state, order, "NOTE_ADDED", principal, message=message)
        # Saleor 3.23: renewing the search index saves the order.
        state.touch(order)
        state.happen(Happening("ORDER_UPDATED", principal, (order.id,)))
    return {"order": order, "event": entry}


def update(state: State, principal: Principal, told: Input) -> dict[str, Any]:
    """OrderUpdate."""
    order, wish = _to_update(state, told), told["input"]
    reference = wish.get("external_reference")
    if reference and (other := state.order_by_reference(reference)) and other is not order:
        text = "Order with this External reference already exists."
        raise Refused("externalReference", text, "UNIQUE")
    found = {kind: _address(state, wish, kind) for kind in ("shipping", "billing")}
    with state.transaction(order):
        for kind, address in found.items():
            if address:
                setattr(order, f"{kind}_address", address)
        if "external_reference" in wish:
            state.rename(order, reference)
        if wish.get("user_email"):
            order.user_email = wish["user_email"]
        if wish.get("language_code"):
            order.language_code = wish["language_code"]
        changed = _update_metadata(order, wish)
        state.touch(order)
        state.happen(Happening("ORDER_UPDATED", principal, (order.id,)))
        if changed:
            state.happen(Happening("ORDER_METADATA_UPDATED", principal, (order.id,)))
    return {"order": order}


def _to_update(state: State, told: Input) -> Order:
    if told.get("id"):
        return order_of(state, told["id"])
    reference = told.get("external_reference")
    order = state.order_by_reference(reference) if reference else None
    if order is None:
        text = f"Couldn't resolve to a node: {reference}"
        raise Refused("externalReference", text, "NOT_FOUND")
    return order


def _address(state: State, wish: Input, kind: str) -> Address | None:
    """Unlike orderBulkCreate, this tells which field of the address is wrong."""
    told = wish.get(f"{kind}_address")
    if not told:
        return None
    try:
        return addresses.clean(told, state.next_id())
    except BadAddress as error:
        rows: list[dict[str, object]] = [
            {"field": f, "message": m, "code": c, "address_type": kind.upper()}
            for f, m, c in error.problems
        ]
        raise Refused.of(rows) from error


def _update_metadata(holder: WithMetadata, wish: Input) -> bool:
    before = dict(holder.metadata), dict(holder.private_metadata)
    for name in ("metadata", "private_metadata"):
        items = wish.get(name) or []
        _check_keys(items, name)
        getattr(holder, name).update({i["key"]: i["value"] for i in items})
    return before != (holder.metadata, holder.private_metadata)


def _check_keys(items: list[Input], field: str) -> None:
    if any(not item["key"].strip() for item in items):
        raise Refused(field, "Metadata key cannot be empty.", "REQUIRED")


# --- metadata of anything -----------------------------------------------------------------------


def update_metadata(
    state: State, principal: Principal, told: Input, *, private: bool
) -> dict[str, Any]:
    """UpdateMetadata and updatePrivateMetadata."""
    _check_may(principal, told["id"])
    type_name, holder = holder_of(state, told["id"])
    _check_keys(told["input"], "input")
    order = _order_of(state, holder)
    with state.transaction():
        kept = holder.private_metadata if private else holder.metadata
        before = dict(kept)
        kept.update({item["key"]: item["value"] for item in told["input"]})
        if isinstance(holder, Order):
            # Saleor 3.23: get_extra_update_field in saleor/graphql/meta/mutations/utils.py, also
            # where nothing has changed. Lines and fulfilments leave their order as it was.
            state.touch(holder)
        if kept != before and order:
            _tell_metadata(state, principal, order, type_name, holder)
    return {"item": holder}


def _check_may(principal: Principal, text: str) -> None:
    try:
        type_name, _ = from_global(text)
    except InvalidId:
        return
    own = principal.app is not None and text == to_global("App", principal.app.id)
    needed = _MOST_METADATA.get(type_name, [])
    if needed and not own and not principal.may(*needed):
        raise PermissionDenied(needed)


def _order_of(state: State, holder: WithMetadata) -> Order | None:
    if isinstance(holder, Order):
        return holder
    if isinstance(holder, Line | Fulfillment | Transaction):
        return state.order(holder.order_id)
    return None


def _tell_metadata(
    state: State, principal: Principal, order: Order, type_name: str, holder: WithMetadata
) -> None:
    if isinstance(holder, Fulfillment):
        event = Happening("FULFILLMENT_METADATA_UPDATED", principal, (order.id,), holder.id)
        state.happen(event)
    elif isinstance(holder, Transaction):
        event = Happening(
            "TRANSACTION_ITEM_METADATA_UPDATED",
            principal,
            (order.id,),
            transaction_token=holder.token,
        )
        state.happen(event)
    elif type_name == "Order":
        # Saleor 3.23: extra_order_actions tells nothing else, whatever the legacy setting says.
        state.happen(Happening("ORDER_METADATA_UPDATED", principal, (order.id,)))
