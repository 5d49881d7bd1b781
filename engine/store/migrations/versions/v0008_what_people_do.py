"""What an act is about and through whom it came; who issued a grade; proposals that wait."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("act", sa.Column("role", sa.Text(), nullable=False, server_default="duty"))
    for name in ("via", "warning", "change", "receiver", "target", "verdict"):
        op.add_column("act", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("act", sa.Column("outcome", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_act_warning"), "act", ["warning"])
    op.create_index(op.f("ix_act_kind_at"), "act", ["kind", "at"])
    for table in ("warning", "change"):
        op.add_column(table, sa.Column("issuer", sa.Text(), nullable=False, server_default="itself"))
    op.add_column("warning", sa.Column("proposed", sa.SmallInteger(), nullable=True))
    op.add_column("warning", sa.Column("proposed_at", sa.BigInteger(), nullable=True))
    op.add_column("warning", sa.Column("proposal", sa.Text(), nullable=False, server_default=""))
