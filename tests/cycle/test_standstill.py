"""Which of several files is written no more: by how each was seen to be written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine import app
from engine.cycle import collect, standstill
from engine.cycle.standstill import Files
from engine.model.feed import Feed, Listing
from engine.notify.detail import detail
from tests.story import county

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BEGIN = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Feed]:
    """A feed whose news may be 36 hours old, polled every hour."""
    root = county.build(tmp_path_factory.mktemp("county"))
    with app.world(root, clock=lambda: county.END) as world:
        (of,) = world.settings.feeds.values()
        yield replace(of, max_silence=36 * HOUR, quiet=None, poll=HOUR)


@dataclass
class Folder:
    """A folder that is looked at every six hours; `every` says what was last written by a moment."""

    once: bool = False

    def seen(self, days: float, at: Any) -> Files:
        """What is known at the end of so many days. at: from the hours since the beginning to the files, each
        with the hour when it was written."""
        known, hours = standstill.NONE, 0
        while hours <= 24 * days:
            files = {name: BEGIN + hour * HOUR for name, hour in at(hours).items()}
            known = standstill.seen(known, Listing(files, self.once), BEGIN + hours * HOUR)
            known = standstill._read(standstill._said(known))
            hours += 6
        return known


def daily(hours: int, until: float = 1e9, since: int = 0) -> int:
    """When a file that is written each midnight was last, up to a day."""
    return max(since, min(hours, int(until * 24)) // 24 * 24)


def dated(name: str, hours: int, until: float = 1e9) -> dict[str, int]:
    """A new name each midnight, and all of them stay."""
    return {
        f"{name}-2026-03-{n + 1:02d}.csv": 24 * n for n in range(31) if 24 * n <= min(hours, until * 24)
    }


#: From the hours to the files; those that are written no more after nine days.
CASES: dict[str, tuple[Any, list[str]]] = {
    "both are written daily": (lambda h: {"north.csv": daily(h), "south.csv": daily(h)}, []),
    "one stands still": (lambda h: {"north.csv": daily(h), "south.csv": daily(h, 3)}, ["south.csv"]),
    "one was written anew but once": (lambda h: {"n.csv": daily(h), "s.csv": daily(h, 1)}, ["s.csv"]),
    "one was never written anew": (lambda h: {"n.csv": daily(h), "s.csv": 0}, []),
    "one was mended on its first day": (lambda h: {"n.csv": daily(h), "s.csv": min(h, 6)}, []),
    "a new name each day": (lambda h: {"north.csv": daily(h), **dated("s", h)}, []),
    "new names end": (lambda h: {"n.csv": daily(h), **dated("s", h, 5)}, ["s-*-*-*.csv"]),
    "two names came": (lambda h: {"n.csv": daily(h), **dated("s", h, 1)}, []),
    "each day's file is written to all day": (
        lambda h: {name: min(h, at + 18) for name, at in dated("log", h).items()}, []
    ),
    "each day's file is written to, and then no more": (
        lambda h: {name: min(h, at + 18, 100) for name, at in dated("log", h, 4).items()}, ["log-*-*-*.csv"]
    ),
    "of twelve districts one stands still": (
        lambda h: {f"district-{n:02d}.csv": daily(h, 3 if n == 5 else 99) for n in range(1, 13)},
        ["district-05.csv"],
    ),
    "written once a week beside one a day": (
        lambda h: {"n.csv": daily(h), "week.csv": h // 168 * 168}, []
    ),
    "all stand still": (
        lambda h: {"n.csv": daily(h, 4), "s.csv": daily(h, 3)}, ["s.csv", "n.csv"]
    ),
    "one is gone": (
        lambda h: {"n.csv": daily(h)} | ({"s.csv": daily(h)} if h < 190 else {}), ["s.csv"]
    ),
    "one is gone that was never written anew": (
        lambda h: {"n.csv": daily(h)} | ({"s.csv": 0} if h < 190 else {}), []
    ),
    "those of longer ago are cleared away": (
        lambda h: {"n.csv": daily(h), **{k: at for k, at in dated("s", h).items() if at > h - 48}}, []
    ),
    "the day's file is written to all day, and cleared away when it is over": (
        lambda h: {"n.csv": daily(h), **{k: h for k, at in dated("s", h).items() if at > h - 24}}, []
    ),
    "one is called otherwise": (
        lambda h: {"n.csv": daily(h), ("south.csv" if h < 120 else "southern.csv"): daily(h)}, []
    ),
    "one is called otherwise, and then stands still": (
        lambda h: {"n.csv": daily(h), ("south.csv" if h < 120 else "southern.csv"): daily(h, 6)},
        ["southern.csv"],
    ),
    "a new name each day is none in the place of one that is gone": (
        lambda h: {**dated("n", h), **({"s.csv": daily(h)} if h < 150 else {})}, ["s.csv"]
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_was_written_anew_and_is_no_more(feed: Feed, case: str) -> None:
    at, names = CASES[case]
    known = Folder().seen(9, at)
    found = standstill.still(known, feed, BEGIN + 9 * DAY)
    assert [one.name for one in found] == names
    assert bool(standstill.gone(known, feed, BEGIN + 9 * DAY)) is (bool(names) and "gone" in case)


def test_the_news_are_as_old_as_the_file_that_was_written_longest_ago(feed: Feed) -> None:
    at = lambda h: {"n.csv": daily(h), "s.csv": daily(h, 3), "old.csv": 0}  # noqa: E731
    assert standstill.oldest(Folder().seen(0.5, at), feed) is None, "nobody knows what is usual"
    assert standstill.oldest(Folder().seen(3, at), feed) == BEGIN + 3 * DAY
    assert standstill.oldest(Folder().seen(4, at), feed) == BEGIN + 3 * DAY
    assert standstill.still(Folder().seen(4, at), feed, BEGIN + 4 * DAY) == []


DROPS: dict[str, tuple[Any, list[str]]] = {
    "two rows": (lambda h: {f"{name}-{h // 24}.csv": daily(h) for name in "ns"}, []),
    "one of two rows ends": (
        lambda h: {f"n-{h // 24}.csv": daily(h)} | ({f"s-{h // 24}.csv": daily(h)} if h < 130 else {}),
        ["s-*.csv"],
    ),
    "one name again and again": (
        lambda h: {"n.csv": daily(h)} | ({"s.csv": daily(h)} if h < 130 else {}), ["s.csv"]
    ),
    "one that came twice": (
        lambda h: {"n.csv": daily(h)} | ({"s.csv": daily(h)} if h < 30 else {}), []
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", DROPS)
def test_in_a_drop_folder_rows_end_and_files_only_go(feed: Feed, case: str) -> None:
    at, names = DROPS[case]
    known = Folder(once=True).seen(9, at)
    assert [one.name for one in standstill.still(known, feed, BEGIN + 9 * DAY)] == names
    assert not standstill.gone(known, feed, BEGIN + 9 * DAY)


def test_what_is_written_more_seldom_is_told_by_its_own_habit(feed: Feed) -> None:
    rare = replace(feed, quiet=6 * HOUR)
    at = lambda h: {"n.csv": h, "s.csv": daily(h, 12)}  # noqa: E731
    known = Folder().seen(14, at)
    assert standstill.oldest(known, rare) == BEGIN + 14 * DAY, "a day is more than news may be old"
    assert standstill.still(known, rare, BEGIN + 14 * DAY) == []
    (one,) = standstill.still(Folder().seen(16, at), rare, BEGIN + 16 * DAY)
    assert (one.name, one.since) == ("s.csv", BEGIN + 12 * DAY)


def test_a_time_still_to_come_says_nothing(feed: Feed) -> None:
    at = lambda h: {"n.csv": daily(h), "s.csv": 10_000}  # noqa: E731
    assert standstill.still(Folder().seen(9, at), feed, BEGIN + 9 * DAY) == []


@pytest.mark.parametrize("once", [False, True], ids=["a pattern", "a drop folder"])
def test_of_names_that_never_come_again_the_latest_alone_are_remembered(once: bool) -> None:
    """Each is a row of its own: there are no digits in them."""
    known, letters = standstill.NONE, "abcdefghijklmnop"
    for n in range(24):
        begun = f"{letters[n // 16]}{letters[n % 16]}"
        names = [f"{begun}{one}{other}.csv" for one in letters for other in letters]
        at = BEGIN + n * HOUR
        known = standstill.seen(known, Listing(dict.fromkeys(names, at), once), at)
    assert len(known.rows) == standstill._FILES
    assert len(known.files) == (0 if once else 256)
    assert {standstill._row(name) for name in names} <= known.rows.keys()


def test_both_languages_say_it(feed: Feed) -> None:
    known = Folder().seen(9, CASES["one is gone"][0])
    now = BEGIN + 9 * DAY
    still = standstill.still(known, feed, now)
    for said in (standstill.gone(known, feed, now), standstill.said(still, feed)):
        assert "s.csv (2026-03-09T00:00+00:00)" in said and f"`forewarn feeds reread {feed.id}`" in said
        told = detail(said, "zh")
        assert "s.csv" in told and not [word for word in told.split() if word in ("gone", "while", "ask")]


def test_a_name_that_identifies_somebody_is_not_kept(tmp_path: Path) -> None:
    text = county.FILES["config/feeds.yaml"].replace("path: log.csv, polls: polls.csv", "path: 'in/*.csv'")
    root = county.build(tmp_path)
    (root / "config/feeds.yaml").write_text(text)
    (root / "in").mkdir()
    names = [f"in/anna.berg@example.org {kind}.csv" for kind in ("fires", "floods")]
    for name in names:
        (root / name).write_text("id,at,known,town,kind\n")
    with app.world(root, clock=lambda: datetime.now(UTC) + HOUR) as world:
        (of,) = world.settings.feeds.values()
        for _ in "12":
            collect.poll(world, of)
        with world.store.read() as tx:
            known = standstill.kept(tx, of)
    assert len(known.files) == len(known.present) == 2
    assert not any("anna" in name for name in known.files)


def test_many_are_counted_and_three_named(feed: Feed) -> None:
    at = lambda h: {"n.csv": daily(h), **{f"s{'abcde'[n]}.csv": daily(h, 3) for n in range(5)}}  # noqa: E731
    said = standstill.said(standstill.still(Folder().seen(9, at), feed, BEGIN + 9 * DAY), feed)
    assert said.startswith("5 files are written no more") and ", +2; ask who writes them" in said
