"""Charts as SVG. Kinds are classes (`f1` to `f4` fill, `s1` to `s4` stroke): the page brings the style."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from engine.chart import bars as daily
from engine.chart.bars import Bars
from engine.chart.shape import Bar, Rule, Shape
from engine.chart.strip import Strip, shapes


def strip(of: Strip, width: float = 376, height: float = 128) -> str:
    """The strip; its title is what it says to those who cannot see it."""
    return (
        f'<svg class="strip" viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(of.title)}">'
        f"{drawn(shapes(of, width, height))}</svg>"
    )


def bars(of: Bars, width: float = 640, height: float = 150) -> str:
    """The bars; their title, too, is for those who cannot see them."""
    title = f"{of.title} ({of.since})" if of.since else of.title
    return (
        f'<svg class="bars" viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(title)}">'
        f"{drawn(daily.shapes(of, width, height))}</svg>"
    )


def drawn(of: Iterable[Shape]) -> str:
    """The shapes, one element each."""
    return "".join(map(_element, of))


def _element(of: Shape) -> str:
    if isinstance(of, Bar):
        height = max(of.height, 0)
        size = f'width="{of.width:.1f}" height="{height:.1f}"'
        return f'<rect x="{of.x:.1f}" y="{of.y:.1f}" {size} class="{of.kind}"/>'
    if isinstance(of, Rule):
        return f'<line x1="{of.x1:.1f}" x2="{of.x2:.1f}" y1="{of.y:.1f}" y2="{of.y:.1f}" class="{of.kind}"/>'
    if not of.said:
        return ""
    where = f'x="{of.x:.1f}" y="{of.y:.1f}" text-anchor="{of.anchor}"'
    return f'<text {where} class="{of.kind}">{escape(of.said)}</text>'
