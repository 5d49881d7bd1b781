"""What a rule is held against: forecasts that anybody can make with a calendar, the truth so far and a sheet.

All learn on the earlier two thirds of the time, the rule's own claims as well, and are compared on the last
third, at the rule's own judgements. A forecast of yes or no claims how often an event followed on its yes
and on its no.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.backtest.asked import within
from engine.backtest.match import Marks, Track
from engine.chance.climatology import climatology
from engine.chance.learn import Learned
from engine.detect.series import Bools, Floats
from engine.model.grade import RUNGS

CLIMATOLOGY = "climatology"
#: The last part of the time, which nothing has learned from.
HELD_BACK = 1 / 3
#: So many earlier windows make the mean and the deviation of a sheet, and so few make none.
BLOCKS, FEW = 26, 5
DEVIATIONS = 3.0
#: The weight of the newest window in an EWMA.
NEWEST = 0.3


@dataclass(frozen=True)
class Ground:
    """What forecasts are made from, for one rule (all its places have one horizon), and judged by.

    early, late: (P, D) the days to learn from and the judgements to compare at; event: (P, D) what came
    within the horizon; under_way: (P, T) the events as days and known: (P, T) whether anybody can tell, from
    long before the first day, which stands at `first`; delay: after how many days an event is known; counts:
    (P, B, D) what the rule counts in the window that ends at each day's cut (0) and in those before, as known
    then, NaN where there is none; empty where a rule counts nothing.
    """

    track: Track
    marks: Marks
    early: Bools
    late: Bools
    under_way: Bools
    known: Bools
    first: int
    delay: int
    counts: Floats

    @property
    def event(self) -> Bools:
        return self.marks.event


@dataclass(frozen=True)
class Forecast:
    """What was said of each place and day: yes or no, and how likely."""

    name: str
    yes: Bools
    chance: Floats


def split(days: int) -> int:
    """The first day of the part that is held back."""
    return days - round(days * HELD_BACK)


def forecasts(ground: Ground) -> Iterator[Forecast]:
    """Every rival, those that need counts only where there are any."""
    usual = calmed(anyway(ground), ground, ground.early)
    often = ground.event[ground.early].mean() if ground.early.any() else 0.0
    yield Forecast(CLIMATOLOGY, usual > often, usual)
    before = persistence(ground)
    yield Forecast("persistence", before, before.astype(float))
    yield _fitted("fitted persistence", before, ground)
    if ground.counts.size:
        now, past = ground.counts[:, 0], ground.counts[:, 1:]
        yield _fitted("mean + 3 sd", now > _limit(past), ground)
        smooth = ewma(ground.counts)
        yield _fitted("EWMA", smooth >= best_number(smooth, ground), ground)
        yield _fitted("one fixed number", now >= best_number(now, ground), ground)


def learned_forecast(ground: Ground, learned: Learned | None) -> Forecast:
    """The rule's own: the claim of the grade that stands; where none stands, or it claims nothing, what
    happens anyway, the less the less of it came true where nothing stood."""
    said, usual = ground.track.grades, anyway(ground)
    chance = calmed(usual, ground, ground.early & (said == 0))
    for grade in RUNGS:
        claim = learned.claim(grade, 1) if learned else None
        at = said == int(grade)
        chance[at] = usual[at] if claim is None else claim.chance
    return Forecast("rule", said > 0, chance)


def calmed(usual: Floats, ground: Ground, at: Bools) -> Floats:
    """What happens anyway, times the share of it that came true at the judgements marked."""
    share = (ground.event[at].sum() + 1.0) / (usual[at].sum() + 1.0)
    return np.asarray(np.clip(usual * share, 0.0, 1.0), float)


def anyway(ground: Ground) -> Floats:
    """(P, D) climatology by place and season, as known on each day."""
    ahead, whole = ground.track.ahead, ground.under_way.shape[1]
    beyond = ((0, 0), (0, int(ahead.max(initial=1))))
    came = within(np.pad(ground.under_way, beyond), 0, ahead, whole)
    blind = within(np.pad(~ground.known, beyond), 0, ahead, whole)
    days = ground.first + ground.event.shape[1]
    return climatology(came[:, :days], ~blind[:, :days], ahead + ground.delay, ground.first)


def persistence(ground: Ground) -> Bools:
    """(P, D) whether an event was under way in the latest known days, as many as the horizon has."""
    ahead = ground.track.ahead
    lag = int(ahead.max(initial=1)) + ground.delay
    padded = np.pad(ground.under_way, ((0, 0), (lag, 0)))
    return within(padded, ground.first, ahead, ground.event.shape[1])


def ewma(counts: Floats) -> Floats:
    """(P, D) the newest windows weighing most; a window that is not known leaves its weight to the others."""
    weight = NEWEST * (1 - NEWEST) ** np.arange(counts.shape[1])
    seen = ~np.isnan(counts)
    total = np.tensordot(np.where(seen, counts, 0.0), weight, (1, 0))
    return np.asarray(total / np.maximum(np.tensordot(seen, weight, (1, 0)), 1e-12), float)


def best_number(values: Floats, ground: Ground) -> float:
    """The threshold that a sheet would have chosen on the earlier part: the one with the best CSI there."""
    seen, event = values[ground.early], ground.event[ground.early]
    order = np.argsort(-seen, kind="stable")
    hits = np.cumsum(event[order])
    csi = hits / (np.arange(1, len(seen) + 1) + event.sum() - hits) if event.any() else np.zeros(len(seen))
    # A number can only be told from the next: of equal ones the last counts.
    last = np.append(np.diff(seen[order]) != 0, True)
    tried = np.flatnonzero(last)
    return float(seen[order][tried[np.argmax(csi[tried])]]) if csi.any() else np.inf


def _limit(past: Floats) -> Floats:
    """(P, D) the mean and three deviations of the windows before; no bound where they are too few."""
    seen = ~np.isnan(past)
    n = np.maximum(seen.sum(axis=1), 1)
    mean = np.where(seen, past, 0.0).sum(axis=1) / n
    spread = np.where(seen, (past - mean[:, None]) ** 2, 0.0).sum(axis=1) / np.maximum(n - 1, 1)
    return np.where(seen.sum(axis=1) < FEW, np.inf, mean + DEVIATIONS * np.sqrt(spread))


def _fitted(name: str, yes: Bools, ground: Ground) -> Forecast:
    """Yes or no, each with the share of the earlier days on which an event followed."""
    event, early = ground.event, ground.early
    base = (event[early].sum() + 0.5) / (early.sum() + 1.0)
    shares = [(event[early & (yes == said)].sum() + base) / ((early & (yes == said)).sum() + 1.0)
              for said in (False, True)]  # fmt: skip
    return Forecast(name, yes, np.where(yes, shares[1], shares[0]))
