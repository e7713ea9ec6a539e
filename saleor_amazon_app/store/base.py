"""What all tables share. Whatever belongs to a tenant derives from ``TenantOwned``."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, LargeBinary, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from saleor_amazon_app.store.types import UtcDateTime


def new_id() -> str:
    return uuid.uuid4().hex


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: String(255),
        datetime: UtcDateTime,
        bytes: LargeBinary,
        list[str]: JSON,
        dict[str, Any]: JSON,
    }


class TenantOwned(Base):
    """A row that belongs to one tenant and must never be seen by another."""

    __abstract__ = True

    @declared_attr
    def tenant_id(cls) -> Mapped[str]:  # noqa: N805 - SQLAlchemy's way of a mixin column
        return mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"), index=True)


class Claimed:
    """A row that one worker at a time works on; a claim that has run out is free again."""

    claim: Mapped[str | None] = mapped_column(String(64))
    claimed_until: Mapped[datetime | None]


class Attempted:
    """A row whose work is tried again until it succeeds."""

    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None]


class AskedBy:
    """A row that says which member of staff it comes from."""

    by_id: Mapped[str] = mapped_column(String(128))
    """Saleor's id of the member of staff."""
    by_name: Mapped[str]
