"""conversations and usage"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

COUNTS = ("prompt_tokens", "completion_tokens", "cached_tokens", "model_milliseconds")


def upgrade() -> None:
    op.add_column("conversations", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "conversations_activity_idx",
        "conversations",
        ["user_id", "updated_at", "id"],
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.add_column("turns", sa.Column("hidden", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("turns", sa.Column("feedback", sa.Text(), nullable=True))
    op.add_column("turns", sa.Column("feedback_comment", sa.Text(), nullable=True))
    op.add_column("turns", sa.Column("model", sa.Text(), nullable=True))
    for column in COUNTS:
        op.add_column("turns", sa.Column(column, sa.BigInteger(), server_default="0", nullable=False))
    op.create_index(
        "turns_shown_idx", "turns", ["user_id", "conversation_id", "number"], postgresql_where=sa.text("NOT hidden")
    )
    op.create_index("turns_day_idx", "turns", ["user_id", "created_at"])


def downgrade() -> None:
    """What was deleted or replaced comes back into sight: the older code knows no hiding."""
    op.drop_index("turns_day_idx", table_name="turns")
    op.drop_index("turns_shown_idx", table_name="turns")
    for column in (*COUNTS, "model", "feedback_comment", "feedback", "hidden"):
        op.drop_column("turns", column)
    op.drop_index("conversations_activity_idx", table_name="conversations")
    op.drop_column("conversations", "deleted_at")
