"""A form behind a signed link: shown to whoever has it, and what they fill in is taken at once.

The link is the only proof that is asked for: no cookie is given that another site's page could make use of.
"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from engine.console.public import answer, words
from engine.console.sheet import page as sheet
from engine.cycle.filling import Sheet, open_
from engine.cycle.world import World

router = APIRouter()

_AROUND = sheet.Around(files="/f/-/", worker=True)


@router.api_route("/f/-/{name}", methods=["GET", "HEAD"])
def file(name: str) -> Response:
    return sheet.file(name)


@router.api_route("/f/{token}", methods=["GET", "HEAD"])
def look(request: Request, token: str) -> Response:
    found = _opened(request, token, "looks")
    return answer.said(found) if isinstance(found, str) else sheet.page(request, found, _AROUND)


@router.post("/f/{token}")
async def send(request: Request, token: str) -> Response:
    given = await sheet.read(request)
    found = await run_in_threadpool(_opened, request, token, "presses")
    if isinstance(found, str) or given is None:
        return _nothing(request, found if isinstance(found, str) else "no form")
    return await sheet.taken(request, found, _AROUND, given)


def _opened(request: Request, token: str, what: str) -> Sheet | str:
    """What the link opens now, or the word that says why it opens nothing."""
    if not answer.often(request, what, token):
        return "often"
    world: World = request.app.state.world()
    with world.store.read() as tx:
        return open_(world, tx, token)


def _nothing(request: Request, why: str) -> Response:
    if not sheet.scripted(request):
        return answer.said(why)
    said = words.say(sheet.language(request), why)
    return JSONResponse({"wrong": said}, status_code=answer.STATUS[why])
