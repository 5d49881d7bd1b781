"""The measures asked for under warnings, as they read then."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "demand",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("warning", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("grade", sa.SmallInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("outlives", sa.Boolean(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["run"], ["cycle_run.id"], name=op.f("fk_demand_run")),
        sa.ForeignKeyConstraint(["warning"], ["warning.id"], name=op.f("fk_demand_warning")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand")),
    )
    op.create_index(op.f("ix_demand_run"), "demand", ["run"])
    op.create_index(op.f("ix_demand_warning"), "demand", ["warning"])
