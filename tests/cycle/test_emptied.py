"""An answer without a record, of sources that never had one: by what each is used to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from engine import app
from engine.cycle import collect, emptied
from engine.cycle.world import World
from engine.model.feed import Account, Feed, Subject
from engine.notify.detail import detail
from engine.store import health
from tests.story import county

NOW = county.END


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    text = county.FILES["config/feeds.yaml"].replace("path: log.csv, polls: polls.csv", "path: log.csv")
    root = county.build(tmp_path)
    (root / "config/feeds.yaml").write_text(text)
    with app.world(root, clock=lambda: NOW) as found:
        yield found


def feed_of(world: World) -> Feed:
    (feed,) = world.settings.feeds.values()
    return feed


def answered(world: World, *polls: tuple[float, int, int]) -> None:
    """Good polls: (how many days ago, records read, new ones)."""
    with world.store.begin() as tx:
        for days, read, new in polls:
            at = NOW - timedelta(days=days)
            account = Account(read=read, new=new, unchanged=read - new)
            health.record(tx, "log", [at], known_at=at, news_at=at, account=account)


def said(world: World, feed: Feed | None = None, now: datetime = NOW) -> str:
    with world.store.read() as tx:
        return emptied.said(tx, feed or feed_of(world), now)


LOG = ((1.0, 6, 6), (0.9, 0, 0), (0.5, 9, 3))
CASES = {
    "nothing was ever told": ((), False),
    "one answer of today": (((0.1, 400, 400),), False),
    "a few, for a short time": (((1, 4, 4), (0.5, 3, 2)), False),
    "three rows for three weeks": (tuple((n, 3, 1) for n in range(21, 0, -1)), True),
    "a hundred rows for a day": (tuple((n / 24, 100, 50) for n in range(24, 0, -1)), True),
    "a log that keeps what it told": (LOG, True),
    "a list that drops what is over": (((1, 6, 6), (0.5, 9, 5)), False),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_is_usual_decides(world: World, case: str):
    polls, wrong = CASES[case]
    answered(world, *polls)
    assert bool(said(world)) is wrong


def test_what_passes_may_all_have_passed(world: World):
    answered(world, *LOG)
    feed = feed_of(world)
    listed = replace(feed, mapping=feed.mapping.model_copy(update={"gone_after": 1}))
    assert said(world) and not said(world, listed) and not said(world, replace(feed, subject=Subject.HAZARD))


def test_it_may_be_empty_where_somebody_says_so_or_it_once_was(world: World):
    answered(world, *LOG)
    feed = feed_of(world)
    options = type(feed.options)(path=feed.options.path, not_empty=False)
    assert not said(world, replace(feed, options=options))
    with world.store.begin() as tx:
        at = NOW - timedelta(hours=1)
        health.record(tx, "log", [at], known_at=at, news_at=at, detail=emptied.NOTED)
    assert not said(world)


def test_the_poll_fails_and_says_what_is_usual(world: World):
    answered(world, *LOG)
    (world.settings.root / "log.csv").write_text("id,at,known,town,kind\n")
    found = collect.poll(world, feed_of(world))
    assert found.error.startswith("an empty answer, where each of 2 answers since ")
    assert "held 6 records or more; ask the source" in found.error and "not_empty: false" in found.error
    assert detail(found.error, "zh").count("记录") == 1 and "请联系来源" in detail(found.error, "zh")
    assert collect.poll(world, feed_of(world)).error == found.error, "also where the file stays as it is"
    with world.store.read() as tx:
        assert not health.last(tx)["log"].ok
