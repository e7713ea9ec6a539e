"""What a person does about an order that is held: repair its address, try it again."""

from dataclasses import asdict

from sqlalchemy.orm import Session

from saleor_amazon_app.mirror.addresses import with_fix
from saleor_amazon_app.mirror.failures import Misconfigured
from saleor_amazon_app.mirror.ids import AccountId, TenantId
from saleor_amazon_app.mirror.sentences import Term, say
from saleor_amazon_app.store import orders as order_store
from saleor_amazon_app.store.accounts import get_account
from saleor_amazon_app.store.models import Order
from saleor_amazon_app.sync.filing import Filing, open_fix
from saleor_amazon_app.sync.listing import no_such_order
from saleor_amazon_app.sync.services import Services


def retry(services: Services, tenant_id: TenantId, amazon_order_id: str) -> AccountId:
    """Decide anew about an order that is not in Saleor; returns its account.

    Raises:
        Misconfigured: There is no such order.
    """
    with services.database.tenant(tenant_id) as session:
        row = _find(session, amazon_order_id)
        return _settle_again(services, session, row)


def repair_address(
    services: Services,
    tenant_id: TenantId,
    amazon_order_id: str,
    changes: dict[str, str],
    by: str | None = None,
) -> AccountId:
    """Change fields of an order's address and decide anew about it; returns its account.

    Raises:
        Misconfigured: There is no such order, or its personal data is deleted.
    """
    with services.database.tenant(tenant_id) as session:
        row = _find(session, amazon_order_id)
        session.refresh(row, with_for_update=True)  # its data may be deleted just now
        if row.erased_at is not None:
            raise Misconfigured(say("why_not.personal_data_deleted"), code="personal_data_deleted")
        fix = with_fix(open_fix(services.vault, row), **changes)
        row.address_fix = services.vault.seal_json(asdict(fix))
        fields = [Term("address_fields", name) for name in sorted(changes)]
        text = say("history.address_repaired", fields=fields)
        order_store.note(session, row, text, actor="merchant", at=services.now(), by=by)
        return _settle_again(services, session, row)


def _find(session: Session, amazon_order_id: str) -> Order:
    row = order_store.find_order(session, amazon_order_id)
    if row is None:
        raise no_such_order(amazon_order_id)
    return row


def _settle_again(services: Services, session: Session, row: Order) -> AccountId:
    account_id = AccountId(row.account_id)
    account = get_account(session, account_id)
    Filing(session, account, services.vault, services.now()).settle_again(row)
    return account_id
