"""Who changed what: a row for everything that staff change, ask for or look at."""

from typing import Final

from sqlalchemy.orm import Session

from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.mirror.people import Person
from saleor_amazon_app.store.desk_models import Change
from saleor_amazon_app.sync.services import Services

_LONGEST: Final = 255


def add_change(
    services: Services,
    session: Session,
    by: Person,
    subject: str,
    action: str,
    detail: str = "",
    *,
    order_id: str | None = None,
) -> None:
    """Record a change in the session of the change itself.

    ``detail`` holds neither personal data of buyers nor secrets.
    """
    session.add(
        Change(
            at=services.now(),
            by_id=by.id[:128],
            by_name=by.name[:255],
            order_id=order_id,
            subject=subject if len(subject) <= _LONGEST else subject[:_LONGEST],
            action=action[:64],
            detail=detail,
        )
    )


def record_change(
    services: Services, tenant_id: TenantId, by: Person, subject: str, action: str, detail: str = ""
) -> None:
    """Record a change in a transaction of its own."""
    with services.database.tenant(tenant_id) as session:
        add_change(services, session, by, subject, action, detail)
