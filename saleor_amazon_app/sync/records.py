"""Failures made visible: no fault in talking to either side goes without a row in the store."""

import structlog
from sqlalchemy.orm import Session

from saleor_amazon_app.mirror.failures import AppFailure
from saleor_amazon_app.mirror.ids import AccountId, TenantId
from saleor_amazon_app.store.models import Activity
from saleor_amazon_app.sync.services import Services

log = structlog.get_logger(__name__)


def record_failure(
    services: Services,
    tenant_id: TenantId,
    account_id: AccountId | None,
    operation: str,
    failure: AppFailure,
) -> None:
    """Record a failure; its message holds no personal data (see ``mirror.failures``)."""
    with services.database.tenant(tenant_id) as session:
        add_activity(session, services, account_id, operation, failure)
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
            message=str(failure),
        )
    )
