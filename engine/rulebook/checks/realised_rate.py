"""A rung that holds far more often by itself than its chance of a false alarm says.

`alpha` promises how often a rung holds where nothing happened. Counts that come in clumps, and levels that
drift, break it. Checked with `forewarn rules check --data`: the rung's tests with an alpha are judged
over the last year of the centre's own past, in every area. In that past something did happen, so that up to
three times the promised is taken for it.

Wrong: `rare: {alpha: 0.01, dispersion: none}` where 6 % of all weeks hold. Right: `rare: {alpha: 0.01}`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.rulebook import power
from engine.rulebook.context import Context
from engine.rulebook.inference import nameable
from engine.rulebook.language.resolve import resolve
from engine.rulebook.language.source import Place, Source

NAME = "realised-rate"
LEVEL = Level.WARNING
_MOST = 3.0
#: So many judgements beyond the promised ones are no chance.
_SOME = 5


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    if context.ledger is None or not source.judged or not nameable(source, context):
        return
    rule = resolve(source, context)
    if rule.indicator is None or rule.window.hours:
        return
    for rung, (held, judged, alpha) in power.realised(rule, context.ledger).items():
        if held > max(_MOST * alpha * judged, alpha * judged + _SOME):
            often, times = f"{held / judged:.1%} of {judged:,} judgements in a year", held / judged / alpha
            promise = f"its tests promise {alpha:.2%} false alarms, and held at {often}"
            sentence = f"{promise}: {times:.0f} times as often"
            yield ("grades", rung.word), sentence
