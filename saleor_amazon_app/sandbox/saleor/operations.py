"""The roots of the API: queries and mutations, each with the shape of its answer."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from typing import Any, Final

from graphql import GraphQLError

from saleor_amazon_app.sandbox.saleor import (
    app_problems,
    bulk,
    fulfilling,
    invoices,
    orders,
    payments,
    refunds,
    reports,
    requesting,
    subscribing,
)
from saleor_amazon_app.sandbox.saleor.access import check
from saleor_amazon_app.sandbox.saleor.connections import connection, ordering
from saleor_amazon_app.sandbox.saleor.connections import orders as order_list
from saleor_amazon_app.sandbox.saleor.connections import variants as variant_list
from saleor_amazon_app.sandbox.saleor.context import Info, Value
from saleor_amazon_app.sandbox.saleor.errors import Refused
from saleor_amazon_app.sandbox.saleor.ids import InvalidId, from_global
from saleor_amazon_app.sandbox.saleor.model import App, Channel, Order
from saleor_amazon_app.sandbox.saleor.resolvers import state_of
from saleor_amazon_app.sandbox.saleor.served import camel
from saleor_amazon_app.sandbox.saleor.state import Principal, State

Resolver = Callable[..., Any]
Work = Callable[[State, Principal, dict[str, Any]], dict[str, Any]]

# --- queries ------------------------------------------------------------------------------------


def _key(text: str, type_name: str) -> str:
    try:
        return from_global(text, type_name)[1]
    except InvalidId as error:
        raise GraphQLError(str(error)) from error


def _app(_root: object, info: Info, **args: Value) -> App | None:
    """Return the calling app; another one only with MANAGE_APPS."""
    principal = info.context.principal
    own: App | None = principal.app
    if own and (not args.get("id") or _key(args["id"], "App") == str(own.id)):
        return own
    needed = ("MANAGE_APPS",) if own else ("OWNER", "MANAGE_APPS")
    check(principal, needed)
    return state_of(info).shop.apps.get(int(_key(args["id"], "App"))) if args.get("id") else None


def _shop(_root: object, info: Info) -> dict[str, Any]:
    state = state_of(info)
    settings = state.shop.settings
    url = state.api_url.removesuffix("graphql/")
    host = url.split("//")[1].rstrip("/")
    return {
        "id": "U2hvcDox",
        "name": "Simulated Saleor",
        "version": settings.version,
        "schema_version": ".".join(settings.version.split(".")[:2]),
        "fulfillment_auto_approve": settings.fulfillment_auto_approve,
        "fulfillment_allow_unpaid": settings.fulfillment_allow_unpaid,
        "domain": {"host": host, "ssl_enabled": url.startswith("https"), "url": url},
        "default_country": {"code": "US", "country": "United States of America"},
    }


def _channel(_root: object, info: Info, **args: Value) -> Channel | None:
    key = _key(args["id"], "Channel") if args.get("id") else None
    channels = state_of(info).shop.channels
    return next((c for c in channels if str(c.id) == key or c.slug == args.get("slug")), None)


def _order(_root: object, info: Info, **args: Value) -> Order | None:
    """By id anyone may look; by external reference only with MANAGE_ORDERS."""
    state, reference = state_of(info), args.get("external_reference")
    if bool(args.get("id")) == bool(reference):
        text = "At least one of arguments is required: 'id', 'external_reference'."
        if reference:
            text = "Argument 'id' cannot be combined with 'external_reference'"
        raise GraphQLError(text)
    if args.get("id"):
        return state.order(_key(args["id"], "Order"))
    check(info.context.principal, ("MANAGE_ORDERS",))
    return state.order_by_reference(str(reference))


def _orders(_root: object, info: Info, **args: Value) -> dict[str, Any]:
    shop = state_of(info).shop
    found = order_list(list(shop.orders.values()), shop.channels, args)
    return connection(found, args, "orders", ordering(args))


def _variants(_root: object, info: Info, **args: Value) -> dict[str, Any]:
    """Without a channel only who may manage products or orders sees anything."""
    principal = info.context.principal
    shop = state_of(info).shop
    everything = list(shop.variants.values())
    if not principal.may("MANAGE_PRODUCTS", "MANAGE_ORDERS", "MANAGE_DISCOUNTS"):
        everything = []
    return connection(variant_list(everything, shop.products, args), args, "productVariants")


def _listed(name: str, field: str) -> Resolver:
    def resolve(_root: object, info: Info, **args: Value) -> dict[str, Any]:
        return connection(getattr(state_of(info).shop, name), args, field)

    return resolve


QUERIES: Final[dict[str, Resolver]] = {
    "app": _app,
    "shop": _shop,
    "channels": lambda _root, info: state_of(info).shop.channels,
    "channel": _channel,
    "taxClasses": _listed("tax_classes", "taxClasses"),
    "warehouses": _listed("warehouses", "warehouses"),
    "productVariants": _variants,
    "order": _order,
    "orders": _orders,
}

# --- mutations ----------------------------------------------------------------------------------


def _bulk(state: State, principal: Principal, args: dict[str, Any]) -> dict[str, Any]:
    return bulk.create(
        state,
        principal,
        args["orders"],
        args.get("error_policy"),
        args.get("stock_update_policy"),
    )


_WORK: Final[dict[str, Work]] = {
    "appProblemCreate": app_problems.create,
    "appProblemDismiss": app_problems.dismiss,
    "invoiceCreate": invoices.create,
    "orderBulkCreate": _bulk,
    "orderFulfill": fulfilling.fulfill,
    "orderFulfillmentApprove": fulfilling.approve,
    "orderFulfillmentCancel": fulfilling.cancel,
    "orderFulfillmentUpdateTracking": fulfilling.update_tracking,
    "orderCancel": orders.cancel,
    "orderNoteAdd": orders.add_note,
    "orderUpdate": orders.update,
    "orderGrantRefundCreate": refunds.grant,
    "transactionCreate": payments.create,
    "transactionUpdate": payments.update,
    "transactionEventReport": reports.report,
    "transactionRequestAction": requesting.request_action,
    "transactionRequestRefundForGrantedRefund": requesting.request_granted,
    "updateMetadata": partial(orders.update_metadata, private=False),
    "updatePrivateMetadata": partial(orders.update_metadata, private=True),
    "webhookCreate": subscribing.create,
    "webhookUpdate": subscribing.update,
    "webhookDelete": subscribing.delete,
}


def _spelled(field: object) -> str | None:
    return camel(field) if isinstance(field, str) else None


def _mutation(work: Work) -> Resolver:
    def resolve(_root: object, info: Info, **args: Value) -> dict[str, Any]:
        state = state_of(info)
        # Checks and changes belong together; only imports run side by side.
        guard = nullcontext() if work is _bulk else state.lock
        try:
            with guard:
                return {"errors": []} | work(state, info.context.principal, args)
        except Refused as refused:
            return {"errors": [row | {"field": _spelled(row["field"])} for row in refused.rows]}

    return resolve


MUTATIONS: Final = {name: _mutation(work) for name, work in _WORK.items()}
