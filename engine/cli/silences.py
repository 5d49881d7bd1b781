"""`forewarn silence`: holds on messages, with an end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import click

from engine.cli.acts import as_option, done, known, until_option, who_option, why_option, wish
from engine.cli.listing import format_option, show
from engine.cli.place import Place, area_of, moment, pass_place, topic_of
from engine.cycle.world import World
from engine.duty import silence as silences
from engine.errors import UsageError
from engine.model.act import Act, ActKind
from engine.model.grade import Grade
from engine.model.problem import nearest
from engine.store import acts, judgement, outbox

_SHOWN = ("state", "grade", "area", "topic", "warning", "at", "until", "who", "why", "id")
_MUTED = ("warning", "step", "before", "after", "receivers")

Command = Callable[..., Any]


def _what(command: Command) -> Command:
    """What a silence is about: one warning, or an area and a topic whatever warnings come."""
    for option in (
        click.option("--grade", type=click.Choice(["blue", "yellow", "orange"]), help="Up to which grade."),
        click.option("--topic", help="With --area: of one topic there."),
        click.option("--area", help="Every warning of an area; with --topic."),
        click.argument("id", required=False),
    ):
        command = option(command)
    return command


@click.group(invoke_without_command=False)
def silence() -> None:
    """Silences: who asked for quiet, about what, up to which grade, until when."""


@silence.command(epilog="Example: forewarn silence add 01.fire.d20251230 --who duty-1 --why known")
@_what
@until_option
@why_option
@as_option
@who_option
@pass_place
def add(
    place: Place, id: str | None, area: str | None, topic: str | None, grade: str | None, until: str | None,
    why: str, role: str, who: str,
) -> None:  # fmt: skip
    """Mute the messages of one warning up to the grade at which it stands (--grade), until it ends, at most
    as long as config/duty.yaml allows. Red is never muted; what stands when it ends is told then."""
    with place.world() as world:
        done(world, _wished(world, id, area, topic, grade, until, who, role, why))


@silence.command(epilog="Example: forewarn silence preview 01.fire.d20251230")
@_what
@format_option
@pass_place
def preview(
    place: Place, id: str | None, area: str | None, topic: str | None, grade: str | None, form: str
) -> None:  # fmt: skip
    """What a silence would mute, and for whom; nothing is written."""
    with place.world() as world:
        act = _wished(world, id, area, topic, grade, None, "preview", "duty", "preview")
        with world.store.read() as tx:
            warnings = judgement.warnings(tx, open_only=True)
            about = next((one for one in warnings if one.id == act.warning), None)
            told = outbox.heard(tx, [one.id for one in warnings])
        if about is not None:
            grade_ = act.grade if act.grade is not None else about.grade
            act = replace(act, area=about.area, topic=about.topic, grade=grade_)
        lineage, routes = world.settings.tree.lineage, world.settings.routes
        found = silences.preview(act, warnings, routes, lineage, lambda id_: told.get(id_, set()))
        rows = [
            {
                "warning": one.warning.id, "step": one.step, "before": one.before, "after": one.after,
                "receivers": " ".join(one.receivers),
            }
            for one in found
        ]  # fmt: skip
    show(rows, _MUTED, form, empty="it would mute nothing")


@silence.command("list", epilog="Example: forewarn silence list --all")
@click.option("--all", "every", is_flag=True, help="Those that hold no more too.")
@format_option
@pass_place
def list_(place: Place, every: bool, form: str) -> None:
    """The silences that hold, with who asked for them and why."""
    with place.world() as world:
        with world.store.read() as tx:
            found = acts.every(tx, [ActKind.SILENCE, ActKind.UNSILENCE])
            warnings = judgement.warnings(tx, open_only=True)
        rows = [
            {
                "state": silences.state(act, found, warnings, world.clock()), "grade": act.grade,
                "area": act.area, "topic": act.topic, "warning": act.warning, "at": act.at,
                "until": act.until, "who": act.by, "why": act.reason, "id": act.id,
            }
            for act in found if act.kind is ActKind.SILENCE
        ]  # fmt: skip
        zone = world.settings.calendar.zone
    shown = [one for one in rows if every or one["state"] == "holds"]
    show(shown, _SHOWN, form, empty="nothing is silenced", zone=zone)


@silence.command("end", epilog="Example: forewarn silence end 20240930T080000Z-silence-1a2b3c4d --who duty-1")
@click.argument("id")
@why_option
@as_option
@who_option
@pass_place
def end(place: Place, id: str, why: str, role: str, who: str) -> None:
    """End a silence before its time; what stands is told."""
    with place.world() as world:
        with world.store.read() as tx:
            found = acts.every(tx, [ActKind.SILENCE, ActKind.UNSILENCE])
            warnings = judgement.warnings(tx, open_only=True)
        named = {act.id: act for act in found if act.kind is ActKind.SILENCE}
        if id not in named:
            raise UsageError(f"there is no silence '{id}'{nearest(id, named)}; `forewarn silence list`")
        now = silences.state(named[id], found, warnings, world.clock())
        if now != "holds":
            raise UsageError(f"the silence {id} holds no more: it is {now}")
        act = wish(
            ActKind.UNSILENCE, world.clock(), who, role, why, target=id, warning=named[id].warning,
            area=named[id].area, topic=named[id].topic,
        )  # fmt: skip
        done(world, act)


def _wished(
    world: World, id: str | None, area: str | None, topic: str | None, grade: str | None, until: str | None,
    who: str, role: str, why: str,
) -> Act:  # fmt: skip
    if (id is None) == (area is None) or (area is None) != (topic is None):
        raise UsageError("a silence is about one warning (its id), or about --area and --topic")
    where = {"area": area_of(world, area), "topic": topic_of(world, topic or "")} if area else {}
    if id is not None:
        known(world, id)
    elif grade is None:
        raise UsageError("up to which grade is the place to be silent? Say --grade")
    end = moment(until, world) if until else None
    named = Grade.named(grade) if grade else None
    return wish(
        ActKind.SILENCE, world.clock(), who, role, why, warning=id or "", until=end, grade=named, **where
    )

