"""Packed counts: what panels read stands in blocks of rows, and a ledger says how far it has counted."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import numpy as np
import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0015"
branch_labels = None
depends_on = None

_SPAN = 32
_ROW = np.dtype([("area", "<i4"), ("day", "<i4"), ("cut", "<i4"), ("n", "<i4"), ("total", "<f8")])


def upgrade() -> None:
    op.add_column("ledger", sa.Column("reached", sa.Text(), nullable=True))
    block = op.create_table(
        "tally_block",
        sa.Column("ledger", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("span", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rows", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "span", name=op.f("pk_tally_block")),
    )
    for row in _blocks():
        op.execute(block.insert().values(**row))
    op.drop_table("tally_snapshot")


def _blocks() -> Iterator[dict[str, object]]:
    """What the snapshot held, which was kept in the order of ledger, day, area and cut."""
    ledgers = op.get_bind().scalars(sa.text("SELECT DISTINCT ledger FROM tally_snapshot ORDER BY 1")).all()
    for ledger in ledgers:
        rows = op.get_bind().execute(sa.text(
            "SELECT area, day, known_cut, n, total FROM tally_snapshot WHERE ledger = :ledger"
            " ORDER BY day, area, known_cut"
        ), {"ledger": ledger})  # fmt: skip
        for span, of in groupby(rows, lambda row: row.day // _SPAN):
            packed = np.array([tuple(row) for row in of], _ROW)
            yield {"ledger": ledger, "span": span, "rows": packed.tobytes()}
