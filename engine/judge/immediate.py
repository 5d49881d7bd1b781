"""What became known at one moment, judged at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from engine.detect.evaluate import climb
from engine.detect.series import Series
from engine.judge.explain import trace
from engine.judge.panels import Panels
from engine.model.finding import Held, Outcome
from engine.model.incident import Precision
from engine.model.rule import Rule


def find_immediate(rules: Sequence[Rule], panels: Panels, moment: datetime) -> tuple[Outcome, ...]:
    """Judge what became known at `moment`: only the areas it touches, from incidents of the last
    hours; what reached us longer than a rule's `max_age` after it happened raises nothing, and a hazard
    that is over counts no more."""
    return tuple(outcome for rule in rules for outcome in _immediate(rule, panels, moment))


def _immediate(rule: Rule, panels: Panels, moment: datetime) -> Iterator[Outcome]:
    assert rule.indicator is not None
    # In UTC: moments of one zone differ by their clocks, and in the hour that comes twice they equal none.
    tree, at = panels.tree, moment.astimezone(UTC)
    since = at - timedelta(hours=rule.window.hours)
    counted: dict[str, float] = defaultdict(float)
    touched: set[str] = set()
    for incident in panels.incidents(
        rule.indicator, since, at + timedelta(days=1), at + timedelta(seconds=1)
    ):
        if incident.feed in panels.holding and incident.ended_at is not None and incident.ended_at <= at:
            continue
        found = (tree.ancestor_at(code, rule.level) for code in incident.areas if code in tree)
        areas = {code for code in found if code is not None}
        for area in areas:
            counted[area] += rule.indicator.amount(incident)
        fresh = incident.known_at == at and incident.precision is not Precision.UNKNOWN
        if fresh and at - incident.occurred_at <= rule.window.max_age:
            touched |= areas
    if not touched:
        return
    order = sorted(touched)
    observed = np.array([[float(counted[area]) for area in order]])
    series = Series(
        cuts=np.array([moment.toordinal()]), window=1, gap=0, observed=observed,
        whole=np.ones_like(observed, bool), baseline=np.empty((1, len(order), 0)),
        population=np.array([tree[area].population or np.nan for area in order], float),
    )  # fmt: skip
    judged = climb(rule.rungs, rule.window, lambda past: series)
    for column, area in enumerate(order):
        states = tuple(Held(int(state)) for state in judged.held[:, 0, column])
        why = trace(rule, judged, moment.date(), (0, column), area)
        why = replace(why, window=(since.astimezone(moment.tzinfo).isoformat(), moment.isoformat()))
        yield Outcome(rule.id, rule.hash, area, states, why)
