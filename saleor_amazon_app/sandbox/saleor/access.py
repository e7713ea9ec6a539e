"""Which permission opens which field (Saleor 3.23: PermissionsField and the mutations' Meta)."""

from typing import Final

from saleor_amazon_app.sandbox.saleor.errors import PermissionDenied
from saleor_amazon_app.sandbox.saleor.state import Principal

AUTHENTICATED: Final = ("AUTHENTICATED_STAFF_USER", "AUTHENTICATED_APP")
_ORDERS: Final = ("MANAGE_ORDERS",)
_PAYMENTS: Final = ("HANDLE_PAYMENTS",)
_PRODUCTS_OR_ORDERS: Final = ("MANAGE_PRODUCTS", "MANAGE_ORDERS")

NEEDED: Final[dict[str, tuple[str, ...]]] = {
    "Query.channels": AUTHENTICATED,
    "Query.taxClasses": AUTHENTICATED,
    "Query.warehouses": ("MANAGE_PRODUCTS", "MANAGE_ORDERS", "MANAGE_SHIPPING"),
    "Query.orders": _ORDERS,
    "Mutation.invoiceCreate": _ORDERS,
    "Mutation.orderBulkCreate": ("MANAGE_ORDERS_IMPORT",),
    "Mutation.orderFulfill": _ORDERS,
    "Mutation.orderFulfillmentApprove": _ORDERS,
    "Mutation.orderFulfillmentCancel": _ORDERS,
    "Mutation.orderFulfillmentUpdateTracking": _ORDERS,
    "Mutation.orderCancel": _ORDERS,
    "Mutation.orderNoteAdd": _ORDERS,
    "Mutation.orderUpdate": _ORDERS,
    "Mutation.orderGrantRefundCreate": _ORDERS,
    "Mutation.transactionCreate": _PAYMENTS,
    "Mutation.transactionUpdate": _PAYMENTS,
    "Mutation.transactionEventReport": _PAYMENTS,
    "Mutation.transactionRequestAction": _PAYMENTS,
    "Mutation.transactionRequestRefundForGrantedRefund": _PAYMENTS,
    "Mutation.webhookCreate": ("MANAGE_APPS", "AUTHENTICATED_APP"),
    "Mutation.webhookUpdate": ("MANAGE_APPS", "AUTHENTICATED_APP"),
    "Mutation.webhookDelete": ("MANAGE_APPS", "AUTHENTICATED_APP"),
    "Shop.fulfillmentAutoApprove": ("MANAGE_SETTINGS", "MANAGE_ORDERS"),
    "Shop.fulfillmentAllowUnpaid": ("MANAGE_SETTINGS", "MANAGE_ORDERS"),
    "Shop.version": AUTHENTICATED,
    "Channel.warehouses": AUTHENTICATED,
    "Channel.taxConfiguration": AUTHENTICATED,
    "ProductVariant.stocks": _PRODUCTS_OR_ORDERS,
    "Stock.quantity": _PRODUCTS_OR_ORDERS,
    "Stock.quantityAllocated": _PRODUCTS_OR_ORDERS,
    "Stock.quantityReserved": _PRODUCTS_OR_ORDERS,
    "Order.events": _ORDERS,
    "Order.transactions": ("MANAGE_ORDERS", "HANDLE_PAYMENTS"),
    "Order.grantedRefunds": _ORDERS,
    "Order.totalGrantedRefund": _ORDERS,
    "Order.totalRemainingGrant": _ORDERS,
    "OrderGrantedRefund.transactionEvents": ("MANAGE_ORDERS", "HANDLE_PAYMENTS"),
    "OrderGrantedRefund.transaction": ("MANAGE_ORDERS", "HANDLE_PAYMENTS"),
    "OrderLine.allocations": _PRODUCTS_OR_ORDERS,
}
_PRIVATE: Final = ("privateMetadata", "privateMetafield", "privateMetafields")
_PRIVATE_OF: Final = {
    "Order": _ORDERS,
    "OrderLine": _ORDERS,
    "Fulfillment": _ORDERS,
    "TransactionItem": _PAYMENTS,
    "ProductVariant": ("MANAGE_PRODUCTS",),
    "Channel": ("MANAGE_CHANNELS",),
    "Warehouse": ("MANAGE_PRODUCTS",),
    "Address": ("MANAGE_USERS",),
}
NEEDED.update({f"{name}.{f}": needed for name, needed in _PRIVATE_OF.items() for f in _PRIVATE})


def check(principal: Principal, needed: tuple[str, ...]) -> None:
    """Let a caller with one of the permissions pass.

    Raises:
        PermissionDenied: The caller has none of them.
    """
    if "AUTHENTICATED_APP" in needed and (principal.app or principal.user):
        return
    if not principal.may(*needed):
        raise PermissionDenied(needed)
