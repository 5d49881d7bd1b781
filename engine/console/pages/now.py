"""The desk: what needs somebody, what stands, where, and the chosen warning."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request, Response

from engine.console import desk
from engine.console.api.listing import answer
from engine.console.few import Some
from engine.console.kept import Kept
from engine.console.look import Look, Words, page
from engine.console.pages.warning import shown
from engine.console.scene import Scene
from engine.console.sight import glance, sight, who
from engine.console.waiting import waiting
from engine.model.grade import Domain, Grade, Mark
from engine.model.period import CALENDAR, Cycle

router = APIRouter()

#: So many of those who wait are listed, and of what keeps the engine from its work.
ASKED, NEEDS = 40, 30


@router.get("/")
def now(request: Request, warning: str = "") -> Response:
    return _desk(request, sight(request), warning, "base.html")


@router.get("/part/now")
def live(request: Request, warning: str = "") -> Response:
    """What of the desk goes with the time, without its frame."""
    scene = glance(request)
    kept: Kept = request.app.state.kept
    return kept.of(request, scene, lambda: _desk(request, scene, warning, "live.html"))


@router.get("/part/warning/{id}")
def detail(request: Request, id: str) -> Response:
    """The right pane alone, for whoever chooses another row."""
    scene = sight(request)
    if id not in scene.warnings:
        return page(request, scene, "said.html", 404, said="absent", active="")
    chosen = scene.warnings[id]
    return page(request, scene, "detail.html", chosen=chosen, **shown(scene, chosen, who(request)))


@router.get("/part/days")
def days(request: Request) -> Response:
    """The map of every day and domain, for whoever looks back: a digit (`Mark`) an area, in the order of the
    codes; what each digit says, with the area's name at the @."""
    scene = sight(request)
    sheet, w = request.app.state.sheets.of(scene), Words(scene, Look.of(request).language)
    codes = list(sheet.shapes) if sheet else []
    names = [w.area(code) for code in codes]
    says = [f"@{w('colon')}{w.marked(Mark.read(str(digit)))}" for digit in range(2 * len(Grade) - 1)]
    layers = desk.layers(scene, codes)
    return answer(request, {"codes": codes, "names": names, "says": says, "layers": layers})


def next_run(scene: Scene, cycle: Cycle = Cycle.DAILY) -> datetime:
    """When the next daily screening is due, or another cycle."""
    calendar = scene.world.settings.calendar
    last = calendar.last_due(cycle, scene.at)
    return calendar.period(cycle, last.end.date()).due_at


def next_runs(scene: Scene) -> list[tuple[Cycle, datetime]]:
    """Each cycle, and when it is due next."""
    return [(cycle, next_run(scene, cycle)) for cycle in CALENDAR]


def _desk(request: Request, scene: Scene, warning: str, frame: str) -> Response:
    groups, visitor = desk.groups(scene), who(request)
    waits = waiting(scene, visitor)
    mine = next((one.warning.id for one in waits if one.warning and one.kind in ("proposed", "unread")), "")
    first = mine or (groups[0].lead.id if groups else "")
    chosen = scene.warnings.get(warning) or scene.warnings.get(first)
    sheet, columns = request.app.state.sheets.of(scene), desk.columns(scene)
    listed = [one for group in groups for one in (*group.rows, *group.folded)]
    asking = [one.warning for one in waits[:ASKED] if one.warning is not None]
    scene.evidence.look_up(one.id for one in (*listed, *asking))
    return page(
        request, scene, "now.html", frame=frame, active="now", tiles=desk.tiles(scene),
        needs=Some(desk.needs(scene), NEEDS), waiting=waits, most_asks=ASKED, groups=groups,
        ended=desk.ended(scene), shown_ended=desk.ENDED, chosen=chosen, next_run=next_run(scene),
        next_runs=next_runs(scene), domains=list(Domain), sheet=sheet, columns=columns,
        digits=desk.digits(scene, list(sheet.shapes)) if sheet else "",
        most=max((sum(n for _, n in column.counts) for column in columns), default=0) or 1,
        **(shown(scene, chosen, visitor) if chosen else {}),
    )  # fmt: skip
