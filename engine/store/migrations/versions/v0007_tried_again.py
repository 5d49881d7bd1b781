"""How often a period killed whoever judged it and when it is tried again; what is kept and does not count."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cycle_run", sa.Column("kills", sa.Integer(), nullable=False, server_default="0"))
    for name in ("tried_since", "next_at"):
        op.add_column("cycle_run", sa.Column(name, sa.BigInteger(), nullable=True))
    texts = ("kind", "name", "cycle", "period", "rules_hash", "config_hash", "detail", "content")
    op.create_table(
        "aside",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("due_at", "at")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aside")),
    )
