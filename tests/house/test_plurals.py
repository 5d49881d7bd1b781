"""No sentence counts one of a thing in the plural: the word goes with the number."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import engine
from engine.model.slots import filled
from engine.model.text import Text, numbered

ROOT = Path(engine.__file__).parent
#: What is never one there: samples, windows and limits of several at least; or it is a name.
APART = frozenset({
    "backtest/chart.py", "cycle/comparable.py", "cycle/depth.py", "cycle/flapping.py", "cycle/unsaid.py",
    "cycle/why.py", "detect/cluster/rung.py", "detect/cluster/study.py", "detect/farrington/rung.py",
    "detect/nowcast.py", "ingest/guess/times.py",
    "cycle/likely.py", "ingest/idle.py",
    "ingest/needs.py", "judge/doubt.py", "model/chance.py", "rulebook/checks/baseline_short.py",
    "rulebook/checks/correlation_slow.py", "rulebook/checks/correlation_within.py",
    "rulebook/checks/hardly_fires.py", "rulebook/checks/loose_alpha.py", "rulebook/checks/realised_rate.py",
    "rulebook/checks/test_level.py", "rulebook/checks/window_cycle.py", "rulebook/checks/window_long.py",
})  # fmt: skip
#: What tells of several things alone.
MANY = frozenset({
    "The last {days} days, lived through again", "The last {days} days, beside today's version",
    "{n} earlier {n:period|periods} of {days} days", "{n} in {days} days", "{value} incidents, {days}",
    "[Digest] {number} messages: {grades}", "[{grade}] {title} in {number} areas: {places}",
    "[{grade}] {title} raised in {number} areas: {places}",
    "[{grade}] {title} lowered in {number} areas: {places}",
    "[Lifted] {title} is over in {number} areas: {places}",
    "[Expired] {title} can no longer be judged in {number} areas: {places}",
})  # fmt: skip
#: What sentences count.
COUNTED = (
    "areas", "attempts", "blocks", "changes", "corrections", "days", "errors", "files", "findings", "ids",
    "incidents", "judgements", "lines", "measures", "messages", "pauses", "periods", "plans", "polls",
    "posts", "receivers", "records", "reports", "residents", "rules", "runs", "situations", "tests",
    "times", "tries", "warnings", "weeks",
)  # fmt: skip
_FORM = rf"(?:[a-z]+ )?(?:{'|'.join(COUNTED)})\b"


def sentences() -> Iterator[tuple[str, str, str]]:
    """(where, what is put in, what follows) of everything that is put into a sentence."""
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                for put, after in zip(node.values, node.values[1:], strict=False):
                    if isinstance(put, ast.FormattedValue) and isinstance(after, ast.Constant):
                        where = f"{path.relative_to(ROOT)}:{node.lineno}"
                        yield where, ast.unparse(put.value), str(after.value)


def _constant(put: str) -> bool:
    """A number of the code's own."""
    return re.fullmatch(r"(?:\w+\.)*[A-Z][A-Z_]+(?:\.\w+)?", put) is not None


def test_a_sentence_that_counts_goes_with_the_number():
    found = [
        f"{where}: {{{put}}}{after[:30]}" for where, put, after in sentences()
        if re.match(f" {_FORM}", after) and not _constant(put) and where.partition(":")[0] not in APART
    ]
    assert found == []


def texts() -> Iterator[Text]:
    """Every text that stands in a module of the engine."""
    for path in sorted(ROOT.rglob("*.py")):
        if "Text(" in path.read_text(encoding="utf-8"):
            name = ".".join(("engine", *path.relative_to(ROOT).with_suffix("").parts))
            for value in vars(importlib.import_module(name.removesuffix(".__init__"))).values():
                of = value.values() if isinstance(value, dict) else [value]
                yield from (one for one in of if isinstance(one, Text))


def test_a_text_that_counts_goes_with_the_number():
    found = {
        one.en for one in texts() for after in re.findall(r"\{\w+\}( [a-z ]+)", one.en)
        if re.match(f" {_FORM}", after)
    }  # fmt: skip
    assert found - MANY == set()


@pytest.mark.parametrize(("number", "said"), [(0, "0 polls"), (1, "1 poll"), (11, "11 polls")])
def test_one_is_told_in_the_singular(number: int, said: str):
    assert numbered(number, "poll") == filled("{n} {n:poll|polls}", n=number) == said
    assert numbered(number, "try", "tries") == said.replace("polls", "tries").replace("poll", "try")
