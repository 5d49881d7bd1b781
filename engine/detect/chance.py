"""`chance`: what is learned from the past gives what comes within the horizon at least such a chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from engine.detect.given import Given
from engine.detect.series import Bools, Floats, Past, Series
from engine.model.chance import ODDS
from engine.model.days import Days
from engine.model.finding import Held
from engine.model.period import duration
from engine.model.rule import RESOLVED, Window

ID = "chance"
_DAY = timedelta(days=1)
#: Why nobody can tell a chance, where the counts do not say it.
UNLEARNED = "no chance has been learned yet: the monthly analysis learns it"
UNSEEN = "too little of the last four weeks was seen to tell a chance"
#: A factor this close to one is not told of.
_EVEN = 1.05


@dataclass(frozen=True, slots=True)
class Params:
    """at_least: the chance from which on it holds, between 0 and 1; within: the days (`7d`) within which it
    comes, the day of the judgement the first, as in the rule's `for`; of: what comes is so many (or so much)
    of what the rule counts in those days. Without `of` it is what the truth on the rule's topic tells
    (`config/truth.csv`). alert: alerts of a category (or a list) in force count for it as well; calendar: so
    do the days of a calendar. Where no model could be learned nobody can tell."""

    at_least: float
    within: str
    of: float = 0
    alert: str | tuple[str, ...] = ""
    calendar: str = ""
    days: Days | None = field(default=None, metadata=RESOLVED)

    def __post_init__(self) -> None:
        if not 0 < self.at_least < 1:
            raise ValueError("chance needs at_least between 0 and 1, as in 0.2 for one in five")
        if self.span % _DAY or not _DAY <= self.span <= 92 * _DAY:
            raise ValueError("chance looks ahead 1 to 92 whole days, as in within: 7d")
        if not 0 <= self.of < np.inf:
            raise ValueError("chance of: so many as come, a number above 0")

    @property
    def span(self) -> timedelta:
        return duration(self.within)

    @property
    def ahead(self) -> int:
        """The days of the horizon."""
        return self.span // _DAY

    @property
    def categories(self) -> tuple[str, ...]:
        """Which alerts count for it."""
        return tuple(filter(None, (self.alert,))) if isinstance(self.alert, str) else self.alert

    @property
    def asked(self) -> Params:
        """The same whatever the cut is: rungs that differ in it alone ask one model."""
        return replace(self, at_least=0.5)

    @property
    def compared(self) -> dict[str, Any]:
        """The parameters as they are compared: which is the stricter."""
        return {"at_least": self.at_least, "within": self.ahead, "of": self.of, "alert": self.categories,
                "calendar": self.calendar}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """What a model says of every cell, put into a series' context by `Params.asked`.

    chance: (C, A) NaN where nobody can tell; sure: (C, A) False where more may have happened than was told,
    so that it is no more than a lower bound; ordinary: (C,) the chance on a usual day in a usual place;
    factors: (C, A, F) by how much each of `names` raises the odds above that; fitted: (C,) ordinal of the
    morning on which each model was learned, 0 where there is none; told, came: (C,) from how many horizons,
    and at how many of them something came; why: (C, A) why nobody can tell.
    """

    chance: Floats
    sure: Bools
    ordinary: Floats
    names: tuple[str, ...]
    factors: Floats
    fitted: np.ndarray[Any, Any]
    told: np.ndarray[Any, Any]
    came: np.ndarray[Any, Any]
    why: np.ndarray[Any, Any]


@dataclass(frozen=True)
class Likely(Given):
    """The test of one rung: as sure as the model and the counts are."""

    told: Told | None = None
    params: Params | None = None

    def unknown_at(self, cut: int, area: int) -> str:
        """Where there is a chance, and no more is known than that it may be higher, the counts say why."""
        if self.told is None:
            return self.unknown
        return str(self.told.why[cut, area]) if np.isnan(self.told.chance[cut, area]) else ""

    def doubtful(self, cut: int, area: int) -> Mapping[str, float | str]:
        note = self.unknown_at(cut, area)
        return {**({"note": note} if note else {}), **self.facts(cut, area)}

    def facts(self, cut: int, area: int) -> Mapping[str, float | str]:
        """The chance, and what raised and lowered it, by how much."""
        told, params = self.told, self.params
        if told is None or params is None or np.isnan(told.chance[cut, area]):
            return {}
        found: dict[str, float | str] = {
            "chance": float(told.chance[cut, area]), "from": params.at_least, "within": params.within,
        }
        if told.fitted[cut]:
            found["usual"] = float(told.ordinary[cut])
            factors = zip(told.names, told.factors[cut, area], strict=True)
            found |= {ODDS + name: float(of) for name, of in factors if not 1 / _EVEN < of < _EVEN}
            day = date.fromordinal(int(told.fitted[cut])).isoformat()
            found |= {"learned": day, "from judgements": float(told.told[cut]), "came": float(told.came[cut])}
        return found


def past(params: Params, window: Window) -> Past:
    return Past(0)


def model(series: Series, params: Params) -> Likely:
    """As the series' context says; without a model nobody can tell, and no lower bound clears."""
    told = series.context.get(params.asked)
    if not isinstance(told, Told):
        return Likely(np.full(series.observed.shape, Held.UNKNOWN, np.int8), UNLEARNED)
    looked = np.ones_like(told.sure) if series.unmonitored is None else ~series.unmonitored
    clear = told.sure & series.whole & looked & ~np.isnan(told.chance)
    with np.errstate(invalid="ignore"):
        holds = (told.chance >= params.at_least) & looked
    held = np.where(holds, int(Held.HELD), np.where(clear, int(Held.NOT), int(Held.UNKNOWN)))
    return Likely(held.astype(np.int8), told=told, params=params)
