"""When each grade of a finding ends and when it last rose, as which rule it was found; what an act saw."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("standing", sa.Column("raised_at", sa.BigInteger(), nullable=True))
    for name in ("ends", "found_as"):
        op.add_column("standing", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("act", sa.Column("seen", sa.SmallInteger(), nullable=True))
