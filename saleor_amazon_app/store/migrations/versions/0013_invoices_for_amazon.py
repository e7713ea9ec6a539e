"""Files of invoices on their way to Amazon."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "invoice_files",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=24), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["orders.id"],
            name=op.f("fk_invoice_files_order_id_orders"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenants.id"],
            name=op.f("fk_invoice_files_tenant_id_tenants"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_files")),
        sa.UniqueConstraint(
            "order_id", "reference", name=op.f("uq_invoice_files_order_id_reference")
        ),
    )
    with op.batch_alter_table("invoice_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invoice_files_order_id"), ["order_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invoice_files_tenant_id"), ["tenant_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("invoice_files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invoice_files_tenant_id"))
        batch_op.drop_index(batch_op.f("ix_invoice_files_order_id"))

    op.drop_table("invoice_files")
