"""The settings' part Notifications: Amazon's to the app, and notices by e-mail to staff."""

from flask import Response

from saleor_amazon_app.mirror.notices import Cause
from saleor_amazon_app.showing.notifications import (
    show_notices,
    show_notifications,
    show_status,
    show_tested,
    show_types,
)
from saleor_amazon_app.showing.shapes.notifications import (
    Notices,
    NoticesBody,
    NoticesTested,
    Notifications,
    NotificationStatus,
    NotificationTestBody,
    NotificationTested,
    NotificationTypes,
    SwitchBody,
)
from saleor_amazon_app.sync.notice_desk import NoticeChoice, NoticeDesk
from saleor_amazon_app.sync.notification_desk import NotificationDesk
from saleor_amazon_app.web.api.auth import Permission, caller, tenant_id
from saleor_amazon_app.web.api.paths import IdPath
from saleor_amazon_app.web.api.routing import Resource, answer, needs
from saleor_amazon_app.web.context import services

api = Resource("notifications", __name__)


@api.get("/notifications", responses={200: Notifications})
@needs(Permission.SEE)
def list_notifications() -> Response:
    """Show Amazon's notifications of all accounts, without asking Amazon."""
    return answer(show_notifications(services(), tenant_id()))


@api.get("/accounts/<id>/notifications", responses={200: NotificationStatus})
@needs(Permission.SEE)
def get_notification_status(path: IdPath) -> Response:
    """Ask the queue and Amazon how an account's notifications are; takes seconds."""
    return answer(show_status(_desk().look(path.id)))


@api.put("/accounts/<id>/notifications", responses={200: NotificationTypes})
@needs(Permission.SETTINGS)
def switch_notifications(path: IdPath, body: SwitchBody) -> Response:
    """Switch an account's notifications on or off; takes seconds."""
    return answer(show_types(_desk().switch(path.id, on=body.on)))


@api.post("/accounts/<id>/notifications/test", responses={200: NotificationTested})
@needs(Permission.SETTINGS)
def try_notifications(path: IdPath, body: NotificationTestBody) -> Response:
    """Have Amazon's sandbox send one, and wait for it for up to twenty seconds."""
    came = _desk().test(path.id, body.type, body.scenario)
    return answer(NotificationTested(came=came))


@api.get("/notices", responses={200: Notices})
@needs(Permission.SETTINGS)
def get_notices() -> Response:
    """Show what staff are told by e-mail, and how the last mails fared."""
    return answer(show_notices(services(), tenant_id()))


@api.put("/notices", responses={200: Notices})
@needs(Permission.SETTINGS)
def set_notices(body: NoticesBody) -> Response:
    """Set what staff are told by e-mail."""
    _notices().choose(_choice(body))
    return answer(show_notices(services(), tenant_id()))


@api.post("/notices/test", responses={200: NoticesTested})
@needs(Permission.SETTINGS)
def try_notices() -> Response:
    """Send a test mail to each recipient that is saved."""
    return answer(show_tested(_notices().test()))


def _desk() -> NotificationDesk:
    return NotificationDesk(services(), tenant_id(), caller().person)


def _notices() -> NoticeDesk:
    return NoticeDesk(services(), tenant_id(), caller().person)


def _choice(body: NoticesBody) -> NoticeChoice:
    addresses = (address.strip() for address in body.recipients)
    return NoticeChoice(
        is_on=body.on,
        recipients=tuple(dict.fromkeys(filter(None, addresses))),
        causes=tuple(cause for cause in Cause if cause in body.causes),
        pace=body.pace,
        hour=body.hour,
        timezone=body.timezone,
        language=body.language,
    )
