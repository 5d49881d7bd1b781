"""The graph of references is kept chain by chain, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from engine.model.alert import Kind, Member
from engine.store import chains
from engine.store.database import Store

SENT = datetime(2026, 3, 8, 6, tzinfo=UTC)


def member(name: str, chain: str, minutes: int = 0, **more: object) -> Member:
    sent = SENT + timedelta(minutes=minutes)
    return Member(name=name, sent=sent, identifier=name.upper(), chain=chain, **more)  # type: ignore[arg-type]


def test_a_poll_finds_the_whole_chains_it_touches(store: Store) -> None:
    first = member("a", "A", kind=Kind.ALERT, tells={"A#2": "x", "A": ""}, expires=SENT)
    second = member("b", "A", 5, kind=Kind.UPDATE, names=[first.key, ("z", SENT)])
    named, other = member("z", "A"), member("c", "C", kind=Kind.CANCEL)
    with store.begin() as tx:
        chains.put(tx, "met", [second, named, first, other])
        chains.put(tx, "else", [member("a", "E")])
    with store.begin() as tx:
        found = chains.touched(tx, "met", ["b"], [])
        assert sorted(found, key=lambda one: one.name) == [first, second, named]
        assert list(found[0].tells) in ([], ["A#2", "A"])
        assert chains.touched(tx, "met", [], ["C"]) == [other]
        assert chains.touched(tx, "met", ["nobody"], ["nothing"]) == []


def test_what_is_put_again_stands_as_it_is_now_and_what_moved_stands_once(store: Store) -> None:
    before, after = member("a", "A"), member("a", "A", 60, kind=Kind.ALERT)
    with store.begin() as tx:
        chains.put(tx, "met", [before, member("b", "B")])
    with store.begin() as tx:
        chains.put(tx, "met", [after, member("b", "A")], [before.key])
    with store.begin() as tx:
        assert [one.key for one in chains.touched(tx, "met", ["b"], [])] == [after.key, member("b", "A").key]


def test_more_messages_than_one_query_may_name(store: Store) -> None:
    many = [member(f"m{number}", f"M{number}") for number in range(40_000)]
    with store.begin() as tx:
        chains.put(tx, "met", many)
        names = [one.name for one in many]
        assert len(chains.touched(tx, "met", names, names)) == len(many)
