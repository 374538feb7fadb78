"""the log says which entity changed, and which changes were made together"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rewrites nothing: servers of the version before go on, and what they write is read with these defaults."""
    op.add_column("events", sa.Column("entity", sa.Text(), server_default="task", nullable=False))
    op.add_column("events", sa.Column("entity_id", sa.BigInteger(), nullable=True))
    op.add_column("events", sa.Column("change_set", sa.BigInteger(), nullable=True))
    op.alter_column("events", "task_id", existing_type=sa.BigInteger(), nullable=True)


def downgrade() -> None:
    """The older code knows tasks alone."""
    op.execute("DELETE FROM events WHERE task_id IS NULL")
    op.alter_column("events", "task_id", existing_type=sa.BigInteger(), nullable=False)
    op.drop_column("events", "change_set")
    op.drop_column("events", "entity_id")
    op.drop_column("events", "entity")
