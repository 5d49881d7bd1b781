"""The chance that something happens, from what was counted lately: a logistic regression that forgets itself.

It begins at what happens anyway in each place (`climatology.usual`) and departs from there only as far as the
past pays for it: every coefficient is drawn toward nothing (ridge), and how hard is chosen by forecasts of
later stretches from earlier ones. What those forecasts claimed beside what came true then bends the claims
straight (Platt scaling, drawn toward leaving them alone).

Coefficients of what was counted are never negative: more harm never lowers a chance, so that a count that is
a lower bound makes a chance that is one. The fit is Newton's method under these bounds, which ends in
the same digits whatever the machine adds up first, as all that is kept is rounded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.chance.climatology import KEPT
from engine.model.later import Later

linalg, special = Later("scipy.linalg"), Later("scipy.special")

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

#: Of fewer horizons at which something came (or nothing did) no model is made ...
EVENTS = 10
#: ... nor of a past that holds fewer horizons of one place than this.
SPAN = 8
#: How hard coefficients are drawn toward nothing: the hardest leaves what happens anyway.
PENALTIES = (10_000.0, 300.0, 100.0, 30.0, 10.0, 3.0)
#: Where the stretches begin that are forecast from what came before, as shares of the past.
FOLDS = (1 / 2, 2 / 3, 5 / 6)
#: In events: how strongly claims are left as they are.
TRUSTED = 10.0
#: So many digits are kept of every number.
DIGITS = 6
_STEPS, _CLOSE, _LEAST = 60, 1e-10, 1e-6


@dataclass(frozen=True)
class Rows:
    """What is learned from: one row for each place and cut.

    columns: (N, P); usual: (N,) the chance at which it happens anyway, as known at the cut; came: (N,)
    whether it did within the horizon; day: (N,) of the cut; weight: (N,) as how much of one horizon a row
    counts: those of one place overlap; rises: (P,) whose coefficients are never negative.
    """

    columns: Floats
    usual: Floats
    came: Bools
    day: Ints
    weight: Floats
    rises: Bools

    @property
    def worth(self) -> Floats:
        """(N,) how much each counts: of a year before the newest half, because places change."""
        return np.asarray(self.weight * KEPT ** (self.day.max(initial=0) - self.day), float)

    def only(self, which: Bools) -> Rows:
        return Rows(
            self.columns[which], self.usual[which], self.came[which], self.day[which], self.weight[which],
            self.rises,
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Model:
    """A fitted model: plain numbers, kept as they are.

    centre, scale, beta: of each column; level, slope: of what happens anyway; bent: the intercept and slope
    that bend the claims straight; usual: the chance at which it happens anyway, over all places; told, came:
    the horizons that it was learned from, and at how many of them something came.
    """

    columns: tuple[str, ...]
    centre: tuple[float, ...]
    scale: tuple[float, ...]
    beta: tuple[float, ...]
    level: float
    slope: float
    bent: tuple[float, float]
    usual: float
    told: int
    came: int
    #: What of the past of the places it needs to tell what happens anyway, by area.
    places: Mapping[str, float] = field(default_factory=dict)

    def chance(self, columns: Floats, usual: Floats) -> Floats:
        """(...,) the chance of each, NaN where a column is unknown; columns: (..., P)."""
        odds = self._level(usual) + self._pull(columns).sum(axis=-1)
        return np.asarray(special.expit(self._straight(odds)), float)

    def factors(self, columns: Floats, usual: Floats) -> Floats:
        """(..., P + 1) by how much each column raises the odds above those of a usual day, and, last, the
        place itself above all places."""
        own = self.slope * (_odds(usual) - _odds(np.array(self.usual)))
        pulls = np.concatenate([self._pull(columns), own[..., None]], axis=-1)
        return np.asarray(np.exp(self.bent[1] * pulls), float)

    @property
    def ordinary(self) -> float:
        """The chance on a usual day in a usual place."""
        return float(special.expit(self._straight(self._level(np.array(self.usual)))))

    def _level(self, usual: Floats) -> Floats:
        return np.asarray(self.level + self.slope * _odds(usual), float)

    def _pull(self, columns: Floats) -> Floats:
        """(..., P) what each column adds; one that says nothing adds nothing, known or not."""
        beta = np.array(self.beta)
        standing = (columns - np.array(self.centre)) / np.array(self.scale)
        return np.where(beta == 0, 0.0, standing * beta)

    def _straight(self, odds: Floats) -> Floats:
        return self.bent[0] + self.bent[1] * odds


@dataclass(frozen=True)
class Lack:
    """Why there is no model: of how many horizons was known what became of them, and at how many something
    came."""

    told: int
    came: int


def fit(rows: Rows, columns: Sequence[str], stride: int) -> Model | Lack:
    """The model of all rows, or what is lacking; stride: the days of a horizon."""
    told, came = (round(float(of.sum())) for of in (rows.weight, rows.weight[rows.came]))
    span = int(np.ptp(rows.day)) + 1 if rows.day.size else 0
    if min(came, told - came) < EVENTS or span < SPAN * stride:
        return Lack(told, came)
    centre = np.average(rows.columns, axis=0, weights=rows.weight)
    spread = np.sqrt(np.average((rows.columns - centre) ** 2, axis=0, weights=rows.weight))
    scale = np.where(spread > _LEAST, spread, np.inf)  # what never differs says nothing
    scaled = Rows(
        (rows.columns - centre) / scale, rows.usual, rows.came, rows.day, rows.weight, rows.rises
    )
    ahead = [_ahead(scaled, penalty, stride) for penalty in PENALTIES]
    best = int(np.argmin([_loss(odds, scaled, of) for odds, of in ahead]))
    odds, of = ahead[best]
    level, slope, beta = _fitted(scaled, PENALTIES[best])
    return Model(
        columns=tuple(columns), centre=_kept(centre), scale=_kept(np.where(np.isinf(scale), 1.0, scale)),
        beta=_kept(beta), level=_round(level), slope=_round(slope), bent=_bent(odds, scaled, of),
        usual=_round(float(np.average(rows.usual, weights=rows.weight))), told=told, came=came,
    )  # fmt: skip


def _ahead(rows: Rows, penalty: float, stride: int) -> tuple[Floats, Bools]:
    """The log odds that each later stretch was given from what came before it, and of which rows they are."""
    first, last = int(rows.day.min()), int(rows.day.max()) + 1
    begins = [first + round(share * (last - first)) for share in FOLDS]
    odds, of = np.zeros(rows.day.size), np.zeros(rows.day.size, bool)
    for begin, end in zip(begins, [*begins[1:], last], strict=True):
        before = rows.day + stride <= begin
        if not rows.came[before].any():
            continue
        level, slope, beta = _fitted(rows.only(before), penalty)
        stretch = (rows.day >= begin) & (rows.day < end)
        odds[stretch] = level + slope * _odds(rows.usual[stretch]) + rows.columns[stretch] @ beta
        of |= stretch
    return odds, of


def _loss(odds: Floats, rows: Rows, of: Bools) -> float:
    """How badly log odds foretold what came: their log loss, to the digits that tell one from another."""
    found = rows.worth[of] * (np.logaddexp(0.0, odds[of]) - rows.came[of] * odds[of])
    return round(float(found.sum()), 6)


def _bent(odds: Floats, rows: Rows, of: Bools) -> tuple[float, float]:
    if not rows.came[of].any():
        return 0.0, 1.0
    x = np.stack([np.ones(int(of.sum())), odds[of]], axis=1)
    drawn = np.array([TRUSTED / 4, TRUSTED])
    level, slope = _newton(x, rows.came[of], rows.worth[of], np.array([0.0, 1.0]), drawn,
                           np.array([-np.inf, 0.0]))  # fmt: skip
    return _round(level), _round(slope)


def _fitted(rows: Rows, penalty: float) -> tuple[float, float, Floats]:
    """Level, slope of what happens anyway, and the coefficients of the columns."""
    n, p = rows.columns.shape
    x = np.concatenate([np.ones((n, 1)), _odds(rows.usual)[:, None], rows.columns], axis=1)
    toward = np.array([0.0, 1.0, *np.zeros(p)])
    drawn = np.array([0.1, penalty, *np.full(p, penalty)])
    least = np.array([-np.inf, 0.0, *np.where(rows.rises, 0.0, -np.inf)])
    found = _newton(x, rows.came, rows.worth, toward, drawn, least)
    return float(found[0]), float(found[1]), found[2:]


def _newton(x: Floats, came: Bools, weight: Floats, toward: Floats, drawn: Floats, least: Floats) -> Floats:
    """The penalised logistic regression under lower bounds, by projected Newton steps (Bertsekas, SIAM J.
    Control and Optimization 20, 1982): what lies at its bound and is pushed against it stays there."""
    at = toward.copy()
    worth = _objective(x, came, weight, at - toward, drawn, x @ at)
    for _ in range(_STEPS):
        chance = special.expit(x @ at)
        slope = x.T @ (weight * (chance - came)) + drawn * (at - toward)
        free = ~((at <= least) & (slope > 0))
        part = x[:, free]
        bend = (part * (weight * chance * (1 - chance))[:, None]).T @ part + np.diag(drawn[free])
        step = np.zeros(at.size)
        step[free] = linalg.cho_solve(linalg.cho_factor(bend), -slope[free])
        size, then, better = 1.0, at, worth
        while size > _LEAST:
            then = np.maximum(at + size * step, least)
            better = _objective(x, came, weight, then - toward, drawn, x @ then)
            if better <= worth:
                break
            size /= 2
        else:
            return at
        moved = float(np.abs(then - at).max())
        at, worth = then, better
        if moved < _CLOSE:
            break
    return at


def _objective(x: Floats, came: Bools, weight: Floats, away: Floats, drawn: Floats, odds: Floats) -> float:
    return float((weight * (np.logaddexp(0.0, odds) - came * odds)).sum() + (drawn * away**2).sum() / 2)


def _odds(chance: Floats) -> Floats:
    return np.asarray(special.logit(np.clip(chance, 1e-5, 1 - 1e-5)), float)


def _kept(values: Floats) -> tuple[float, ...]:
    return tuple(_round(float(value)) for value in values)


def _round(value: float) -> float:
    return float(f"{value:.{DIGITS}g}") + 0.0
