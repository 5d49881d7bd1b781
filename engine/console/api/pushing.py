"""Where sources push what they know: one feed for each token, an answer only after it is committed."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import asdict

import orjson
from fastapi import APIRouter, HTTPException, Request, Response
from starlette.requests import ClientDisconnect

from engine.console.api.problem import REFUSED, Problem
from engine.console.sight import who
from engine.cycle.intake import Post, Taken
from engine.cycle.world import World
from engine.errors import EngineError
from engine.model.feed import Feed

router = APIRouter(prefix="/v1", tags=["pushing"], responses=REFUSED)

#: Whoever brings something has brought it within so many seconds.
_BROUGHT = 20.0
_JSON = ("application/json",)
_CAP = ("application/cap+xml", "application/xml", "text/xml")


@router.post("/incidents", status_code=202, summary="What a source pushes: JSON, or a CAP alert")
async def push(request: Request) -> Response:
    """202 only after what was brought is committed, with the account of it: read = new + revised + unchanged
    + repeated + skipped + rejected. The same again is told as unchanged. 503 says that nothing of it was
    taken and that it may be brought again."""
    feed, take = _feed(request), request.app.state.take
    if take is None:
        raise Problem(503, "nobody judges here: push to the console of `forewarn run`")
    try:
        post = Post(feed.id, _form(request), await _body(request, feed))
    except Problem as problem:
        with suppress(EngineError):  # the source is told in any case
            take(Post(feed.id, wrong=problem.detail))
        raise
    try:
        taken: Taken = await asyncio.wrap_future(take(post))
    except EngineError as error:
        raise Problem(503, f"nothing was taken: {error}; bring it again") from error
    if taken.refused:
        raise Problem(422, taken.refused)
    told = {
        "feed": feed.id, "account": asdict(taken.account),
        "rejects": [{"place": place, "reason": reason} for place, reason in taken.rejects],
        "lost": taken.lost, "late": taken.late,
    }  # fmt: skip
    return Response(orjson.dumps(told), 202, media_type="application/json")


def _feed(request: Request) -> Feed:
    name, world = who(request).feed, request.app.state.world()
    assert isinstance(world, World)
    if not name:
        raise HTTPException(404)
    feed = world.settings.feeds.get(name)
    if feed is None or not feed.pushed or feed.filled_in:
        raise Problem(409, f"config/feeds.yaml has no feed '{name}' any more that is pushed")
    return feed


def _form(request: Request) -> str:
    packed = request.headers.get("content-encoding", "identity").strip().lower()
    if packed != "identity":
        raise Problem(415, "what is packed is not unpacked here, whatever it would become: bring it as it is")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in _JSON:
        return "json"
    if kind in _CAP:
        return "cap"
    raise Problem(415, f"say what it is: {_JSON[0]}, or {_CAP[0]} for a CAP alert")


async def _body(request: Request, feed: Feed) -> bytes:
    if int(request.headers["content-length"]) > feed.options.max_bytes:
        raise Problem(413, f"this feed takes {feed.options.max_mb} MB at once; bring it in pieces")
    try:
        return await asyncio.wait_for(request.body(), _BROUGHT)
    except (TimeoutError, ClientDisconnect):
        raise Problem(408, f"it was not brought whole within {_BROUGHT:.0f} s") from None
