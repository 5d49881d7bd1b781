"""`make packs`, or `python -m benchmarks.packs [names...]`: measure, and write docs/packs.md."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.packs import page
from benchmarks.packs.sets import SETS, Set
from engine import app
from engine.backtest import output
from engine.backtest.history import Span
from engine.backtest.run import backtest
from engine.backtest.shard import pool
from engine.backtest.warm import warmed
from engine.cli.span import against_of
from engine.cycle import collect
from engine.cycle import run as running
from engine.cycle.draft import moments
from engine.cycle.source import LedgerSource
from engine.errors import FeedError
from engine.model.problem import nearest

#: What is kept of a rule's row.
_KEPT = (
    "rule", "warnings", "warnings_per_area_week", "chance_warnings", "chance_share", "events",
    "events_warned", "pod", "far", "brier", "skill_climatology", "verdict",
)  # fmt: skip


def main(names: list[str]) -> int:
    """Measure the sets named, or all, as far as their raw files are there; 2 where there is no such set."""
    for name in names:
        if name not in SETS:
            print(f"there is no set '{name}'{nearest(name, SETS)}; known: {', '.join(SETS)}", file=sys.stderr)
            return 2
    kept = page.figures()
    for one in (SETS[name] for name in names or SETS):
        with TemporaryDirectory() as folder:
            root = Path(folder)
            if not one.settle(root):
                print(f"{one.name}: not measured; its raw file is not under ../shared/data")
                continue
            kept[one.name] = _measured(one, root)
            print(f"{one.title}: {len(kept[one.name]['rules'])} rules measured", flush=True)
    page.FIGURES.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    page.DOCUMENT.write_text(page.written(page.DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


def _measured(one: Set, root: Path) -> dict[str, Any]:
    """Every rule of the packs that is judged there; raises FeedError where a raw file cannot be read."""
    now = datetime.combine(one.last + timedelta(days=2), time(12), UTC)
    with app.world(root, clock=lambda: now) as world:
        running.prepare_ledger(world)
        for feed in world.settings.feeds.values():
            collected = collect.poll(world, feed)
            if collected.error:
                raise FeedError(collected.error)
        settings = world.settings
        span = warmed(Span(one.first, one.last, settings.calendar), world.book)
        truth = root / "data" / "truth.csv"
        with pool() as executor:
            done = backtest(
                world.book, LedgerSource.of(world), settings.tree, settings.topics, span,
                moments=moments(world, [world.book], span.begin, span.until), terms=world.terms,
                against=against_of(world, truth) if truth.exists() else None, executor=executor,
            )  # fmt: skip
    rows = json.loads(output.as_json(done))["rules"]
    levels = {rule.id: len(settings.tree.at(rule.level)) for rule in world.book.rules.values()}
    return {
        "title": one.title, "from": one.first.isoformat(), "to": one.last.isoformat(), "areas": levels,
        "rules": [{key: _rounded(row[key]) for key in _KEPT if key in row} for row in rows],
    }  # fmt: skip


def _rounded(value: Any) -> Any:
    """Three significant digits: what differs beyond them is the machine."""
    return float(f"{value:.3g}") if isinstance(value, float) else value


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
