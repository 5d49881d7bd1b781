"""Who did what and what was refused: for administrators, and as a sheet."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from engine.console.look import page
from engine.console.sight import needs, sight
from engine.cycle.exporting.form import TYPES
from engine.guard import sheet
from engine.model.staff import Right
from engine.store import audit as kept

router = APIRouter(dependencies=[Depends(needs(Right.ADMINISTER))])

#: Lines of a page, and of a sheet at most.
ROWS, MOST = 200, 1_000_000
COLUMNS = ("at", "account", "via", "act", "about", "refused")


@router.get("/audit")
def audit(
    request: Request, account: str = "", what: str = "", refused: bool = False,
    before: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
) -> Response:  # fmt: skip
    scene = sight(request)
    with scene.world.store.read() as tx:
        rows = kept.listing(tx, who=account, what=what, refused=refused, before=before, limit=ROWS)
        kinds = kept.kinds(tx)
    return page(
        request, scene, "audit.html", active="audit", rows=rows, kinds=kinds, account=account, what=what,
        refused=refused, more=rows[-1].id if len(rows) == ROWS else None,
    )  # fmt: skip


@router.get("/audit.csv")
def sheet_(request: Request, account: str = "", what: str = "", refused: bool = False) -> Response:
    """Every line that fits, the latest first; no cell of it is a formula."""
    scene = sight(request)
    with scene.world.store.read() as tx:
        rows = kept.listing(tx, who=account, what=what, refused=refused, limit=MOST)
    zone = scene.world.settings.calendar.zone
    cells = (
        (one.at.astimezone(zone).isoformat(), one.who, one.via, one.what, one.about, one.refused)
        for one in rows
    )
    headers = {"content-disposition": 'attachment; filename="audit.csv"'}
    return Response(sheet.document(COLUMNS, cells), media_type=TYPES["csv"], headers=headers)
