"""An immediate rule with what only calendar cycles have.

An immediate rule judges incidents as they become known: its window is whole hours, at most 48; it has no
baseline, gap, delay or hold, no `fdr` and no `nowcast`; it tests counts alone (`at_least`,
`rate_at_least`). What stands is ended by `lasts`. Correlations follow the calendar. Nothing becomes known
where a holiday or an announced storm begins, so that `alert` and `on` would not be asked at their own time.

Wrong: `cycle: immediate` with `window: 7d`. Right: `window: 24h`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from engine.detect import GIVEN
from engine.model.period import Cycle
from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "immediate-limits"
LEVEL = Level.ERROR


TESTS_ALLOWED = ("at_least", "rate_at_least")
_HOUR = timedelta(hours=1)
_UNFIT = ("baseline", "gap", "hold", "fdr", "nowcast", "cool_down")


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    if source.written.cycle is not Cycle.IMMEDIATE:
        return
    rule = source.threshold
    if rule is None:
        yield ("cycle",), "a correlation follows the calendar: choose daily, weekly or monthly"
        return
    if rule.window % _HOUR or not _HOUR <= rule.window <= 48 * _HOUR:
        yield ("window",), "an immediate window is whole hours, from 1h to 48h"
    if not rule.lasts:
        yield ("lasts",), "an immediate finding must last: give lasts, such as 24h"
    for key in _UNFIT:
        if key in rule.model_fields_set:
            yield (key,), f"an immediate rule has no '{key}': take it out"
    yield from _rungs(source)


def _rungs(source: Source) -> Iterator[tuple[Place, str]]:
    assert source.threshold is not None
    for word, rung in source.threshold.grades.rungs().items():
        for key in ("delay_on", "delay_off"):
            if key in rung.model_fields_set:
                yield ("grades", word, key), f"an immediate rule has no '{key}': take it out"
    for place, test in source.conditions():
        if test.name in GIVEN:
            yield place, (
                f"an immediate rule cannot use '{test.name}': it is judged when an incident becomes known, "
                "and not when this begins to hold; count the alerts themselves, or choose daily"
            )
        elif test.name not in TESTS_ALLOWED:
            sentence = f"an immediate rule cannot use '{test.name}': only {' and '.join(TESTS_ALLOWED)}"
            yield place, sentence
