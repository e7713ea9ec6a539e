"""Indexes for the filters of the list of orders that few orders meet."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_LISTS = {
    "ix_orders_marketplace": "marketplace_id",
    "ix_orders_fulfilled_by": "fulfilled_by",
}
_TO_SHIP = "fulfilled_by = 'MERCHANT' AND status IN ('UNSHIPPED', 'PARTIALLY_SHIPPED')"
_FEW = {
    "ix_orders_prime": (["purchased_at"], "is_prime IS true", "is_prime IS 1"),
    "ix_orders_business": (["purchased_at"], "is_business IS true", "is_business IS 1"),
    "ix_orders_replaces": (["purchased_at"], "replaces IS NOT NULL", "replaces IS NOT NULL"),
    "ix_orders_to_ship": (["fulfilled_by", "ship_by"], _TO_SHIP, _TO_SHIP),
}


def upgrade() -> None:
    for name, column in _LISTS.items():
        op.create_index(name, "orders", ["tenant_id", column, "purchased_at", "id"])
    for name, (columns, where, sqlite) in _FEW.items():
        op.create_index(
            name,
            "orders",
            ["tenant_id", *columns, "id"],
            postgresql_where=sa.text(where),
            sqlite_where=sa.text(sqlite),
        )


def downgrade() -> None:
    for name in (*_FEW, *_LISTS):
        op.drop_index(name, table_name="orders")
