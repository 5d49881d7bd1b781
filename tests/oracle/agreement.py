"""A scene lived by the engine and by the plain evaluator: where they say different things, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.oracle import stored
from tests.oracle.plain.clock import DAY, ends
from tests.oracle.plain.counted import Indicator
from tests.oracle.plain.history import History
from tests.oracle.plain.nouns import Scene

#: Cells of so many days are compared on every morning: all that a window or an outage of days may touch.
DAYS = 14
#: (what, where, the engine's, the plain evaluator's)
Difference = tuple[Any, ...]


def differences(scene: Scene, root: Path) -> list[Difference]:
    """All of them, of cells, tests, findings and warnings."""
    history = History(scene).live()
    with stored.lived(scene, root, history.ends) as lived:
        return [
            *_cells(history, lived), *_tests(history, lived), *_findings(history, lived),
            *_apart("step", dict.fromkeys(lived.steps()), dict.fromkeys(history.warnings.steps)),
            *_apart("open", lived.open(), history.open()),
        ]  # fmt: skip


def _apart(what: str, engine: dict[Any, Any], plain: dict[Any, Any]) -> Iterator[Difference]:
    for key in {**engine, **plain}:
        one, other = engine.get(key, "nothing"), plain.get(key, "nothing")
        if one != other:
            yield what, key, one, other


def _thresholds(scene: Scene) -> Iterator[dict[str, Any]]:
    yield from (rule for rule in scene.rules if "correlate" not in rule and rule["cycle"] != "immediate")


def _cells(history: History, lived: stored.Lived) -> Iterator[Difference]:
    """Number and state of the cells that the rules count, as every one of their mornings knew them."""
    for rule in _thresholds(history.scene):
        indicator = Indicator.written(history.scene, rule["indicator"])
        for cut in ends(rule["cycle"], history.scene.begins, history.last):
            view, first = history.knowledge.view(indicator, cut), cut - DAYS * DAY
            found = lived.states(lived.world.book.rules[rule["id"]], first, cut)
            plain = {(area, day): (view.number(area, day), view.state(area, day)) for area, day in found}
            yield from _apart(f"cell of {rule['id']} at {cut}", found, plain)


def _tests(history: History, lived: stored.Lived) -> Iterator[Difference]:
    """What was observed and how each rung came out, the engine judging all mornings in one go."""
    for rule in _thresholds(history.scene):
        cuts = list(ends(rule["cycle"], history.scene.begins, history.last))
        plain = {}
        for cut in cuts:
            morning = history.morning(rule["id"], cut)
            plain |= {
                (cut, code): (_number(area.judged.observed), morning.rungs(code))
                for code, area in morning.areas.items()
            }
        found = lived.outcomes(lived.world.book.rules[rule["id"]], cuts) if cuts else {}
        yield from _apart(f"test of {rule['id']}", found, plain)


def _findings(history: History, lived: stored.Lived) -> Iterator[Difference]:
    """What stood after every judgement: grade, confidence, and whether it was held blind."""
    found = lived.after(list(history.after))
    for moment, plain in history.after.items():
        yield from _apart(f"standing after {moment}", found[moment], plain)


def _number(observed: float | None) -> float | None:
    return None if observed is None else round(observed, 9)
