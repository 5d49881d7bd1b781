"""What areas scored day by day, as each daily screening left it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "score_day",
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["cycle_run.id"], name=op.f("fk_score_day_run")),
        sa.PrimaryKeyConstraint("area", "day", "domain", name=op.f("pk_score_day")),
    )
    op.create_index(op.f("ix_score_day_run"), "score_day", ["run"])
