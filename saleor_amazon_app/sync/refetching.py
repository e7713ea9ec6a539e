"""Asks Amazon again for single orders: those that lack something, and those a person names."""

from saleor_amazon_app.amazon.errors import NotFound, Throttled
from saleor_amazon_app.amazon.orders import ALL_DATA, get_order
from saleor_amazon_app.mirror.failures import AppFailure
from saleor_amazon_app.mirror.ids import AccountId, TenantId
from saleor_amazon_app.mirror.sentences import say
from saleor_amazon_app.mirror.waiting import next_look
from saleor_amazon_app.store import orders as order_store
from saleor_amazon_app.store.accounts import get_account
from saleor_amazon_app.sync import narrowing
from saleor_amazon_app.sync.filing import Filing
from saleor_amazon_app.sync.records import record_failure
from saleor_amazon_app.sync.services import Services

_AT_ONCE = 20


def refetch_waiting(services: Services, tenant_id: TenantId, account_id: AccountId) -> int:
    """Read anew the waiting orders that lack their address or total; returns how many."""
    with services.database.tenant(tenant_id) as session:
        due = order_store.to_look_at_again(session, account_id, services.now(), _AT_ONCE)
        ids = [order.amazon_order_id for order in due]
        for order in due:
            order.attempts += 1
            order.next_attempt_at = services.now() + next_look(order.attempts)
    for done, amazon_id in enumerate(ids):
        try:
            fetch_order(services, tenant_id, account_id, amazon_id)
        except Throttled:
            return done
        except AppFailure as failure:
            record_failure(services, tenant_id, account_id, "getOrder", failure)
    return len(ids)


def fetch_order(
    services: Services, tenant_id: TenantId, account_id: AccountId, amazon_order_id: str
) -> None:
    """Read one order from Amazon and store it, whatever is known of it.

    Raises:
        NotFound: The seller has no such order.
        AppFailure: Amazon could not be asked.
    """
    with services.database.tenant(tenant_id) as session:
        account = get_account(session, account_id)
        seller, region = services.seller(account), account.region
        withheld = narrowing.still_withheld(account, services.now())
    data = tuple(name for name in ALL_DATA if name not in withheld)
    payload = get_order(services.amazon, seller, region, amazon_order_id, data)
    if payload.get("orderId") != amazon_order_id:
        raise NotFound(say("amazon.another_order"))
    with services.database.tenant(tenant_id) as session:
        filing = Filing(session, get_account(session, account_id), services.vault, services.now())
        filing.file([payload])
        row = order_store.find_order(session, amazon_order_id)
        if row is not None:
            filing.settle_again(row)
