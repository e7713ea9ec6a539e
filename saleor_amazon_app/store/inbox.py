"""The inbox: webhooks, stored before they are answered and handled afterwards."""

import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.store.database import Database
from saleor_amazon_app.store.models import Delivery
from saleor_amazon_app.store.vault import Vault


def receive(
    database: Database,
    vault: Vault,
    tenant_id: TenantId,
    event: str,
    body: bytes,
    now: datetime,
) -> bool:
    """Store a delivery in one transaction; False if it is a repeat of one that is stored.

    Saleor gives deliveries no id and repeats them byte for byte.
    """
    digest = hashlib.sha256(body).hexdigest()
    if _count_repeat(database, tenant_id, event, digest):
        return False
    try:
        with database.tenant(tenant_id) as session:
            session.add(
                Delivery(
                    event=event,
                    body_hash=digest,
                    body=vault.seal(body.decode()),
                    received_at=now,
                    repeats=0,
                    attempts=0,
                )
            )
    except IntegrityError:  # the same delivery came in the same moment
        _count_repeat(database, tenant_id, event, digest)
        return False
    return True


def _count_repeat(database: Database, tenant_id: TenantId, event: str, digest: str) -> bool:
    with database.tenant(tenant_id) as session:
        query = select(Delivery).where(Delivery.event == event, Delivery.body_hash == digest)
        delivery = session.scalar(query)
        if delivery is not None:
            delivery.repeats += 1
        return delivery is not None
