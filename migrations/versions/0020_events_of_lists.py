"""an index for the events of lists and views; webhooks say of which entities they are"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rewrites no rows. Webhooks of servers of the version before are of tasks."""
    others = sa.text("entity <> 'task'")
    columns = ["user_id", "entity", "entity_id", "revision"]
    op.create_index("events_entity_idx", "events", columns, postgresql_where=others)
    tasks = sa.text("'{task}'")
    op.add_column("webhooks", sa.Column("entities", postgresql.ARRAY(sa.Text()), server_default=tasks, nullable=False))


def downgrade() -> None:
    op.drop_column("webhooks", "entities")
    op.drop_index("events_entity_idx", "events")
