"""The forms that people in the field fill in, for whoever has an account: of the part that they see."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from engine.console.sheet import page as sheet
from engine.console.sight import needs
from engine.cycle.filling import Sheet
from engine.cycle.filling import sheet as sheet_of
from engine.cycle.world import World
from engine.model.staff import Right, Visitor

router = APIRouter()

_AROUND = sheet.Around(files="/forms/-/", back="/feeds")
Reporter = Annotated[Visitor, Depends(needs(Right.ANSWER))]


@router.get("/forms/-/{name}")
def file(name: str) -> Response:
    return sheet.file(name)


@router.get("/forms/{feed}")
def form(request: Request, feed: str, visitor: Reporter) -> Response:
    return sheet.page(request, _of(request, feed, visitor), _AROUND)


@router.post("/forms/{feed}")
async def send(request: Request, feed: str, visitor: Reporter) -> Response:
    found, given = _of(request, feed, visitor), await sheet.read(request)
    if given is None:
        raise HTTPException(400)
    return await sheet.taken(request, found, _AROUND, given)


def _of(request: Request, feed: str, visitor: Visitor) -> Sheet:
    world: World = request.app.state.world()
    found = sheet_of(world, feed, visitor.area)
    if found is None:
        raise HTTPException(404)
    return found
