"""What is alike in the reasons of rejects, so that they can be counted by it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("reject", sa.Column("cause", sa.Text(), nullable=False, server_default=""))
