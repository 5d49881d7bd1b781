"""`cluster`: the prospective space-time scan, where and since when too much happens at once.

Every circle about a place (up to a share of all places and cases, and a radius) and every stretch of the last
1..max_days days make a cylinder. What it should hold follows, by the `model` that is used without being asked
for, from the cases alone: a place's share of all cases times the days' share. That takes out what is special
about a place and what is special about a day, so neither a busy town nor a busy week is a cluster; only their
interaction is. The most unlikely cylinder is judged by how often an equally unlikely one appears when the
dates are shuffled among the cases; those of one place and a few days that belong together, as the dates of
all cases tell, keep together.

* With `model: poisson` a cylinder should hold the share that its places have in all inhabitants and its days
  in all days: there a busy town and a busy week are clusters.
* With `model: bernoulli` cases are compared with controls (or with a whole that they are part of): a cylinder
  should hold the share of cases that all have. There a busy week is no cluster, unless cases alone are many.
  In a rung the whole is the one that the rule names (`share_of`).
* `clumps: apart` takes every case for one of its own, as the published scans do. There a clump is a cluster:
  use it where one event is never counted twice, or makes no other.
* A place without any case is a place: it counts in the share of places, and its inhabitants and controls do.

* `pvalue` is already adjusted for the many cylinders looked at. `recurrence` is how many days pass, on
  average, between such clusters by chance if the scan is made every `every` days.
* The first cluster is the most unlikely; further ones share no place with those before them.
* Deterministic: the same cases, parameters and seed give the same answer.

Source: Kulldorff et al., A space-time permutation scan statistic for disease outbreak detection, PLoS
Medicine 2 (2005) e59; Kulldorff, Prospective time periodic geographical disease surveillance using a scan
statistic, Journal of the Royal Statistical Society A 164 (2001) 61-72, for inhabitants; Kulldorff, A spatial
scan statistic, Communications in Statistics 26 (1997) 1481-1496, for cases and controls; Kleinman et al.,
American Journal of Epidemiology 159 (2004) 217-224, for the recurrence interval; of what belongs together,
engine/detect/cluster/clumps.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from engine.detect.cluster.study import Cluster, Params, Scan, areas, known_of
from engine.detect.cluster.zones import Ints
from engine.detect.detection import reachable
from engine.detect.series import Bools, Floats, Past, Series
from engine.model.rule import Window

__all__ = ["ID", "Params", "model", "past"]

ID = "cluster"
#: Why nobody can tell, where neither the counts nor the past say it.
NO_PLACE = "the area has no place on the map, or no inhabitants, to be compared by"
ALONE = "there is no other area to compare it with"
NO_WHOLE = "the rule names no whole that the cases are a part of"


def past(params: Params, window: Window) -> Past:
    """The rule's baseline, in days. Raises ValueError for another window than a day, a gap, too few, or
    a radius that is no distance."""
    if window.days != 1 or window.gap:
        raise ValueError("cluster needs a window of 1 day and no gap")
    if window.baseline + 1 < 2 * params.max_days:
        least = 2 * params.max_days - 1
        raise ValueError(f"max_days {params.max_days} needs a baseline of at least {least} days")
    if params.max_radius and params.radius_in("plane") is not None:
        raise ValueError(f"max_radius {params.max_radius} is no distance: write it as in 50km")
    reachable(params.alpha, params.replicates)
    return Past(window.baseline, whole=params.model == "bernoulli")


@dataclass(frozen=True)
class Clustered:
    """One scan per cut, over all areas of the level at once: an area holds if it lies in a cluster.

    The test looks at all areas together, so it answers for the counts it was made with, not for others:
    `observed` is not looked at and no single number is needed.
    """

    expected: Floats
    known: Bools
    cluster_of: NDArray[np.int64]
    scans: tuple[Scan, ...]
    alpha: float
    #: What the areas are called.
    codes: tuple[str, ...]
    #: (A,) those with a place on the map and, where the model asks for them, inhabitants.
    scanned: Bools
    #: Whether the model asks for a whole, and the rule names none.
    part_of_nothing: bool = False

    def cluster(self, cut: int, area: int) -> Cluster | None:
        """The cluster this area lies in, however likely by chance."""
        at = int(self.cluster_of[cut, area])
        return None if at < 0 else self.scans[cut].clusters[at]

    def holds(self, observed: Floats) -> Bools:
        return self.pvalue(observed) <= self.alpha

    def pvalue(self, observed: Floats) -> Floats:
        chances = np.ones(self.known.shape)
        for cut, area in np.argwhere(self.cluster_of >= 0):
            chances[cut, area] = self.scans[cut].clusters[self.cluster_of[cut, area]].pvalue
        return chances

    def needed(self, cut: int, area: int) -> float | None:
        return None

    def untold(self, cut: int, area: int) -> str:
        """Where the area could be scanned, and others with it, its counts or its past say why."""
        if self.part_of_nothing:
            return NO_WHOLE
        if not self.scanned[area]:
            return NO_PLACE
        return ALONE if self.scanned.sum() < 2 else ""

    def facts(self, cut: int, area: int) -> Mapping[str, float | str]:
        found = self.cluster(cut, area)
        if found is None:
            return {"alpha": self.alpha, "cluster": "none"}
        return {
            "alpha": self.alpha,
            "from": date.fromordinal(found.first).isoformat(),
            "to": date.fromordinal(found.last).isoformat(),
            "areas": " ".join(sorted(self.codes[place] for place in found.places)),
            "cases": float(found.observed),
            "cases_expected": found.expected,
            "statistic": found.statistic,
            "recurrence_days": found.recurrence,
        }


def model(series: Series, params: Params) -> Clustered:
    """Scan every cut of one-day blocks; the judged block is the last day of the scan.

    An area without coordinates is unknown (or without inhabitants, where the model asks for them), as is one
    that `areas` leaves out; all are while too few areas
    or days are known to compare. Raises ValueError where the series has no coordinates.
    """
    if series.places is None:
        raise ValueError("cluster needs the coordinates of the areas")
    where = series.places
    key = (ID, replace(params, alpha=0.01))
    lacking = params.model == "bernoulli" and series.whole_past is None
    scans, placed = series.fit(key, lambda: _scan_cuts(series, where, params))
    expected = np.full(series.observed.shape, np.nan)
    member = np.full(series.observed.shape, -1)
    known = np.zeros(series.observed.shape, bool)
    for cut, scan in enumerate(scans):
        totals = np.nansum(series.baseline[cut], axis=1) + series.observed[cut]
        everywhere = max(float(totals[placed].sum()), 1.0)
        if params.model == "poisson" and series.population is not None:
            share = series.population / max(float(series.population[placed].sum()), 1.0)
            expected[cut] = everywhere * share / (1 + series.baseline.shape[2])
        elif params.model == "bernoulli" and series.whole_past is not None:
            every = np.nansum(series.whole_past[cut], axis=1)
            expected[cut] = series.whole_past[cut, :, -1] * everywhere / max(float(every[placed].sum()), 1.0)
        else:
            expected[cut] = totals * series.observed[cut, placed].sum() / everywhere
        known[cut, placed] = not lacking
        known[cut, list(scan.left_out)] = False
        for rank, one in enumerate(scan.clusters):
            member[cut, list(one.places)] = rank
    codes = series.codes or tuple(str(place) for place in range(where.shape[0]))
    scanned = np.zeros(where.shape[0], bool)
    scanned[placed] = True
    return Clustered(expected, known, member, scans, params.alpha, codes, scanned, lacking)


def _scan_cuts(series: Series, where: Floats, params: Params) -> tuple[tuple[Scan, ...], Ints]:
    """A scan per cut, its places numbered as the areas are, and the areas that have coordinates."""
    there = np.isfinite(where).all(axis=1)
    people = np.full(len(where), np.nan) if series.population is None else series.population
    if params.model == "poisson":
        there &= people > 0
    placed = np.flatnonzero(there)
    # Cases are shuffled, and what is only expected to be reported has none.
    judged = series.observed if series.reported is None else series.reported
    # A place whose feed was silent on the last day would look quiet, and the others like a cluster.
    judged = np.where(series.whole, judged, np.nan)
    scans = []
    for cut, ordinal in enumerate(series.cuts.tolist()):
        table = np.hstack([series.baseline[cut], judged[cut][:, None]])[placed]
        every = _whole_at(series, cut, table, placed) if params.model == "bernoulli" else None
        kept, seen = known_of(table if every is None else table + every, params)
        if kept.size < 2 or seen.sum() < 2 * params.max_days:
            scans.append(Scan((), 0, np.zeros(params.replicates), where, tuple(placed.tolist())))
            continue
        first = ordinal - table.shape[1]
        found = areas(
            table, where[placed], replace(params, metric="degrees"), first=first, people=people[placed],
            whole=every,
        )  # fmt: skip
        named = tuple(
            replace(one, center=int(placed[one.center]), places=tuple(placed[list(one.places)].tolist()))
            for one in found.clusters
        )
        out = tuple(placed[list(found.left_out)].tolist())
        scans.append(replace(found, clusters=named, coordinates=where, left_out=out))
    return tuple(scans), placed


def _whole_at(series: Series, cut: int, table: Floats, placed: Ints) -> Floats:
    """(P, D) the whole that the cases of a table (P, D) are a part of, never less than they are: what was
    told of both may not be of the same moment. Unknown, all of it, where the rule names none."""
    if series.whole_past is None:
        return np.full(table.shape, np.nan)
    return np.asarray(np.maximum(series.whole_past[cut][placed], table), float)
