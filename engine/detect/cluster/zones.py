"""Circular zones for a scan: each place with its nearest neighbours, one more at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.detect.series import Floats

Ints = NDArray[np.int64]
METRICS = ("plane", "degrees")


@dataclass(frozen=True)
class Zones:
    """Zone (i, k) is the place i and its k nearest neighbours.

    order: (P, K) the places by distance from each place, itself first; totals: (P, K) cases in each zone
    over all days; sizes: (S,) the distinct totals, rising; size_of: (P, K) the position of each total in
    `sizes`, or -1 where a zone holds more than the allowed share of all cases (or none) and is not
    scanned.
    """

    order: Ints
    totals: Ints
    sizes: Ints
    size_of: Ints


def zones(coordinates: Floats, cases: Ints, max_share: float, metric: str) -> Zones:
    """The zones of places at `coordinates` (P, 2) with `cases` (P,), at most `max_share` of the places
    and of the cases in each."""
    reach = max(1, int(max_share * len(cases)))
    order = np.argsort(distances(coordinates, metric), axis=1, kind="stable")
    # A place comes first in its own zone even where another shares its coordinates.
    own = order == np.arange(len(cases))[:, None]
    order = np.hstack([order[own][:, None], order[~own].reshape(len(cases), -1)])[:, :reach]
    totals = np.cumsum(cases[order], axis=1)
    sizes, size_of = np.unique(totals, return_inverse=True)
    size_of = size_of.reshape(totals.shape)
    allowed = (totals <= max_share * cases.sum()) & (totals > 0)
    return Zones(order, totals, sizes, np.where(allowed, size_of, -1))


def distances(coordinates: Floats, metric: str) -> Floats:
    """(P, P) something that rises with the distance: squared, in the plane, or through the globe for
    degrees of longitude and latitude."""
    points = coordinates
    if metric == "degrees":
        longitude, latitude = np.radians(coordinates).T
        points = np.stack(
            [np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)],
            axis=1,
        )
    away = np.zeros((len(points), len(points)))
    for axis in points.T:
        away += (axis[:, None] - axis[None, :]) ** 2
    return away
