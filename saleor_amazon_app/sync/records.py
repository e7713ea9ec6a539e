"""Failures made visible: no fault in talking to either side goes without a row in the store."""

import structlog
from sqlalchemy.orm import Session

from saleor_amazon_app.amazon.errors import AuthorisationLost
from saleor_amazon_app.mirror.failures import AppFailure
from saleor_amazon_app.mirror.ids import AccountId, TenantId
from saleor_amazon_app.store.accounts import get_account, is_leaving
from saleor_amazon_app.store.models import AccountState, Activity
from saleor_amazon_app.sync.services import Services

log = structlog.get_logger(__name__)


def record_failure(
    services: Services,
    tenant_id: TenantId,
    account_id: AccountId | None,
    operation: str,
    failure: AppFailure,
) -> None:
    """Record a failure; its message holds no personal data (see ``mirror.failures``).

    An account whose authorisation is lost is not worked on until it is renewed.
    """
    with services.database.tenant(tenant_id) as session:
        add_activity(session, services, account_id, operation, failure)
        if (
            account_id
            and isinstance(failure, AuthorisationLost)
            and not is_leaving(session, account_id)
        ):
            get_account(session, account_id).state = AccountState.AUTHORISATION_LOST
    log.warning(
        "failure",
        tenant=tenant_id,
        account=account_id,
        operation=operation,
        side=failure.side,
        code=failure.code,
        message=failure.message,
    )


def add_activity(
    session: Session,
    services: Services,
    account_id: AccountId | None,
    operation: str,
    failure: AppFailure,
) -> None:
    session.add(
        Activity(
            account_id=account_id,
            at=services.now(),
            side=failure.side,
            operation=operation,
            code=failure.code[:128],
            message=failure.said,
        )
    )
