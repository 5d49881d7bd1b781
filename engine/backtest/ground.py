"""What a rule and its rivals are judged by and made from: outcomes from long before, counts as known then."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from engine.backtest.asked import within
from engine.backtest.history import Span
from engine.backtest.match import Against, Marks, Track, laid, mark
from engine.backtest.rivals import BLOCKS, Ground, split
from engine.detect.series import Bools, Floats, Past
from engine.judge import Panels
from engine.judge.asked import asks
from engine.judge.chance import told
from engine.judge.ladder import measured
from engine.model.panel import Deltas
from engine.model.rule import Rule

_DAY = timedelta(days=1)
#: No longer ago than this an outcome tells anything of today.
LONGEST = 5 * 365


def ground(rule: Rule, track: Track, against: Against, span: Span, panels: Panels) -> Ground:
    """Everything that the forecasts for one rule need."""
    marks, begins = mark(track, against, span), _begins(rule, against, span)
    first = (span.first - begins).days
    under_way, unsure = laid(track, against, begins, first + span.days)
    at, day = split(span.days), np.arange(span.days)[None, :]
    learned = day + track.ahead[:, None] + delay(against) <= at
    return Ground(
        track=track, marks=marks, early=_known(marks, unsure, track, first) & learned,
        late=marks.known & (day >= at), under_way=under_way, known=~unsure, first=first,
        delay=delay(against), counts=counts(rule, track, span, panels),
    )  # fmt: skip


def delay(against: Against) -> int:
    """After how many days an event is known: the longest that the truth shows."""
    told = [(event.known - event.end).days - 1 for event in against.truth.events if event.known]
    return max(0, *told) if told else 0


def counts(rule: Rule, track: Track, span: Span, panels: Panels) -> Floats:
    """(P, B, D) what the rule counts in the windows before each day's cut, the newest first, each as known
    at its own end; NaN where nobody reported on all of it."""
    if rule.indicator is None:
        return np.empty((len(track.places), 0, span.days))
    days = max(rule.window.days, 1)
    back = days * BLOCKS
    first, cut = span.first.toordinal() - back, span.last.toordinal() + 1
    deltas = panels.deltas(rule.indicator, rule.level, first - days, cut)
    watch = panels.watch(rule.indicator, rule.level, first - days, cut)
    if rule.indicator.adds:
        told = windows(deltas, days, first, cut, totals=rule.indicator.measure != "incidents")
    else:
        told = measured(rule, rule.indicator, panels, np.arange(first, cut), Past(0)).observed.T.copy()
    seen = np.cumsum(watch.monitored(first - days, cut - 1), axis=1)
    whole: Bools = seen[:, days - 1 : -1] - np.pad(seen, ((0, 0), (1, 0)))[:, : seen.shape[1] - days] == days
    told[~whole] = np.nan
    rows = [deltas.areas.index(area) for area, _ in track.places]
    return np.stack([
        told[rows, back - days * block : back - days * block + span.days] for block in range(BLOCKS)
    ], axis=1)  # fmt: skip


def spoken(rule: Rule, track: Track, span: Span, panels: Panels) -> Floats | None:
    """(P, D) the chance that the rule told of its own horizon at the last judgement up to each day, NaN where
    none; None of a rule that tells no chance."""
    asked = [one.params for one in asks(rule) if one.ahead == rule.ahead]
    if len(asked) != 1:
        return None
    days = [span.first + n * _DAY for n in range(span.days)]
    last = [span.calendar.last_due(rule.cycle, span.calendar.cut_at(day)).cut for day in days]
    cuts = sorted(set(last))
    said = told(rule, asked[0], panels, cuts).chance
    rows = [panels.tree.at(rule.level).index(area) for area, _ in track.places]
    return np.asarray(said[[cuts.index(cut) for cut in last]][:, rows].T, float)


def windows(deltas: Deltas, days: int, first: int, cut: int, *, totals: bool = False) -> Floats:
    """(A, cut - first) what lies in the `days` days before each cut from `first` on, as known at it."""
    found = np.zeros((len(deltas.areas), cut - first + 1))
    begin = np.maximum(np.maximum(deltas.day + 1, deltas.cut), first)
    end = np.minimum(deltas.day + days + 1, cut)
    weight = (deltas.total if totals else deltas.n).astype(float)
    seen = begin < end
    np.add.at(found, (deltas.area[seen], begin[seen] - first), weight[seen])
    np.add.at(found, (deltas.area[seen], end[seen] - first), -weight[seen])
    return np.asarray(np.cumsum(found, axis=1)[:, :-1], float)


def _begins(rule: Rule, against: Against, span: Span) -> date:
    """The first day of which the truth speaks, if that is before the span."""
    reach = against.truth.reach(rule.topic, against.domains)
    oldest = span.first - LONGEST * _DAY
    return max(min(reach[0], span.first), oldest) if reach else span.first


def _known(marks: Marks, unsure: Bools, track: Track, first: int) -> Bools:
    """(P, D) where it is known what the horizon that begins on a day held."""
    padded = np.pad(unsure, ((0, 0), (0, int(track.ahead.max(initial=1)))), constant_values=True)
    return marks.event | ~within(padded, first, track.ahead, marks.event.shape[1])
