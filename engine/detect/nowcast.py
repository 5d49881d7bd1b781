"""`nowcast`: how complete the last days are, and what they will hold when all reports have come in.

The ledger keeps when each count became known. From the days whose reports had time to come in, the share
that is known at an age of 0, 1, 2, ... days follows as a product of hazards read backwards in time, so
that the newest days count for the delays they have had the chance to show, and for no longer ones. The
age of a day is 0 at the first cut after it. Delays differ by the weekday of the day (what happens on a
Friday is booked on Monday): each weekday has its own hazards, drawn towards those of all days, and each
area, where asked for, its own.

Reporting gets faster and slower: a new form, an office on leave. What came in the last 3 to 56 days is held
against what came before; where it differs beyond chance only the days since the likeliest change count, and
while these are too few, nothing is said. Of few cases no test tells a change of the last days; where these
look more like slower reporting than like chance, the interval reaches to what comes at that speed.

Completeness is relative to what is known after `max_delay` days. It is never taken above 1: withdrawals
do not make a day more than complete.

Source: Lagakos, Barraj and De Gruttola, Nonparametric analysis of truncated survival data, Biometrika 75
(1988) 515-523; Lawless, Adjustments for reporting delays and the prediction of occurred but not reported
events, Canadian Journal of Statistics 22 (1994) 15-31.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from engine.detect.detection import within
from engine.detect.farrington.threshold import negative_binomial_quantile
from engine.detect.series import Bools, Floats
from engine.model.later import Later
from engine.model.panel import Deltas

special = Later("scipy.special")

ID = "nowcast"
#: While less than this of a day is known, its reports say nothing about the rest.
_EARLIEST = 0.1
#: So many days ago reporting may have changed its speed, and how unlikely chance must be to believe it.
_SINCE = (3, 5, 7, 10, 14, 21, 28, 42, 56)
_BELIEVED = 0.002
#: A change of fewer days ago leaves nothing to go by.
_SETTLED = 10
_STIRRING = 5
#: So many of the youngest days are held against the others; in so many standard errors they are doubted; and
#: by so much more than in their own late reports a change is felt in all that are still to come.
_YOUNG, _DOUBTED, _FELT = (2, 3, 5, 8), 3.0, 2.0
#: How much slower the youngest days may be reported, as a share of the usual speed; and twice the logarithm
#: of the likelihood's ratio from which on the likeliest of these is believed in place of chance, and from
#: which on the interval reaches to it.
_SLOWER = (0.75, 0.55, 0.4, 0.3, 0.2)
_SLOWED, _SUSPECTED = 18.0, 5.0
#: So many ripe days say how much is usual, and in so many standard deviations fewer are doubted.
_USUAL, _FEWER = 28, 2.3


@dataclass(frozen=True)
class Params:
    """max_delay: a day is complete at this age; history: days looked back on; confidence: of the
    intervals; least: with fewer cases to learn a delay from, nothing is said; pull: how many cases of its
    own outweigh what a weekday or an area shares with the others; by_area: each area has its own
    delays."""

    max_delay: int = 14
    history: int = 182
    confidence: float = 0.9
    least: int = 30
    pull: float = 30.0
    by_area: bool = False

    def __post_init__(self) -> None:
        within("max_delay", self.max_delay, 1, 365)
        within("history", self.history, 2 * self.max_delay, np.inf)
        within("confidence", self.confidence, 0, 1, closed=False)
        within("least", self.least, 1, np.inf)
        within("pull", self.pull, 0, np.inf)

    @property
    def z(self) -> float:
        return float(special.ndtri(0.5 + self.confidence / 2))


@dataclass(frozen=True)
class Completeness:
    """The share already known of a day's cases, by the day's age at one cut: arrays (A, max_delay + 1), or
    (1, max_delay + 1) for all areas together; column 0 is the day before the cut.

    low and high: its interval; spread: the standard error of its logarithm; slower: what it would be at the
    speed that the youngest days suggest; known: False where too few cases tell; phi: how much more the delays
    vary than those of independent reports.
    """

    fraction: Floats
    low: Floats
    high: Floats
    spread: Floats
    slower: Floats
    known: Bools
    phi: float


@dataclass(frozen=True)
class Nowcast:
    """What reports will add up to once all are in, all of one shape: reported and estimate, low and high
    with the confidence asked for, and where it is known (elsewhere the estimate is what is reported)."""

    reported: Floats
    estimate: Floats
    low: Floats
    high: Floats
    known: Bools


def completeness(deltas: Deltas, cut: int, params: Params | None = None) -> Completeness:
    """How complete each day before `cut` is, from the rows that were known at it and from no later ones."""
    params = params or Params()
    added, seen = _added(deltas, cut, params)
    came = added.sum(axis=0)
    held = np.cumsum(added, axis=2)
    every = np.where(seen, added, 0.0).sum(axis=0), np.where(seen, held, 0.0).sum(axis=0)
    since, settled = _since_the_change(*every)
    clumps = _clumps(*(np.where(since, 0.0, of) for of in every))
    seen = seen & since
    added, held = np.where(seen, added, 0.0), np.where(seen, held, 0.0)
    weekday = (cut - 1 - np.arange(params.history)) % 7 == np.arange(7)[:, None]
    pooled = _hazard(added.sum(axis=(0, 1)), held.sum(axis=(0, 1)), 0.0, 0.0)
    of_weekday = _hazard(weekday @ added.sum(axis=0), weekday @ held.sum(axis=0), pooled, params.pull)
    ages = np.arange(params.max_delay + 1)
    hazard = of_weekday[(cut - 1 - ages) % 7][None]
    strength = held.sum(axis=(0, 1))[None, None] / 7
    if params.by_area:
        strength = held.sum(axis=1)[:, None]
        hazard = _hazard(added.sum(axis=1)[:, None], strength, hazard, params.pull)
    # Few days since a change fit their own hazards too well; clumps were there before it too.
    phi = max(
        _overdispersion(added.sum(axis=0), held.sum(axis=0), weekday.T.astype(float) @ of_weekday), clumps
    )
    drift, even = _drift(added.sum(axis=0), np.maximum(held.sum(axis=0), 0.0), phi)
    told = (held.sum(axis=(0, 1)) >= params.least) & settled
    usual = _product(hazard, strength + params.pull, told, phi, params.z)
    even &= not _fallen(came, usual)
    slower, believed = _slowed(came, usual, hazard.mean(axis=0))
    told &= even and not believed
    return _product(hazard, strength + params.pull, told, phi, params.z, drift, slower)


def _added(deltas: Deltas, cut: int, params: Params) -> tuple[Floats, Bools]:
    """(A, H, D + 1) cases by area, day (the newest first) and delay in days; (H, D + 1) the delays that a
    day has had the time to show."""
    age, delay = cut - 1 - deltas.day, np.maximum(deltas.cut - 1 - deltas.day, 0)
    use = (deltas.cut <= cut) & (age >= 0) & (age < params.history) & (delay <= params.max_delay)
    added = np.zeros((len(deltas.areas), params.history, params.max_delay + 1))
    np.add.at(added, (deltas.area[use], age[use], delay[use]), deltas.n[use])
    return added, np.arange(params.max_delay + 1) <= np.arange(params.history)[:, None]


def _since_the_change(came: Floats, held: Floats) -> tuple[Bools, bool]:
    """(H, D + 1) by day and delay what came since reporting last changed its speed (all where it did not),
    and whether that is long enough ago."""
    there = np.maximum(held, 0.0)
    ago = np.arange(came.shape[0])[:, None] - np.arange(came.shape[1])
    clumps = _clumps(came, there)
    likeliest, most = 0, 0.0
    for days in _SINCE:
        squares, free = _unlike(came, there, ago < days)
        if free and squares / clumps - free > most and special.chdtrc(free, squares / clumps) < _BELIEVED:
            likeliest, most = days, squares / clumps - free
    if likeliest:
        return np.asarray(ago < likeliest), likeliest >= _SETTLED
    return np.ones(came.shape, bool), not _stirring(came, there, ago < _STIRRING, clumps)


def _stirring(came: Floats, there: Floats, recent: Bools, clumps: float) -> bool:
    """Whether the last days, one by one, differ from what was before: while an old backlog still comes in,
    what is faster and what is slower cancel out over a delay."""
    old = [np.where(recent, 0.0, of).sum(axis=0) for of in (came, there)]
    hazard = np.clip(old[0] / np.maximum(old[1], 1e-9), 1e-6, 1 - 1e-6)
    use = recent & (there * hazard >= 2) & (np.arange(came.shape[1]) > 0)
    square = (came - there * hazard) ** 2 / np.maximum(there * hazard * (1 - hazard), 1e-9)
    return bool(use.any()) and bool(special.chdtrc(use.sum(), square[use].sum() / clumps) < _BELIEVED)


def _unlike(came: Floats, there: Floats, recent: Bools) -> tuple[float, int]:
    """By how much the recent hazards differ from those before: a chi-squared and its degrees of freedom."""
    new, old = (
        [np.where(part, of, 0.0).sum(axis=0)[1:] for of in (came, there)] for part in (recent, ~recent)
    )
    hazard = np.clip((new[0] + old[0]) / np.maximum(new[1] + old[1], 1e-9), 1e-6, 1 - 1e-6)
    # Few cases give no chi-squared: delays with which not even one is to be expected are left out.
    use = np.minimum(new[1], old[1]) * hazard >= 1
    differs = new[0][use] / new[1][use] - old[0][use] / old[1][use]
    usual = hazard[use] * (1 - hazard[use]) * (1 / new[1][use] + 1 / old[1][use])
    return float((differs**2 / usual).sum()), int(use.sum())


def _clumps(came: Floats, there: Floats) -> float:
    """How much more a day's reports vary about their hazard than independent ones would: clumps tell of no
    change."""
    return _overdispersion(came, there, _hazard(came.sum(axis=0), there.sum(axis=0), 0.0, 0.0))


def _drift(came: Floats, there: Floats, phi: float) -> tuple[float, bool]:
    """By how much the late reports of the youngest days may differ from what is usual, as a share of those to
    be expected and beyond what chance does to so few; and whether that is still to be taken for chance.

    A change of a few days ago shows in the days since alone: on older ones what came fast before and what
    comes slowly now cancel out."""
    share, settled = 0.0, True
    row, delay = np.arange(came.shape[0])[:, None], np.arange(came.shape[1])
    for days in _YOUNG:
        young = (row < days) & (delay <= row)
        old, before = (np.where(row < days, 0.0, of).sum(axis=0) for of in (came, there))
        usual = _hazard(old, before, 0.0, 0.0)
        late = young & (delay > 0)
        expected = float((there * usual)[late].sum()) + phi
        beyond = max(float(came[late].sum()) + phi, 0.0) / expected - 1
        chance = phi * float((there * usual * (1 - usual))[late].sum()) / expected**2
        share = max(share, beyond**2 - chance)
        settled &= beyond**2 <= _DOUBTED**2 * chance or chance == 0
    return float(np.sqrt(share)), settled


def _fallen(came: Floats, found: Completeness) -> bool:
    """Whether the youngest days tell of so much less than is usual that slower reporting may be why: fewer
    cases look just so until the days have ripened. came: (H, D + 1) by day and delay."""
    fraction, spread = found.fraction.mean(axis=0), found.spread.mean(axis=0)
    reported = np.maximum(came.sum(axis=1), 0.0)
    ripe = reported[fraction.size : fraction.size + _USUAL]
    if ripe.size < _USUAL:
        return False
    level, varies = float(ripe.mean()), float(ripe.var(ddof=1)) * (1 + 1 / ripe.size)
    for days in _YOUNG:
        share = fraction[:days]
        short = level * share.sum() - reported[:days].sum()
        usual = varies * (share**2).sum() + found.phi * level * (share * (1 - share)).sum()
        if short > _FEWER * np.sqrt(usual + (level * (share * spread[:days]).sum()) ** 2):
            return True
    return False


def _slowed(came: Floats, found: Completeness, hazard: Floats) -> tuple[float, bool]:
    """How much slower than usual, as a share of its speed, the youngest days seem to be reported (1: no
    slower), and whether that is to be believed: what came of them at once and what came late, held together
    against the usual level. Each alone says little of few cases. came and hazard: by day and delay."""
    fraction, spread = found.fraction.mean(axis=0), found.spread.mean(axis=0)
    reported = np.maximum(came.sum(axis=1), 0.0)
    ripe = reported[fraction.size : fraction.size + _USUAL]
    if ripe.size < _USUAL or ripe.sum() == 0:
        return 1.0, False
    level = float(ripe.mean())
    young = np.array([days for days in _YOUNG if days <= fraction.size])
    varies = max(float(ripe.var(ddof=1)) / level, found.phi) * (1 + young / ripe.size)
    # How well the level and the usual speed are known counts as noise of the cases does.
    varies += level * np.cumsum(fraction * spread)[young - 1] ** 2 / np.cumsum(fraction)[young - 1]
    days = np.arange(young[-1])[:, None]
    shares = _shares(hazard[: young[-1]])
    usual = level * np.maximum(np.diff(shares, prepend=0.0), 1e-3)
    slowest, most = 1.0, 0.0
    for share in _SLOWER:
        other = level * np.maximum(np.diff(_at_speed(shares, share), prepend=0.0), 1e-3)
        each = np.maximum(came[: len(days)], 0.0) * np.log(other / usual) - (other - usual)
        told = np.where(np.arange(fraction.size) <= days, each, 0.0).sum(axis=1)
        ratio = float((2 * np.cumsum(told)[young - 1] / varies).max())
        if ratio > most:
            slowest, most = share, ratio
    return (slowest if most > _SUSPECTED else 1.0), most > _SLOWED


def _shares(hazard: Floats) -> Floats:
    """The share of a day's cases that has come by each delay, from its hazards; (..., D + 1) both."""
    later = np.cumsum(np.log1p(-hazard)[..., :0:-1], axis=-1)[..., ::-1]
    return np.concatenate([np.exp(later), np.ones((*hazard.shape[:-1], 1))], axis=-1)


def _at_speed(shares: Floats, speed: float) -> Floats:
    """The share that has come by each delay where all reports take 1 / speed as long: what used to have come
    by a shorter one, along the logarithm of what is left; (..., D + 1) both. A day ends complete all the
    same."""
    left = np.log(np.maximum(1 - shares, 1e-4))
    left = np.concatenate([np.zeros((*left.shape[:-1], 1)), left], axis=-1)
    delay = speed * np.arange(1, left.shape[-1])
    below = delay.astype(int)
    part = delay - below
    above = np.minimum(below + 1, left.shape[-1] - 1)
    found = 1 - np.exp((1 - part) * left[..., below] + part * left[..., above])
    found[..., -1] = 1.0
    return np.asarray(found)


def _hazard(added: Floats, held: Floats, prior: Floats | float, pull: float) -> Floats:
    """The share of what is held after a delay that came with just that delay, drawn towards `prior`."""
    total, came = np.broadcast_arrays(held + pull, added + pull * prior)
    share = np.divide(came, total, out=np.zeros(total.shape), where=total > 0)
    # Withdrawals can outweigh reports; a delay that brought everything leaves nothing to divide by.
    return np.asarray(np.clip(share, 0.0, 0.999))


def _overdispersion(added: Floats, held: Floats, hazard: Floats) -> float:
    """How much more the cases of a delay vary about their hazard than a binomial; (H, D + 1) each."""
    usual = np.sum(np.maximum(held, 0) * hazard * (1 - hazard))
    if usual == 0:
        return 1.0
    return max(float(np.sum((added - held * hazard)[:, 1:] ** 2) / usual), 1.0)


def _product(
    hazard: Floats, strength: Floats, told: Bools, phi: float, z: float, drift: float = 0.0,
    slower: float = 1.0,
) -> Completeness:
    """The product of 1 - hazard (A, age, delay) over the delays beyond each age."""
    ages = np.arange(hazard.shape[2])
    later = ages[None, :] > ages[:, None]
    logarithm = np.sum(np.where(later, np.log1p(-hazard), 0.0), axis=2)
    variance = np.sum(np.where(later, hazard / ((1 - hazard) * strength), 0.0), axis=2)
    spread = np.sqrt(phi * variance + (_FELT * drift * logarithm) ** 2)
    fraction = np.exp(logarithm)
    other = fraction
    if slower < 1:
        other = np.diagonal(_at_speed(_shares(hazard), slower), axis1=1, axis2=2)
        other = np.minimum(fraction, np.maximum(other, _EARLIEST))
    known = (told | ~later).all(axis=1) & (fraction >= _EARLIEST)
    low, high = np.exp(logarithm - z * spread), np.exp(np.minimum(logarithm + z * spread, 0.0))
    return Completeness(fraction, np.minimum(low, other), high, spread, other, known, phi)


def nowcast(
    reported: ArrayLike, found: Completeness, params: Params | None = None, *, together: bool = False
) -> Nowcast:
    """What the days before a cut will hold: reported (A, D) counts, the newest day last.

    Each day by itself, (A, D), or with `together` their sum, (A,). Days older than max_delay are complete. A
    day without a report is estimated as none, with an interval that says how many may yet come.

    Raises ValueError for a negative or missing count, or areas that do not match.
    """
    params = params or Params()
    counts = np.atleast_2d(np.asarray(reported, dtype=float))
    if not (counts >= 0).all() or np.isinf(counts).any():
        raise ValueError("reported counts must be known and not negative")
    if len(found.fraction) not in (1, len(counts)):
        raise ValueError(f"{len(counts)} areas of counts, but completeness of {len(found.fraction)}")
    age = np.minimum(np.arange(counts.shape[1])[::-1], found.fraction.shape[1] - 1)
    known: Bools = np.broadcast_to(found.known[:, age], counts.shape)
    tail = (1 - params.confidence) / 2
    spread = found.spread[:, age]
    usual = _coming(counts, found.fraction[:, age], spread, found.phi, together)
    slower = _coming(counts, found.slower[:, age], spread, found.phi, together)
    estimate = counts / found.fraction[:, age]
    if together:
        counts, estimate = counts.sum(axis=1), estimate.sum(axis=1)
        known = np.asarray(known.all(axis=1))
    low = counts + _quantile(tail, *usual)
    high = counts + np.maximum(_quantile(1 - tail, *usual), _quantile(1 - tail, *slower))
    estimate = np.where(known, estimate, counts)
    return Nowcast(counts, estimate, np.where(known, low, counts), np.where(known, high, np.nan), known)


def _coming(
    counts: Floats, fraction: Floats, spread: Floats, phi: float, together: bool
) -> tuple[Floats, Floats]:
    """What is still to come of days of which a fraction is reported: its mean, and by how much more it
    varies than a Poisson count; of each, or of all days of an area together."""
    odds = (1 - fraction) / fraction
    # Half a clump more, so that a day without a report is not certain to stay without one.
    some = counts + 0.5 * phi
    coming, varying, uncertain = some * odds, phi * some * odds / fraction, counts / fraction * spread
    if together:
        coming, varying, uncertain = (of.sum(axis=1) for of in (coming, varying, uncertain))
    return coming, (varying + uncertain**2) / np.maximum(coming, 1e-300)


def _quantile(chance: float, mean: Floats, over: Floats) -> Floats:
    some = mean > 1e-9
    values = negative_binomial_quantile(chance, np.where(some, mean, 1.0), np.where(some, over, 1.0))
    return np.where(some, values, 0.0)


def blocks(deltas: Deltas, cuts: ArrayLike, days: int, params: Params | None = None) -> Nowcast:
    """The block of `days` before each cut, (C, A): as reported at the cut, and as it will be.

    Each cut sees only what was known at it. `high` is NaN where the completeness is not known.
    """
    params = params or Params()
    found = []
    for cut in np.asarray(cuts, dtype=np.int64).tolist():
        reported = np.maximum(deltas.grid(cut - days, cut - 1, cut), 0.0)
        found.append(nowcast(reported, completeness(deltas, cut, params), params, together=True))
    return Nowcast(*(
        np.stack([getattr(one, name) for one in found])
        for name in ("reported", "estimate", "low", "high", "known")
    ))  # fmt: skip
