"""Change against an earlier window: a rate ratio with an interval, never a bare percentage.

Of all that was counted in the two windows together, the later one holds a binomial share if nothing
changed; so zero before needs no special case and small counts no approximation. `against` names the earlier
window: the `previous` one, the same a `year` ago, the same of several years together (`3y`), or the whole
`baseline`. With `relative_to` the others' movement is removed: of `all` other areas, or of those under the
same `parent`; the test is then Fisher's exact one on (area, others) x (earlier, later), and the question is
whether the area outran the others.

Real counts come in clumps. By default (`dispersion: own`) the rule's baseline tells how large they are in
each area (`engine.detect.dispersion`): a clump counts as one incident, so that without any the test is the
binomial one, and the movement of others is as uncertain as their clumps make it. Weekdays are no change, nor
is the season where two years are there. `dispersion: none` takes Poisson noise; both tests are then exact.

Sources: Przyborowski and Wilenski, Biometrika 31 (1940) 313-323, for the conditional test; Clopper and
Pearson, Biometrika 26 (1934) 404-413, for the interval; Fisher, The Design of Experiments (1935).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from engine.detect.detection import Detection, Times, as_counts, as_times, one_of, within
from engine.detect.dispersion import HISTORY, Dispersion, dispersion
from engine.detect.exact import at_most
from engine.detect.predictive import clumped, wide_tail
from engine.detect.rhythm import rhythm
from engine.detect.series import Bools, Floats, Past, Series
from engine.detect.tail import Tailed
from engine.model.later import Later
from engine.model.rule import Window

special = Later("scipy.special")

ID = "change"
AGAINST = ("previous", "year", "baseline")
#: Several years, of which at least so many must be known.
_YEARS, _LEAST = re.compile(r"([2-9])y"), 2
OTHERS = ("", "all", "parent")
#: A term so much smaller than the sum no longer changes it.
_NOTHING = 1e-17
#: Shares of days add up to all of them but for their rounding.
_ALL = 1 - 1e-9


@dataclass(frozen=True)
class Params:
    """One rung: `change: {against: year, relative_to: all, alpha: 0.01}`.

    against: `previous`, `year`, `baseline`, or several years, `3y`: those of them that are known, two at
    least, together; alpha: the chance of at least this much if nothing changed; ratio: a rise up to this
    factor counts as no change; interval: the coverage of the interval shown; dispersion: `own` (each area's,
    drawn towards what all lead to expect) or `none` (Poisson noise); weekday and season: `auto` where they
    can be told, or `off`.
    """

    against: str = "previous"
    alpha: float = 0.01
    ratio: float = 1.0
    relative_to: str = ""
    interval: float = 0.95
    dispersion: str = "own"
    weekday: str = "auto"
    season: str = "auto"

    def __post_init__(self) -> None:
        if not _YEARS.fullmatch(self.against):
            one_of("against", self.against, (*AGAINST, "2y", "3y", "4y", "5y"))
        one_of("relative_to", self.relative_to, OTHERS)
        within("alpha", self.alpha, 0, 0.5, closed=False)
        within("ratio", self.ratio, 0.01, 100)
        within("interval", self.interval, 0.5, 1, closed=False)
        one_of("dispersion", self.dispersion, ("own", "none"))
        for name in ("weekday", "season"):
            one_of(name, getattr(self, name), ("auto", "off"))

    @property
    def own(self) -> bool:
        return self.dispersion == "own"

    @property
    def years(self) -> int:
        """How many years ago it looks, in each at the same stretch."""
        several = _YEARS.fullmatch(self.against)
        return int(several[1]) if several else int(self.against == "year")


def detect(
    counts: ArrayLike,
    times: Sequence[int] | Times | None = None,
    *,
    against: str = "previous",
    alpha: float = 0.01,
    ratio: float = 1.0,
    relative_to: str = "",
    interval: float = 0.95,
    window: int = 1,
    baseline: int = 26,
    frequency: int = 52,
    dispersion: str = "own",
    history: int = HISTORY,
    weekday: str = "auto",
    season: str = "auto",
    days: Times | None = None,
) -> Detection:
    """The last `window` points of counts (S, T) against an earlier window, at each of `times`.

    A year is `frequency` points; `baseline` earlier windows are pooled for `against="baseline"` and tell the
    dispersion, else as many of the last `history` windows as there are; for `relative_to="all"` the others
    are the other series. days: (T,) ordinals of the points where they are dated evenly, for weekdays and
    seasons. `expected` is the count that means no change, `upper` the largest that is no alarm, `score` the
    rate ratio; `extra` holds its interval, low and high.

    Raises ValueError for a bad parameter, bad counts or a series too short.
    """
    rhythms = (of if days is not None else "off" for of in (weekday, season))
    params = Params(against, alpha, ratio, relative_to, interval, dispersion, *rhythms)
    if relative_to == "parent":
        raise ValueError("relative_to=parent needs an area tree: give relative_to=all")
    given = {"window": window, "baseline": baseline, "frequency": frequency, "history": history}
    for name, value in given.items():
        within(name, value, 1, np.inf)
    if params.years and frequency < window:
        raise ValueError(f"a year of {frequency} points cannot hold a window of {window}")
    values = as_counts(counts)
    back = params.years * frequency or {"previous": window, "baseline": window * baseline}[against]
    chosen = as_times(times, values.shape[1], back + window - 1, ID)
    blocks = baseline if against == "baseline" else history if params.own else int(against == "previous")
    # What lies before the first point is not known.
    padded = np.pad(values, ((0, 0), (blocks * window, 0)), constant_values=np.nan)
    sums = np.lib.stride_tricks.sliding_window_view(padded, window, axis=1).sum(axis=2)
    ends = chosen - window + 1 + blocks * window
    earlier = sums[:, ends[:, None] - window * np.arange(blocks, 0, -1)]
    step = window if days is None else window * int(days[1] - days[0])
    series = Series(
        cuts=chosen + 1 if days is None else days[chosen] + step // window, window=step, gap=0,
        observed=sums[:, ends].T, whole=~np.isnan(sums[:, ends].T), baseline=earlier.transpose(1, 0, 2),
        year_ago=sums[:, ends - back].T if against == "year" else None,
        years=_years_ago(sums, ends, frequency, params),
    )  # fmt: skip
    return _detection(chosen, series, params)


def _years_ago(sums: Floats, ends: Times, frequency: int, params: Params) -> Floats | None:
    """(C, A, Y) the same stretch of each year, where several are asked for."""
    if params.years < 2:
        return None
    back = frequency * np.arange(params.years, 0, -1)
    return np.asarray(sums[:, ends[:, None] - back].transpose(1, 0, 2))


def _detection(times: Times, series: Series, params: Params) -> Detection:
    fitted = model(series, params)
    known = (fitted.known & series.whole).T
    needed = fitted.turn().T
    upper = np.where(known, np.where(np.isnan(needed), np.inf, needed - 1), np.nan)
    pvalue = fitted.pvalue(series.observed).T
    alarm = at_most(pvalue, params.alpha) & known
    extra = {name: np.asarray(fitted.shown[name]).T for name in ("ratio", "low", "high")}
    return Detection(times, fitted.expected.T, upper, extra["ratio"], pvalue, alarm, known, extra)


def past(params: Params, window: Window) -> Past:
    """One earlier block, the block a year ago or of each of several, or the rule's baseline, which tells the
    dispersion too."""
    if params.against == "baseline":
        within("baseline", window.baseline, 1, np.inf)
    blocks = window.baseline if params.against == "baseline" else int(params.against == "previous")
    if params.own:
        blocks = window.baseline or HISTORY
    return Past(blocks, window.gap if blocks else 0, year_ago=params.years > 0, years=params.years)


def model(series: Series, params: Params) -> Tailed:
    """The earlier count of every cell, and the movement of the others where it is to be removed."""
    if params.own:
        return _own(series, params)
    earlier, blocks = _earlier(series, params)
    known = ~np.isnan(earlier) & (blocks > 0)
    if not params.relative_to:
        movement = 1 / np.where(known, blocks, np.nan)
        share = params.ratio * movement / (1 + params.ratio * movement)
        shown = {"earlier": earlier, "blocks": blocks}
        shown |= _interval(series.observed, earlier, movement, params)
        expected = params.ratio * earlier * movement
        return Tailed(expected, known, params.alpha, _binomial, (earlier, share), shown=shown)
    most = blocks.max(axis=1, keepdims=True)
    now, before = _others(series, earlier, known & (blocks > most * _ALL), params)
    known = known & (now + before > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = np.where(before > 0, now / before, np.nan)
    # What the area counts of a part of the earlier window is set against the others' counts of more of it.
    part = most / np.where(known, blocks, np.nan)
    shown = {"earlier": earlier, "others": now, "others_earlier": before, "others_ratio": moved}
    shown |= _interval(series.observed, earlier, moved * part, params)
    ratio = params.ratio * part
    given = (earlier, now, before, ratio)
    return Tailed(earlier * moved * ratio, known, params.alpha, _fisher, given, shown=shown)


def _own(series: Series, params: Params) -> Tailed:
    """With clumps as large as the baseline tells."""
    counts = np.where(series.exposure > 0, series.told, 0.0)
    auto = {name: getattr(params, name) == "auto" for name in ("weekday", "season")}
    weights, now = rhythm(series, counts, **auto)
    seen = series.exposure * weights
    noise: Dispersion = series.fit((ID, *auto.values()), lambda: dispersion(counts, seen))
    earlier, blocks = _earlier(series, params)
    known = ~np.isnan(earlier) & (blocks > 0)
    shown = {"earlier": earlier, "blocks": blocks, "dispersion": noise.phi}
    if params.relative_to:
        most = blocks.max(axis=1, keepdims=True)
        wholly = known & (blocks > most * _ALL)
        later, before = _others(series, earlier, wholly, params)
        known = known & (later + before > 0)
        # Half a case more: where the others had none before, they may yet have had some.
        movement = (later + 0.5) / (before + 0.5) * most / np.where(known, blocks, np.nan)
        clumps = _clumps_of_others(series, earlier * noise.phi, wholly, before, params)
        vague = clumps * (1 / (later + 0.5) + 1 / (before + 0.5))
        shown |= {"others": later, "others_earlier": before, "others_ratio": (later + 0.5) / (before + 0.5)}
    else:
        alike = _alike(series, weights, now, params)
        movement, vague = alike / np.where(known, blocks, np.nan), np.zeros(earlier.shape)
    blocks = 1 / np.where(movement > 0, params.ratio * movement, np.nan)
    mean, size = clumped(earlier, blocks, noise.phi, prior=1.0, vague=vague)
    shown |= _interval(series.observed, earlier, movement, params, noise.phi)
    doubtful = known & ~noise.told
    expected, given = params.ratio * earlier * movement, (mean, size, noise.freedom)
    return Tailed(
        expected, known & ~doubtful, params.alpha, wide_tail, given, shown=shown, doubtful=doubtful
    )


def _alike(series: Series, weights: Floats, now: Floats, params: Params) -> Floats:
    """(C, 1) how much more the judged block was to hold than the earlier ones, by weekday and season."""
    if params.years:
        return np.ones((now.size, 1))
    if params.against == "previous":
        return np.asarray(now[:, None] / weights[:, 0, -1:])
    seen = series.exposure.sum(axis=(1, 2))
    weighed = (series.exposure * weights).sum(axis=(1, 2))
    usual = np.where(seen > 0, weighed / np.where(seen > 0, seen, 1.0), 1.0)
    return np.asarray((now / usual)[:, None])


def _clumps_of_others(
    series: Series, clumps: Floats, known: Bools, before: Floats, params: Params
) -> Floats:
    """(C, A) how large the clumps of the others were before, each weighed by what it counted."""
    _, weighed = _others(series, clumps, known, params)
    return np.asarray(np.where(before > 0, weighed / np.where(before > 0, before, 1.0), 1.0))


def _earlier(series: Series, params: Params) -> tuple[Floats, Floats]:
    """(C, A) what the earlier window counted, and how many judged windows it is worth."""
    shape = series.observed.shape
    if params.years > 1:
        return _several(series, shape)
    if params.against == "year":
        found = np.full(shape, np.nan) if series.year_ago is None else series.year_ago
        seen = np.ones(shape) if series.year_seen is None else series.year_seen
        return found * seen, seen
    if series.baseline.shape[2] == 0:
        return np.full(shape, np.nan), np.zeros(shape)
    if params.against == "previous":
        return series.told[:, :, -1], series.exposure[:, :, -1]
    return np.where(series.valid > 0, np.nansum(series.told, axis=2), np.nan), series.exposure.sum(axis=2)


def _several(series: Series, shape: tuple[int, ...]) -> tuple[Floats, Floats]:
    """The same of the years that are known, together; of one alone nobody can tell what is usual."""
    if series.years is None:
        return np.full(shape, np.nan), np.zeros(shape)
    there = ~np.isnan(series.years)
    seen = np.where(there, 1.0 if series.years_seen is None else series.years_seen, 0.0)
    told = np.where(there, series.years, 0.0) * seen
    enough = there.sum(axis=2) >= _LEAST
    return np.where(enough, told.sum(axis=2), np.nan), np.where(enough, seen.sum(axis=2), 0.0)


def _others(series: Series, earlier: Floats, known: Bools, params: Params) -> tuple[Floats, Floats]:
    """(C, A) the later and the earlier count of the other areas, of those known whole now, and before as much
    as any is."""
    wholly = known & series.whole & ~np.isnan(series.observed)
    now, before = np.where(wholly, series.observed, 0.0), np.where(wholly, earlier, 0.0)
    if params.relative_to == "all":
        together = np.ones((now.shape[1], now.shape[1]))
    elif series.parents is None:
        return np.zeros(now.shape), np.zeros(now.shape)
    else:
        together = (series.parents[:, None] == series.parents[None, :]).astype(float)
    np.fill_diagonal(together, 0.0)
    return now @ together, before @ together


def _interval(
    observed: Floats, earlier: Floats, movement: Floats, params: Params, clumps: Floats | float = 1.0
) -> dict[str, Floats]:
    """(C, A) the rate ratio, over `movement`, with its interval; infinite where nothing came before.

    With others' movement removed, that movement is taken as known. Clumps count as one incident each."""
    observed, earlier = observed / clumps, earlier / clumps
    side = (1 - params.interval) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.where(observed > 0, special.betaincinv(np.maximum(observed, 1e-9), earlier + 1, side), 0.0)
        most = special.betaincinv(observed + 1, np.maximum(earlier, 1e-9), 1 - side)
        high = np.where(earlier > 0, most, 1.0)
        ends = {"ratio": observed / earlier, "low": low / (1 - low), "high": high / (1 - high)}
        return {name: np.asarray(value / movement) for name, value in ends.items()}


def _binomial(observed: Floats, earlier: Floats, share: Floats) -> Floats:
    """P(at least `observed` of both together | the later window's share)."""
    chance = special.betainc(np.maximum(np.ceil(observed), 1.0), earlier + 1, share)
    return np.where(observed > 0, chance, np.where(np.isnan(observed + share), np.nan, 1.0))


def _fisher(observed: Floats, earlier: Floats, now: Floats, before: Floats, ratio: Floats) -> Floats:
    """P(at least `observed` in the later window | all margins), at the odds ratio `ratio`.

    Sums the probabilities upwards and downwards from `observed`, relative to its own.
    """
    x = np.ceil(observed)
    shape = np.broadcast_shapes(x.shape, earlier.shape)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        # From x to x + 1 one of the area's earlier counts becomes later, and one of the others' earlier.
        up = _chain(shape, lambda k: ratio * (now - k) * (earlier - k) / ((x + k + 1) * (before + k + 1)))
        down = _chain(shape, lambda k: (x - k) * (before - k) / (ratio * (now + k + 1) * (earlier + k + 1)))
        chance = np.where(np.isinf(up), np.where(np.isinf(down), np.nan, 1.0), (1 + up) / (1 + up + down))
    return np.where(np.isinf(down) & ~np.isinf(up), 0.0, chance)


def _chain(shape: tuple[int, ...], factor: Callable[[int], Floats]) -> Floats:
    """The sum of the running products of `factor(0)`, `factor(1)`, ... until they end or fade."""
    total, term, step = np.zeros(shape), np.ones(shape), 0
    while (term > _NOTHING * (1 + total)).any():
        term = np.maximum(term * factor(step), 0.0)
        total = total + term
        step += 1
    return total
