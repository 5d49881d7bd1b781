"""Counts day by day: a bar each, hatched where nobody was looking, the usual across them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.chart.shape import Bar, Label, Rule, Shape

#: Left of the bars: the numbers of the axis. Above and below them: the unit, the days.
LEFT, TOP, BOTTOM = 34.0, 18.0, 20.0
#: How wide a letter is at most.
LETTER = 11.0


@dataclass(frozen=True, kw_only=True)
class Bars:
    """What is drawn.

    values: None where not all could be seen; first, last: what the ends are called; most: the least that the
    axis reaches, so that charts side by side compare; before: of so many values at the beginning nobody had
    looked yet, and since when somebody did.
    """

    title: str
    values: Sequence[float | None]
    usual: float | None = None
    most: float = 1.0
    first: str = ""
    last: str = ""
    before: int = 0
    since: str = ""


def shapes(of: Bars, width: float, height: float) -> Iterator[Shape]:
    """The bars, the parts behind first."""
    bottom, right = height - BOTTOM, width - 1
    top = _round(max([of.most, of.usual or 0, *(float(value) for value in of.values if value is not None)]))
    step = (right - LEFT) / max(len(of.values), 1)

    def y(value: float) -> float:
        return bottom - (bottom - TOP) * value / top

    if of.before:
        yield Bar(LEFT, TOP, of.before * step, bottom - TOP, "before")
        if of.before * step > LETTER * len(of.since):
            yield Label(LEFT + of.before * step - 6, (TOP + bottom) / 2 + 4, of.since, "ax", "end")
    for at, value in enumerate(of.values):
        if at < of.before:
            continue
        x, wide = LEFT + at * step + step * 0.12, step * 0.76
        if value is None:
            yield Bar(x, TOP, wide, bottom - TOP, "unseen")
        elif value:
            yield Bar(x, y(value), wide, bottom - y(value), "count")
    if of.usual is not None:
        yield Rule(LEFT, right, y(of.usual), "usual")
    yield Rule(LEFT, right, bottom, "base")
    for mark in (0.0, top / 2, top):
        yield Label(LEFT - 5, y(mark) + 4, f"{mark:g}", "ax", "end")
    yield Label(LEFT, height - 5, of.first, "ax")
    yield Label(right, height - 5, of.last, "ax", "end")


def _round(most: float) -> float:
    """The next number of the kind 2, 4, 10, 20, 40, ...: its half is whole, too."""
    size = 1
    while True:
        for lead in (2, 4, 6, 10):
            if lead * size >= most:
                return float(lead * size)
        size *= 10
