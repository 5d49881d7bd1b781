"""The feeds: when each was asked and when it had news, what became of its records, what nobody could read."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from engine.console.look import page
from engine.console.sight import sight
from engine.model.feed import Account
from engine.store import health, rejects

router = APIRouter()

#: Groups of unread records that are shown.
GROUPS = 30


@router.get("/feeds")
def feeds(request: Request) -> Response:
    scene = sight(request)
    with scene.world.store.read() as tx:
        accounts, bad = health.accounts(tx), rejects.count(tx)
        # What could not be placed may lie anywhere.
        unread = rejects.groups(tx, "reason")[:GROUPS] if not scene.top else []
    rows = [
        (feed, scene.feeds[id_], accounts.get(id_, Account()), bad.get(id_, 0))
        for id_, feed in scene.world.settings.feeds.items()
    ]
    return page(request, scene, "feeds.html", active="feeds", rows=rows, unread=unread)
