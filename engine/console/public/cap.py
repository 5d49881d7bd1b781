"""CAP feeds over HTTP: the index and the documents of every channel that says `serve: true`.

Only what is public is shown, whatever else lies in the folder: a restricted message is for departments.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

from fastapi import APIRouter, Request, Response

from engine.console.pace import Pace
from engine.cycle.world import World
from engine.notify.cap.atom import TYPE
from engine.notify.cap.document import public
from engine.notify.cap.folder import INDEX, Folder
from engine.notify.channels import cap

router = APIRouter()

_ATOM = "application/atom+xml"
#: A document never changes; an index is asked for anew.
_FOR_GOOD, _ANEW = "public, max-age=31536000, immutable", "no-cache"


@router.api_route("/cap/{feed}/{file}", methods=["GET", "HEAD"])
def read(request: Request, feed: str, file: str) -> Response:
    """One document, or the index as of now."""
    pace: Pace = request.app.state.limits["feeds"]
    if wait := pace.take(request.client.host if request.client else ""):
        return Response(status_code=429, headers={"retry-after": str(int(wait) + 1)})
    world: World = request.app.state.world()
    folder = served(world).get(feed)
    if folder is None:
        return Response(status_code=404)
    if file == INDEX:
        index = folder.index(world.clock(), lambda name: _public(folder, name))
        return _answer(request, index, _ATOM, _ANEW)
    content = folder.document(file)
    if content is None or not _public(folder, file):
        return Response(status_code=404)
    return _answer(request, content, TYPE, _FOR_GOOD)


def served(world: World) -> dict[str, Folder]:
    """The folders that are shown, by the feed's name: `receiver.channel`."""
    return {
        f"{one.id}.{channel.name}": cap.options(channel).folder
        for one in world.settings.receivers.values() for channel in one.channels
        if channel.kind == cap.ID and channel.options.get("serve")
    }  # fmt: skip


@lru_cache(maxsize=50_000)
def _public(folder: Folder, file: str) -> bool:
    """Looked up once: a document never changes."""
    content = folder.document(file)
    return content is not None and public(content)


def _answer(request: Request, content: bytes, kind: str, caching: str) -> Response:
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": caching, "cross-origin-resource-policy": "cross-origin"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=kind, headers=headers)
