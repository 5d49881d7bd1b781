"""Which way a test's parameter becomes stricter, and whether a test looks at the past at all."""

from __future__ import annotations

from typing import Any

from engine.detect import JUDGED, share_of
from engine.detect.cluster import rung as cluster
from engine.detect.evaluate import params
from engine.model.rule import Rung, Test, Window

#: +1: a larger value is stricter; -1: a smaller one is. A parameter that is not here has no direction.
STRICTER = {
    "count": 1, "rate": 1, "share": 1, "of_at_least": 1, "factor": 1, "ratio": 1, "limit": 1,
    "at_least": 1, "above": 1, "most": -1, "alpha": -1, "severity": 1, "ahead": -1,
}  # fmt: skip

_NO_PAST = Window(days=7, baseline=0)
_SOME_PAST = Window(days=7, baseline=26)


def parameters(test: Test) -> dict[str, Any]:
    """Every parameter of a test, those left to their defaults too."""
    made = params(test)
    if hasattr(made, "compared"):
        return dict(made.compared)
    return {name: getattr(made, name) for name in made.__dataclass_fields__}


def alpha(test: Test) -> float:
    """The chance of a false alarm that a test promises; 0 where it promises none."""
    return float(parameters(test).get("alpha") or 0.0)


def promised(rung: Rung) -> float:
    """The chance of a false alarm that a rung promises: the least of tests that must all hold, the sum over
    its alternatives; 0 where none is promised."""
    ways = sum(min(filter(None, map(alpha, way)), default=0.0) for way in rung.ways)
    return min(filter(None, (*map(alpha, rung.tests), ways)), default=0.0)


def looser(lower: Any, upper: Any, direction: int) -> bool:
    """Whether the upper rung's value is easier to meet, both numbers."""
    return bool((upper - lower) * direction < 0)


def uses_baseline(test: Test) -> bool:
    """Whether the test looks at the blocks that the rule's `baseline` gives, or cannot do without."""
    if unfit(test, _NO_PAST):
        return True
    module = JUDGED[test.name]
    made = params(test)
    return bool(module.past(made, _NO_PAST) != module.past(made, _SOME_PAST))


def uses_whole(test: Test) -> bool:
    """Whether the test compares the count with the whole that the rule names."""
    return test.name == share_of.ID or (test.name == cluster.ID and params(test).model == "bernoulli")


def unfit(test: Test, window: Window) -> str:
    """What the test says against the rule's window and baseline, or nothing."""
    module = JUDGED[test.name]
    try:
        module.past(params(test), window)
    except ValueError as error:
        return str(error)
    return ""
