"""Every warning as a list: open, or the lifted ones too; by domain."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from engine.console.look import page
from engine.console.sight import sight
from engine.model.grade import Domain
from engine.store import judgement

router = APIRouter()

#: Rows of one page.
MOST = 200


@router.get("/warnings")
def warnings(
    request: Request, every: bool = False, domain: str = "", topic: str = "",
    after: Annotated[int, Query(ge=0, le=10**6)] = 0,
) -> Response:  # fmt: skip
    """after: so many rows come before."""
    scene = sight(request)
    with scene.world.store.read() as tx:
        found = judgement.warnings(tx, open_only=not every)
    found = [
        one for one in found
        if domain in ("", one.domain.value) and topic in ("", one.topic) and scene.shows(one.area)
    ]  # fmt: skip
    found.sort(key=lambda one: (not one.open, -one.grade if one.open else 0, -one.since.timestamp(), one.id))
    rows = found[after : after + MOST]
    scene.evidence.look_up(one.id for one in rows)
    return page(
        request, scene, "warnings.html", active="warnings", found=rows, size=len(found), every=every,
        domain=domain, topic=topic, domains=list(Domain), before=max(after - MOST, 0) if after else None,
        following=after + MOST if after + MOST < len(found) else None,
    )  # fmt: skip
