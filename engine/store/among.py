"""Many texts as one parameter of a statement, however many they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import JSON, Select, func, literal, select

from engine.store.database import Tx


def among(tx: Tx, texts: Sequence[str]) -> Select[Any]:
    """The texts as a subquery, for `column.in_(...)`."""
    words = literal(texts, JSON)
    each = func.json_each if tx.dialect == "sqlite" else func.json_array_elements_text
    return select(each(words).table_valued("value").c.value)
