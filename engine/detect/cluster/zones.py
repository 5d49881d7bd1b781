"""Circular zones for a scan: each place with its nearest neighbours, one more at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.detect.series import Floats

Ints = NDArray[np.int64]
#: Whole numbers of cases, or inhabitants.
Weights = NDArray[Any]
METRICS = ("plane", "degrees")
#: The mean radius of the earth, in metres.
EARTH = 6_371_008.8
_HAIR = 1e-9


@dataclass(frozen=True)
class Zones:
    """Zone (i, k) is the place i and its k nearest neighbours.

    order: (P, K) the places by distance from each place, itself first; totals: (P, K) what each zone weighs:
    its cases over all days, or its inhabitants; sizes: (S,) the distinct totals, rising; size_of: (P, K) the
    position of each total in `sizes`, or -1 where a zone is not scanned: it weighs more than the allowed
    share of all (or nothing), or reaches too far.
    """

    order: Ints
    totals: Weights
    sizes: Weights
    size_of: Ints


def zones(
    coordinates: Floats, weights: Weights, max_share: float, metric: str, radius: float = np.inf
) -> Zones:
    """The zones of places at `coordinates` (P, 2) with `weights` (P,), at most `max_share` of the places and
    of the weight in each, and none of them farther than `radius` from its centre: in units of the
    coordinates, or in metres for degrees."""
    reach = max(1, int(max_share * len(weights)))
    away = distances(coordinates, metric)
    order = np.argsort(away, axis=1, kind="stable")
    # A place comes first in its own zone even where another shares its coordinates.
    own = order == np.arange(len(weights))[:, None]
    order = np.hstack([order[own][:, None], order[~own].reshape(len(weights), -1)])[:, :reach]
    near = np.take_along_axis(away, order, axis=1) <= _as_away(radius, metric)
    order = order[:, : max(1, int(near.sum(axis=1).max()))]
    near = near[:, : order.shape[1]]
    totals = np.cumsum(weights[order], axis=1)
    sizes, size_of = np.unique(totals, return_inverse=True)
    size_of = size_of.reshape(totals.shape)
    allowed = (totals <= max_share * weights.sum()) & (totals > 0) & near
    return Zones(order, totals, sizes, np.where(allowed, size_of, -1))


def _as_away(radius: float, metric: str) -> float:
    """A radius as `distances` tells it, a hair wider, so that rounding leaves out no place on the edge."""
    if metric == "plane":
        return radius**2 * (1 + _HAIR)
    angle = min(radius / EARTH, np.pi)
    return float((2 * np.sin(angle / 2)) ** 2 * (1 + _HAIR))


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
