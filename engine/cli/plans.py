"""`forewarn plans`: response plans, and those that are under way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import click

from engine import app
from engine.cli.acts import known, who_option, why_option
from engine.cli.language import language_option, said
from engine.cli.listing import format_option, show
from engine.cli.place import Place, area_of, pass_place
from engine.cli.problems import checked_format_option, show_problems
from engine.cli.responses import after_action, in_words, progress
from engine.cycle import desk
from engine.cycle.config.plan.checks import reviews
from engine.cycle.world import World
from engine.duty.response import named
from engine.errors import ConfigError, UsageError
from engine.model.act import Act, ActKind
from engine.model.grade import RUNGS, Grade
from engine.model.plan import Plan
from engine.model.problem import Level, nearest
from engine.model.response import Response, StepState

_PLANS = ("id", "grade", "start", "topics", "steps", "owner", "review_by", "title")
_RUNNING = ("state", "grade", "area", "done", "of", "overdue", "failed", "since", "warning", "id")
_STEPS = ("state", "step", "department", "due", "ended", "late", "by", "reason", "what")


@click.group()
def plans() -> None:
    """Response plans: what is done by whom, in which order and by when, once something is grave."""


@plans.command("list", epilog="Example: forewarn plans list --running")
@click.option("--running", is_flag=True, help="Those proposed or under way instead.")
@click.option("--all", "every", is_flag=True, help="With --running: those that have ended, too.")
@format_option
@pass_place
def list_(place: Place, running: bool, every: bool, form: str) -> None:
    """The plans there are, or those that are under way."""
    if not running:
        found = app.settings(place.root).plans.values()
        show([_plan_row(plan) for plan in found], _PLANS, form, empty="config/plans holds no plan")
        return
    with place.world() as world:
        rows = [_row(one) for one in _under_way(world) if every or one.open]
        show(rows, _RUNNING, form, empty="no plan is under way", zone=world.settings.calendar.zone)


@plans.command(epilog="Example: forewarn plans check --format github")
@checked_format_option
@pass_place
def check(place: Place, form: str) -> None:
    """Every mistake in every plan at once: file, line, what is wrong and the nearest right name."""
    today = datetime.now(UTC).date()
    try:
        settings = app.settings(place.root)
        problems, many = [*settings.problems, *reviews(settings.plans.values(), today)], len(settings.plans)
    except ConfigError as error:
        problems, many = list(error.problems), 0
    found = [one for one in problems if one.path.startswith("config/plans/")]
    others = [one for one in problems if one not in found and one.level is Level.ERROR]
    show_problems([*found, *others], many, "plan", form, "plans check")
    if any(one.level is Level.ERROR for one in (*found, *others)):
        raise click.exceptions.Exit(1)


@plans.command("show", epilog="Example: forewarn plans show large-fire --language zh")
@click.argument("id")
@language_option
@click.option("--after-action", "ended", is_flag=True, help="Of one that has ended: what came of it.")
@format_option
@pass_place
def show_(place: Place, id: str, language: str, ended: bool, form: str) -> None:
    """A plan in plain words, or how one that is under way stands."""
    settings = app.settings(place.root)
    if id in settings.plans:
        click.echo(in_words(settings.plans[id], language))
        return
    with place.world() as world:
        one = _known(world, id, list(settings.plans))
        zone = world.settings.calendar.zone
        if form != "text":
            show(_step_rows(one), _STEPS, form, zone=zone)
        else:
            click.echo(_told(one, language, zone, ended))


def _told(one: Response, language: str, zone: Any, ended: bool) -> str:
    return after_action(one, language, zone) if ended else progress(one, language, zone)


@plans.command(epilog="Example: forewarn plans start large-fire --area 01 --who duty-1 --why smoke")
@click.argument("id")
@click.option("--area", default="", help="Where, for a plan that no warning called for.")
@click.option("--warning", default="", help="The warning it belongs to, where there is one.")
@click.option("--grade", type=click.Choice([grade.word for grade in RUNGS]), help="Default: the plan's own.")
@why_option
@who_option
@pass_place
def start(place: Place, id: str, area: str, warning: str, grade: str | None, why: str, who: str) -> None:
    """Start a plan that is proposed (by its id in `plans list --running`), or one by hand in an area."""
    with place.world() as world:
        target = id
        if warning and not known(world, warning):
            raise UsageError(f"the warning {warning} is over; leave out --warning")
        if id in world.settings.plans:
            if not area:
                raise UsageError("in which area? Say --area")
            area = area_of(world, area)
            target = named(id, area, world.clock().astimezone(UTC))
        elif area or grade or warning:
            raise UsageError("--area, --warning and --grade are for a plan by hand; this one has its own")
        level = Grade.named(grade) if grade else None
        act = _wish(ActKind.PLAN_START, target, who, why)
        done = desk.do(world, replace(act, area=area, warning=warning, grade=level))
        click.echo(said(f"started: {done.target}", f"已启动：{done.target}"))


@plans.command(epilog="Example: forewarn plans step large-fire/01.fire.d20251230 attack done --who crew-1")
@click.argument("id")
@click.argument("step")
@click.argument("outcome", type=click.Choice(["done", "failed"]))
@why_option
@who_option
@pass_place
def step(place: Place, id: str, step: str, outcome: str, why: str, who: str) -> None:
    """Say that a step of a plan under way is done, or has failed and why."""
    kind = ActKind.STEP_DONE if outcome == "done" else ActKind.STEP_FAILED
    with place.world() as world:
        act = desk.do(world, _wish(kind, f"{id}/{step}", who, why))
        words = {"done": "已完成", "failed": "未能完成"}
        click.echo(said(f"{outcome}: {act.target}", f"{words[outcome]}：{act.target}"))


@plans.command(
    "stand-down",
    epilog="Example: forewarn plans stand-down large-fire/01.fire.d20251230 --who duty-1 --why out",
)
@click.argument("id")
@why_option
@who_option
@pass_place
def stand_down(place: Place, id: str, why: str, who: str) -> None:
    """End a plan under way (its last steps are asked then), or decline one that is proposed."""
    with place.world() as world:
        act = desk.do(world, _wish(ActKind.STAND_DOWN, id, who, why))
        click.echo(said(f"stood down: {act.target}", f"已终止：{act.target}"))


def _wish(kind: ActKind, target: str, who: str, why: str) -> Act:
    """What somebody wants to do at the command line; its moment is the transaction's."""
    return Act(
        kind=kind, area="", topic="", at=datetime.now(UTC), target=target, by=who, reason=why, via="cli"
    )


def _under_way(world: World) -> list[Response]:
    with world.store.read() as tx:
        return desk.under_way(tx, desk.now(world, tx))


def _known(world: World, id_: str, names: Sequence[str]) -> Response:
    found = {one.id: one for one in _under_way(world)}
    if id_ not in found:
        raise UsageError(f"there is no plan '{id_}'{nearest(id_, [*names, *found])}")
    return found[id_]


def _plan_row(plan: Plan) -> dict[str, Any]:
    return {
        "id": plan.id, "grade": plan.grade, "start": plan.start, "topics": ", ".join(sorted(plan.topics)),
        "steps": len(plan.steps), "owner": plan.owner, "review_by": str(plan.review_by),
        "title": plan.title,
    }  # fmt: skip


def _row(one: Response) -> dict[str, Any]:
    return {
        "state": one.state, "grade": one.grade, "area": one.area, "done": one.count(StepState.DONE),
        "of": len(one.moves), "overdue": one.count(StepState.OVERDUE), "failed": one.count(StepState.FAILED),
        "since": one.since, "warning": one.warning, "id": one.id,
    }  # fmt: skip


def _step_rows(one: Response) -> list[dict[str, Any]]:
    return [
        {
            "state": move.state, "step": move.step.id, "department": move.step.department,
            "due": move.due_at, "ended": move.ended_at, "late": move.late, "by": move.by,
            "reason": move.reason, "what": move.step.what,
        }
        for move in one.moves
    ]  # fmt: skip
