"""`make packs`, or `python -m benchmarks.packs [names...]`: measure, and write docs/packs.md."""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from concurrent.futures import Executor
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.packs import page
from benchmarks.packs.recurrence import recurrences
from benchmarks.packs.sets import SETS, Set
from engine import app
from engine.backtest import diff, output
from engine.backtest.budget import Ways, heard
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
from engine.model.problem import nearest
from engine.model.text import numbered

#: What is kept of a rule's row.
_KEPT = (
    "rule", "warnings", "warnings_per_area_week", "chance_warnings", "chance_share", "events",
    "events_warned", "pod", "far",
)  # fmt: skip
#: The same of its row beside a rival.
_RIVAL = (
    "rival", "verdict", "judgements", "events", "brier_rule", "brier", "gain", "gain_low", "gain_high",
    "skill",
)  # fmt: skip
#: Warnings a week that a centre can answer for: what config/budget.yaml of the demonstration allows.
BUDGET = 1


def main(names: list[str]) -> int:
    """Measure the sets named, or all, as far as their raw files are there; 2 where there is no such set."""
    for name in names:
        if name not in SETS:
            print(f"there is no set '{name}'{nearest(name, SETS)}; known: {', '.join(SETS)}", file=sys.stderr)
            return 2
    for one in (SETS[name] for name in names or SETS):
        with TemporaryDirectory() as folder:
            root = Path(folder)
            if not one.settle(root):
                print(f"{one.name}: not measured; its raw file is not under ../shared/data")
                continue
            measured = _measured(one, root)
        # Read anew: another may have measured other sets meanwhile.
        found = page.figures() | {one.name: measured}
        kept = {name: found[name] for name in SETS if name in found}
        page.FIGURES.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print(f"{one.title}: {numbered(len(measured['rules']), 'rule')} measured", flush=True)
    page.DOCUMENT.write_text(page.written(page.DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


def _measured(one: Set, root: Path) -> dict[str, Any]:
    """Every rule of the packs that is judged there; raises FeedError where a raw file cannot be read."""
    now = datetime.combine(one.last + timedelta(days=30), time(12), UTC)
    with app.world(root, clock=lambda: now) as world:
        running.prepare_ledger(world)
        for feed in world.settings.feeds.values():
            collected = collect.poll(world, feed)
            if collected.error:
                raise FeedError(collected.error)
        settings = world.settings
        span = warmed(Span(one.first, one.last, settings.calendar), world.book)
        source, truth = LedgerSource.of(world), root / "data" / "truth.csv"
        with pool() as executor:
            done = backtest(
                world.book, source, settings.tree, settings.topics, span,
                moments=moments(world, [world.book], span.begin, span.until), terms=world.terms,
                against=against_of(world, truth) if truth.exists() else None, executor=executor,
            )  # fmt: skip
            receivers = _receivers(world, span, source, executor)
        beside = _beside(done, source)
    rows = json.loads(output.as_json(done))["rules"]
    levels = {rule.id: len(settings.tree.at(rule.level)) for rule in world.book.rules.values()}
    return {
        "from": one.first.isoformat(), "to": one.last.isoformat(), "areas": levels, "receivers": receivers,
        "rules": [_kept(row) | beside.get(row["rule"], {}) for row in rows],
    }  # fmt: skip


def _beside(done: Backtest, source: LedgerSource) -> dict[str, dict[str, Any]]:
    """Of each rule how it does beside its rivals: by the truth where that speaks of its topic, else by
    whether what it counts comes again."""
    told = {str(row["rule"]) for row in done.contested}
    with source.open() as (panels, _):
        again = [row for row in recurrences(done.book, done.history, done.span, panels)
                 if row["rule"] not in told]  # fmt: skip
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for held, rows in (("truth", done.contested), ("recurrence", again)):
        for row in rows:
            mine = found[str(row["rule"])]
            mine.setdefault("held", held)
            mine.setdefault("rivals", []).append({key: _rounded(row[key]) for key in _RIVAL})
    return found


def _receivers(world: World, span: Span, source: LedgerSource, executor: Executor) -> list[dict[str, Any]]:
    """Of each receiver of warnings how many it hears of for the first time, and the most in one week."""
    settings, book = world.settings, world.book
    ways = Ways(settings.routes, settings.tree, settings.inhibit)
    lived = diff.live_through(
        book, frozenset(rule.topic for rule in book.rules.values()), source, span, terms=world.terms,
        moments=moments(world, [book], span.begin, span.until), executor=executor,
    )  # fmt: skip
    told = heard(lived, ways, span.since)
    rows = []
    for receiver in sorted({name for route in settings.routes for name in route.receivers}):
        at = told.get(receiver, ())
        weeks = Counter(moment.astimezone(span.calendar.zone).isocalendar()[:2] for moment in at)
        rows.append({"receiver": receiver, "warnings": len(at), "a_week": _rounded(len(at) / span.weeks),
                     "busiest": max(weeks.values(), default=0),
                     "allowed": settings.budget.get(receiver, BUDGET)})  # fmt: skip
    return rows


def _kept(row: dict[str, Any]) -> dict[str, Any]:
    return {key: _rounded(row[key]) for key in _KEPT if key in row}


def _rounded(value: Any) -> Any:
    """Three significant digits: what differs beyond them is the machine."""
    return float(f"{value:.3g}") if isinstance(value, float) else value


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
