"""How likely something comes within a horizon, area by area: a model applied, or learned, as known then.

All areas of a level are learned from together. What a model looks at (`COLUMNS`) is known on the morning of a
judgement: the rates lately here, around and in all areas, the time of the year and week, days of a calendar,
alerts in force, inhabitants. What it is held against is what came within the horizon, by the truth on the
topic or by the ledger itself, as known on the morning on which it is learned.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.chance.climatology import usual
from engine.chance.model import Lack, Model, Rows, fit
from engine.detect import chance
from engine.detect.evaluate import params
from engine.detect.given import Given
from engine.detect.measure import ENOUGH
from engine.detect.series import Bools, Floats
from engine.judge.asked import Asked, Kept
from engine.judge.context import in_force
from engine.judge.lately import HALVES, Lately, lately
from engine.judge.panels import Panels
from engine.model.finding import Held
from engine.model.period import Cycle
from engine.model.rule import Rule, Rung

Ints = NDArray[np.int64]

#: Of no longer ago anything is learned.
LONGEST = 5 * 365
#: What happens anyway is told after so many days at the earliest.
_YOUNG = 28
#: The season is told only where so many days are known.
_SEASON = 730
#: So many mornings in each horizon are learned from.
_FEW = 3
#: At most about so many rows are learned from: of more, fewer mornings.
_ROWS = 200_000
#: So much of what is reported late must have come before a horizon counts as over, and no delay is longer.
_SETTLED, _LATEST = 0.95, 60

#: What is looked at, and what each is called where a chance is explained: its columns follow.
GROUPS: dict[str, tuple[str, ...]] = {
    "the last days here": tuple(f"here {half}" for half in HALVES[:2]),
    "the last months here": tuple(f"here {half}" for half in HALVES[2:]),
    "the neighbours": ("neighbours 7", "neighbours 28"),
    "the same parent": ("parent 7", "parent 28"),
    "all areas": ("all 7", "all 28"),
    "the season": ("season cos", "season sin", "half season cos", "half season sin"),
    "the day of the week": tuple(f"weekday {day}" for day in range(6)),
    "days of the calendar": ("calendar",),
    "alerts": ("alert",),
    "inhabitants": ("inhabitants",),
}
#: What the place itself was like in the past.
PLACE = "the place"
#: So many digits are told of a chance.
_DIGITS = 6
#: Rates are told from each other down to this part of the usual pace.
_FINE = 3.0
#: Kinds of columns that are rates.
_RATES = ("here", "neighbours", "parent", "all")
#: Columns of which more never lowers a chance.
_RISING = (*_RATES, "alert")


@dataclass(frozen=True)
class Outcomes:
    """What came within the horizon that begins on each of some days, as known on one morning.

    came: (A, D) whether it did; known: (A, D) whether anybody can tell; delay: so many days after a horizon
    it is known at the latest.
    """

    came: Bools
    known: Bools
    delay: int


class Truths(Protocol):
    """What really happened, by the topic."""

    def of(self, asked: Asked, first: date, days: int, morning: date) -> Outcomes:
        """What was known on a morning of the horizons that begin on so many days from `first` on."""

    def begins(self, asked: Asked, morning: date) -> date | None:
        """The first day of which anything was known: None where there is no bound, `date.max` where nothing
        is."""


# -- judged


def likely(
    rule: Rule, rungs: Iterable[Rung], panels: Panels, cuts: Sequence[date]
) -> Mapping[object, chance.Told]:
    """What the tests of these rungs ask of models, by their parameters."""
    asked = {params(test).asked for rung in rungs for test in rung.every if test.name == chance.ID}
    return {one: told(rule, one, panels, cuts) for one in asked}


def told(rule: Rule, one: chance.Params, panels: Panels, cuts: Sequence[date]) -> chance.Told:
    """What the models in force at each cut say of every area of the rule's level."""
    asked = Asked.by(rule, one)
    codes, days = panels.tree.at(rule.level), np.array([cut.toordinal() for cut in cuts], np.int64)
    models = [panels.models.of(asked, cut) for cut in cuts]
    found = _nothing(days.size, len(codes), (*GROUPS, PLACE))
    table = Table.of(asked, panels, days) if any(isinstance(one, Kept) for one in models) else None
    for kept in {id(model): model for model in models}.values():
        at = np.array([n for n, model in enumerate(models) if model is kept], np.int64)
        if isinstance(kept, Lack):
            found.why[at] = lacking(kept)
        elif kept is not None and table is not None:
            _say(found, table.part(at), kept, at)
    return found


def _nothing(cuts: int, areas: int, names: tuple[str, ...]) -> chance.Told:
    return chance.Told(
        chance=np.full((cuts, areas), np.nan), sure=np.zeros((cuts, areas), bool),
        ordinary=np.full(cuts, np.nan), names=names, factors=np.ones((cuts, areas, len(names))),
        fitted=np.zeros(cuts, np.int64), told=np.zeros(cuts, np.int64), came=np.zeros(cuts, np.int64),
        why=np.full((cuts, areas), chance.UNLEARNED, object),
    )  # fmt: skip


def _say(found: chance.Told, table: Table, kept: Kept, at: Ints) -> None:
    """Fill in what one model says at the cuts at which it is in force."""
    model = kept.model
    columns, own = table.columns(model.columns, kept.pace), table.usual(model)[None, :]
    own = np.broadcast_to(own, columns.shape[:2])
    said = np.round(model.chance(columns, own), _DIGITS)
    known = table.lately.known & ~np.isnan(said)
    found.chance[at] = np.where(known, said, np.nan)
    found.sure[at] = known & table.sure(model.columns)
    found.ordinary[at] = model.ordinary
    found.fitted[at] = kept.morning.toordinal() if model.told else 0
    found.told[at], found.came[at] = model.told, model.came
    found.why[at] = chance.UNSEEN
    factors = model.factors(columns, own)
    for number, group in enumerate(GROUPS.values()):
        of = [column for column, name in enumerate(model.columns) if name in group]
        found.factors[at, :, number] = factors[:, :, of].prod(axis=2)
    found.factors[at, :, -1] = factors[:, :, -1]


def lacking(lack: Lack) -> str:
    """Why there is no model."""
    return f"no chance can be learned yet: of {lack.told} horizons {lack.came} came true"


# -- learned


def learn(asked: Asked, panels: Panels, truths: Truths, morning: date) -> Kept | Lack:
    """The model by what was known on a morning."""
    begins = _begins(asked, panels, truths, morning)
    first, span = begins.toordinal(), (morning - begins).days
    outcomes = _outcomes(asked, panels, truths, begins, morning) if span > asked.ahead else None
    codes = panels.tree.at(asked.level)
    over = span - asked.ahead - outcomes.delay if outcomes else 0
    # What happens anyway, and what was counted lately, are known a little later.
    begin = max(_YOUNG, asked.ahead)
    if outcomes is None or over < begin or not codes:
        return Lack(0, 0)
    at = _mornings(asked, first, begin, over, len(codes))
    weight = min((over - begin + 1) / max(at.size, 1) / asked.ahead, 1.0)
    far = np.full(len(codes), asked.ahead + outcomes.delay)
    anyway = usual(_more(outcomes.came), _more(outcomes.known), far, begin)
    table = Table.of(asked, panels, first + at)
    names, pace = table.names(span), table.pace
    columns = table.columns(names, pace)
    sure = outcomes.known[:, at].T & table.lately.known & table.sure(names) & ~np.isnan(columns).any(axis=2)
    rows = Rows(
        columns=columns[sure], usual=anyway[:, at - begin].T[sure], came=outcomes.came[:, at].T[sure],
        day=np.broadcast_to((first + at)[:, None], sure.shape)[sure],
        weight=np.full(int(sure.sum()), weight),
        rises=np.array([name.split()[0] in _RISING for name in names], bool),
    )  # fmt: skip
    model = fit(rows, names, asked.ahead)
    if isinstance(model, Lack):
        return model
    places = {code: float(f"{share:.8g}") for code, share in zip(codes, anyway[:, -1], strict=True)}
    return Kept(replace(model, places=places), morning, pace)


def _mornings(asked: Asked, first: int, begin: int, over: int, areas: int) -> Ints:
    """The mornings that are learned from, as days from `first` on: those on which such a rule is judged, and
    of daily ones a few in each horizon."""
    at = np.arange(begin, over + 1)
    mornings = [date.fromordinal(first + int(day)) for day in at]
    if asked.cycle is Cycle.WEEKLY:
        return np.array([day for day, one in zip(at, mornings, strict=True) if not one.weekday()], np.int64)
    if asked.cycle is Cycle.MONTHLY:
        return np.array([day for day, one in zip(at, mornings, strict=True) if one.day == 1], np.int64)
    return np.asarray(at[:: max(-(-asked.ahead // _FEW), -(-at.size * areas // _ROWS))], np.int64)


def _begins(asked: Asked, panels: Panels, truths: Truths, morning: date) -> date:
    """The first day of which anything can be learned."""
    oldest = morning - timedelta(days=LONGEST)
    watch = panels.watch(asked.indicator, asked.level, oldest.toordinal(), morning.toordinal())
    reported = min((feed.since for feed in watch.feeds), default=morning.toordinal())
    known = truths.begins(asked, morning) if asked.topic else None
    return min(max(oldest, date.fromordinal(max(reported, 1)), known or oldest), morning)


def _more(days: Bools) -> Bools:
    """With one day more, on whose morning it is learned; of the horizon that begins then nobody knows."""
    return np.pad(days, ((0, 0), (0, 1)))


def _outcomes(asked: Asked, panels: Panels, truths: Truths, begins: date, morning: date) -> Outcomes:
    if asked.topic:
        return truths.of(asked, begins, (morning - begins).days, morning)
    return _counted(asked, panels, begins.toordinal(), morning.toordinal())


def _counted(asked: Asked, panels: Panels, first: int, morning: int) -> Outcomes:
    """Whether so much was counted within the horizon that begins on each day, by the ledger."""
    indicator, level, ahead = asked.indicator, asked.level, asked.ahead
    deltas = panels.deltas(indicator, level, first, morning)
    watch = panels.watch(indicator, level, first, morning)
    grid = deltas.grid(first, morning - 1, morning, totals=indicator.measure != "incidents")
    missed = watch.lost(first, morning - 1, morning) | ~watch.monitored(first, morning - 1)
    came, blind = np.zeros(grid.shape, bool), np.ones(grid.shape, bool)
    reach = grid.shape[1] - ahead + 1
    came[:, :reach] = _sums(grid, ahead) >= asked.params.of
    blind[:, :reach] = _sums(missed, ahead) > 0
    seen = deltas.cut <= morning
    # What is missing can only add to it.
    return Outcomes(came, came | ~blind, _delay(deltas.day[seen], deltas.cut[seen], deltas.n[seen], morning))


def _sums(days: NDArray[np.generic], length: int) -> Floats:
    """(A, D - length + 1) over so many days from each on."""
    total = np.pad(np.cumsum(days.astype(float), axis=1), ((0, 0), (1, 0)))
    return np.asarray(total[:, length:] - total[:, :-length], float)


def _delay(day: Ints, known: Ints, n: Ints, morning: int) -> int:
    """After how many days most of what is reported is known: by what came in the time before the last, of
    which some has not come yet."""
    told = (day < morning - _LATEST) & (n > 0)
    late = np.sort(np.minimum(known[told] - day[told] - 1, _LATEST))
    return int(late[int(_SETTLED * (late.size - 1))]) if late.size else 0


# -- looked at


@dataclass(frozen=True)
class Table:
    """What models look at, at rising cuts in the areas of a level."""

    asked: Asked
    panels: Panels
    days: Ints
    lately: Lately

    @classmethod
    def of(cls, asked: Asked, panels: Panels, days: Ints) -> Table:
        return cls(asked, panels, days, lately(asked.indicator, asked.level, panels, days))

    def part(self, at: Ints) -> Table:
        """The same at some of the cuts."""
        of = self.lately
        return replace(
            self, days=self.days[at], lately=Lately(of.rates[at], of.known[at], of.whole[at])
        )

    @cached_property
    def pace(self) -> float:
        """What is counted a day on average, as a unit."""
        rates = self.lately.rates[:, :, -1][self.lately.known]
        mean = float(f"{rates.mean():.8g}") if rates.size else 0.0
        return mean or 1.0

    def names(self, span: int) -> tuple[str, ...]:
        """The columns that say anything here, by the days of which anything is known."""
        near, tree = self._near, self.panels.tree.columns(self.asked.level)
        few = len(np.unique(tree.parents))
        there = {
            "the neighbours": bool(near.any()), "the same parent": 1 < few < near.shape[0],
            "all areas": near.shape[0] > 1, "the season": span >= _SEASON,
            "the day of the week": self.asked.ahead < 7,
            "days of the calendar": self.asked.params.days is not None,
            "alerts": self.asked.alerts is not None, "inhabitants": not np.isnan(tree.population).any(),
        }  # fmt: skip
        return tuple(name for group, names in GROUPS.items() if there.get(group, True) for name in names)

    def columns(self, names: Sequence[str], pace: float) -> Floats:
        """(C, A, columns); NaN where nobody knows."""
        shape = (self.days.size, len(self.panels.tree.at(self.asked.level)))
        made = [np.broadcast_to(self._column(name, pace), shape) for name in names]
        return np.stack(made, axis=2) if made else np.empty((*shape, 0))

    def sure(self, names: Sequence[str]) -> Bools:
        """(C, A) False where a column may be less than it was."""
        whole, kinds = self.lately.whole, {name.split()[0] for name in names}
        found = whole.copy()
        if "neighbours" in kinds:
            found &= (~whole).astype(float) @ self._near.T == 0
        if "parent" in kinds:
            found &= self._siblings(whole.astype(float)) >= ENOUGH
        if "all" in kinds:
            found &= whole.mean(axis=1, keepdims=True) >= ENOUGH
        if "alert" in kinds and (given := self._alert) is not None:
            found &= given.held != Held.UNKNOWN
        return found

    def usual(self, model: Model) -> Floats:
        """(A,) the chance at which it happens anyway in each area."""
        codes = self.panels.tree.at(self.asked.level)
        return np.array([model.places.get(code, model.usual) for code in codes])

    def _column(self, name: str, pace: float) -> Floats:
        kind, _, which = name.rpartition(" ")
        days = self.days[:, None].astype(float)
        if kind in _RATES:
            return np.asarray(np.log1p(_FINE * self._rate(kind, int(which)) / pace))
        if kind.endswith("season"):
            turn = 2 * np.pi * days / 365.2425 * (2 if kind.startswith("half") else 1)
            return np.asarray(np.cos(turn) if which == "cos" else np.sin(turn), float)
        if kind == "weekday":
            today = (self.days - 1)[:, None] % 7  # Monday is 0: of ordinals, 1 was one
            return np.asarray((today == int(which)).astype(float) - (today == 6), float)
        if name == "calendar":
            return np.array([[self._marked(int(day))] for day in self.days])
        if name == "alert" and (given := self._alert) is not None:
            return np.where(given.held == Held.HELD, np.maximum(given.extra["severity"], 1.0), 0.0)
        return np.asarray(np.log(self.panels.tree.columns(self.asked.level).population)[None, :], float)

    def _marked(self, day: int) -> float:
        """The share of the days of the horizon that are days of the calendar."""
        of, ahead = self.asked.params.days, self.asked.ahead
        if of is None or not of.first <= day <= of.last - ahead + 1:
            return np.nan
        return len(of.days & frozenset(range(day, day + ahead))) / ahead

    def _rate(self, kind: str, half: int) -> Floats:
        rates = self.lately.rates[:, :, HALVES.index(half)]
        if kind == "neighbours":
            around = self._near.sum(axis=1)
            return np.asarray(rates @ self._near.T / np.maximum(around, 1.0))
        if kind == "parent":
            return self._siblings(rates)
        return np.asarray(rates.mean(axis=1, keepdims=True)) if kind == "all" else rates

    def _siblings(self, values: Floats) -> Floats:
        """(C, A) the mean over the areas of the same parent."""
        parents = self.panels.tree.columns(self.asked.level).parents
        same = np.equal.outer(np.unique(parents), parents).astype(float)
        means = values @ (same / same.sum(axis=1, keepdims=True)).T
        return np.asarray(means[:, np.searchsorted(np.unique(parents), parents)], float)

    @cached_property
    def _near(self) -> Floats:
        """(A, A) which areas are each other's neighbours."""
        tree, codes = self.panels.tree, self.panels.tree.at(self.asked.level)
        at, near = {code: place for place, code in enumerate(codes)}, np.zeros((len(codes), len(codes)))
        for code, place in at.items():
            for other in tree[code].neighbours & at.keys():
                near[place, at[other]] = 1.0
        return near

    @cached_property
    def _alert(self) -> Given | None:
        asked = self.asked.alerts
        cuts = [date.fromordinal(int(day)) for day in self.days]
        return None if asked is None else in_force(asked, self.panels, self.asked.level, cuts)
