"""`forewarn rules diff`: what an edit does to the warnings, before it goes live."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from engine import app
from engine.backtest import diff as differing
from engine.backtest.diff import Diff, Effect, Shift, peak
from engine.backtest.history import Span, Spell
from engine.backtest.shard import pool
from engine.cli.cells import Ours
from engine.cli.edition import book_of
from engine.cli.language import chinese, say, word
from engine.cli.listing import format_option, show
from engine.cli.names import called
from engine.cli.place import Place, pass_place
from engine.cli.span import against_of, first_option, last_option, span_of, truth_option
from engine.cycle.trying import compared
from engine.ingest.truth import Event
from engine.model.area import AreaTree

_SHIFT = (
    "effect", "area", "place", "topic", "before", "after", "since_before", "until_before", "since_after",
    "until_after", "truth",
)  # fmt: skip
_WORDS = {True: "met an event", False: "false alarm", None: ""}


@click.command(epilog="Example: forewarn rules diff HEAD . --from 2025-09-01 --to 2025-12-31")
@click.argument("old")
@click.argument("new")
@first_option
@last_option
@truth_option
@click.option("--trial", "as_if", is_flag=True, help="Take drafts and rules on trial as if they warned.")
@format_option
@pass_place
def diff(
    place: Place, old: str, new: str, first: datetime, last: datetime, truth_: Path | None, as_if: bool,
    form: str,
) -> None:  # fmt: skip
    """Which warnings an edit adds, drops, raises, lowers or moves to other times, where and when.

    OLD and NEW: a folder of rules, `.` for the root's own, or a git revision. Both live through the
    time from --from to --to with what was known then; nothing is written.
    """
    with place.world() as world:
        span = span_of(world, first.date(), last.date())
        context = app.context(world.settings, date.today())
        before, after = (book_of(place, name, context) for name in (old, new))
        if as_if:
            before, after = differing.promoted(before), differing.promoted(after)
        against = against_of(world, truth_)
        topics = differing.touched(before, after)
        # A few rules are judged sooner than further processes have started.
        with pool(world.settings.engine.workers if len(topics) > 3 else 1) as executor:
            found = compared(
                world, before, after, span, against=against, executor=executor, names=(old, new)
            )
        _tell(found, world.settings.tree, span, form)


def _tell(found: Diff, tree: AreaTree, span: Span, form: str) -> None:
    rows = [_shift(shift, tree, span) for shift in found.shifts]
    rows += [_event("won", event, tree) for event in found.won]
    rows += [_event("lost", event, tree) for event in found.lost]
    if form != "text":
        show(rows, _SHIFT, form)
        return
    for line in _summary(found):
        click.echo(line)
    if rows:
        click.echo()
        shown = [key for key in _SHIFT if key not in ("area", "truth") or any(row.get(key) for row in rows)]
        show(rows, shown, form)


def _summary(found: Diff) -> Iterator[str]:
    if not found.topics:
        yield say("the two editions judge alike")
        return
    counts = ", ".join(f"{found.count(effect)} {word(effect.value)}" for effect in Effect)
    yield f"{_names(found.topics)}: {counts}"
    if found.won or found.lost:
        yield say("events warned of: {won} won, {lost} lost", won=len(found.won), lost=len(found.lost))
    if found.untold:
        yield say("the truth says nothing of: {names}", names=_names(found.untold))


def _names(topics: Iterable[str]) -> str:
    return ", ".join(called("topic", one) if chinese() else one for one in topics)


def _shift(shift: Shift, tree: AreaTree, span: Span) -> dict[str, Any]:
    area, topic = shift.place
    row: dict[str, Any] = {
        "effect": shift.effect.value, "area": area, "place": tree[area].name, "topic": topic,
        "truth": _WORDS[shift.right],
    }  # fmt: skip
    for side, spells in (("before", shift.before), ("after", shift.after)):
        if spells:
            row[side] = peak(spells)
            row[f"since_{side}"], row[f"until_{side}"] = _since(spells, span), _until(spells, span)
    return row


def _since(spells: Sequence[Spell], span: Span) -> datetime:
    return min(spell.opened for spell in spells).astimezone(span.calendar.zone)


def _until(spells: Sequence[Spell], span: Span) -> datetime | None:
    ends = [spell.closed for spell in spells]
    return None if None in ends else max(end for end in ends if end).astimezone(span.calendar.zone)


def _event(effect: str, event: Event, tree: AreaTree) -> dict[str, Any]:
    side = "after" if effect == "won" else "before"
    return {
        "effect": Ours(effect), "area": event.area, "place": tree[event.area].name, "topic": event.topic,
        f"since_{side}": event.start.isoformat(), f"until_{side}": event.end.isoformat(),
        "truth": event.label,
    }  # fmt: skip
