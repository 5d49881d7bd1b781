"""The feeds: when each was asked and when it had news, how deep it places what it tells, what became of its
records, what nobody could read."""

from __future__ import annotations

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from engine.console.few import Some
from engine.console.look import page
from engine.console.sight import needs, sight, who
from engine.cycle import collect, depth
from engine.model.feed import Account
from engine.model.staff import Entry, Right
from engine.store import audit, health, rejects

router = APIRouter()

#: Groups of unread records that are shown.
GROUPS = 30


@router.get("/feeds")
def feeds(request: Request) -> Response:
    return _shown(request)


@router.post("/feeds/{id}/reread", dependencies=[Depends(needs(Right.ADMINISTER))])
def reread(request: Request, id: str) -> Response:
    """Let the next poll read everything anew."""
    world, visitor = sight(request).world, who(request)
    feed = world.settings.feeds.get(id)
    if feed is None or feed.pushed:
        raise HTTPException(404)
    done = Entry(at=world.clock(), who=visitor.name, what="feed reread", via=visitor.via, about=id)
    with world.store.lasting() as tx:
        collect.begin_again(tx, feed)
        audit.add(tx, done)
    return _shown(request, anew=id)


def _shown(request: Request, anew: str = "") -> Response:
    scene = sight(request)
    world = scene.world
    with world.store.read() as tx:
        accounts, bad = health.accounts(tx), rejects.count(tx)
        # What could not be placed may lie anywhere, and what a feed brings lies everywhere.
        unread = Some([] if scene.top else rejects.groups(tx, "reason"), GROUPS)
        rows = [
            (
                feed, scene.feeds[id_], accounts.get(id_, Account()), bad.get(id_, 0),
                {} if scene.top else depth.placements(world, tx, feed, scene.at).shares(),
            )
            for id_, feed in world.settings.feeds.items()
        ]  # fmt: skip
    return page(request, scene, "feeds.html", active="feeds", rows=rows, unread=unread, anew=anew)
