"""Reading one field of a record."""

from __future__ import annotations

from typing import Any

import pytest

from engine.ingest.field import getter, several, written

FIELDS: dict[str, Any] = {
    "plain": "x", "blank": " \n", "zero": 0, "no": False, "a": {"b": [{"c": "deep"}, " "], "d": None},
    "dotted.key": "itself", "list": [1, [2.0, "3"], None, {"x": 4}],
}  # fmt: skip


@pytest.mark.parametrize(("path", "value"), [
    ("plain", "x"), ("blank", None), ("zero", 0), ("no", False), ("missing", None), ("a.b.0.c", "deep"),
    ("a.b.1", None), ("a.b.2", None), ("a.b.-1", None), ("a.b.x", None), ("a.d.e", None), ("plain.x", None),
    ("dotted.key", "itself"),
])  # fmt: skip
def test_a_path_leads_to_a_value_or_nowhere(path: str, value: Any) -> None:
    assert getter(path)(FIELDS) == value


def test_several_texts_in_one_field() -> None:
    assert several(FIELDS["list"]) == ["1", "2", "3"]
    assert several("a; b;;", ";") == ["a", "b"]
    assert several(" a b ") == ["a b"]
    assert several(None) == several({"x": 1}) == []


@pytest.mark.parametrize(("value", "text"), [
    (19525.0, "19525"), (1.5, "1.5"), (7, "7"), (1e300, "1e+300"), (" x ", "x"),
])  # fmt: skip
def test_a_number_is_written_as_the_source_meant_it(value: Any, text: str) -> None:
    assert written(value) == text
