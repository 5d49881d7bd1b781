"""The ledger of runs: what was judged, when, and how it went."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from engine.console.look import page
from engine.console.sight import sight

router = APIRouter()


@router.get("/runs")
def runs(request: Request) -> Response:
    scene = sight(request)
    return page(request, scene, "runs.html", active="runs")
