"""Small inline SVG: what every picture of the report is drawn with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from html import escape
from unicodedata import east_asian_width

from engine.backtest.history import Span
from engine.model.grade import Grade

COLOURS = {
    Grade.BLUE: "#3b78d8", Grade.YELLOW: "#f2c12e", Grade.ORANGE: "#ef7d1a", Grade.RED: "#cf2e2e",
}  # fmt: skip
INK, FAINT, TRUTH = "#24292f", "#d8dee4", "#5b4b8a"


def svg(width: float, height: float, parts: Iterable[str], label: str) -> str:
    """A picture that scales with the page; `label` says what it shows to those who cannot see it."""
    return (
        f'<svg viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(label)}">'
        f"{''.join(parts)}</svg>"
    )


def rect(x: float, y: float, width: float, height: float, fill: str, tip: str = "", more: str = "") -> str:
    shown = f"<title>{escape(tip)}</title>" if tip else ""
    return (
        f'<rect x="{x:.2f}" y="{y:.2f}" width="{max(width, 0):.2f}" height="{max(height, 0):.2f}" '
        f'fill="{fill}"{more}>{shown}</rect>'
    )


def line(x1: float, y1: float, x2: float, y2: float, stroke: str = FAINT, more: str = "") -> str:
    return f'<line x1="{x1:.2f}" y1="{y1:.2f}" x2="{x2:.2f}" y2="{y2:.2f}" stroke="{stroke}"{more}/>'


def dot(x: float, y: float, radius: float, fill: str, tip: str = "") -> str:
    shown = f"<title>{escape(tip)}</title>" if tip else ""
    return f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius:g}" fill="{fill}">{shown}</circle>'


def words(x: float, y: float, text: str, anchor: str = "start", size: float = 11, fill: str = INK) -> str:
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" text-anchor="{anchor}" font-size="{size:g}" fill="{fill}">'
        f"{escape(text)}</text>"
    )


def clipped(text: str, wide: int) -> str:
    """The text, cut off where it takes more than `wide` Latin letters; a Chinese one takes two."""
    room = wide
    for at, letter in enumerate(text):
        room -= 2 if east_asian_width(letter) in "WF" else 1
        if room < 0:
            return text[: at - 1] + "…"
    return text


def months(span: Span) -> Iterator[date]:
    """The first days of the months that begin within the span."""
    day = span.first.replace(day=1)
    while day <= span.last:
        if day >= span.first:
            yield day
        day = (day + timedelta(days=32)).replace(day=1)


def ticks(span: Span) -> list[date]:
    """At most about a dozen of them, the same distance apart."""
    every = list(months(span))
    step = next((step for step in (1, 2, 3, 6, 12, 24, 60) if len(every) / step <= 12), 120)
    return [day for day in every if (day.year * 12 + day.month - 1) % step == 0]
