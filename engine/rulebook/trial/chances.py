"""The chances that a rule test gives: as if a model had been learned that says just these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import nan

from engine.chance.model import Lack, Model
from engine.judge.asked import Asked, Kept
from engine.model.period import Cycle


@dataclass(frozen=True)
class GivenModels:
    """given: per area a chance for every judgement, or one for each of the last, the last of them at `at`."""

    given: Mapping[str, tuple[float | None, ...]]
    at: date

    def of(self, asked: Asked, cut: date) -> Kept | Lack | None:
        back = _judgements(asked.cycle, cut, self.at)
        told = {area: _back(chances, back) for area, chances in self.given.items()}
        places = {area: chance for area, chance in told.items() if chance is not None}
        if not places:
            return None
        plain = Model(
            columns=(), centre=(), scale=(), beta=(), level=0.0, slope=1.0, bent=(0.0, 1.0), usual=nan,
            told=0, came=0, places=places,
        )  # fmt: skip
        return Kept(plain, date.min)


def _back(chances: tuple[float | None, ...], back: int) -> float | None:
    """What is given so many judgements before the last; one that is given alone is given for all."""
    if len(chances) == 1:
        return chances[0]
    return chances[-1 - back] if back < len(chances) else None


def _judgements(cycle: Cycle, cut: date, last: date) -> int:
    """How many judgements after a cut the last one is."""
    if cycle is Cycle.MONTHLY:
        return (last.year - cut.year) * 12 + last.month - cut.month
    return (last - cut).days // (7 if cycle is Cycle.WEEKLY else 1)
