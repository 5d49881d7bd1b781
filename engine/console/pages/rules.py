"""The rules: in words, by domain, each with its status, owner and text; of one, what became of it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BeforeValidator

from engine.console import drafting, record, year
from engine.console.look import Look, page
from engine.console.scene import Scene
from engine.console.sight import needs, sight
from engine.cycle import flapping, why
from engine.cycle.measuring import Measured
from engine.cycle.why import Node
from engine.errors import Busy, UsageError
from engine.model.act import ActKind
from engine.model.grade import Domain
from engine.model.period import Cycle
from engine.model.rule import Rule
from engine.model.staff import Right
from engine.notify.notice import Trouble
from engine.rulebook.words.explain import explain
from engine.store import acts, faults, judgement

router = APIRouter()

DAY = timedelta(days=1)
#: Nothing was judged before it.
FIRST = date(1970, 1, 2)


def _unless_empty(said: Any) -> Any:
    return said or None


#: A field that may be left empty.
Day = Annotated[date | None, BeforeValidator(_unless_empty)]


@router.get("/rules")
def rules(request: Request) -> Response:
    scene = sight(request)
    book = scene.world.book.rules.values()
    standing: dict[str, int] = {}
    for one in scene.open:
        for rule in one.rules:
            standing[rule] = standing.get(rule, 0) + 1
    by_domain = {
        domain: sorted((r for r in book if r.domain is domain), key=lambda r: r.id) for domain in Domain
    }
    return page(request, scene, "rules.html", active="rules", by_domain=by_domain, standing=standing)


@router.get("/rule/{id}")
def rule(
    request: Request, id: str, area: Annotated[str, Query(max_length=100)] = "", day: Day = None
) -> Response:
    """area, day: why it did or did not warn there, at the judgement of that day."""
    scene = sight(request)
    found = scene.world.book.rules.get(id)
    if found is None or (area and not _judges(scene, found, area)):
        return page(request, scene, "said.html", 404, said="absent", active="")
    day = min(max(day or _yesterday(scene), FIRST), _yesterday(scene) + DAY)
    tree = _why(scene, found, area, day) if area else None
    return _shown(request, scene, found, tree=tree, area=area, day=day)


@router.post("/rule/{id}/measure", dependencies=[Depends(needs(Right.DRAFT))])
def measure(request: Request, id: str) -> Response:
    """The page with the rule's figures over the last days: they are of every area, and for nobody who sees
    only some."""
    scene = sight(request)
    found = scene.world.book.rules.get(id)
    if found is None or scene.top:
        return page(request, scene, "said.html", 404, said="absent", active="")
    try:
        return _shown(request, scene, found, figures=drafting.measure(scene, found))
    except (UsageError, Busy) as error:
        return _shown(request, scene, found, refused=str(error))


def _shown(
    request: Request, scene: Scene, of: Rule, *, tree: Node | None = None, area: str = "",
    day: date | None = None, figures: Measured | None = None, refused: str = "",
) -> Response:  # fmt: skip
    world, calendar = scene.world, scene.world.settings.calendar
    with world.store.read() as tx:
        topic = [one for one in judgement.warnings(tx, topic=of.topic) if scene.shows(one.area)]
        given = acts.every(tx, [ActKind.VERDICT, ActKind.CLOSE])
        cells = judgement.grades_found(tx, of.topic, scene.at - year.YEAR)
        found = faults.listing(tx, kind=Trouble.FLAPPING)
    warned = sorted((one for one in topic if of.id in one.rules), key=lambda one: one.since, reverse=True)
    turning = [one for one in found if flapping.about(one)[0] == of.id and scene.tells(one)]
    cells = [cell for cell in cells if scene.shows(cell[1])]
    return page(
        request, scene, "rule.html", active="rules", rule=of, warned=warned, turning=turning, area=area,
        said=explain(of, Look.of(request).language, drafting.context(scene)), text=record.excerpt(of),
        months=record.months(warned, calendar, calendar.local_day(scene.at)), tree=tree, figures=figures,
        judged=record.judged(given, warned), beside=list(record.beside(of, world.book, cells, calendar)),
        day=day or _yesterday(scene), days=drafting.DAYS, refused=refused,
        places=[one for one in world.settings.tree if _judges(scene, of, one.code)],
        year=year, written=_written(of, world.settings.root),
    )  # fmt: skip


def _written(of: Rule, root: Path) -> str:
    """The rule's file, from the root; a pack's is called by the pack."""
    return f"{of.pack}: {Path(of.path).name}" if of.pack else of.path.removeprefix(f"{root}/")


def _judges(scene: Scene, of: Rule, area: str) -> bool:
    tree = scene.world.settings.tree
    return area in tree and tree[area].level == of.level and of.judges(area) and scene.shows(area)


def _yesterday(scene: Scene) -> date:
    return scene.world.settings.calendar.local_day(scene.at) - DAY


def _why(scene: Scene, of: Rule, area: str, day: date) -> Node:
    calendar = scene.world.settings.calendar
    ends = calendar.midnight(day + DAY)
    at = ends if of.cycle is Cycle.IMMEDIATE else calendar.period(of.cycle, day).due_at
    return why.rule(scene.world, of, area, min(at, scene.at))
