"""Who did what and what was refused: for administrators."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from engine.console.look import page
from engine.console.sight import needs, sight
from engine.model.staff import Right
from engine.store import audit as kept

router = APIRouter(dependencies=[Depends(needs(Right.ADMINISTER))])

ROWS = 200


@router.get("/audit")
def audit(
    request: Request, account: str = "", what: str = "", refused: bool = False,
    before: Annotated[int | None, Query(ge=1, le=2**31)] = None,
) -> Response:  # fmt: skip
    scene = sight(request)
    with scene.world.store.read() as tx:
        rows = kept.listing(tx, who=account, what=what, refused=refused, before=before, limit=ROWS)
        kinds = kept.kinds(tx)
    return page(
        request, scene, "audit.html", active="audit", rows=rows, kinds=kinds, account=account, what=what,
        refused=refused, more=rows[-1].id if len(rows) == ROWS else None,
    )  # fmt: skip
