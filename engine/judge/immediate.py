"""What became known at one moment, judged at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from engine.detect.evaluate import Ladder, climb
from engine.detect.series import Series
from engine.judge.explain import trace
from engine.judge.panels import Panels
from engine.model.finding import Held, Outcome, Trace
from engine.model.incident import Incident, Precision
from engine.model.rule import Rule

SECOND = timedelta(seconds=1)
#: Incidents by feed and source id.
Told = Mapping[tuple[str, str], Incident]


def find_immediate(rules: Sequence[Rule], panels: Panels, moment: datetime) -> tuple[Outcome, ...]:
    """Judge what became known at `moment`: only the areas it touches, from incidents of the last
    hours; what reached us longer than a rule's `max_age` after it happened raises nothing, and a hazard
    that is over counts no more. Where something was taken back or corrected, the outcome tells what a
    finding there rests on still."""
    return tuple(outcome for rule in rules for outcome in _Moment(rule, panels, moment).outcomes())


class _Moment:
    """One rule at one moment."""

    def __init__(self, rule: Rule, panels: Panels, moment: datetime) -> None:
        self.rule, self.panels, self.moment = rule, panels, moment
        # In UTC: moments of one zone differ by their clocks, and equal none in the hour that comes twice.
        self.at = moment.astimezone(UTC)
        self.hours = timedelta(hours=rule.window.hours)
        self.now = self._told(self.at + SECOND)

    def outcomes(self) -> Iterator[Outcome]:
        fresh = {area for one in self._fresh(self.now, self.at) for area in self._areas(one)}
        lost = self._lost()
        judged = self._judged(self.now, sorted(fresh), self.at) if fresh else None
        for area in sorted(fresh | lost):
            rests_on = self._rests_on(area) if area in lost else None
            # Without news, what is left there prolongs nothing.
            held: tuple[Held, ...] = (Held.NOT,) * len(self.rule.rungs)
            why = None
            if judged is not None and area in fresh:
                column = judged.series.codes.index(area)
                held = tuple(Held(int(state)) for state in judged.held[:, 0, column])
                why = self._trace(judged, column, area)
            yield Outcome(self.rule.id, self.rule.hash, area, held, why, rests_on=rests_on)

    def _trace(self, judged: Ladder, column: int, area: str) -> Trace:
        why = trace(self.rule, judged, self.moment.date(), (0, column), area)
        since = (self.at - self.hours).astimezone(self.moment.tzinfo)
        return replace(why, window=(since.isoformat(), self.moment.isoformat()))

    def _told(self, before: datetime) -> Told:
        """What the rule counts of all that a finding may rest on at a moment, as known before it."""
        assert self.rule.indicator is not None
        since = before - SECOND - self.hours - self.rule.window.lasts
        found = self.panels.incidents(self.rule.indicator, since, before + timedelta(days=1), before)
        return {one.identity: one for one in found}

    def _areas(self, one: Incident) -> set[str]:
        return set(filter(self.rule.judges, self.panels.tree.holding(one.areas, self.rule.level)))

    def _fresh(self, known: Told, at: datetime) -> Iterator[Incident]:
        """What became known at `at` and is news: young, and within the hours judged."""
        oldest = at - min(self.rule.window.max_age, self.hours)
        for one in known.values():
            timed = one.precision is not Precision.UNKNOWN
            if one.known_at == at and timed and one.occurred_at >= oldest and not self._over(one, at):
                yield one

    def _over(self, one: Incident, at: datetime) -> bool:
        return one.feed in self.panels.holding and one.ended_at is not None and one.ended_at <= at

    def _lost(self) -> set[str]:
        """The areas in which something that was counted is told otherwise now."""
        was = self._told(self.at)
        changed = (one for identity, one in was.items() if self._otherwise(self.now.get(identity), one))
        return {area for one in changed for area in self._areas(one)}

    @staticmethod
    def _otherwise(now: Incident | None, was: Incident) -> bool:
        return now is not was and now != was  # nearly always one and the same: nothing to compare

    def _rests_on(self, area: str) -> tuple[datetime | None, ...]:
        """For each rung when the last judgement was due, as far back as a finding lasts, at which it held by
        what was known then and still counts."""
        oldest, still = self.at - self.rule.window.lasts, self._in(area, self.now)
        found: list[datetime | None] = [None] * len(self.rule.rungs)
        before = self.at + SECOND
        while None in found:
            then = self._in(area, self._told(before))
            before = max((one.known_at for one in then.values()), default=oldest)
            if before <= oldest:
                break
            # News of then that is told otherwise now is what it is told to be: too old, it was none.
            counted = {
                identity: replace(still[identity], known_at=one.known_at)
                for identity, one in then.items() if identity in still
            }
            if any(self._fresh(counted, before)):
                held = self._judged(counted, [area], before).held[:, 0, 0]
                found = [was or (before + SECOND if state == Held.HELD else None)
                         for was, state in zip(found, held, strict=True)]  # fmt: skip
        return tuple(found)

    def _in(self, area: str, told: Told) -> Told:
        return {identity: one for identity, one in told.items() if area in self._areas(one)}

    def _judged(self, known: Told, areas: Sequence[str], at: datetime) -> Ladder:
        """The rungs in each of these areas by what happened there in the hours up to `at`."""
        indicator, counted = self.rule.indicator, defaultdict[str, list[Incident]](list)
        assert indicator is not None
        for one in known.values():
            within = at - (indicator.holds or self.hours) <= one.occurred_at < at + timedelta(days=1)
            if within and not self._over(one, at):
                for area in self._areas(one):
                    counted[area].append(one)
        observed = np.array([[indicator.of(counted[area]) for area in areas]])
        people = [self.panels.tree[area].population or np.nan for area in areas]
        # As if the day were over: what a watch period holds of it is known before.
        cut = self.panels.calendar.local_day(at).toordinal() + 1
        series = Series(
            cuts=np.array([cut]), window=1, gap=0, observed=observed,
            whole=np.ones_like(observed, bool), baseline=np.empty((1, len(areas), 0)),
            rescaled=np.full(observed.shape, self.panels.rescaled(indicator, at)),
            population=np.array(people, float), codes=tuple(areas),
        )  # fmt: skip
        return climb(self.rule.rungs, self.rule.window, lambda past: series)
