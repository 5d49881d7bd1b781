"""The ledger of runs: what was judged, when, and how it went."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from engine.console.few import Some
from engine.console.look import page
from engine.console.pages.now import next_runs
from engine.console.sight import sight
from engine.store import runs as runs_

router = APIRouter()


@router.get("/runs")
def runs(request: Request) -> Response:
    scene = sight(request)
    with scene.world.store.read() as tx:
        found = Some(scene.judged, len(scene.judged), runs_.count(tx))
    return page(request, scene, "runs.html", active="runs", found=found, next_runs=next_runs(scene))
