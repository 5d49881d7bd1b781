"""A window's count beside those before it: bars, the usual, and where each grade starts, as SVG.

Colours are classes (`f1` to `f4` fill, `s1` to `s4` stroke): whoever shows it brings the style.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

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


def draw(of: Strip, width: float = 376, height: float = 128) -> str:
    """The strip as SVG; its title is what it says to those who cannot see it."""
    return (
        f'<svg class="strip" viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(of.title)}">'
        f"{''.join(_Drawing(of, width, height).parts())}</svg>"
    )


class _Drawing:
    def __init__(self, of: Strip, width: float, height: float) -> None:
        self.of = of
        self.right, self.top, self.bottom = width - 62, 16.0, height - 18
        seen = [value for value in (*of.before, of.observed or 0.0) if not math.isnan(value)]
        self.most = max([*seen, *(start for _, start, _ in of.lines), of.usual or 0, 1.0])
        self.step = self.right / (len(of.before) + 1)

    def parts(self) -> Iterator[str]:
        yield from (self._bar(at, value) for at, value in enumerate(self.of.before))
        yield from self._judged()
        if self.of.usual is not None:
            yield from self._usual(self.of.usual)
        yield from self._lines()
        yield _line(0, self.right, self.bottom, "base")
        yield _text(0, self.bottom + 14, self.of.foot, "ax")
        yield _text(self.right, self.bottom + 14, self.of.judged, "ax", "end")

    def y(self, value: float) -> float:
        return self.bottom - (self.bottom - self.top) * value / self.most

    def _bar(self, at: int, value: float) -> str:
        x, wide = at * self.step + 1, max(self.step - 2, 0.8)
        if math.isnan(value):
            return _rect(x, self.top, wide, self.bottom - self.top, "unseen")
        return _rect(x, self.y(value), wide, self.bottom - self.y(value), "count") if value > 0 else ""

    def _judged(self) -> Iterator[str]:
        value, x = self.of.observed, len(self.of.before) * self.step
        yield _rect(x, self.top - 12, self.step, self.bottom - self.top + 12, "window")
        if value is not None:
            wide = max(self.step - 2, 1.5)
            yield _rect(x + 1, self.y(value), wide, self.bottom - self.y(value), "now")
            yield _text(x + self.step / 2, self.y(value) - 4, f"{value:.4g}", "b", "middle")

    def _usual(self, usual: float) -> Iterator[str]:
        yield _line(0, self.right, self.y(usual), "usual")
        if all(abs(self.y(start) - self.y(usual)) > 13 for _, start, _ in self.of.lines):
            yield _text(self.right + 3, self.y(usual) + 4, self.of.usual_says, "")

    def _lines(self) -> Iterator[str]:
        room = self.bottom + 14
        for grade, start, holds in sorted(self.of.lines, key=lambda line: line[1]):
            y = self.y(start)
            yield _line(0, self.right, y, f"s{grade:d}" if holds else f"s{grade:d} not")
            # Two that lie close are told one above the other.
            room = min(y, room - 14)
            yield _rect(self.right + 3, room - 7, 22, 14, f"f{grade:d} key")
            yield _text(self.right + 14, room + 4, NUMERAL[grade], f"n{grade:d}", "middle")
            yield _text(self.right + 29, room + 4, f"{start:.4g}", "b")


def _rect(x: float, y: float, width: float, height: float, kind: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{max(height, 0):.1f}" class="{kind}"/>'


def _line(x1: float, x2: float, y: float, kind: str) -> str:
    return f'<line x1="{x1:.1f}" x2="{x2:.1f}" y1="{y:.1f}" y2="{y:.1f}" class="{kind}"/>'


def _text(x: float, y: float, said: str, kind: str, anchor: str = "start") -> str:
    if not said:
        return ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{kind}">{escape(said)}</text>'
