"""Whether what a rule counts comes again within its horizon: what it is held to where a set tells no outcome.

At the judgement of a day, the rule is right where within its horizon (from that day on; of a rule that is
judged at once from the day after the next on, so that nothing it has seen is counted) as many incidents
follow as its least grade asks for in its window, or in proportion where the horizon is the shorter. These
are the incidents as finally known. It foresees no more than that: who counts a burglary tells of burglaries.

The forecasts and the comparison are those of docs/backtest.md. A day on which the horizon begins stands for
the horizon, so that `ahead` is 1 and everything is known as many days later as the horizon is long.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from engine.backtest.asked import asked
from engine.backtest.chances import BLOCK
from engine.backtest.contest import contest
from engine.backtest.ground import LONGEST, counts, spoken
from engine.backtest.history import History, Span
from engine.backtest.match import Marks, Track
from engine.backtest.rivals import Ground, split
from engine.backtest.skill import Row
from engine.chance.learn import Past, learn
from engine.detect.series import Bools, Floats
from engine.judge import Panels
from engine.model.grade import Grade
from engine.model.period import Cycle
from engine.model.rule import Rule, RuleBook

#: What is counted after so many days from a judgement on cannot have been seen by it.
_UNSEEN = {Cycle.IMMEDIATE: 2}


def recurrences(book: RuleBook, history: History, span: Span, panels: Panels) -> Iterator[Row]:
    """A row of each rule that counts incidents beside each rival, as `contests` gives them."""
    for rule in book.rules.values():
        if rule.indicator is None or not rule.indicator.adds or rule.indicator.measure != "incidents":
            continue
        made = ground(rule, history, span, panels)
        yield from contest(rule.id, made, learn({rule.id: _past(made, span)})[rule.id],
                           spoken(rule, made.track, span, panels))  # fmt: skip


def asks_for(rule: Rule) -> int:
    """How many incidents within the horizon are as many again: what the least grade needs in its window."""
    least = min(rule.rungs, key=lambda rung: rung.grade)
    named = [float(str(dict(test.params).get("count", dict(test.params).get("at_least", 0))))
             for test in least.every if test.name in ("at_least", "new")]  # fmt: skip
    share = min(rule.ahead / max(rule.window.days, 1), 1.0)
    return max(math.ceil(min(named, default=1.0) * share - 1e-9), 1)


def ground(rule: Rule, history: History, span: Span, panels: Panels) -> Ground:
    """What the rule and its rivals are judged by and made from."""
    places = [(area, rule.topic) for area in rule.places(panels.tree)]
    track = Track.of(places, history.rules.get(rule.id, []), span, rule.ahead)
    wait = _UNSEEN.get(rule.cycle, 0)
    far = wait + rule.ahead
    begins = span.first - timedelta(days=min(LONGEST, span.days + far))
    came, known = _came(rule, track, begins, span, wait, panels)
    first = (span.first - begins).days
    event, told = came[:, first:], known[:, first:]
    marked = asked(track.grades, track.ahead) & told
    before = came[:, first - far : first - far + span.days]
    day, at = np.arange(span.days)[None, :], split(span.days)
    # A day stands for the horizon that begins there, and is known when that is over.
    daily = Track(track.places, track.spells, track.grades, np.ones_like(track.ahead))
    return Ground(
        track=daily, marks=Marks(event, before, marked, marked), early=told & (day + far <= at),
        late=marked & (day >= at), under_way=came, known=known, first=first, delay=far - 1,
        counts=counts(rule, track, span, panels),
    )  # fmt: skip


def _came(
    rule: Rule, track: Track, begins: date, span: Span, wait: int, panels: Panels
) -> tuple[Bools, Bools]:
    """(P, days from `begins` to the last of the span) whether as many again followed, and whether anybody
    can tell: every day of the horizon was listened to, as far as the ledger reaches."""
    assert rule.indicator is not None
    first, last = begins.toordinal(), span.last.toordinal()
    end = last + wait + rule.ahead
    # Late reports of the last days count as well.
    cut = end + 60
    deltas = panels.deltas(rule.indicator, rule.level, first, cut)
    rows = [deltas.areas.index(area) for area, _ in track.places]
    grid = deltas.grid(first, end, cut)[rows]
    watch = panels.watch(rule.indicator, rule.level, first, cut)
    heard = (watch.monitored(first, end) & ~watch.lost(first, end, cut))[rows]
    days = last - first + 1
    followed, seen = (_ahead(part, rule.ahead, wait, days) for part in (grid, heard.astype(float)))
    came = followed >= asks_for(rule)
    return came, came | (seen == rule.ahead)


def _ahead(days: Floats, ahead: int, wait: int, count: int) -> Floats:
    """(P, count) the sum over the `ahead` days that begin `wait` days after each day."""
    so_far = np.pad(np.cumsum(days, axis=1), ((0, 0), (1, 0)))
    at = np.arange(count) + wait
    return np.asarray(so_far[:, at + ahead] - so_far[:, at], float)


def _past(made: Ground, span: Span) -> Past:
    """The judgements at which something stood, and of which the earlier part knows what became of them."""
    place, day = np.nonzero(made.marks.known & made.early & (made.track.grades > int(Grade.NONE)))
    said = made.track.grades[place, day].astype(np.int64)
    return Past(said, made.event[place, day], day // BLOCK)
