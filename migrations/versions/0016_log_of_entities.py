"""the log says which entity changed, and which changes were made together"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rewrites no rows: servers of the previous version go on, and the defaults complete the rows that they write."""
    op.add_column("events", sa.Column("entity", sa.Text(), server_default="task", nullable=False))
    op.add_column("events", sa.Column("entity_id", sa.BigInteger(), nullable=True))
    op.add_column("events", sa.Column("change_set", sa.BigInteger(), nullable=True))
    op.alter_column("events", "task_id", existing_type=sa.BigInteger(), nullable=True)


def downgrade() -> None:
    """Deletes the events of other entities, since the older code knows only tasks."""
    op.execute("DELETE FROM events WHERE task_id IS NULL")
    op.alter_column("events", "task_id", existing_type=sa.BigInteger(), nullable=False)
    op.drop_column("events", "change_set")
    op.drop_column("events", "entity_id")
    op.drop_column("events", "entity")
