"""The ledger of runs: what was judged, when, and how it went."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from engine.console.look import page
from engine.console.scene import Scene

router = APIRouter()


@router.get("/runs")
def runs(request: Request) -> Response:
    scene: Scene = request.app.state.scene()
    return page(request, scene, "runs.html", active="runs")
