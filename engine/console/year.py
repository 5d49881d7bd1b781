"""A year of an area as pictures: the lives of its warnings, what it scored and what was reported by week, and
a strip for each area below it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from html import escape
from itertools import chain, groupby

from engine.chart import svg
from engine.chart.bars import Bars
from engine.console import words
from engine.console.look import Words
from engine.console.scene import Scene
from engine.cycle.yearly import WEEKS, Weeks
from engine.model.grade import Grade, Mark
from engine.model.warning import RiskWarning
from engine.warn.past import Span

YEAR = timedelta(days=365)
_WEEK = timedelta(days=7)
#: The picture of a year: its width, where its names end, the height of a line, and of a grade's step.
WIDE, LEFT, LINE, RISE = 868, 200, 24, 4
#: The shortest stretch that is drawn.
LEAST = 2.0
#: Of several side by side: the size of one.
SMALL = (410, 84)


@dataclass(frozen=True, slots=True)
class Life:
    """One warning with the grades it stood at."""

    warning: RiskWarning
    spans: tuple[Span, ...]

    @property
    def top(self) -> Grade:
        return max((span.grade for span in self.spans), default=Grade.NONE)


def lives(w: Words, of: Sequence[Life]) -> str:
    """A line for each risk, with the grades at which its warnings stood."""
    return "".join(_drawn(w, w.scene, _by_risk(of)))


def names(w: Words, of: Sequence[Life]) -> list[str]:
    """What the lines are called, from the first down."""
    return [w.topic(lives[0].warning) for lives in _by_risk(of).values()]


def _by_risk(of: Sequence[Life]) -> dict[str, list[Life]]:
    rows: dict[str, list[Life]] = defaultdict(list)
    for life in of:
        rows[life.warning.topic].append(life)
    return dict(sorted(rows.items()))


def weeks(w: Words, title: str, since: str, first: date, of: Weeks, most: float = 1.0) -> str:
    """A bar for each week from a day on, hatched where it has no figure; since: how one says from when on
    somebody looked."""
    last = first + WEEKS * _WEEK - timedelta(days=1)
    begun = w(since, when=w.day(of.since)) if of.since and of.before else ""
    return svg.bars(Bars(
        title=title, values=of.figures, most=most, first=w.day(first), last=w.day(last), before=of.before,
        since=begun,
    ), *SMALL)  # fmt: skip


def months(w: Words, title: str, of: Sequence[tuple[date, int]]) -> str:
    """A bar for each month."""
    first, last = (words.month(w.language, of[at][0]) for at in (0, -1))
    return svg.bars(Bars(title=title, values=[many for _, many in of], first=first, last=last), *SMALL)


def strip(w: Words, title: str, of: Sequence[Life]) -> str:
    """The highest grade of each week."""
    begin = w.scene.at - WEEKS * _WEEK
    tops = [Mark()] * WEEKS
    for one, span in ((life, span) for life in of for span in life.spans):
        first, last = (span.since - begin) // _WEEK, ((span.until or w.scene.at) - begin) // _WEEK
        for at in range(max(first, 0), min(last, WEEKS - 1) + 1):
            tops[at] = max(tops[at], Mark.of(span.grade, one.warning.domain))
    parts, x = list[str](), 0
    for mark, run in groupby(tops):
        wide = len(list(run))
        parts += _block(x, 0, wide, 8, mark, (0.4, 2))
        x += wide
    return (
        f'<svg class="wks" viewBox="0 0 {WEEKS} 8" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(title)}">{"".join(parts)}</svg>'
    )


def _drawn(w: Words, scene: Scene, rows: Mapping[str, Sequence[Life]]) -> Iterator[str]:
    height = LINE * len(rows) + 20
    yield f'<svg class="year" viewBox="0 0 {WIDE} {height}" role="img" aria-label="{escape(w("by risk"))}">'
    for at, lives in enumerate(rows.values()):
        base = LINE * (at + 1) - 2
        yield f'<text x="0" y="{base - 5}" class="nm">{escape(w.topic(lives[0].warning))}</text>'
        yield f'<line x1="0" x2="{WIDE}" y1="{base}.5" y2="{base}.5" class="rule"/>'
        for life in lives:
            yield from chain.from_iterable(
                _bar(scene, Mark.of(span.grade, life.warning.domain), span, base)
                for span in life.spans if _x(scene, span.until or scene.at) > LEFT
            )
    yield from _months(w, scene, LINE * len(rows) + 14)
    yield "</svg>"


def _bar(scene: Scene, mark: Mark, span: Span, base: int) -> Iterator[str]:
    """However short it was it is seen, the newest too."""
    right = _x(scene, span.until or scene.at)
    left = min(max(_x(scene, span.since), LEFT), right - LEAST)
    rise = RISE * int(span.grade)
    yield from _block(left, base - rise, right - left, rise, mark, (1, 1))


def _block(
    x: float, y: float, width: float, height: float, mark: Mark, edge: tuple[float, float]
) -> Iterator[str]:
    """A grade's rectangle; what is advisory is hollow within its edge, left and right, above and below."""
    yield _rect(x, y, width, height, f"f{mark.grade:d}{' adv' if mark.advisory else ''}")
    if mark.advisory:
        aside = edge[0] if width > 2 * edge[0] + LEAST / 10 else 0
        yield _rect(x + aside, y + edge[1], width - 2 * aside, height - 2 * edge[1], "hollow")


def _rect(x: float, y: float, width: float, height: float, kind: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" class="{kind}"/>'


def _x(scene: Scene, moment: datetime) -> float:
    return LEFT + (WIDE - LEFT) * (1 - (scene.at - moment) / YEAR)


def _months(w: Words, scene: Scene, y: int) -> Iterator[str]:
    calendar = scene.world.settings.calendar
    day = (calendar.local_day(scene.at - YEAR).replace(day=1) + timedelta(days=32)).replace(day=1)
    while (moment := calendar.midnight(day)) <= scene.at:
        said = words.month(w.language, day)
        if WIDE - _x(scene, moment) > 24:
            yield f'<text x="{_x(scene, moment):.1f}" y="{y}" class="ax">{said}</text>'
        day = (day + timedelta(days=32)).replace(day=1)
