"""Whatever a rule file holds, loading it raises ConfigError or nothing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import ConfigError
from engine.model.rule import RuleBook
from engine.rulebook.context import Context
from engine.rulebook.load import check, load

GOOD = Path(__file__).parent / "good"
TEXTS = [path.read_text(encoding="utf-8") for path in sorted(GOOD.glob("*.yaml"))]
#: The short form; `make fuzz` sets the number.
QUICK = settings(max_examples=int(os.environ.get("FUZZ") or 150))
pytestmark = pytest.mark.fuzz

ODD = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 10**9), st.floats(allow_nan=True), st.text(max_size=12),
    st.sampled_from(["7d", "0d", "2026-02-30", "2026-03-01..2026-03-02", ">=9", "A", "county", "0x9999"]),
    st.lists(st.integers(), max_size=2), st.dictionaries(st.text(max_size=4), st.integers(), max_size=2),
)  # fmt: skip


def loads(folder: Path, text: str | bytes, context: Context) -> None:
    path = folder / "rule.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    try:
        book = load(path, context)
    except ConfigError as error:
        assert error.problems
        assert all(problem.line >= 1 and problem.sentence for problem in error.problems)
    else:
        assert isinstance(book, RuleBook)


@QUICK
@given(data=st.data())
def test_changed_letters(data: st.DataObject, context: Context, tmp_path: Path) -> None:
    text = data.draw(st.sampled_from(TEXTS))
    at = data.draw(st.integers(0, len(text) - 1))
    size = data.draw(st.integers(0, 12))
    put = data.draw(st.text(alphabet="{}[]:,-&*!|>'\"#%@ \n\tabc019%", max_size=6))
    loads(tmp_path, text[:at] + put + text[at + size :], context)


@QUICK
@given(data=st.data())
def test_changed_values(data: st.DataObject, context: Context, tmp_path: Path) -> None:
    document = yaml.load(data.draw(st.sampled_from(TEXTS)), yaml.BaseLoader)
    holder, key = data.draw(st.sampled_from(places(document)))
    if data.draw(st.booleans()):
        holder[key] = data.draw(ODD)
    else:
        del holder[key]
    loads(tmp_path, yaml.safe_dump(document, allow_unicode=True), context)


@QUICK
@given(raw=st.binary(max_size=200))
def test_any_bytes(raw: bytes, context: Context, tmp_path: Path) -> None:
    loads(tmp_path, raw, context)


def test_check_never_raises(context: Context, tmp_path: Path) -> None:
    odd = {
        "a.yaml": "&a [*a]",
        "b.yaml": "? [1, 2]\n: 3\n",
        "c.yaml": "rules: [1, null, [], {}]\n",
        "d.yaml": "!!python/object:os.system x\n",
    }
    for name, text in odd.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "e.yaml").mkdir()
    book, problems = check(tmp_path, context)
    assert book is None
    assert {Path(problem.path).name for problem in problems} == {*odd, "e.yaml"}


def places(data: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) anywhere in the data."""
    found: list[tuple[Any, Any]] = []
    pairs = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in pairs:
        found += [(data, key), *places(value)]
    return found
