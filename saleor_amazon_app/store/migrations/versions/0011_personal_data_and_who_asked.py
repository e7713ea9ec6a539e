"""When the personal data of an order is deleted, and who asked in Saleor."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_MOMENTS = ("over_at", "erase_at", "erased_at")


def upgrade() -> None:
    op.add_column("intents", sa.Column("asked_name", sa.String(length=128), nullable=True))
    with op.batch_alter_table("orders", schema=None) as batch_op:
        for name in _MOMENTS:
            batch_op.add_column(sa.Column(name, sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index("ix_orders_erase", ["tenant_id", "erase_at"], unique=False)
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index("ix_deliveries_received", ["tenant_id", "received_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_index("ix_deliveries_received")
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_index("ix_orders_erase")
        for name in reversed(_MOMENTS):
            batch_op.drop_column(name)
    with op.batch_alter_table("intents", schema=None) as batch_op:
        batch_op.drop_column("asked_name")
