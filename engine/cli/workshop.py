"""`forewarn rules trial` and `promote`: a rule's way from draft over trial to stable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path

import click

from engine import app
from engine.backtest import diff
from engine.backtest.budget import Heard, Load, Ways, heard, loads
from engine.backtest.contest import in_chinese, in_words, lost
from engine.backtest.run import backtest
from engine.backtest.shard import pool, selected
from engine.backtest.skill import Row
from engine.backtest.warm import warmed
from engine.cli.language import read, said, say, word
from engine.cli.listing import format_option, show
from engine.cli.place import Place, pass_place, rule_of
from engine.cli.span import against_of, last_year, truth_option
from engine.cycle.draft import DraftSource, moments
from engine.cycle.trial import tried
from engine.cycle.world import World
from engine.model.rule import RuleBook, Status
from engine.model.text import numbered
from engine.rulebook.context import Context
from engine.rulebook.mend.gates import shortcomings
from engine.rulebook.mend.promote import Promotion, promotion
from engine.store import standing

_TRIAL = ("grade", "rule", "area", "place", "topic", "since", "confidence")
_LOAD = ("receiver", "before", "after", "allowed", "busiest", "over")


@click.command(epilog="Example: forewarn rules trial")
@format_option
@pass_place
def trial(place: Place, form: str) -> None:
    """What the rules on trial would warn of now. They are judged like all others; nobody is told."""
    with place.world() as world:
        tree = world.settings.tree
        with world.store.read() as tx:
            found = [one for one in standing.now(tx).values() if one.trial and one.grade]
    rows = [
        {
            "grade": one.grade, "rule": one.rule, "area": one.area, "topic": one.topic,
            "place": tree[one.area].name if one.area in tree else "",
            "since": one.since, "confidence": one.confidence,
        }
        for one in sorted(found, key=lambda one: (-one.grade, one.rule, one.area))
    ]  # fmt: skip
    zone = world.settings.calendar.zone
    show(rows, _TRIAL, form, empty="no rule on trial would warn of anything now", zone=zone)


@click.command(epilog="Example: forewarn rules promote public-safety.theft-surge --because 'asked for'")
@click.argument("id")
@click.option("--because", default="", help="Why, where something speaks against; kept on the status's line.")
@truth_option
@format_option
@pass_place
def promote(place: Place, id: str, because: str, truth_: Path | None, form: str) -> None:
    """Take a rule one step further: from draft to trial, or from trial to stable.

    Before a rule becomes stable, the last year of the store's data is replayed with it and without
    it, and the warnings are counted that each receiver hears of. It is refused (exit 1) where that
    brings a receiver above config/budget.yaml, where a test of the rule fails, where its tests cover or
    notice less of it, or its trial was shorter, than config/engine.yaml asks (promotion), or where the rule
    did worse, by the truth, than what anybody could have said (docs/backtest.md), unless told why. The word
    is changed in the rule's own file; a running service takes it up.
    """
    with place.world() as world:
        rule_of(world.book, id)
        around = app.context(world.settings, date.today())
        planned = promotion(place.root / "rules", id, around)
        stable = planned.after is Status.STABLE
        rows = _loads(world, planned) if stable else ()
        beside = _beside(world, planned, truth_) if stable else ()
        short = list(_short(world, planned, around)) if stable else []
    over = [load.receiver for load in rows if load.over]
    show([{key: getattr(load, key) for key in _LOAD} for load in rows], _LOAD, form, empty=_unheard(planned))
    if beside:
        told = said(f"{id} {in_words(beside)}.", f"{id}：{in_chinese(beside)}。")
        click.echo(told, err=form != "text")
    against = [f"above the budget of {', '.join(over)}"] if over else []
    against += short
    against += [f"it loses to {', '.join(lost(beside))}"] if lost(beside) else []
    if against and not because:
        reasons = said("; ", "；").join(map(read, against))
        click.echo(say("{id} stays on {status}: {reasons}; mend it, or say --because why all the same",
                       id=id, status=word(planned.before), reasons=reasons), err=True)  # fmt: skip
        raise click.exceptions.Exit(1)
    planned.write(f"{'; '.join(against)} because {because}" if against else because)
    where = f"{planned.path}:{planned.line}"
    done = say("{id}: {before} -> {after} ({where})", id=id, before=word(planned.before),
               after=word(planned.after), where=where)  # fmt: skip
    click.echo(done, err=form != "text")


def _unheard(planned: Promotion) -> str:
    return "nobody hears of a rule on trial" if planned.after is Status.TRIAL else "nobody hears more by it"


def _short(world: World, planned: Promotion, context: Context) -> Iterator[str]:
    """What the rule's tests and its trial leave to be desired."""
    gates, calendar = world.settings.engine.promotion, world.settings.calendar
    yield from shortcomings(
        planned.loaded, planned.rule, context, calendar, covered=gates.coverage, noticed=gates.mutation
    )
    with world.store.read() as tx:
        length = tried(tx, world.book.rules[planned.rule])
    if gates.min_trial and length < gates.min_trial:
        yield f"it was on trial for {length.days} of {numbered(gates.min_trial.days, 'day')}"


def _beside(world: World, planned: Promotion, truth_: Path | None) -> Sequence[Row]:
    """How the rule would have done beside its rivals over the last year; nothing without a truth."""
    settings, book = world.settings, planned.book
    against = against_of(world, truth_)
    rule = book.rules[planned.rule]
    if against is None or not against.truth.speaks_of(rule.topic, rule.domain):
        return ()
    span = warmed(last_year(world), selected(book, [planned.rule]))
    known = moments(world, [selected(book, [planned.rule])], span.begin, span.until)
    done = backtest(
        book, DraftSource.of(world, book, against=against), settings.tree, settings.topics, span,
        rules=[planned.rule], moments=known, terms=world.terms, against=against, replicates=0,
    )  # fmt: skip
    return done.contested


def _loads(world: World, planned: Promotion) -> Sequence[Load]:
    """What the receivers would hear in a week, over the last year."""
    settings, old, new = world.settings, world.book, planned.book
    ways = Ways(settings.routes, settings.tree, settings.inhibit)
    span, topics = last_year(world), diff.touched(old, new)
    others = frozenset(rule.topic for rule in old.rules.values()) - topics
    span = warmed(span, old, new)
    source, known = DraftSource.of(world, old, new), moments(world, [old, new], span.begin, span.until)
    with pool(settings.engine.workers) as executor:

        def hears(name: str, book: RuleBook, chosen: frozenset[str]) -> Heard:
            lived = diff.live_through(
                book, chosen, source, span, terms=world.terms, moments=known, executor=executor,
                progress=partial(world.progress, name),
            )  # fmt: skip
            return heard(lived, ways, span.since)

        before, after = hears("without it", old, topics), hears("with it", new, topics)
        more = loads(before, after, {}, settings.budget, span)
        return loads(before, after, hears("the others", old, others), settings.budget, span) if more else ()
