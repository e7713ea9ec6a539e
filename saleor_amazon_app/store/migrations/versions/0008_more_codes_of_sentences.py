"""The codes of what syncs, tasks, calls and members of staff tell, beside their texts."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_COLUMNS = (
    ("tenants", "read_only_reason_said"),
    ("sweeps", "failure_said"),
    ("activities", "message_said"),
    ("changes", "subject_said"),
    ("changes", "detail_said"),
    ("task_orders", "message_said"),
)


def upgrade() -> None:
    for table, column in _COLUMNS:
        op.add_column(table, sa.Column(column, sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    for table, column in reversed(_COLUMNS):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(column)
