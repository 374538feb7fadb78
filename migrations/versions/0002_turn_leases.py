"""turn leases"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("turns", sa.Column("lease", sa.Text(), nullable=True))
    op.add_column("turns", sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("turns", sa.Column("stop_requested", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("turns", sa.Column("draft", sa.Text(), server_default="", nullable=False))
    op.add_column("turns", sa.Column("error", sa.Text(), nullable=True))
    op.create_index(
        "turns_running_idx", "turns", ["user_id", "conversation_id"], postgresql_where=sa.text("state = 'running'")
    )


def downgrade() -> None:
    op.drop_index("turns_running_idx", table_name="turns")
    for column in ("error", "draft", "stop_requested", "lease_until", "lease"):
        op.drop_column("turns", column)
