"""how clients call the messages that they send"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("turns", sa.Column("client_message_id", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("turns", "client_message_id")
