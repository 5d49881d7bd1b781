"""`forewarn warnings` and `forewarn why`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from engine.backtest import judged
from engine.cli import acts
from engine.cli.language import chinese, said
from engine.cli.listing import format_option, show
from engine.cli.place import Place, area_of, moment, pass_place, topic_of
from engine.cli.tree import show_tree
from engine.cycle import flapping, reviewing, situating
from engine.cycle import why as explaining
from engine.cycle.world import World
from engine.errors import UsageError
from engine.guard import sheet
from engine.model.act import ActKind
from engine.model.chance import percent
from engine.model.period import Cycle
from engine.model.review import Decision
from engine.model.text import Text
from engine.model.warning import RiskWarning
from engine.notify.reason import of_change
from engine.store import judgement
from engine.store.acts import every

COLUMNS = (
    "grade", "proposed", "area", "place", "topic", "domain", "score", "confidence", "chance", "since",
    "lifted", "id", "title",
)  # fmt: skip


def rows_of(world: World, found: Sequence[RiskWarning]) -> list[dict[str, Any]]:
    """Flat rows for a listing: open ones first, the gravest first, then by area and topic."""
    tree = world.settings.tree
    ordered = sorted(found, key=lambda w: (not w.open, -w.grade, w.area, w.topic))
    return [
        {
            "id": w.id, "area": w.area, "place": tree[w.area].name if w.area in tree else "",
            "topic": w.topic, "domain": w.domain, "grade": w.grade, "proposed": w.proposed, "score": w.score,
            "confidence": w.confidence, "chance": w.chance and percent(w.chance.chance), "since": w.since,
            "lifted": w.lifted_at, "title": Text(w.title_en, w.title_zh),
        }
        for w in ordered
    ]  # fmt: skip


@click.group(invoke_without_command=False)
def warnings() -> None:
    """Warnings: what is open, how each came about, and why."""


@warnings.command("list", epilog="Example: forewarn warnings list --all --format json")
@click.option("--all", "every", is_flag=True, help="The lifted ones too.")
@format_option
@pass_place
def list_(place: Place, every: bool, form: str) -> None:
    """The open warnings, the gravest first."""
    with place.world() as world:
        with world.store.read() as tx:
            found, turning = judgement.warnings(tx, open_only=not every), flapping.names(tx)
        behind = {one.id: [rule for rule in one.rules if f"{rule} {one.area}" in turning] for one in found}
        rows = [row | {"flapping": ", ".join(behind[row["id"]])} for row in rows_of(world, found)]
        columns = (*COLUMNS, "flapping") if any(behind.values()) else COLUMNS
        show(rows, columns, form, empty="no warning is open", zone=world.settings.calendar.zone)


@warnings.command("review", epilog="Example: forewarn warnings review --cycle monthly")
@click.option("--cycle", type=click.Choice(["weekly", "monthly"]), default="weekly", show_default=True)
@format_option
@pass_place
def review_(place: Place, cycle: str, form: str) -> None:
    """What is proposed for each open situation: keep, raise, lower or close, and why; and for each of its
    lines. Nothing is changed: whoever agrees says so with regrade or close, line by line."""
    with place.world() as world, world.store.read() as tx:
        agenda = reviewing.proposed(world, tx, Cycle(cycle))
    rows = [
        {
            "decision": one.decision, "grade": one.grade, "to": one.to, "area": one.lead.area,
            "topic": one.lead.topic, "why": said(one.why.en, one.why.zh), "situation": one.situation,
            "lines": "; ".join(f"{_line(line.decision, form)} {line.warning.id}" for line in one.lines),
        }
        for one in agenda
    ]  # fmt: skip
    columns = ("decision", "grade", "to", "area", "topic", "why", "situation", "lines")
    show(rows, columns, form, empty="no warning is open")


def _line(decision: Decision, form: str) -> str:
    if form != "text" or not chinese():
        return decision.value
    from engine.cli.inwords import cell

    return str(cell("decision", decision))


@warnings.command("truth", epilog="Example: forewarn warnings truth > truth.csv")
@pass_place
def truth_(place: Place) -> None:
    """People's verdicts as a truth file for `forewarn backtest --truth`: what was said of the days on which
    a warning stood, and of all others that nobody knows."""
    with place.world() as world:
        with world.store.read() as tx:
            done = every(tx, [ActKind.VERDICT, ActKind.CLOSE])
            found = list(judged.verdicts(done, judgement.warnings(tx)))
        rows = list(judged.truth(found, world.settings.tree, world.settings.calendar))
    if not rows:
        raise UsageError("nobody has said of any warning what it was: `forewarn warnings close ID --verdict`")
    sheet.write(judged.COLUMNS, [row.cells for row in rows], ends="\n")


@warnings.command("situations", epilog="Example: forewarn warnings situations")
@format_option
@pass_place
def situations_(place: Place, form: str) -> None:
    """The open situations: warnings of one topic that hang together in place and time, the gravest first."""
    with place.world() as world:
        with world.store.read() as tx:
            found = situating.current(world, tx, world.clock())
        tree, zone = world.settings.tree, world.settings.calendar.zone
    rows = [
        {
            "grade": one.lead.grade, "topic": one.topic, "lead": one.lead.id,
            "place": tree[one.lead.area].name if one.lead.area in tree else one.lead.area,
            "open": sum(line.open for line in one.lines), "areas": " ".join(line.area for line in one.lines),
            "since": min(line.since for line in one.lines), "id": one.id,
        }
        for one in sorted(found, key=lambda one: (-one.lead.grade, one.topic, one.id))
    ]  # fmt: skip
    columns = ("grade", "topic", "place", "open", "areas", "since", "lead", "id")
    show(rows, columns, form, empty="no situation is open", zone=zone)


@warnings.command("show", epilog="Example: forewarn warnings show 01.explosions.w20240930")
@click.argument("id")
@format_option
@pass_place
def show_(place: Place, id: str, form: str) -> None:
    """The steps of one warning's life, each with its reason."""
    with place.world() as world:
        acts.known(world, id)
        with world.store.read() as tx:
            rows = [
                {
                    "at": change.at, "step": change.step, "before": change.before,
                    "after": change.after, "by": change.by,
                    "reason": of_change(change, world.book.rules.values(), "zh" if chinese() else "en"),
                }
                for change in judgement.changes(tx, warning=id)
            ]  # fmt: skip
    show(rows, ("at", "step", "before", "after", "by", "reason"), form, zone=world.settings.calendar.zone)


@warnings.command("why", epilog="Example: forewarn warnings why 01.explosions.w20240930")
@click.argument("id")
@format_option
@pass_place
def why_warning(place: Place, id: str, form: str) -> None:
    """Why one warning stands: the tree of tests, the incidents counted, what is missing to the next
    grade."""
    with place.world() as world:
        acts.known(world, id)
        show_tree(explaining.warning(world, id), form, world)


@click.command(epilog="Example: forewarn why 01 explosions --at 2025-01-28")
@click.argument("area")
@click.argument("topic")
@click.option("--at", "at", help="As it was known then (a date is its daily cut); default: now.")
@format_option
@pass_place
def why(place: Place, area: str, topic: str, at: str | None, form: str) -> None:
    """How far every rule of a topic is from warning of an area, also where nothing fired, with what
    was known then."""
    with place.world() as world:
        code, risk = area_of(world, area), topic_of(world, topic)
        told = explaining.place(world, code, risk, moment(at, world) if at else world.clock())
        show_tree(told, form, world)


for _command in acts.COMMANDS:
    warnings.add_command(_command)
