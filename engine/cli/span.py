"""The stretch of time a command lives through once more, and what it is held against."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import click

from engine.backtest.history import Span
from engine.backtest.match import Against
from engine.cli.given import FILE
from engine.cycle.world import World
from engine.errors import UsageError
from engine.ingest import truth
from engine.store import health

DAY = click.DateTime(["%Y-%m-%d"])
YEAR = timedelta(days=365)

first_option = click.option(
    "--from", "first", type=DAY, required=True, help="The first day to live through."
)
last_option = click.option("--to", "last", type=DAY, required=True, help="The last day.")
truth_option = click.option(
    "--truth", "truth_", type=FILE, help="What happened, as CSV (default: config/truth.csv)."
)


def span_of(world: World, first: date, last: date) -> Span:
    """The days asked for. Raises UsageError where they are none, or none of them was heard of: nothing
    to live through is a mistake, not an empty report."""
    if last < first:
        raise UsageError(f"--to {last} lies before --from {first}")
    heard = heard_of(world)
    if last < heard.first or first > heard.last:
        raise UsageError(
            f"nothing is known of {first} to {last}: the feeds tell of {heard.first} to {heard.last}"
        )
    return Span(first, last, world.settings.calendar)


def heard_of(world: World) -> Span:
    """From the first day that any feed reports on to the last that any was heard of."""
    calendar = world.settings.calendar
    with world.store.read() as tx:
        good = [last.good_at for last in health.last(tx).values() if last.good_at]
    if not good:
        raise UsageError(
            f"{world.store.name} has heard of no feed yet; `forewarn demo --once` loads the bundled data, "
            "`forewarn feeds poll` your own"
        )
    last = calendar.local_day(min(max(good), world.clock()))
    return Span(min(last, *(feed.covers.since for feed in world.settings.feeds.values())), last, calendar)


def last_year(world: World) -> Span:
    """The last 365 days that were heard of, or as many as any feed reports on."""
    heard = heard_of(world)
    return Span(max(heard.last - YEAR + timedelta(days=1), heard.first), heard.last, heard.calendar)


def against_of(world: World, path: Path | None) -> Against | None:
    """The truth of a file, or of config/truth.csv where none is given; None where there is neither."""
    settings = world.settings
    return world.against(None if path is None else truth.read(path, settings.tree, settings.domains))
