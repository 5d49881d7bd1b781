"""Messages that are told with others, within one that is sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notification", sa.Column("within", sa.Text(), nullable=False, server_default=""))
    op.create_index(op.f("ix_notification_within"), "notification", ["within"])
