"""Reads from the store what staff can be told of by e-mail (``mirror.notices``)."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta, tzinfo
from typing import Final

from sqlalchemy.orm import Session

from saleor_amazon_app.mirror.authorisation import AUTHORISED_FOR, ends_within
from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.mirror.notices import Cause, Matter, cause_of
from saleor_amazon_app.mirror.sentences import quote, say
from saleor_amazon_app.store import notices as notice_store
from saleor_amazon_app.store.accounts import list_accounts
from saleor_amazon_app.store.models import Account, AccountState
from saleor_amazon_app.store.sentences import sentence_of
from saleor_amazon_app.sync.receiving import last_failure
from saleor_amazon_app.sync.services import Services

STANDS_AFTER: Final = timedelta(hours=1)
"""A sweep that fails is tried again within minutes."""
_AUTHORISED: Final = (AccountState.CONNECTED, AccountState.PAUSED)


def read_matters(
    services: Services, tenant_id: TenantId, causes: Collection[str], zone: tzinfo
) -> list[Matter]:
    """Return all that is so now of the causes; today ends at midnight of the zone."""
    now = services.now()
    with services.database.tenant(tenant_id) as session:
        found = [
            *_authorisations(session, now),
            *_problems(session),
            *_shipments(session, now, zone),
            *_standing(services, session, now),
        ]
    return [matter for matter in found if matter.cause in causes]


def _authorisations(session: Session, now: datetime) -> Iterator[Matter]:
    for account in list_accounts(session):
        if account.state == AccountState.AUTHORISATION_LOST:
            said = say("notice.authorisation_lost", **_names(account))
            yield Matter(f"lost:{account.id}", Cause.AUTHORISATION, said=said)
        elif account.state in _AUTHORISED:
            until = (account.authorised_at or account.connected_at) + AUTHORISED_FOR
            if days := ends_within(until, now):
                said = say("notice.authorisation_ends", until=until, **_names(account))
                yield Matter(f"ends:{account.id}:{days}", Cause.AUTHORISATION, said=said)


def _problems(session: Session) -> Iterator[Matter]:
    for problem_id, kind, order in notice_store.open_problems(session):
        yield Matter(f"problem:{problem_id}", cause_of(kind), order=order, about=kind)


def _shipments(session: Session, now: datetime, zone: tzinfo) -> Iterator[Matter]:
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    midnight = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=zone)
    for order_id, number, ship_by in notice_store.to_ship_before(session, midnight):
        about = "late" if ship_by < now else "due_today"
        yield Matter(f"{about}:{order_id}", Cause.SHIPMENTS, order=number, about=about)


def _standing(services: Services, session: Session, now: datetime) -> Iterator[Matter]:
    for account, sweep in notice_store.standing_sweeps(session, now - STANDS_AFTER):
        since = notice_store.last_read(account, sweep)
        failure = sentence_of(sweep, "failure")
        said = say("notice.sync_stands", since=since, failure=failure, **_names(account))
        yield Matter(f"sync:{account.id}", Cause.STANDSTILL, said=said)
    relies = any(account.notifications_since for account in list_accounts(session))
    if relies and (failure := quote(last_failure(services))):
        said = say("notice.queue_stands", failure=failure)
        yield Matter("queue", Cause.STANDSTILL, said=said)


def _names(account: Account) -> dict[str, str]:
    return {"seller": account.seller_id, "region": account.region.upper()}
