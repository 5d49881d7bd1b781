"""What a `chance` in a rung is learned from in a backtest: on the mornings on which a service learns, by what
was known on each."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np

from engine.backtest.asked import within
from engine.backtest.ground import delay
from engine.backtest.match import Against, Track, laid
from engine.chance.model import Lack
from engine.judge import Panels
from engine.judge.asked import Asked, Kept
from engine.judge.chance import Outcomes, learn

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Known:
    """What came, by a truth; without one nothing is known."""

    against: Against | None

    def begins(self, asked: Asked, morning: date) -> date | None:
        if self.against is None or not self.against.truth.speaks_of(asked.topic, asked.domain):
            return date.max
        reach = self.against.truth.by(morning).reach(asked.topic, self.against.domains)
        return reach[0] if reach else None

    def of(self, asked: Asked, first: date, days: int, morning: date) -> Outcomes:
        assert self.against is not None, "of what nothing is known nothing is asked"
        against, codes = self.against, self.against.tree.at(asked.level)
        by = replace(against, truth=against.truth.by(morning))
        places = tuple((code, asked.topic) for code in codes)
        track = Track(places, (), np.zeros((len(codes), days), np.int8), np.full(len(codes), asked.ahead))
        under_way, unsure = laid(track, by, first, days)
        beyond = ((0, 0), (0, asked.ahead))
        came = within(np.pad(under_way, beyond), 0, track.ahead, days)
        blind = within(np.pad(unsure, beyond, constant_values=True), 0, track.ahead, days)
        return Outcomes(came, came | ~blind, self._delay(morning))

    def _delay(self, morning: date) -> int:
        """After how many days an event is known: the longest that was seen by a morning."""
        return delay(replace(self.against, truth=self.against.truth.by(morning))) if self.against else 0


@dataclass
class Relearned:
    """Models learned anew as they are asked for: on the first of every month, as by the monthly run, which
    comes after all other judgements of its morning."""

    panels: Panels
    against: Against | None
    _learned: dict[tuple[str, date], Kept | Lack] = field(default_factory=dict)

    def of(self, asked: Asked, cut: date) -> Kept | Lack | None:
        morning = (cut - _DAY).replace(day=1)
        key = asked.key, morning
        if key not in self._learned:
            self._learned[key] = learn(asked, self.panels, Known(self.against), morning)
        return self._learned[key]
