"""Every warning as a list: open, or the lifted ones too; by domain."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from engine.console.look import page
from engine.console.sight import sight
from engine.model.grade import Domain
from engine.store import judgement

router = APIRouter()

#: Rows of one page.
MOST = 400


@router.get("/warnings")
def warnings(request: Request, every: bool = False, domain: str = "") -> Response:
    scene = sight(request)
    with scene.world.store.read() as tx:
        found = judgement.warnings(tx, open_only=not every)
    found = [one for one in found if domain in ("", one.domain.value) and scene.shows(one.area)]
    found.sort(key=lambda one: (not one.open, -one.grade if one.open else 0, -one.since.timestamp(), one.id))
    return page(
        request, scene, "warnings.html", active="warnings", found=found[:MOST], size=len(found), every=every,
        domain=domain, domains=list(Domain),
    )  # fmt: skip
