"""Words by which orders are found, as keyed hashes.

Names of buyers are personal data and lie sealed in the payload. To find an order by one, its words
are hashed with HMAC-SHA256 under a random key of the tenant's own, which lies sealed in the vault:
without the vault the hashes say nothing, equal names of two shops look different, and a change of
the vault's keys leaves them valid. Hashes of whole words are all there is, so that the beginning of
a name finds nothing.
"""

import hashlib
import hmac
import secrets
from collections.abc import Collection, Iterable
from typing import Any, Final

from sqlalchemy import Select, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from saleor_amazon_app.store.desk_models import OrderWord
from saleor_amazon_app.store.models import Tenant
from saleor_amazon_app.store.vault import Vault

_DIGEST: Final = 16
"""Bytes: one false find in 2**64 pairs of words."""


class SearchKey:
    """Hashes words for one tenant."""

    def __init__(self, tenant_id: str, key: bytes) -> None:
        self.tenant_id = tenant_id
        self._key = key

    def digest(self, word: str) -> bytes:
        return hmac.digest(self._key, word.encode(), hashlib.sha256)[:_DIGEST]


def search_key(session: Session, vault: Vault, tenant_id: str) -> SearchKey:
    """Return the tenant's key; the first to ask makes it."""
    query = select(Tenant.search_key).where(Tenant.id == tenant_id)
    sealed = session.scalar(query)
    if sealed is None:
        fresh = vault.seal(secrets.token_hex(32))
        session.execute(
            update(Tenant)
            .where(Tenant.id == tenant_id, Tenant.search_key.is_(None))
            .values(search_key=fresh)
            .execution_options(synchronize_session=False)
        )
        sealed = session.scalar(query)
    return SearchKey(tenant_id, bytes.fromhex(vault.open(sealed or b"")))


def set_words(
    session: Session, key: SearchKey, order_id: str, words: Iterable[str], *, is_new: bool = False
) -> None:
    """Make an order's words exactly these."""
    wanted = {key.digest(word) for word in words}
    known = set[bytes]() if is_new else _known(session, order_id)
    if gone := known - wanted:
        session.execute(
            delete(OrderWord)
            .where(OrderWord.order_id == order_id, OrderWord.digest.in_(gone))
            .execution_options(synchronize_session=False)
        )
    _insert(session, key, order_id, wanted - known)


def add_words(session: Session, key: SearchKey, order_id: str, words: Iterable[str]) -> None:
    """Add words that are not known yet."""
    _insert(session, key, order_id, {key.digest(word) for word in words})


def having(key: SearchKey, first: str, *others: str) -> Select[Any]:
    """Return the query for the orders that have all the words.

    The tenant's key has made the digests, so that nothing of another tenant has them.
    """
    row = aliased(OrderWord)
    query = select(row.order_id).where(
        row.tenant_id == key.tenant_id, row.digest == key.digest(first)
    )
    return query.where(row.order_id.in_(having(key, *others))) if others else query


def forget_words(session: Session, order_ids: Collection[str]) -> None:
    """Delete the words of orders whose personal data is deleted."""
    session.execute(
        delete(OrderWord)
        .where(OrderWord.order_id.in_(order_ids))
        .execution_options(synchronize_session=False)
    )


def _insert(session: Session, key: SearchKey, order_id: str, digests: Collection[bytes]) -> None:
    """Insert what is not there: two workers may find the same words at once."""
    if not digests:
        return
    insert = postgresql.insert if _is_postgresql(session) else sqlite.insert
    rows = [
        {"tenant_id": key.tenant_id, "order_id": order_id, "digest": digest}
        for digest in sorted(digests)
    ]
    session.execute(insert(OrderWord).on_conflict_do_nothing(), rows)


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def _known(session: Session, order_id: str) -> set[bytes]:
    query = select(OrderWord.digest).where(OrderWord.order_id == order_id)
    return {bytes(digest) for digest in session.scalars(query)}
