"""One kit from its raw file to its figures: ingest into a store of its own, live through it, measure."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.evaluate.kit import Kit
from engine import app
from engine.backtest import output
from engine.backtest.history import Span
from engine.backtest.run import Backtest, backtest
from engine.backtest.shard import pool
from engine.backtest.warm import warmed
from engine.cli.span import against_of
from engine.cycle import collect
from engine.cycle import run as running
from engine.cycle.draft import moments
from engine.cycle.source import LedgerSource
from engine.cycle.world import World
from engine.errors import FeedError
from engine.judge.asked import asks

_DAY = timedelta(days=1)
#: What of a backtest is told of every single warning.
_SINGLE = ("warnings", "expect")


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
    figures = json.loads(output.as_json(done))
    measured = {
        "title": kit.title, "raw": kit.raw, "feed": asdict(collected),
        **{key: value for key, value in figures.items() if key not in _SINGLE}, "opened": _opened(done),
        "chances": sorted(rule.id for rule in done.book.rules.values() if asks(rule)),
    }  # fmt: skip
    return {key: _rounded(value) for key, value in measured.items()}


def _live(world: World, kit: Kit, told: Path, workers: int | None) -> Backtest:
    settings = world.settings
    span = warmed(Span(kit.first, kit.last, settings.calendar), world.book)
    against = against_of(world, told)
    with pool(workers) as executor:
        return backtest(
            world.book, LedgerSource.of(world, against), settings.tree, settings.topics, span,
            moments=moments(world, [world.book], span.begin, span.until), terms=world.terms,
            against=against, executor=executor,
        )  # fmt: skip


def _opened(done: Backtest) -> dict[str, list[str]]:
    """The days on which a rule of a single area warned."""
    single = [rule.id for rule in done.book.rules.values() if len(done.tree.at(rule.level)) == 1]
    return {
        id_: [str(row["opened"])[:10] for row in done.listed if row["rule"] == id_] for id_ in single
    }  # fmt: skip


def _rounded(value: Any) -> Any:
    """Six significant digits: what differs beyond them is the machine, not the skill."""
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    return [_rounded(one) for one in value] if isinstance(value, list | tuple) else value
