"""The feeds: when each was asked and when it had news, what became of its records, what nobody could read."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from engine.console.look import page
from engine.console.scene import Scene
from engine.model.feed import Account
from engine.store import health, rejects

router = APIRouter()

#: Groups of unread records that are shown.
GROUPS = 30


@router.get("/feeds")
def feeds(request: Request) -> Response:
    scene: Scene = request.app.state.scene()
    with scene.world.store.read() as tx:
        accounts, bad = health.accounts(tx), rejects.count(tx)
        unread = rejects.groups(tx, "reason")[:GROUPS]
    rows = [
        (feed, scene.feeds[id_], accounts.get(id_, Account()), bad.get(id_, 0))
        for id_, feed in scene.world.settings.feeds.items()
    ]
    return page(request, scene, "feeds.html", active="feeds", rows=rows, unread=unread)
