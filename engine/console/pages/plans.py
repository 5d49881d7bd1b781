"""Plans under way and those there are, open tasks, and drills with who answered when."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from engine.console.few import Some
from engine.console.look import page
from engine.console.sight import sight
from engine.cycle import drilling
from engine.model.task import TaskState

router = APIRouter()

#: Drills that are shown.
DRILLS = 10


@router.get("/plans")
def plans(request: Request) -> Response:
    scene = sight(request)
    with scene.world.store.read() as tx:
        held = [act for act in reversed(drilling.drills(tx)) if scene.shows(act.area)]
        shown = [(act, drilling.report(scene.world, tx, act.target)) for act in held[:DRILLS]]
    tasks = sorted(scene.people.tasks, key=lambda one: (one.state is not TaskState.OVERDUE, one.due_at))
    return page(
        request, scene, "plans.html", active="plans", running=scene.people.plans, tasks=tasks,
        drills=Some(shown, DRILLS, len(held)),
        written=sorted(scene.world.settings.plans.values(), key=lambda one: one.id),
    )  # fmt: skip
