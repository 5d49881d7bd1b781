"""A window's count beside those before it: bars, the usual, and where each grade starts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.chart.shape import Bar, Label, Rule, Shape
from engine.model.grade import Grade

NUMERAL = {Grade.BLUE: "IV", Grade.YELLOW: "III", Grade.ORANGE: "II", Grade.RED: "I"}


@dataclass(frozen=True, kw_only=True)
class Strip:
    """What is drawn.

    before: earlier counts, oldest first, NaN where nobody was looking; observed: the judged one, None
    where it may not be shown; lines: (grade, from which count, whether it holds); usual: None where there
    is none.
    """

    title: str
    before: Sequence[float]
    observed: float | None
    lines: Sequence[tuple[Grade, float, bool]] = ()
    usual: float | None = None
    usual_says: str = ""
    foot: str = ""
    judged: str = ""


def shapes(of: Strip, width: float = 376, height: float = 128) -> Iterator[Shape]:
    """The strip, the parts behind first."""
    return _Drawing(of, width, height).parts()


class _Drawing:
    def __init__(self, of: Strip, width: float, height: float) -> None:
        self.of = of
        self.right, self.top, self.bottom = width - 62, 16.0, height - 18
        seen = [value for value in (*of.before, of.observed or 0.0) if not math.isnan(value)]
        self.most = max([*seen, *(start for _, start, _ in of.lines), of.usual or 0, 1.0])
        self.step = self.right / (len(of.before) + 1)

    def parts(self) -> Iterator[Shape]:
        for at, value in enumerate(self.of.before):
            yield from self._bar(at, value)
        yield from self._judged()
        if self.of.usual is not None:
            yield from self._usual(self.of.usual)
        yield from self._lines()
        yield Rule(0, self.right, self.bottom, "base")
        yield Label(0, self.bottom + 14, self.of.foot, "ax")
        yield Label(self.right, self.bottom + 14, self.of.judged, "ax", "end")

    def y(self, value: float) -> float:
        return self.bottom - (self.bottom - self.top) * value / self.most

    def _bar(self, at: int, value: float) -> Iterator[Shape]:
        x, wide = at * self.step + 1, max(self.step - 2, 0.8)
        if math.isnan(value):
            yield Bar(x, self.top, wide, self.bottom - self.top, "unseen")
        elif value > 0:
            yield Bar(x, self.y(value), wide, self.bottom - self.y(value), "count")

    def _judged(self) -> Iterator[Shape]:
        value, x = self.of.observed, len(self.of.before) * self.step
        yield Bar(x, self.top - 12, self.step, self.bottom - self.top + 12, "window")
        if value is not None:
            wide = max(self.step - 2, 1.5)
            yield Bar(x + 1, self.y(value), wide, self.bottom - self.y(value), "now")
            yield Label(x + self.step / 2, self.y(value) - 4, f"{value:.4g}", "b", "middle")

    def _usual(self, usual: float) -> Iterator[Shape]:
        yield Rule(0, self.right, self.y(usual), "usual")
        if all(abs(self.y(start) - self.y(usual)) > 13 for _, start, _ in self.of.lines):
            yield Label(self.right + 3, self.y(usual) + 4, self.of.usual_says, "")

    def _lines(self) -> Iterator[Shape]:
        room = self.bottom + 14
        for grade, start, holds in sorted(self.of.lines, key=lambda line: line[1]):
            y = self.y(start)
            yield Rule(0, self.right, y, f"s{grade:d}" if holds else f"s{grade:d} not")
            # Two that lie close are told one above the other.
            room = min(y, room - 14)
            yield Bar(self.right + 3, room - 7, 22, 14, f"f{grade:d} key")
            yield Label(self.right + 14, room + 4, NUMERAL[grade], f"n{grade:d}", "middle")
            yield Label(self.right + 29, room + 4, f"{start:.4g}", "b")
