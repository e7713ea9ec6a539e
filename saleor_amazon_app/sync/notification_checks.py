"""What ``saleor-amazon doctor`` looks at where notifications are concerned."""

from collections.abc import Iterator
from typing import Final

from saleor_amazon_app.mirror.ids import AccountId, TenantId
from saleor_amazon_app.store import notifications as notification_store
from saleor_amazon_app.store.models import Account
from saleor_amazon_app.sync.findings import Check, Failed, Finding
from saleor_amazon_app.sync.receiving import last_failure, queue_of
from saleor_amazon_app.sync.services import Services
from saleor_amazon_app.sync.subscribing import Subscriptions

_MANY: Final = 1000
"""Messages. The receiving job takes up to 500 in each turn, every 15 seconds."""
_SET_UP: Final = "See docs/notifications.md."


def queue(services: Services) -> Iterator[Finding]:
    """Yield what there is to say of the queue, if there is one or should be one."""
    with services.database.system() as session:
        wanted = bool(notification_store.accounts_notified(session))
    if wanted or services.settings.amazon_notifications_queue_url:
        yield Check("notifications queue", _queue, _SET_UP).run(services)


def _queue(services: Services) -> str:
    facts = queue_of(services).facts()
    if not facts.open_to_amazon:
        raise Failed("its access policy does not let Amazon send to it")
    if failure := last_failure(services):
        raise Failed(f"could not be read last time: {failure}")
    if facts.waiting > _MANY:
        raise Failed(f"about {facts.waiting} messages wait", cure="See whether workers run.")
    return f"can be read; about {facts.waiting} messages wait"


def account(services: Services, tenant_id: TenantId, row: Account, name: str) -> Finding:
    """Say whether an account's notifications are on, at Amazon too, and when the last one came."""
    name = f"{name} notifications"
    if row.notifications_since is None:
        return Finding(name, ok=True, detail="off; orders come by sweeps alone")

    def look(services: Services) -> str:
        facts = queue_of(services).facts()
        types = Subscriptions(services, tenant_id, AccountId(row.id)).types(facts)
        for state in types:
            if state.on is None:
                raise Failed(f"Amazon could not be asked: {state.note}", cure="Try again later.")
        if off := [f"{state.type} {state.note}".strip() for state in types if not state.on]:
            raise Failed(f"not on at Amazon: {', '.join(off)}")
        last = f"{row.notified_at:%Y-%m-%d %H:%M} UTC" if row.notified_at else "never"
        return f"on since {row.notifications_since:%Y-%m-%d}; the last one came {last}"

    return Check(name, look, "Run `saleor-amazon notifications on`.").run(services)
