"""`during`: the judged day lies in a watch period of the area. No rule names it: watch periods are written in
their own file, and the rules that they touch get it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.detect.given import Given
from engine.detect.series import Past, Series
from engine.model.finding import Held
from engine.model.rule import Window
from engine.model.watch import Watch

ID = "during"


@dataclass(frozen=True, slots=True)
class Params:
    """watches: the periods of which one is enough, each with its days and areas."""

    watches: tuple[Watch, ...]


def past(params: Params, window: Window) -> Past:
    return Past(0)


def model(series: Series, params: Params) -> Given:
    """The last day that a cut judges is the one before it."""
    days, held = series.cuts - 1, np.zeros(series.observed.shape, bool)
    for watch in params.watches:
        then = (watch.first <= days) & (days <= watch.last)
        there = np.array([code in watch.areas for code in series.codes], bool)
        held |= then[:, None] & there[None, :]
    return Given(np.where(held, int(Held.HELD), int(Held.NOT)).astype(np.int8))
