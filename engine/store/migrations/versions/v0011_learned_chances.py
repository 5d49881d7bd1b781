"""What each warning claims, and which chances a monthly run learned."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("warning", sa.Column("chance", sa.Text(), nullable=False, server_default=""))
    op.add_column("cycle_run", sa.Column("chances_hash", sa.Text(), nullable=False, server_default=""))
