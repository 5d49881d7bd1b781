"""The names of situations, which outlive the warnings they began with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "belonging",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("warning", sa.Text(), nullable=False),
        sa.Column("situation", sa.Text(), nullable=False),
        sa.Column("born", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["warning"], ["warning.id"], name=op.f("fk_belonging_warning")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_belonging")),
    )
    op.create_index(op.f("ix_belonging_warning"), "belonging", ["warning"])
