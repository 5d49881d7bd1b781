"""`forewarn route`: who would hear."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from engine.cli.language import language_option
from engine.cli.listing import format_option, show
from engine.cli.place import Place, area_of, pass_place, topic_of
from engine.cycle import dispatch, roster
from engine.cycle.world import World
from engine.model.grade import RUNGS, Confidence, Grade
from engine.model.warning import Change, RiskWarning, Step
from engine.notify.audience import SILENCES
from engine.notify.who import Reason, reasons
from engine.store import acts, judgement, outbox

_COLUMNS = ("hears", "receiver", "name", "why", "channels")
_WORDS = [grade.word for grade in (Grade.NONE, *RUNGS)]


@click.group()
def route() -> None:
    """Who hears of what."""


@route.command(epilog="Example: forewarn route test --area 01 --topic fire --grade orange")
@click.option("--area", required=True)
@click.option("--topic", required=True)
@click.option("--grade", type=click.Choice(_WORDS), required=True, help="To which grade; none: it is lifted.")
@click.option("--from", "before", type=click.Choice(_WORDS), default="none", show_default=True)
@language_option
@format_option
@pass_place
def test(
    place: Place, area: str, topic: str, grade: str, before: str, language: str, form: str
) -> None:  # fmt: skip
    """Who would hear of a change now, by which route and channel, and who would not and why. Nothing is
    sent. Exit 1 where nobody would."""
    with place.world() as world:
        code, risk = area_of(world, area), topic_of(world, topic)
        grades = Grade.named(before), Grade.named(grade)
        found = _found(world, code, risk, *grades, world.clock(), language)
        names = world.settings.receivers
        rows: list[dict[str, Any]] = [
            {
                "hears": "yes" if one.hears else "no", "receiver": one.receiver,
                "name": names[one.receiver].title, "why": one.why, "channels": ", ".join(one.channels),
            }
            for one in found
        ]  # fmt: skip
        show(rows, _COLUMNS, form, empty="no route leads anywhere: nobody would hear")
    if not any(one.hears for one in found):
        raise click.exceptions.Exit(1)


def _found(
    world: World, area: str, topic: str, before: Grade, after: Grade, now: datetime, language: str
) -> list[Reason]:
    settings, reference = world.settings, dispatch.reference(world)
    with world.store.read() as tx:
        warnings = {one.id: one for one in judgement.warnings(tx, open_only=True)}
        told = outbox.heard(tx, list(warnings))
        silences = acts.every(tx, SILENCES)
        receivers = roster.present(world, tx)
    here = next((one for one in warnings.values() if (one.area, one.topic) == (area, topic)), None)
    known = settings.topics[topic]
    warning = here or RiskWarning(
        id="", area=area, topic=topic, domain=known.domain, grade=after, score=0.0,
        confidence=Confidence.HIGH, title_en=known.title.en, since=now, judged_at=now,
    )  # fmt: skip
    change = Change(
        warning=warning.id,
        step=_step(before, after),
        at=now,
        before=before,
        after=after,
        reason="",
        by="test",
    )
    return reasons(
        change, warning, settings.routes, reference.lineage(area), receivers, told, acts=silences,
        warnings=warnings.values(), inhibit=settings.inhibit, language=language,
    )  # fmt: skip


def _step(before: Grade, after: Grade) -> Step:
    if after is Grade.NONE:
        return Step.LIFTED
    if before is Grade.NONE:
        return Step.ISSUED
    return Step.UPGRADED if after > before else Step.DOWNGRADED
