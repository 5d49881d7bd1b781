"""One kit from its raw file to its figures: ingest into a store of its own, live through it, measure."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.evaluate import naive
from benchmarks.evaluate.kit import Kit
from engine import app
from engine.backtest import output, skill
from engine.backtest.history import Span
from engine.backtest.match import Track, mark, match
from engine.backtest.run import Backtest, backtest
from engine.backtest.shard import pool
from engine.backtest.warm import warmed
from engine.cli.span import against_of
from engine.cycle import collect
from engine.cycle import run as running
from engine.cycle.draft import moments
from engine.cycle.source import LedgerSource
from engine.cycle.world import World
from engine.detect.series import Floats
from engine.errors import FeedError
from engine.model.rule import Rule

_DAY = timedelta(days=1)


def measure(kit: Kit, shared: Path, workers: int | None = None) -> dict[str, Any]:
    """Every figure of a kit, by name; the store is thrown away. workers: processes (one a core).

    Raises FeedError where the raw file cannot be read.
    """
    now = datetime.combine(kit.last + 30 * _DAY, time(12), UTC)
    with TemporaryDirectory() as folder:
        root = Path(folder)
        kit.settle(shared, root)
        with app.world(root, clock=lambda: now) as world:
            running.prepare_ledger(world)
            collected = collect.poll(world, world.settings.feeds[kit.feed])
            if collected.error:
                raise FeedError(collected.error)
            done = _live(world, kit, root / "data" / "truth.csv", workers)
            claims = skill.claimed(world.terms.points)
    figures = json.loads(output.as_json(done))
    rules = {rule.id: beside(rule, done, kit, claims) for rule in done.book.rules.values()}
    measured = {
        "title": kit.title, "raw": kit.raw, "unit": kit.unit.days, "feed": asdict(collected), **figures,
        "beside": {id_: row for id_, row in rules.items() if row},
    }  # fmt: skip
    return {key: _rounded(value) for key, value in measured.items()}


def _live(world: World, kit: Kit, told: Path, workers: int | None) -> Backtest:
    settings = world.settings
    span = warmed(Span(kit.first, kit.last, settings.calendar), world.book)
    against = against_of(world, told)
    with pool(workers) as executor:
        return backtest(
            world.book, LedgerSource.of(world), settings.tree, settings.topics, span,
            moments=moments(world, [world.book], span.begin, span.until), terms=world.terms,
            against=against, executor=executor,
        )  # fmt: skip


def beside(rule: Rule, done: Backtest, kit: Kit, claims: Floats) -> dict[str, Any]:
    """A rule's forecasts beside the naive ones, how many events it warned of in time (by the judgement
    that opens an event's first day), and of a single place the days on which it warned. Empty where
    the truth cannot speak of the rule."""
    against, span = done.against, done.span
    if against is None or not against.truth.speaks_of(rule.topic, rule.domain.value):
        return {}
    places = against.places(rule.topic, done.tree.at(rule.level))
    if not places:
        return {}
    track = Track.of(places, done.history.rules.get(rule.id, []), span)
    grid = naive.Grid.of(track, mark(track, against, span), kit.unit.days)
    matched = match(track, against, span)
    spells = track.spells if len(places) == 1 else ()
    return {
        "opened": [spell.opened.date().isoformat() for spell in spells],
        "forecasts": naive.compare(grid, claims),
        "in_time": int(np.nansum(matched.in_time)),
        "onsets_in_time": int(np.nansum(matched.in_time[matched.onset])),
    }  # fmt: skip


def _rounded(value: Any) -> Any:
    """Six significant digits: what differs beyond them is the machine, not the skill."""
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    return [_rounded(one) for one in value] if isinstance(value, list | tuple) else value
