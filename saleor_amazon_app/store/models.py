"""All tables, each from the module of its subject: who imports one has all of them."""

from saleor_amazon_app.store.account_models import (
    ACTIVITY_DAYS,
    Account,
    AccountState,
    Marketplace,
    Sweep,
    SweepKind,
    Tenant,
)
from saleor_amazon_app.store.base import Base, TenantOwned, new_id
from saleor_amazon_app.store.desk_models import (
    Activity,
    Change,
    OrderWord,
    RaisedProblem,
    SavedView,
    SkuMapping,
    Task,
    TaskOrder,
    WordMapping,
)
from saleor_amazon_app.store.inbox_models import Delivery, DeliveryState, Notification, OrderLook
from saleor_amazon_app.store.invoice_models import InvoiceFile
from saleor_amazon_app.store.ledger_models import (
    FEEDS_AT_AMAZON,
    OPEN_FEEDS,
    Feed,
    FeedState,
    ForeignRefund,
    Intent,
)
from saleor_amazon_app.store.notice_models import NoticeRecipient, NoticeSettings
from saleor_amazon_app.store.order_models import (
    IN_SALEOR,
    TO_SHIP_SQL,
    TO_SHIP_STATUSES,
    Order,
    OrderEvent,
    OrderState,
    Problem,
)
from saleor_amazon_app.store.template_models import MessageTemplate

__all__ = [
    "ACTIVITY_DAYS",
    "FEEDS_AT_AMAZON",
    "IN_SALEOR",
    "OPEN_FEEDS",
    "TO_SHIP_SQL",
    "TO_SHIP_STATUSES",
    "Account",
    "AccountState",
    "Activity",
    "Base",
    "Change",
    "Delivery",
    "DeliveryState",
    "Feed",
    "FeedState",
    "ForeignRefund",
    "Intent",
    "InvoiceFile",
    "Marketplace",
    "MessageTemplate",
    "NoticeRecipient",
    "NoticeSettings",
    "Notification",
    "Order",
    "OrderEvent",
    "OrderLook",
    "OrderState",
    "OrderWord",
    "Problem",
    "RaisedProblem",
    "SavedView",
    "SkuMapping",
    "Sweep",
    "SweepKind",
    "Task",
    "TaskOrder",
    "Tenant",
    "TenantOwned",
    "WordMapping",
    "new_id",
]
