"""Rejected records are kept once, listed, counted and removed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from engine.model.incident import Reject
from engine.store import rejects
from engine.store.database import Store

BAD = Reject(
    feed="police", seen_at=datetime(2025, 3, 1, tzinfo=UTC), place="line 7", reason="no such area 'X'",
    record='{"place": "X"}',
)  # fmt: skip


def test_a_record_refused_at_every_poll_is_one(store: Store) -> None:
    later = replace(BAD, seen_at=BAD.seen_at + timedelta(hours=1), place="line 9")
    other = replace(BAD, reason="no date")
    with store.begin() as tx:
        assert rejects.add(tx, [BAD]) == 1
        assert rejects.add(tx, [later, other, replace(BAD, feed="customs")]) == 2
        assert rejects.add(tx, []) == 0
        assert rejects.count(tx) == {"police": 2, "customs": 1}


def test_they_are_listed_newest_first_and_removed(store: Store) -> None:
    bad = [replace(BAD, record=str(number)) for number in range(3)]
    with store.begin() as tx:
        rejects.add(tx, [*bad, replace(BAD, feed="customs")])
        kept = rejects.listing(tx, feed="police")
        assert [one.reject for one in kept] == bad[::-1]
        assert [one.reject.feed for one in rejects.listing(tx, limit=1)] == ["customs"]
        rejects.remove(tx, [kept[0].id, kept[2].id])
        assert [one.reject for one in rejects.listing(tx, feed="police")] == [bad[1]]


def test_what_could_be_read_of_them_is_kept(store: Store) -> None:
    told = replace(BAD, kind="place", value="X", source_id="7", area="01", category="fire", day=739_000)
    with store.begin() as tx:
        rejects.add(tx, [told])
        (kept,) = rejects.listing(tx)
        assert kept.reject == told


def test_they_are_grouped_by_what_is_alike(store: Store) -> None:
    alike = [
        replace(BAD, record=str(n), reason=f"no such area '{n}'", cause="no such area", value=str(n % 2))
        for n in range(3)
    ]
    with store.begin() as tx:
        rejects.add(tx, [*alike, replace(BAD, feed="customs")])
        assert rejects.groups(tx, "reason") == [
            ("police", "", "no such area", 3, BAD.seen_at, "no such area '0'"),
            ("customs", "", BAD.reason, 1, BAD.seen_at, BAD.reason),
        ]
        assert [(what, many) for _, _, what, many, *_ in rejects.groups(tx, "value", "police")] == [
            ("0", 2), ("1", 1),
        ]  # fmt: skip


def test_what_was_never_refused_before_is_news(store: Store) -> None:
    with store.begin() as tx:
        rejects.add(tx, [replace(BAD, kind="place", value="X")])
    with store.begin() as tx:
        since = tx.seq()
        news = [("place", "X"), ("place", "Y"), ("time", "1"), ("time", "2")]
        rejects.add(tx, [
            replace(BAD, record=str(n), kind=kind, value=value) for n, (kind, value) in enumerate(news)
        ])  # fmt: skip
        assert rejects.unheard_of(tx, "police", since) == [("time", "", 2), ("place", "Y", 1)]
