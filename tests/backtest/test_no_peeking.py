"""What becomes known after a day leaves the judgement of that day as it was, whatever it is."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import app
from engine.backtest.history import Span
from engine.backtest.replay import relive
from engine.backtest.shard import find_all
from engine.cycle import run as running
from engine.cycle.panels import StorePanels
from engine.cycle.world import World
from engine.infer import reference
from engine.infer.correlate import correlate
from engine.judge import Conclusion, Correlate, Panels
from engine.model.incident import Incident
from engine.model.period import Calendar, Period
from engine.store import health, incidents
from engine.store import known as stored
from engine.store.database import Store
from tests.story import county

#: The daily judgement due on day 6; three more days follow.
DAY = 6
DUE = county.FIRST + timedelta(days=DAY, hours=8)
POLLS = [county.FIRST + timedelta(hours=6 * n) for n in range(-240, 4 * (county.DAYS + 1))]


@st.composite
def report(draw: st.DrawFn) -> Incident:
    """One line of a duty log, possibly a correction of an earlier one."""
    happened = county.FIRST + timedelta(minutes=draw(st.integers(0, county.DAYS * 1440)))
    late = draw(st.sampled_from((0, 30, 600, 1500, 4000)))
    kind = draw(st.sampled_from(("property.burglary", "property.burglary", "violence.explosion")))
    return Incident(
        feed="log", source_id=str(draw(st.integers(0, 30))), occurred_at=happened, category=kind,
        known_at=happened + timedelta(minutes=late), areas=(draw(st.sampled_from(("T1", "T1", "T2", "C"))),),
        withdrawn=draw(st.sampled_from((False, False, False, True))),
    )  # fmt: skip


@st.composite
def shuffled(draw: st.DrawFn, later: Sequence[Incident]) -> list[Incident]:
    """The same reports known later still, moved to another place and day, dropped or doubled."""
    kept = draw(st.lists(st.sampled_from(later), max_size=2 * len(later))) if later else []
    return [
        replace(
            one, source_id=draw(st.sampled_from((one.source_id, "new"))),
            areas=(draw(st.sampled_from(("T1", "T2", "T3"))),),
            occurred_at=one.occurred_at - timedelta(minutes=draw(st.integers(0, 5 * 1440))),
            known_at=one.known_at + timedelta(minutes=draw(st.integers(0, 2000))),
        )
        for one in kept
    ]  # fmt: skip


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = county.build(tmp_path_factory.mktemp("blank"))
    with app.world(root, clock=lambda: county.END) as world:
        running.prepare_ledger(world)
    return root


@pytest.fixture(scope="module")
def here(blank: Path):
    with app.world(blank, clock=lambda: county.END) as world:
        yield replace(world, correlate=partial(correlate, evaluator=reference.evaluate))


@dataclass(frozen=True)
class Opened:
    """A source that is open already, and judges in this process."""

    calendar: Calendar
    panels: Panels
    correlate: Correlate

    def open(self) -> AbstractContextManager[tuple[Panels, Correlate]]:
        return nullcontext((self.panels, self.correlate))


def judged(
    world: World, blank: Path, known: Sequence[Incident], polls: Sequence[datetime]
) -> list[tuple[Period, Conclusion]]:
    """Everything concluded up to the day, by a backtest that goes on to the end."""
    last = county.FIRST + timedelta(days=county.DAYS)
    span = Span(county.FIRST.date(), last.date(), world.settings.calendar)
    path = blank / "data" / "once.db"
    shutil.copy(blank / "data" / "forewarn.db", path)
    with closing(Store.open(f"sqlite:///{path}", migrate=False)) as store:
        with store.begin() as tx:
            incidents.add(tx, known, world.ledger)
            health.record(tx, "log", polls, known_at=county.END)
        with store.read() as tx:
            moments = list(stored.moments(tx, {"violence.explosion"}, span.since, span.until))
            source = Opened(world.settings.calendar, StorePanels(tx, world.settings), world.correlate)
            found = find_all(source, world.book, world.book.rules, span.since, span.until, moments=moments)
            lived = relive(world.book, found, world.terms)
            return [(period, concluded) for period, concluded in lived if period.due_at <= DUE]


@given(data=st.data(), log=st.lists(report(), min_size=10, max_size=60))
@settings(max_examples=25)
def test_shuffling_what_became_known_afterwards_changes_nothing(data, log, here, blank):
    before = [one for one in log if one.known_at < DUE]
    later = [one for one in log if one.known_at >= DUE]
    heard = [at for at in POLLS if at < DUE]
    after = [at for at in POLLS if at >= DUE]
    silence = data.draw(st.lists(st.sampled_from(after), unique=True))
    once = judged(here, blank, [*before, *later], [*heard, *after])
    assert judged(here, blank, [*before, *data.draw(shuffled(later))], [*heard, *silence]) == once


def test_what_became_known_before_does_change_it(here, blank):
    """The property above would hold of a judge that never looks at anything."""
    at = DUE - timedelta(hours=30)
    one = Incident(feed="log", source_id="0", occurred_at=at, known_at=at, areas=("T1",),
                   category="property.burglary")  # fmt: skip
    log = [replace(one, source_id=str(number)) for number in range(4)]
    assert judged(here, blank, log, POLLS) != judged(here, blank, log[:1], POLLS)
