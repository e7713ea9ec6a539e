"""Amazon's notifications, and notices by e-mail to staff."""

from datetime import datetime

from pydantic import Field

from saleor_amazon_app.amazon.notifications import NotificationType
from saleor_amazon_app.mirror.notices import Cause, Pace
from saleor_amazon_app.showing.shapes.common import Sentence, Shape
from saleor_amazon_app.showing.shapes.settings import Body


class AccountNotifications(Shape):
    """An account's notifications as the app knows them; Amazon is not asked."""

    account_id: str
    seller_id: str
    region: str
    may_switch_on: bool
    """The account is connected."""
    since: datetime | None
    """When they were switched on; None while they are off."""
    last_at: datetime | None
    """When the last one about the account came."""


class Notifications(Shape):
    """Amazon's notifications of all accounts."""

    why_not: list[Sentence]
    """What whoever runs the app has to do before there can be any; empty where it is done."""
    failure: Sentence | None
    """Why the queue could not be read when it was read last."""
    may_test: bool
    """The app works with Amazon's sandbox, which alone sends notifications on demand."""
    items: list[AccountNotifications]


class NotificationTypeState(Shape):
    """One type of notifications, as Amazon tells it."""

    type: str
    is_on: bool | None
    """None: Amazon could not be asked."""
    note: Sentence | None


class NotificationTypes(Shape):
    """What became of switching, type by type."""

    types: list[NotificationTypeState]


class NotificationStatus(Shape):
    """How an account's notifications are, asked just now."""

    waiting: int
    """About so many messages wait in the queue, of all accounts."""
    queue_fault: Sentence | None
    """Why Amazon cannot send to the queue."""
    types: list[NotificationTypeState]


class SwitchBody(Body):
    on: bool


class NotificationTestBody(Body):
    """Has Amazon's sandbox send a made-up notification."""

    type: NotificationType = NotificationType.ORDER_CHANGE
    scenario: str = Field(min_length=1, max_length=100, pattern=r"^[\x21-\x7e]+$")
    """Amazon's name for what it is to tell."""


class NotificationTested(Shape):
    came: bool
    """It came through the queue in time."""


class RecipientShown(Shape):
    """An address, and how mails to it fare."""

    address: str
    sent_at: datetime | None
    """When the mail server took the last notice."""
    failed_at: datetime | None
    """When a notice failed, as long as none has gone out since."""
    failure: Sentence | None
    next_attempt_at: datetime | None


class NoticesBody(Body):
    """What staff are told by e-mail. All of it is set at once."""

    on: bool
    recipients: list[str] = Field(max_length=100)
    """Addresses of the merchant's own staff."""
    causes: list[Cause]
    pace: Pace = Pace.AT_ONCE
    hour: int = Field(default=7, ge=0, le=23)
    """Of a daily mail, in the time zone."""
    timezone: str = Field(default="UTC", max_length=64)
    language: str = Field(default="en", pattern=r"^(en|de|nl)$")


class Notices(Shape):
    """Notices by e-mail: what is set, and how the last ones fared."""

    why_not: list[Sentence]
    """What whoever runs the app has to do before mails can be sent; empty where it is done."""
    sender: str | None
    on: bool
    recipients: list[RecipientShown]
    causes: list[Cause]
    pace: Pace
    hour: int
    timezone: str
    language: str
    is_chosen: bool
    """False: nobody has chosen yet, and these are the defaults."""


class TestedAddress(Shape):
    address: str
    failure: Sentence | None
    """Why it did not go out; None if the mail server took it."""


class NoticesTested(Shape):
    items: list[TestedAddress]
