"""What programs may read: warnings, their changes and acts, tasks, feeds, runs, the audit."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from engine.console.api import shapes
from engine.console.api.listing import Cursor, Limit, answer, page
from engine.console.api.problem import ABSENT, REFUSED, Problem
from engine.console.deed import NotThere, warning_of
from engine.console.sight import needs, sight
from engine.cycle.world import World
from engine.model.grade import Domain, Grade
from engine.model.staff import Right
from engine.store import acts, audit, judgement

router = APIRouter(
    prefix="/v1", tags=["reading"], dependencies=[Depends(needs(Right.SEE))], responses=REFUSED
)

AtLeast = Annotated[str, Query(pattern="^(blue|yellow|orange|red)?$", description="From this grade up.")]


@router.get("/warnings", summary="Warnings, the gravest first")
def warnings(
    request: Request, every: bool = False, area: str = "", topic: str = "", domain: Domain | None = None,
    at_least: AtLeast = "", proposed: bool = False, limit: Limit = 100, cursor: Cursor = "",
) -> Response:  # fmt: skip
    """The open ones, or `every` one there was; below an `area`, of a `topic`, in a `domain`; only those with
    a proposal that waits."""
    scene = sight(request)
    if every:
        with _world(request).store.read() as tx:
            found = [one for one in judgement.warnings(tx) if scene.shows(one.area)]
        found.sort(key=lambda one: (not one.open, -one.grade, -one.since.timestamp(), one.id))
    else:
        found = scene.open
    tree = scene.world.settings.tree
    least = Grade.named(at_least) if at_least else Grade.NONE
    chosen = [
        one for one in found
        if one.grade >= least and topic in ("", one.topic) and domain in (None, one.domain)
        and (not area or (one.area in tree and area in tree.lineage(one.area)))
        and (not proposed or one.proposed is not None)
    ]  # fmt: skip
    return page(request, chosen, lambda one: one.id, lambda one: shapes.warning(scene, one), limit, cursor)


@router.get("/warnings/{id}", summary="One warning with its changes and what people did")
def warning(request: Request, id: str) -> Response:
    scene, world = sight(request), _world(request)
    try:
        found = warning_of(world, scene, id)
    except NotThere:
        raise Problem(404, ABSENT) from None
    with world.store.read() as tx:
        changes, done = judgement.changes(tx, warning=id), acts.of(tx, [id])
    return answer(request, {
        **shapes.warning(scene, found), "changes": [shapes.change(scene, one) for one in changes],
        "change": changes[-1].key if changes else None, "acts": [shapes.act(one) for one in done],
    })  # fmt: skip


@router.get("/tasks", summary="Open tasks, the earliest due first")
def tasks(
    request: Request, department: str = "", receiver: str = "", limit: Limit = 100, cursor: Cursor = ""
) -> Response:  # fmt: skip
    found = [
        one for one in sight(request).people.tasks
        if department in ("", one.department) and (not receiver or receiver in one.receivers)
    ]  # fmt: skip
    return page(request, found, lambda one: one.id, shapes.task, limit, cursor)


@router.get("/feeds", summary="Feeds, and how each is heard")
def feeds(request: Request) -> Response:
    scene = sight(request)
    of = scene.world.settings.feeds
    return answer(request, {"items": [shapes.feed(of[id_], heard) for id_, heard in scene.feeds.items()]})


@router.get("/faults", summary="What is wrong with the engine itself, and who knows")
def faults_(request: Request) -> Response:
    return answer(request, {"items": [shapes.fault(one) for one in sight(request).faults]})


@router.get("/runs", summary="The latest judgements")
def runs(request: Request) -> Response:
    return answer(request, {"items": [shapes.run(one) for one in sight(request).judged]})


@router.get("/audit", summary="Who did or tried what", dependencies=[Depends(needs(Right.ADMINISTER))])
def audited(
    request: Request, who: str = "", refused: bool = False, limit: Limit = 100,
    before: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="`next` of the one before.")] = None,
) -> Response:  # fmt: skip
    with _world(request).store.read() as tx:
        found = audit.listing(tx, who=who, refused=refused, before=before, limit=limit)
    last = found[-1].id if len(found) == limit else None
    return answer(request, {"items": [shapes.entry(one) for one in found], "next": last})


def _world(request: Request) -> World:
    world: World = request.app.state.world()
    return world
