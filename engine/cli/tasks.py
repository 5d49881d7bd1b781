"""`forewarn tasks`: what is asked of which department, and what it says to that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import click

from engine.cli.acts import who_option, why_option
from engine.cli.language import language_option, said
from engine.cli.listing import format_option, show
from engine.cli.place import Place, pass_place, receiver_of
from engine.console import verbs
from engine.cycle import desk
from engine.errors import UsageError
from engine.model.act import Act, ActKind
from engine.model.problem import nearest
from engine.model.task import Task, TaskState
from engine.notify import wording

_COLUMNS = (
    "state", "due", "department", "for", "area", "what", "asked", "accepted", "ended", "by", "reason",
    "reports", "warning", "plan", "id",
)  # fmt: skip

Command = Callable[..., Any]


@click.group()
def tasks() -> None:
    """Tasks: each measure asked of a department, by when, and what came of it."""


@tasks.command("list", epilog="Example: forewarn tasks list --overdue --for police-desk")
@click.option("--all", "every", is_flag=True, help="Those that are done, declined or void, too.")
@click.option("--overdue", is_flag=True, help="Only those whose time is over.")
@click.option("--department", default="", help="Only those of this kind of department.")
@click.option("--for", "receiver", default="", help="Only those asked of this receiver.")
@language_option
@format_option
@pass_place
def list_(
    place: Place, every: bool, overdue: bool, department: str, receiver: str, language: str, form: str
) -> None:  # fmt: skip
    """What is asked and not done, the earliest due first."""
    with place.world() as world:
        if receiver:
            receiver_of(world, receiver)
        departments = {one.department for one in world.settings.catalogue.values()}
        if department and department not in departments:
            known = nearest(department, departments)
            raise UsageError(f"no measure of config/measures.yaml is asked of '{department}'{known}")
        with world.store.read() as tx:
            found = desk.tasks(world, tx, desk.now(world, tx))
        wanted = [
            one for one in found
            if (every or one.open) and (not overdue or one.state is TaskState.OVERDUE)
            and department in ("", one.department) and (not receiver or receiver in one.receivers)
        ]  # fmt: skip
        rows = [_row(one) | _in_words(one, language, form) for one in wanted]
        show(rows, _COLUMNS, form, empty="no task is open", zone=world.settings.calendar.zone)


def answering(command: Command) -> Command:
    """The options of somebody who answers a task."""
    receiver = click.option("--for", "receiver", default="", help="For which receiver they answer.")
    return pass_place(click.argument("id")(receiver(why_option(who_option(command)))))


@tasks.command("accept", epilog="Example: forewarn tasks accept 01.fire.d20251230/fire-watch --who crew-1")
@answering
def accept(place: Place, id: str, receiver: str, why: str, who: str) -> None:
    """We do it."""
    _say(place, ActKind.TASK_ACCEPT, id, receiver, why, who)


@tasks.command("done", epilog="Example: forewarn tasks done 01.fire.d20251230/fire-watch --who crew-1")
@answering
def done(place: Place, id: str, receiver: str, why: str, who: str) -> None:
    """It is done; --why says with what result."""
    _say(place, ActKind.TASK_DONE, id, receiver, why, who)


@tasks.command(
    "decline", epilog="Example: forewarn tasks decline 01.fire.d20251230/fire-watch --who crew-1 --why strike"
)
@answering
def decline(place: Place, id: str, receiver: str, why: str, who: str) -> None:
    """We do not do it, and why."""
    _say(place, ActKind.TASK_DECLINE, id, receiver, why, who)


@tasks.command(
    "feedback",
    epilog="Example: forewarn tasks feedback 01.fire.d20251230/fire-watch --who crew-1 --why quiet",
)
@answering
def feedback(place: Place, id: str, receiver: str, why: str, who: str) -> None:
    """What was found or done so far (--why); what identifies people in it is masked before it is kept."""
    _say(place, ActKind.TASK_FEEDBACK, id, receiver, why, who)


def _say(place: Place, kind: ActKind, id_: str, receiver: str, why: str, who: str) -> None:
    wish = Act(
        kind=kind, area="", topic="", at=datetime.now(UTC), target=id_, receiver=receiver, by=who, reason=why,
        via="cli",
    )  # fmt: skip
    with place.world() as world:
        act = desk.answer(world, wish)
        word = act.kind.value.removeprefix("task-")
        click.echo(said(f"{word}: {act.target}", f"{verbs.PRESS[act.kind].say('zh')}：{act.target}"))


def _in_words(one: Task, language: str, form: str) -> dict[str, str]:
    """What is asked, in a language; for people, how it stands and who acts too: programs read codes."""
    what = {"what": one.what.say(language)}
    if form != "text" or language == "en":
        return what
    who = wording.department(one.department).say(language)
    return what | {"state": verbs.TASKS[one.state].say(language), "department": who}


def _row(one: Task) -> dict[str, Any]:
    return {
        "state": one.state, "due": one.due_at, "department": one.department, "for": ", ".join(one.receivers),
        "area": one.area, "asked": one.asked_at, "accepted": one.accepted_at,
        "ended": one.ended_at, "by": one.by, "reason": one.reason,
        "reports": "; ".join(said.text for said in one.feedback), "warning": one.warning,
        "plan": one.response, "id": one.id,
    }  # fmt: skip
