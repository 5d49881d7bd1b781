"""Many texts as one parameter of a statement, however many they are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import JSON, Select, func, literal, select

from engine.store.database import Tx


def pairs(tx: Tx, texts: Collection[tuple[str, str]]) -> Select[Any]:
    """Pairs of texts as a subquery of two columns, for `tuple_(...).in_(...)`, however many they are."""
    words = literal([list(pair) for pair in sorted(texts)], JSON)
    if tx.dialect == "sqlite":
        each, at = func.json_each(words).table_valued("value").c.value, func.json_extract
        return select(at(each, "$[0]").label("one"), at(each, "$[1]").label("other"))
    pair = func.json_array_elements(words).column_valued("pair")
    at = func.json_extract_path_text
    return select(at(pair, "0").label("one"), at(pair, "1").label("other"))


def among(tx: Tx, texts: Sequence[str]) -> Select[Any]:
    """The texts as a subquery, for `column.in_(...)`."""
    words = literal(texts, JSON)
    each = func.json_each if tx.dialect == "sqlite" else func.json_array_elements_text
    return select(each(words).table_valued("value").c.value)
