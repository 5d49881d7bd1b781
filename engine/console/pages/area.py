"""One area: what stands in it, its warnings over a year by risk, and what lies below it, in code order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

from fastapi import APIRouter, Request, Response

from engine.console.look import Words, page
from engine.console.scene import Scene
from engine.console.sight import sight
from engine.model.grade import Grade
from engine.model.warning import RiskWarning
from engine.store import judgement
from engine.warn.past import Span, spans

router = APIRouter()

YEAR = timedelta(days=365)
#: The picture of a year: its width, where its names end, the height of a line, and of a grade's step.
WIDE, LEFT, LINE, RISE = 868, 200, 24, 4


@dataclass(frozen=True, slots=True)
class Life:
    """One warning with the grades it stood at."""

    warning: RiskWarning
    spans: tuple[Span, ...]

    @property
    def top(self) -> Grade:
        return max((span.grade for span in self.spans), default=Grade.NONE)


@router.get("/areas")
def areas(request: Request) -> Response:
    """The area that holds the others."""
    scene = sight(request)
    tree = scene.world.settings.tree
    if scene.top:
        return area(request, scene.top)
    root = next((one.code for one in tree if one.parent is None and tree.children(one.code)), None)
    return area(request, root or next(iter(tree.areas)))


@router.get("/area/{code}")
def area(request: Request, code: str) -> Response:
    scene = sight(request)
    tree = scene.world.settings.tree
    if code not in tree or not scene.shows(code):
        return page(request, scene, "said.html", 404, said="absent", active="")
    with scene.world.store.read() as tx:
        found = [one for one in judgement.warnings(tx, area=code) if _within(scene, one)]
        steps = judgement.changes(tx, since=min((one.since for one in found), default=scene.at))
    of = defaultdict(list)
    for change in steps:
        of[change.warning].append(change)
    lives = sorted((Life(one, spans(of[one.id])) for one in found), key=lambda life: life.warning.since)
    sheet = request.app.state.sheets.of(scene)
    return page(
        request, scene, "area.html", active="areas", area=tree[code], lives=lives[::-1],
        year=_year(scene, lives), standing=[one for one in scene.open if one.area == code], sheet=sheet,
        lineage=[tree[above] for above in reversed(tree.lineage(code)[1:]) if scene.shows(above)],
        children=[tree[below] for below in tree.children(code)], below=_below(scene, code),
    )  # fmt: skip


def _within(scene: Scene, of: RiskWarning) -> bool:
    return of.lifted_at is None or of.lifted_at > scene.at - YEAR


def _below(scene: Scene, code: str) -> dict[str, Grade]:
    """The highest open grade of each area right below."""
    children = set(scene.world.settings.tree.children(code))
    found: dict[str, Grade] = {}
    for one in scene.open:
        if one.area in children:
            found[one.area] = max(one.grade, found.get(one.area, Grade.NONE))
    return found


def _year(scene: Scene, lives: Sequence[Life]) -> Mapping[str, object]:
    """By risk, the lives of the last twelve months; drawn by `year`."""
    rows: dict[str, list[Life]] = defaultdict(list)
    for life in lives:
        rows[life.warning.topic].append(life)
    return {"rows": dict(sorted(rows.items())), "draw": lambda w: "".join(_drawn(w, scene, rows))}


def _drawn(w: Words, scene: Scene, rows: Mapping[str, Sequence[Life]]) -> Iterator[str]:
    height = LINE * len(rows) + 20
    yield f'<svg class="year" viewBox="0 0 {WIDE} {height}" role="img" aria-label="{escape(w("by risk"))}">'
    for at, lives in enumerate(rows[topic] for topic in sorted(rows)):
        base = LINE * (at + 1) - 2
        yield f'<text x="0" y="{base - 5}">{escape(w.topic(lives[0].warning))}</text>'
        yield f'<line x1="0" x2="{WIDE}" y1="{base}.5" y2="{base}.5" class="rule"/>'
        for life in lives:
            yield from (
                _bar(scene, span, base) for span in life.spans if _x(scene, span.until or scene.at) > LEFT
            )
    yield from _months(w, scene, LINE * len(rows) + 14)
    yield "</svg>"


def _bar(scene: Scene, span: Span, base: int) -> str:
    left, right = max(_x(scene, span.since), LEFT), _x(scene, span.until or scene.at)
    rise = RISE * int(span.grade)
    return (
        f'<rect x="{left:.1f}" y="{base - rise}" width="{max(right - left, 1.5):.1f}" height="{rise}" '
        f'class="f{span.grade:d}"/>'
    )


def _x(scene: Scene, moment: datetime) -> float:
    return LEFT + (WIDE - LEFT) * (1 - (scene.at - moment) / YEAR)


def _months(w: Words, scene: Scene, y: int) -> Iterator[str]:
    calendar = scene.world.settings.calendar
    day = (calendar.local_day(scene.at - YEAR).replace(day=1) + timedelta(days=32)).replace(day=1)
    while (moment := calendar.midnight(day)) <= scene.at:
        said = f"{day.month}月" if w.language == "zh" else f"{day:%b}"
        if WIDE - _x(scene, moment) > 24:
            yield f'<text x="{_x(scene, moment):.1f}" y="{y}" class="ax">{said}</text>'
        day = (day + timedelta(days=32)).replace(day=1)
