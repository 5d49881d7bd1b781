"""Incidents by several ids: one, under the first id, in whatever order they are told."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from engine.ingest.alias import resolve
from engine.model.incident import Incident

AT = datetime(2026, 3, 8, tzinfo=UTC)
IDS = st.sampled_from("abcdef")


def told(source_id: str, *aliases: str) -> Incident:
    return Incident(feed="f", source_id=source_id, occurred_at=AT, known_at=AT, areas=("A",), category="c",
                    aliases=aliases)  # fmt: skip


def test_the_first_id_stays() -> None:
    found = resolve([told("b", "a", "b")], {"a": "a"}, {"a": 3})
    assert [one.source_id for one in found.incidents] == ["a"]
    assert (found.names, found.merged) == ({"b": "a"}, [])


def test_what_was_stored_twice_is_merged_into_the_earlier_once() -> None:
    found = resolve([told("b", "a")], {"a": "a", "b": "b"}, {"a": 9, "b": 3})
    assert (found.names, found.merged) == ({"a": "b"}, [("a", "b")])
    again = resolve([told("b", "a")], {"a": "b", "b": "b"}, {"a": 9, "b": 3})
    assert (again.names, again.merged) == ({}, [])


def test_ids_are_one_by_way_of_others() -> None:
    found = resolve([told("a", "x"), told("b", "y"), told("c", "x", "y")], {}, {})
    assert {one.source_id for one in found.incidents} == {"a"}


@given(st.lists(st.tuples(IDS, st.lists(IDS, max_size=3)), min_size=1, max_size=8))
def test_a_batch_at_once_or_one_by_one_comes_to_the_same(batch: list[tuple[str, list[str]]]) -> None:
    """Told one by one, later batches know what the earlier ones were stored under."""
    incidents = [told(source_id, *aliases) for source_id, aliases in batch]
    whole = resolve(incidents, {}, {}).names
    known: dict[str, str] = {}
    stored: dict[str, int] = {}
    for number, one in enumerate(incidents):
        found = resolve([one], known, stored)
        known |= found.names
        for later, first in found.merged:
            known = {name: first if id_ == later else id_ for name, id_ in known.items()}
        stored.setdefault(found.incidents[0].source_id, number)
    groups = [{name for name, id_ in names.items() if id_ == first} for names in (whole, known)
              for first in dict.fromkeys(names.values())]  # fmt: skip
    assert len({frozenset(group) for group in groups}) == len(set(whole.values())) == len(set(known.values()))
