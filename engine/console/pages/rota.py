"""Who is on duty, the week ahead, and what one shift passes to the next."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fastapi import APIRouter, Request, Response

from engine.console.look import page
from engine.console.scene import Scene
from engine.console.sight import sight
from engine.cycle import handing, roster
from engine.duty import rota as duty
from engine.model.handover import Handover
from engine.store.database import Tx

router = APIRouter()

AHEAD, USUAL = timedelta(days=7), timedelta(hours=12)


@router.get("/rota")
def rota(request: Request) -> Response:
    scene = sight(request)
    rotas = scene.world.settings.rotas
    with scene.world.store.read() as tx:
        week = [
            (one, duty.stretches(one, scene.at, scene.at + AHEAD, roster.planned(
                tx, one, scene.at - AHEAD, scene.at + 2 * AHEAD
            )))
            for one in rotas.values()
        ]  # fmt: skip
        note = _note(scene, tx)
    return page(request, scene, "rota.html", active="rota", week=week, note=note)


def _note(scene: Scene, tx: Tx) -> Handover:
    """The hand-over of the present shift, or of the last twelve hours; as far as whoever asks sees."""
    whose = next(iter(scene.world.settings.rotas.values()), None)
    begins = handing.shift(tx, whose, scene.at).begins if whose else scene.at - USUAL
    note = handing.note(scene.world, tx, begins, scene.at, whose)
    shown = scene.warnings
    return replace(
        note, open=[one for one in note.open if one.id in shown],
        waiting=[one for one in note.waiting if one.id in shown],
        unanswered=[one for one in note.unanswered if one.id in shown],
        overdue=[one for one in note.overdue if scene.shows(one.area)],
        plans=[one for one in note.plans if scene.shows(one.area)],
        changes=[one for one in note.changes if one.warning in shown],
        acts=[one for one in note.acts if scene.shows(one.area)],
        silences=[one for one in note.silences if scene.shows(one.area)],
    )  # fmt: skip
