"""Amazon's notifications and notices by e-mail as the settings show them."""

from collections.abc import Iterable
from contextlib import suppress

from redis.exceptions import RedisError

from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.mirror.sentences import say
from saleor_amazon_app.showing.sentences import show_sentence, show_words
from saleor_amazon_app.showing.shapes.common import Sentence
from saleor_amazon_app.showing.shapes.notifications import (
    AccountNotifications,
    Notices,
    NoticesTested,
    Notifications,
    NotificationStatus,
    NotificationTypes,
    NotificationTypeState,
    RecipientShown,
    TestedAddress,
)
from saleor_amazon_app.store import notices as notice_store
from saleor_amazon_app.store.accounts import list_accounts
from saleor_amazon_app.store.models import Account, AccountState, NoticeRecipient
from saleor_amazon_app.store.sentences import sentence_of
from saleor_amazon_app.sync.notice_desk import Tried, kept_choice
from saleor_amazon_app.sync.notification_desk import may_test
from saleor_amazon_app.sync.receiving import last_failure
from saleor_amazon_app.sync.services import Services
from saleor_amazon_app.sync.subscribing import NotificationState, TypeState


def show_notifications(services: Services, tenant_id: TenantId) -> Notifications:
    """Return what is known without asking Amazon or the queue."""
    has_queue = bool(services.settings.amazon_notifications_queue_url)
    lacking = (say("queue.none"), say("subscription.set_queue"))
    with services.database.tenant(tenant_id) as session:
        accounts = [a for a in list_accounts(session) if a.state != AccountState.REMOVING]
    return Notifications(
        why_not=[] if has_queue else [show_sentence(each) for each in lacking],
        failure=_failure(services) if has_queue else None,
        may_test=may_test(services),
        items=[_account(account) for account in accounts],
    )


def _failure(services: Services) -> Sentence | None:
    """Return why the queue was not read last time; Redis, which knows, may be away."""
    with suppress(RedisError):
        return show_words(last_failure(services))
    return None


def _account(account: Account) -> AccountNotifications:
    return AccountNotifications(
        account_id=account.id,
        seller_id=account.seller_id,
        region=account.region,
        may_switch_on=account.state == AccountState.CONNECTED,
        since=account.notifications_since,
        last_at=account.notified_at,
    )


def show_status(state: NotificationState) -> NotificationStatus:
    closed = None if state.open_to_amazon else show_sentence(say("subscription.closed"))
    return NotificationStatus(waiting=state.waiting, queue_fault=closed, types=_types(state.types))


def show_types(types: Iterable[TypeState]) -> NotificationTypes:
    return NotificationTypes(types=_types(types))


def _types(types: Iterable[TypeState]) -> list[NotificationTypeState]:
    return [
        NotificationTypeState(type=each.type, is_on=each.on, note=show_words(each.note))
        for each in types
    ]


# --- notices by e-mail --------------------------------------------------------------------------


def show_notices(services: Services, tenant_id: TenantId) -> Notices:
    settings = services.settings
    lacking = (say("notices.no_server"), say("notices.set_server"))
    with services.database.tenant(tenant_id) as session:
        choice = kept_choice(session)
        rows = notice_store.recipients(session)
        is_chosen = notice_store.settings_of(session) is not None
    return Notices(
        why_not=[] if settings.can_mail else [show_sentence(each) for each in lacking],
        sender=settings.notices_from or None,
        on=choice.is_on,
        recipients=[_recipient(row) for row in rows],
        causes=list(choice.causes),
        pace=choice.pace,
        hour=choice.hour,
        timezone=choice.timezone,
        language=choice.language,
        is_chosen=is_chosen,
    )


def _recipient(row: NoticeRecipient) -> RecipientShown:
    return RecipientShown(
        address=row.address,
        sent_at=row.sent_at,
        failed_at=row.failed_at,
        failure=show_words(sentence_of(row, "failure")),
        next_attempt_at=row.next_attempt_at,
    )


def show_tested(tried: Iterable[Tried]) -> NoticesTested:
    return NoticesTested(
        items=[
            TestedAddress(address=each.address, failure=show_words(each.failure or ""))
            for each in tried
        ]
    )
