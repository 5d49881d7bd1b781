"""The desk: what needs somebody, what stands, where, and the chosen warning."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response

from engine.console import desk
from engine.console.look import page
from engine.console.pages.warning import shown
from engine.console.scene import Scene
from engine.console.sight import sight, who
from engine.console.waiting import waiting
from engine.model.grade import Domain
from engine.model.period import Cycle

router = APIRouter()


@router.get("/")
def now(request: Request, warning: str = "") -> Response:
    scene = sight(request)
    groups = desk.groups(scene)
    visitor = who(request)
    waits = waiting(scene, visitor)
    mine = next((one.warning.id for one in waits if one.warning and one.kind in ("proposed", "unread")), "")
    first = mine or (groups[0].lead.id if groups else "")
    chosen = scene.warnings.get(warning) or scene.warnings.get(first)
    return page(
        request, scene, "now.html", active="now", tiles=desk.tiles(scene), needs=desk.needs(scene),
        waiting=waits, groups=groups, ended=desk.ended(scene), chosen=chosen, next_run=next_run(scene),
        domains=list(Domain), **_map(request, scene),
        **(shown(scene, chosen, visitor) if chosen else {}),
    )  # fmt: skip


@router.get("/part/warning/{id}")
def detail(request: Request, id: str) -> Response:
    """The right pane alone, for whoever chooses another row."""
    scene = sight(request)
    if id not in scene.warnings:
        return page(request, scene, "said.html", 404, said="absent", active="")
    chosen = scene.warnings[id]
    return page(request, scene, "detail.html", chosen=chosen, **shown(scene, chosen, who(request)))


def next_run(scene: Scene) -> datetime:
    """The next daily screening."""
    calendar = scene.world.settings.calendar
    last = calendar.last_due(Cycle.DAILY, scene.at)
    return calendar.period(Cycle.DAILY, last.end.date()).due_at


def _map(request: Request, scene: Scene) -> dict[str, Any]:
    """The map's shapes, its layers by day, and the columns under it."""
    sheet = request.app.state.sheets.of(scene)
    codes = list(sheet.shapes) if sheet else []
    layers = desk.layers(scene, codes)
    columns = desk.columns(scene)
    told = {"codes": codes, "days": [column.day.isoformat() for column in columns], "layers": layers}
    return {
        "sheet": sheet, "columns": columns, "grades": dict(zip(codes, layers["all"][-1], strict=True)),
        "most": max((sum(n for _, n in column.counts) for column in columns), default=0) or 1,
        # Nothing in it can close the element that holds it: codes and digits, and `<` in neither.
        "layers": orjson.dumps(told).decode().replace("<", "\\u003c"),
    }  # fmt: skip
