"""an index of used buttons by time, as they are forgotten by it"""

from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("used_actions_age_idx", "used_actions", ["used_at"])


def downgrade() -> None:
    op.drop_index("used_actions_age_idx", table_name="used_actions")
