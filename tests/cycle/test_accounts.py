"""What became of every record is told, and adds up; what could not be read is told once, and read again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine import app
from engine.cli import forewarn
from engine.cycle import collect, hearing
from engine.cycle import run as running
from engine.cycle.collect import Asked
from engine.cycle.world import World
from engine.errors import UsageError
from engine.model.feed import Account
from engine.store import health, incidents, outbox, rejects
from tests.story import county
from tests.story.county import Clock

OPERATORS = """
receivers:
  - {id: ops, title: Operators, operator: true, channels: [{kind: file, path: data/ops.jsonl}]}
"""
HEADER = "id,at,known,town,kind\n"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The county with one live feed, a file that somebody replaces."""
    root = county.build(tmp_path)
    feeds = county.FILES["config/feeds.yaml"].replace("path: log.csv, polls: polls.csv", "path: log.csv")
    (root / "config/feeds.yaml").write_text(feeds)
    (root / "config/routes.yaml").write_text(OPERATORS)
    return root


@pytest.fixture
def opened(root: Path, clock: Clock) -> Iterator[Callable[[], World]]:
    """Opens the root as it is now."""
    worlds = []

    def again() -> World:
        context = app.world(root, clock=clock)
        worlds.append(context)
        found = context.__enter__()
        running.prepare_ledger(found)
        return found

    yield again
    for context in worlds:
        context.__exit__(None, None, None)


def ingest(root: Path, *options: str) -> Result:
    return CliRunner().invoke(
        forewarn, ["--root", str(root), "ingest", "log", str(root / "history.csv"), *options]
    )


def rows(clock: Clock, *records: str) -> str:
    """`id town kind` as lines of the log, each an hour before now and known at once."""
    at = (clock.now - timedelta(hours=1)).isoformat()
    return "".join("{0},{at},{at},{1},{2}\n".format(*record.split(), at=at) for record in records)


def polled(world: World, asked: Asked = collect.TURN) -> collect.Collected:
    (feed,) = world.settings.feeds.values()
    return collect.poll(world, feed, asked)


def test_every_record_of_a_poll_is_accounted_for(root: Path, clock: Clock, opened: Callable[[], World]):
    told = rows(clock, "a T1 explosion", "b T1 explosion", "b T1 explosion", "c Nowhere explosion")
    (root / "log.csv").write_text(HEADER + told)
    world = opened()
    first = polled(world)
    assert first.account == Account(read=4, new=2, repeated=1, rejected=1)
    (root / "log.csv").write_text(HEADER + told + rows(clock, "a T2 explosion", "d T1 explosion"))
    clock.now += timedelta(hours=1)
    second = polled(world)
    assert second.read == 6 and second.rejected == 1 and second.repeated == 1
    for one in (first, second):
        parts = asdict(one.account)
        assert parts.pop("read") == sum(parts.values())
    with world.store.read() as tx:
        (sums,) = health.accounts(tx).values()
    assert (sums.read, sums.rejected) == (10, 2)


def test_a_reject_says_what_could_be_read_of_it(root: Path, clock: Clock, opened: Callable[[], World]):
    told = rows(clock, "a T1 explosion", "b Nowhere explosion", "c T1 riddle")
    (root / "log.csv").write_text(HEADER + told)
    world = opened()
    polled(world)
    with world.store.read() as tx:
        kept = {one.reject.source_id: one.reject for one in rejects.listing(tx)}
    place, kind = kept["b"], kept["c"]
    assert (place.kind, place.value, place.area) == ("place", "Nowhere", None)
    assert place.category == "violence.explosion"
    assert (kind.kind, kind.value, kind.area, kind.category) == ("category", "riddle", "T1", None)
    assert place.day == kind.day is not None


def test_operators_hear_once_of_what_is_unknown(root: Path, clock: Clock, opened: Callable[[], World]):
    world = opened()
    for number in range(3):
        told = rows(clock, f"a{number} T1 explosion", f"b{number} Nowhere explosion")
        (root / "log.csv").write_text(HEADER + told)
        polled(world)
        clock.now += timedelta(hours=1)
    with world.store.read() as tx:
        told = [one for one in outbox.listing(tx) if "Unreadable" in one.subject]
    assert len(told) == 1 and "place 'Nowhere': 1" in told[0].body


def test_a_mended_mapping_reads_again_what_was_refused(root: Path, clock: Clock, opened: Callable[[], World]):
    (root / "log.csv").write_text(HEADER + rows(clock, "a T1 explosion", "b Nowhere explosion"))
    world = opened()
    polled(world)
    assert polled(world).account == Account()  # unchanged
    feeds = (root / "config/feeds.yaml").read_text()
    assert "place: {code: town}" in feeds
    mended = feeds.replace("place: {code: town}", "place: [{code: town}, {fixed: T2}]")
    (root / "config/feeds.yaml").write_text(mended)
    clock.now += timedelta(hours=1)
    world = opened()
    again = polled(world)
    assert (again.new, again.unchanged, again.rejected) == (1, 1, 0)
    with world.store.read() as tx:
        assert rejects.unread(tx, "log") == {}
        assert rejects.groups(tx, "value") == []
        (one,) = rejects.listing(tx)
        assert one.reject.source_id == "b"  # what was judged before stays explained
    assert polled(world).account == Account()


def test_an_answer_that_brings_nothing_new_is_no_news(root: Path, clock: Clock, opened: Callable[[], World]):
    (root / "log.csv").write_text(HEADER + rows(clock, "a T1 explosion"))
    world = opened()
    (feed,) = world.settings.feeds.values()
    polled(world)
    clock.now += feed.max_silence
    polled(world)
    with world.store.read() as tx:
        heard = hearing.of(world, tx, feed)
        told = [one for one in outbox.listing(tx) if "Quiet" in one.subject]
    assert heard.last_poll == clock.now
    assert heard.last_news == county.END - timedelta(hours=1)
    assert (heard.state, len(told)) == ("blind", 1)
    clock.now += timedelta(hours=1)
    polled(world)
    with world.store.read() as tx:
        assert len([one for one in outbox.listing(tx) if "Quiet" in one.subject]) == 1
    (root / "log.csv").write_text(HEADER + rows(clock, "a T1 explosion", "b T1 explosion"))
    clock.now += timedelta(hours=1)
    polled(world)
    with world.store.read() as tx:
        assert hearing.of(world, tx, feed).state == "ok"


def test_a_file_read_beside_marks_nothing_down(root: Path, clock: Clock, opened: Callable[[], World]):
    (root / "log.csv").write_text(HEADER + rows(clock, "a T1 explosion"))
    world = opened()
    polled(world)
    (feed,) = world.settings.feeds.values()
    missing = replace(feed, options=feed.options.model_copy(update={"path": root / "nothing.csv"}))
    clock.now += timedelta(minutes=1)
    assert "no such file" in collect.poll(world, missing, Asked(anew=True, beside=True)).error
    with world.store.read() as tx:
        assert health.last(tx)["log"].ok
    assert polled(world).account == Account()  # where the live feed goes on is as it was


def test_a_history_states_over_which_days_it_was_heard(root: Path, clock: Clock, opened: Callable[[], World]):
    (root / "history.csv").write_text(HEADER + rows(clock, "a T1 explosion", "b T2 explosion"))
    (root / "log.csv").write_text(HEADER + rows(clock, "b T2 explosion", "c T2 explosion"))
    first = (clock.now - timedelta(days=30)).date()
    told = f"{first}..{clock.now.date()}"
    said = ingest(root, "--history", "--observed", told)
    assert said.exit_code == 0, said.output
    world = opened()
    live = polled(world)
    assert (live.new, live.unchanged) == (1, 1)
    with world.store.read() as tx:
        assert incidents.count(tx) == 3


@pytest.mark.parametrize("observed", [None, "2024-01-01", "2024-01-02..2024-01-01", "2199-01-01..2199-02-01"])
def test_a_history_without_its_days_is_refused(root: Path, observed: str | None):
    (root / "history.csv").write_text(HEADER)
    given = ["--observed", observed] if observed else []
    said = ingest(root, "--history", *given)
    assert isinstance(said.exception, UsageError)
    assert "--observed" in str(said.exception)
