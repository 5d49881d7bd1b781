"""A window's count beside those before it: bars, the usual, and where each grade starts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.chart.shape import Bar, Label, Rule, Shape
from engine.model.grade import Grade

#: How high the key of a threshold is.
KEY = 14.0
NUMERAL = {Grade.BLUE: "IV", Grade.YELLOW: "III", Grade.ORANGE: "II", Grade.RED: "I"}


@dataclass(frozen=True, kw_only=True)
class Strip:
    """What is drawn.

    before: earlier counts, oldest first, NaN where nobody was looking; observed: the judged one, None
    where it may not be shown; lines: (grade, from which count, whether it holds), hollow where they are
    advisory; usual: None where there is none.
    """

    title: str
    before: Sequence[float]
    observed: float | None
    lines: Sequence[tuple[Grade, float, bool]] = ()
    advisory: bool = False
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
        self.keyed = list(self._keyed())

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
        if all(abs(at - self.y(usual)) > KEY - 1 for _, _, _, at in self.keyed):
            yield Label(self.right + 3, self.y(usual) + 4, self.of.usual_says, "")

    def _lines(self) -> Iterator[Shape]:
        for grade, start, holds, at in self.keyed:
            yield Rule(0, self.right, self.y(start), f"s{grade:d}" if holds else f"s{grade:d} not")
            yield Bar(self.right + 3, at - KEY / 2, 22, KEY, f"f{grade:d} key")
            if self.of.advisory:
                yield Bar(self.right + 5, at - KEY / 2 + 2, 18, KEY - 4, "hollow")
            numeral = "n0" if self.of.advisory else f"n{grade:d}"
            yield Label(self.right + 14, at + 4, NUMERAL[grade], numeral, "middle")
            yield Label(self.right + 29, at + 4, f"{start:.4g}", "b")

    def _keyed(self) -> Iterator[tuple[Grade, float, bool, float]]:
        """The thresholds, the lowest first, each with the height of its key: beside its line where there is
        room, one above the other where they lie close, the graver above the lesser, and none over the top."""
        lines = sorted(self.of.lines, key=lambda line: (line[1], line[0]))
        lowest = self.bottom + KEY
        for nth, (grade, start, holds) in enumerate(lines):
            highest = KEY / 2 + KEY * (len(lines) - 1 - nth)
            lowest = max(min(self.y(start), lowest - KEY), highest)
            yield grade, start, holds, lowest
