"""`forewarn warnings ack`, `issue`, `close`, ...: what people do about a warning."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import click

from engine.cli.language import chinese
from engine.cli.listing import format_option, show
from engine.cli.place import Place, area_of, moment, pass_place, topic_of
from engine.cli.span import DAY
from engine.cycle import acting
from engine.cycle.acting import Done
from engine.cycle.world import World
from engine.errors import UsageError
from engine.model.act import Act, ActKind, Role, Verdict
from engine.model.grade import RUNGS, Grade
from engine.model.problem import nearest
from engine.store import acts, judgement

_WORDS = [grade.word for grade in RUNGS]
_SHOWN = (
    "at", "kind", "who", "as", "via", "for", "grade", "seen", "until", "verdict", "outcome", "why", "warning",
    "id",
)  # fmt: skip

Command = Callable[..., Any]

who_option = click.option("--who", required=True, help="Who does it: the name of an account.")
as_option = click.option(
    "--as", "role", type=click.Choice([role.value for role in Role]), default=Role.DUTY.value,
    show_default=True, help="In which office.",
)  # fmt: skip
why_option = click.option("--why", default="", help="The reason, in a sentence.")
until_option = click.option("--until", help="Until when it holds: a date or a moment.")
seen_option = click.option(
    "--seen", default="", help="The change or the grade you saw: refused where it has moved since."
)


def acted(*options: Command) -> Callable[[Command], Command]:
    """The options that an act on one warning takes."""

    def wrap(command: Command) -> Command:
        for option in (*options, seen_option, why_option, as_option, who_option):
            command = option(command)
        return pass_place(click.argument("id")(command))

    return wrap


def wish(kind: ActKind, at: datetime, who: str, role: str, why: str, **more: Any) -> Act:
    """What somebody wants to do at the command line; its moment is the transaction's."""
    usual = {"area": "", "topic": "", "via": "cli", "by": who, "role": Role(role), "reason": why}
    return Act(kind=kind, at=at, **{**usual, **more})


def done(world: World, act: Act, seen: str = "") -> None:
    """Do it, and say on what it was done and what it changed."""
    what = acting.do(world, act, seen=seen)
    if chinese():
        # Whoever reads English need not wait for the words.
        from engine.cli import inwords

        click.echo(inwords.done(what, world.settings.calendar.zone, world.book.rules.values()))
        return
    click.echo(_sentence(what))
    if what.already is not None:
        click.echo(_already(what.already, world))
    for change in what.changes:
        click.echo(f"{change.step.value}: {change.before.word} -> {change.after.word} ({change.reason})")


def _already(one: Act, world: World) -> str:
    """Who of an office answered before, and when: their name is in the records of acts."""
    at = f"{one.at.astimezone(world.settings.calendar.zone):%Y-%m-%d %H:%M}"
    return f"acknowledged already for {one.receiver} by {one.role.value} at {at}; this renews it"


def _sentence(said: Done) -> str:
    act, on = said.act, said.on
    where = f"{act.area} {act.topic}" if on is None else f"{on.id} at {on.grade.word}"
    waits = f", {on.proposed.word} proposed" if on is not None and on.proposed is not None else ""
    until = f" until {act.until:%Y-%m-%d %H:%M %Z}" if act.until else ""
    return f"{act.kind.value}{until} on {where}{waits}: {act.id}"


@click.command("ack", epilog="Example: forewarn warnings ack 01.fire.d20251230 --who duty-1 --for county-01")
@acted(click.option("--for", "receiver", default="", help="For which receiver that was told of it."))
def ack(place: Place, id: str, receiver: str, who: str, role: str, why: str, seen: str) -> None:
    """Read, and acted upon: the reminders end, until it rises or the acknowledgement has lasted its time."""
    _on(place, id, ActKind.ACKNOWLEDGE, who, role, why, seen, receiver=receiver)


@click.command("unack", epilog="Example: forewarn warnings unack 01.fire.d20251230 --who duty-1")
@acted(click.option("--for", "receiver", default="", help="For which receiver that was told of it."))
def unack(place: Place, id: str, receiver: str, who: str, role: str, why: str, seen: str) -> None:
    """Take an acknowledgement back: whoever was told is asked again."""
    _on(place, id, ActKind.UNACKNOWLEDGE, who, role, why, seen, receiver=receiver)


@click.command("issue", epilog="Example: forewarn warnings issue 01.fire.d20251230 --who chief --as leader")
@acted()
def issue(place: Place, id: str, who: str, role: str, why: str, seen: str) -> None:
    """Let what is proposed pass."""
    _on(place, id, ActKind.ISSUE, who, role, why, seen)


@click.command(
    "decline", epilog="Example: forewarn warnings decline 01.fire.d20251230 --who chief --why drill"
)
@acted(until_option)
def decline(
    place: Place, id: str, until: str | None, who: str, role: str, why: str, seen: str
) -> None:  # fmt: skip
    """Keep the grade as it is, whatever is proposed, until something graver is found."""
    _on(place, id, ActKind.DECLINE, who, role, why, seen, until=until)


@click.command(
    "regrade", epilog="Example: forewarn warnings regrade 01.fire.d20251230 orange --who duty-1 --why patrols"
)
@acted(until_option, click.argument("grade", type=click.Choice(_WORDS)))
def regrade(
    place: Place, id: str, grade: str, until: str | None, who: str, role: str, why: str, seen: str
) -> None:  # fmt: skip
    """Another grade by hand; automation does not change it until its end, or until it finds graver."""
    _on(place, id, ActKind.REGRADE, who, role, why, seen, until=until, grade=Grade.named(grade))


@click.command(
    "lift", epilog="Example: forewarn warnings lift 01.fire.d20251230 --who chief --as leader --why mistaken"
)
@acted(until_option)
def lift(place: Place, id: str, until: str | None, who: str, role: str, why: str, seen: str) -> None:
    """Take a warning back by hand, without a verdict."""
    _on(place, id, ActKind.LIFT, who, role, why, seen, until=until)


@click.command(
    "close",
    epilog="Example: forewarn warnings close 01.fire.d20251230 --who duty-1 --verdict unclear --why quiet",
)
@acted(
    click.option("--verdict", type=click.Choice([one.value for one in Verdict]), required=True),
    click.option("--outcome", type=DAY, help="The day on which it happened, or would have."),
    until_option,
)
def close(
    place: Place, id: str, verdict: str, outcome: datetime | None, until: str | None, who: str, role: str,
    why: str, seen: str,
) -> None:  # fmt: skip
    """Say what it was in the end, and end it where it is open. What stands then is muted until it falls;
    whatever comes after is warned of."""
    with place.world() as world:
        kind = ActKind.CLOSE if known(world, id) else ActKind.VERDICT
        more = {"verdict": Verdict(verdict), "outcome": outcome.date() if outcome else None}
        act = _wished(world, id, kind, who, role, why, until, **more)
        done(world, act, seen)


@click.command("comment", epilog="Example: forewarn warnings comment 01.fire.d20251230 --who duty-1 --why ok")
@acted()
def comment(place: Place, id: str, who: str, role: str, why: str, seen: str) -> None:
    """A remark that stands with the warning and changes nothing."""
    _on(place, id, ActKind.COMMENT, who, role, why, seen)


@click.command(
    "raise", epilog="Example: forewarn warnings raise 01 burglary yellow --who duty-1 --why 'partners called'"
)
@click.argument("area")
@click.argument("topic")
@click.argument("grade", type=click.Choice(_WORDS))
@until_option
@why_option
@as_option
@who_option
@pass_place
def raise_(
    place: Place, area: str, topic: str, grade: str, until: str | None, why: str, role: str, who: str
) -> None:  # fmt: skip
    """A warning by hand, without a rule. Red needs a second person, as orange needs a leader."""
    with place.world() as world:
        where = {"area": area_of(world, area), "topic": topic_of(world, topic)}
        end = moment(until, world) if until else None
        act = wish(ActKind.RAISE, world.clock(), who, role, why, grade=Grade.named(grade), until=end, **where)
        done(world, act)


@click.command("acts", epilog="Example: forewarn warnings acts 01.fire.d20251230")
@click.argument("id", required=False)
@format_option
@pass_place
def listed(place: Place, id: str | None, form: str) -> None:
    """What people did about a warning (about all), oldest first."""
    with place.world() as world:
        if id is not None:
            known(world, id)
        with world.store.read() as tx:
            found = acts.of(tx, [id]) if id is not None else acts.every(tx)
        zone = world.settings.calendar.zone
    show([row(act) for act in found], _SHOWN, form, empty="nobody has done anything", zone=zone)


def row(act: Act) -> dict[str, Any]:
    """An act as a flat row of a listing."""
    return {
        "at": act.at, "kind": act.kind, "who": act.by, "as": act.role, "via": act.via, "for": act.receiver,
        "grade": act.grade, "seen": act.seen, "until": act.until, "verdict": act.verdict,
        "outcome": act.outcome and act.outcome.isoformat(), "why": act.reason, "warning": act.warning,
        "id": act.id,
    }  # fmt: skip


def known(world: World, id: str) -> bool:
    """Whether the warning of this id is open; UsageError where there is none."""
    with world.store.read() as tx:
        found = judgement.warning(tx, id)
        every = [] if found else [one.id for one in judgement.warnings(tx, open_only=False)]
    if found is None:
        raise UsageError(f"there is no warning '{id}'{nearest(id, every)}; `forewarn warnings list --all`")
    return found.open


def _on(
    place: Place, id: str, kind: ActKind, who: str, role: str, why: str, seen: str,
    until: str | None = None, **more: Any,
) -> None:  # fmt: skip
    with place.world() as world:
        known(world, id)
        done(world, _wished(world, id, kind, who, role, why, until, **more), seen)


def _wished(
    world: World, id: str, kind: ActKind, who: str, role: str, why: str, until: str | None = None, **more: Any
) -> Act:
    end = moment(until, world) if until else None
    return wish(kind, world.clock(), who, role, why, warning=id, until=end, **more)


COMMANDS = (ack, unack, issue, decline, regrade, lift, close, comment, raise_, listed)
