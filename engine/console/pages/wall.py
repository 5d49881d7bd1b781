"""The wall: three metres, ten seconds."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from fastapi import APIRouter, Request, Response

from engine.console import desk
from engine.console.few import Some
from engine.console.kept import Kept
from engine.console.look import page
from engine.console.pages.now import next_run
from engine.console.scene import Scene
from engine.console.sight import glance, sight
from engine.model.grade import RUNGS, Mark

router = APIRouter()

#: What matters, and how many lines of changes and feeds a wall holds.
MATTERS, LINES, FEEDS = 3, 6, 3


@router.get("/wall")
def wall(request: Request) -> Response:
    return _wall(request, sight(request), "base.html")


@router.get("/part/wall")
def live(request: Request) -> Response:
    """What of the wall goes with the time, without its frame."""
    scene = glance(request)
    kept: Kept = request.app.state.kept
    return kept.of(request, scene, lambda: _wall(request, scene, "live.html"))


def _wall(request: Request, scene: Scene, frame: str) -> Response:
    calendar, sheet = scene.world.settings.calendar, request.app.state.sheets.of(scene)
    judged = scene.last_run.due_at if scene.last_run else scene.at
    begun = scene.duty[0].begins if scene.duty else judged
    steps = desk.steps(scene, min(begun, scene.at - timedelta(days=1)))
    recent = Some([one for one in steps if one.change.at >= begun], LINES)
    scene.evidence.look_up(one.id for one in scene.open[:MATTERS])
    marks = Counter(map(desk.mark, scene.open))
    tree = scene.world.settings.tree
    tops = [one for one in scene.open if one.area in tree and one.area == _root(scene)]
    return page(
        request, scene, "wall.html", frame=frame, active="wall", tiles=desk.tiles(scene), sheet=sheet,
        digits=desk.digits(scene, list(sheet.shapes)) if sheet else "",
        counted=[(grade, marks[Mark(grade, True)], marks[Mark(grade)]) for grade in reversed(RUNGS)],
        whole=max(map(desk.mark, tops), default=Mark()),
        matters=Some(scene.open, MATTERS), recent=recent, feeds=Some(desk.feeds(scene), FEEDS),
        before=Some([one for one in steps if one.change.at < begun], max(LINES - len(recent) - 1, 0)),
        judged=begun,
        next_run=next_run(scene), root=_root(scene), zone=calendar.zone,
    )  # fmt: skip


def _root(scene: Scene) -> str:
    """The area that holds the others, where there is one, or the top of what is shown."""
    if scene.top:
        return scene.top
    tree = scene.world.settings.tree
    return next((area.code for area in tree if area.parent is None and tree.children(area.code)), "")
