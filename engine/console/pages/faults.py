"""What is wrong with the engine itself, what to do about it, and who knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from engine.console.form import form
from engine.console.look import page
from engine.console.mending import MENDING
from engine.console.sight import needs, sight, who
from engine.cycle import faults as upkeep
from engine.cycle.world import World
from engine.errors import UsageError
from engine.model.staff import Right, Visitor

router = APIRouter()

Fields = Annotated[Mapping[str, str], Depends(form)]


@router.get("/faults")
def faults(request: Request) -> Response:
    return _page(request)


@router.post("/faults", dependencies=[Depends(needs(Right.ANSWER))])
def acknowledge(request: Request, fields: Fields) -> Response:
    """The engine is one: whoever answers for a part alone does not say for all that somebody knows."""
    if not _may(who(request)):
        raise HTTPException(404)
    world: World = request.app.state.world()
    id_ = fields.get("id", "")
    try:
        with world.store.lasting() as tx:
            number = int(id_) if id_.isascii() and id_.isdigit() and len(id_) < 10 else 0
            upkeep.acknowledge(tx, number, who(request).name, world.clock(), "console")
    except UsageError as error:
        return _page(request, said=str(error), status=400)
    return _page(request)


def _page(request: Request, said: str = "", status: int = 200) -> Response:
    scene = sight(request)
    return page(
        request, scene, "faults.html", status, active="runs", mending=MENDING, said=said,
        may=_may(who(request)),
    )  # fmt: skip


def _may(visitor: Visitor) -> bool:
    return visitor.may(Right.ANSWER) and not visitor.area
