"""Rows for sheets and maps, as far as whoever asks may see; reports as programs read them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response

from engine.console.api.listing import Cursor, Limit, answer, page
from engine.console.api.problem import ABSENT, REFUSED, Problem
from engine.console.sight import needs, sight
from engine.cycle.exporting.form import TYPES, formed
from engine.cycle.exporting.rows import Wanted, rows
from engine.errors import UsageError
from engine.model.staff import Right
from engine.store import reports as kept

router = APIRouter(
    prefix="/v1", tags=["reading"], dependencies=[Depends(needs(Right.SEE))], responses=REFUSED
)

Version = Annotated[int | None, Query(ge=1, le=32_000)]


@router.get("/export/{what}", summary="Warnings, findings, panels or acts for a sheet or a map")
def export(
    request: Request, what: Literal["warnings", "findings", "panels", "acts"],
    form: Literal["csv", "geojson", "xlsx"] = "csv", area: str = "", since: date | None = None,
    until: date | None = None, rule: str = "",
) -> Response:  # fmt: skip
    """Below an `area`; panels are those of a `rule`. Counts from one to four go out as `<5`."""
    scene = sight(request)
    tree = scene.world.settings.tree
    top = area or scene.top
    if top and (top not in tree or not scene.shows(top)):
        raise Problem(404, ABSENT)
    wanted = Wanted(areas=frozenset(tree.below(top)) if top else None, since=since, until=until, rule=rule)
    try:
        content = formed(scene.world, what, rows(scene.world, what, wanted), form)
    except UsageError as error:
        raise Problem(400, str(error)) from None
    headers = {"content-disposition": f'attachment; filename="{what}.{form}"'}
    return Response(content, media_type=TYPES[form], headers=headers)


@router.get("/reports", summary="The reports that were made, the latest first")
def reports(request: Request, cycle: str = "", limit: Limit = 100, cursor: Cursor = "") -> Response:
    scene = sight(request)
    with scene.world.store.read() as tx:
        found = [one for one in kept.listing(tx, cycle, None) if scene.shows(one.area)]
    return page(request, found, _key, _shape, limit, cursor)


@router.get("/reports/{cycle}/{period}/{area}", summary="One report: its figures and its sentences")
def report(request: Request, cycle: str, period: str, area: str, version: Version = None) -> Response:
    scene = sight(request)
    with scene.world.store.read() as tx:
        text = kept.text(tx, cycle, period, area, version) if scene.shows(area) else None
    if text is None:
        raise Problem(404, ABSENT)
    return answer(request, orjson.loads(text))


def _key(one: kept.Kept) -> str:
    return f"{one.cycle}/{one.period}/{one.area}/{one.version}"


def _shape(one: kept.Kept) -> dict[str, Any]:
    return {
        "cycle": one.cycle, "period": one.period, "area": one.area, "version": one.version,
        "due_at": one.due_at, "made_at": one.made_at,
    }  # fmt: skip
