"""`forewarn rules scorecard`: keep, tune or retire."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from engine.backtest.history import History, Span, Spell
from engine.backtest.match import Against
from engine.backtest.replay import relive
from engine.backtest.scorecard import Card, card, known, to_try
from engine.backtest.shard import find_all, pool, selected
from engine.backtest.warm import warmed
from engine.cli.cells import Ours
from engine.cli.language import chinese, read
from engine.cli.listing import format_option, show
from engine.cli.place import Place, pass_place, rule_of
from engine.cli.span import DAY, against_of, last_year, span_of, truth_option
from engine.cycle import flapping
from engine.cycle.draft import DraftSource, moments
from engine.cycle.world import World
from engine.model.act import ActKind
from engine.model.rule import Rule, RuleBook
from engine.notify.notice import Trouble
from engine.store import acts, faults, judgement

_CARD = (
    "rule", "status", "warnings", "right", "wrong", "missed", "percent", "low", "high", "decision",
    "proposal", "held_back",
)  # fmt: skip


@click.command(epilog="Example: forewarn rules scorecard public-safety.explosion-wave")
@click.argument("ids", nargs=-1)
@click.option("--from", "first", type=DAY, help="The first day (default: a year before the last).")
@click.option("--to", "last", type=DAY, help="The last day (default: the last that was heard of).")
@truth_option
@click.option("--wanted", type=click.FloatRange(0, 1, min_open=True, max_open=True), default=0.3,
              show_default=True, help="The share of warnings that should be right.")  # fmt: skip
@format_option
@pass_place
def scorecard(
    place: Place, ids: tuple[str, ...], first: datetime | None, last: datetime | None, truth_: Path | None,
    wanted: float, form: str,
) -> None:  # fmt: skip
    """Keep, tune or retire each rule (IDS: only these), by people's verdicts and by a truth.

    keep: surely right often enough (95 % interval); retire: surely not; tune: another threshold did
    better on two thirds of the time, and again on the last third, which was held back; wait: too
    little is known.
    """
    with place.world() as world:
        for id_ in ids:
            rule_of(world.book, id_)
        year = last_year(world)
        span = span_of(world, first.date() if first else year.first, last.date() if last else year.last)
        rules = [rule for rule in world.book.rules.values() if rule.id in ids or (not ids and rule.judged)]
        turning = _flapping(world, form)
        cards = _cards(world, rules, span, against_of(world, truth_), wanted)
        rows = [_card(one) | {"flapping": turning.get(one.rule.id, "")} for one in cards]
    columns = (*_CARD, "flapping") if any(row["flapping"] for row in rows) else _CARD
    show(rows, columns, form, empty="there is no rule to tell of")


def _flapping(world: World, form: str) -> dict[str, str]:
    """Of each rule that turns too often, where, and what would keep it still; in the reader's language where
    people read it."""
    stop = "；" if form == "text" and chinese() else "; "
    with world.store.read() as tx:
        found = faults.listing(tx, kind=Trouble.FLAPPING)
    said: dict[str, str] = {}
    for one in found:
        id_, _ = flapping.about(one)
        told = read(one.detail) if form == "text" else one.detail
        said[id_] = stop.join(filter(None, [said.get(id_, ""), told.removeprefix(id_).lstrip()]))
    return said


def _cards(
    world: World, rules: Sequence[Rule], span: Span, against: Against | None, wanted: float
) -> Iterator[Card]:
    settings = world.settings
    with world.store.read() as tx:
        warnings, done = judgement.warnings(tx), acts.every(tx, [ActKind.VERDICT, ActKind.CLOSE])
    variants, names = to_try(rules)
    span = warmed(span, variants, selected(world.book, [rule.id for rule in rules]))
    told = known(against, settings.tree, settings.domains, done, warnings, span)
    with pool(settings.engine.workers) as executor:
        source = DraftSource.of(world, world.book)
        spells: dict[str, list[Spell]] = {}
        for name, chosen, book in (
            ("rules", selected(world.book, [rule.id for rule in rules]), world.book),
            ("variants", variants, variants),
        ):
            whole = RuleBook({**book.rules, **chosen.rules}, book.hash)
            found = find_all(
                source, whole, chosen.rules, span.begin, span.until, terms=world.terms, executor=executor,
                moments=moments(world, [chosen], span.begin, span.until),
                progress=partial(world.progress, name),
            )  # fmt: skip
            spells |= History.of(relive(chosen, found, world.terms, span.until), span.since).rules
    for rule in rules:
        tried = {change: spells.get(id_, []) for change, id_ in names[rule.id].items()}
        yield card(rule, spells.get(rule.id, []), tried, told, span, wanted)


def _card(one: Card) -> dict[str, Any]:
    figures, proposal = one.figures, one.proposal
    row: dict[str, Any] = {
        "rule": one.rule.id, "status": one.rule.status.value, "warnings": one.warnings,
        "right": figures.right, "wrong": figures.wrong, "missed": figures.missed,
        "decision": one.decision.value,
    }  # fmt: skip
    if figures.told:
        row |= {"percent": 100 * figures.right / figures.told, "low": 100 * one.low, "high": 100 * one.high}
    if proposal:
        before, after = proposal.before, proposal.after
        row["proposal"] = Ours(proposal.change)
        row["held_back"] = Ours(
            f"right {after.right} instead of {before.right}, wrong {after.wrong} instead of {before.wrong}, "
            f"missed {after.missed} instead of {before.missed}"
        )
    return row
