"""Runs migrations on the connection that ``store.migrating`` hands over."""

from typing import Literal

from alembic import context

from saleor_amazon_app.store.models import Base
from saleor_amazon_app.store.types import UtcDateTime


def _render(kind: str, item: object, _context: object) -> str | Literal[False]:
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=_render,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
