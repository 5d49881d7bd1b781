"""One area over a year: its warnings, scores and reports; what lies below it, in the order of the codes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from fastapi import APIRouter, Request, Response
from starlette.background import BackgroundTask

from engine.console import desk, year
from engine.console.look import page
from engine.console.scene import Scene
from engine.console.sight import sight
from engine.console.year import YEAR, Life
from engine.console.yearbook import Yearbook
from engine.cycle import yearly
from engine.cycle.yearly import Kind
from engine.model.grade import Mark
from engine.store import judgement
from engine.store.database import Tx
from engine.warn.past import spans

router = APIRouter()


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
    world, below = scene.world, tree.children(code)
    yearbook: Yearbook = request.app.state.yearbook
    with world.store.read() as tx:
        found = _lives(tx, scene, {code, *below})
        reports = yearbook.of(scene, tx)
        kinds = yearly.kinds(world, tx, code, reports)
        scores = yearly.scores(tx, code, reports.first)
    lives, sheet = found[code], request.app.state.sheets.of(scene)
    response = page(
        request, scene, "area.html", active="areas", area=tree[code], lives=lives[::-1], kinds=kinds,
        quiet=_quiet(kinds), first=reports.first,
        scores=scores, year=year, standing=[one for one in scene.open if one.area == code], sheet=sheet,
        lineage=[tree[above] for above in reversed(tree.lineage(code)[1:]) if scene.shows(above)],
        children=[tree[one] for one in below], below=_below(scene, code), found=found,
        beside=sorted(filter(scene.shows, tree[code].neighbours)),
    )  # fmt: skip
    response.background = BackgroundTask(yearbook.renew, scene)
    return response


def _quiet(kinds: Iterable[Kind]) -> dict[str, list[Kind]]:
    """Those of which nothing was reported, by what can be said of that."""
    found = defaultdict(list)
    for one in kinds:
        says = "unseen" if one.lost == yearly.WEEKS else "gaps" if one.lost else "none"
        if not one.seen:
            found[f"reported {says}"].append(one)
    return found


def _lives(tx: Tx, scene: Scene, areas: Collection[str]) -> dict[str, list[Life]]:
    """By area, the warnings of the last twelve months, the oldest first."""
    since = scene.at - YEAR
    kept = [one for one in judgement.warnings(tx, lifted_since=since) if one.area in areas]
    steps = judgement.changes(tx, since=min((one.since for one in kept), default=scene.at))
    of = defaultdict(list)
    for change in steps:
        of[change.warning].append(change)
    found: dict[str, list[Life]] = defaultdict(list)
    for one in sorted(kept, key=lambda one: one.since):
        found[one.area].append(Life(one, spans(of[one.id])))
    return found


def _below(scene: Scene, code: str) -> dict[str, Mark]:
    """The highest open grade of each area right below."""
    children = set(scene.world.settings.tree.children(code))
    return desk.marks(one for one in scene.open if one.area in children)
