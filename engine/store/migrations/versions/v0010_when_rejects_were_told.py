"""When what could not be read became known: an older record that is read settles no newer one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("reject", sa.Column("known_at", sa.BigInteger(), nullable=True))
