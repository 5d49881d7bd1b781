"""A document that lacks what the mapping needs is no answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from engine.errors import FeedError
from engine.guard.guard import Guard
from engine.ingest import batch, needs
from engine.ingest.normalise import Context
from engine.model.feed import Broken, Feed, Fetch, Record

NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)
Feeds = Callable[..., Feed]
WHOLE = ("id", "when", "where", "what")


def check(feed: Feed, columns: tuple[str, ...] | None, **lines: tuple[str, ...]) -> list[str]:
    first = {int(name[1:]): line for name, line in lines.items()}
    return needs.check_columns(Fetch((), columns=columns, first_lines=first), feed, Guard())


def test_a_table_with_what_is_needed_and_what_is_no_table(feed: Feeds) -> None:
    assert check(feed(), (*WHOLE, "more")) == []
    assert check(feed(), None) == []
    assert check(feed(place={"fixed": "L"}, occurred_at={"reported": True}), ("id", "what")) == []


def test_a_table_that_lacks_it_says_what_was_expected_and_found(feed: Feeds) -> None:
    with pytest.raises(FeedError) as refusal:
        check(feed(), ("ID", "Zeit", "where", "Art", "a@b.se"))
    assert str(refusal.value) == (
        "the table lacks id (source_id), when (occurred_at), what (category); "
        "it has ID, Zeit, where, Art, [email]"
    )


@pytest.mark.parametrize(("changes", "columns", "lacking"), [
    ({"source_id": ["id", "n"]}, WHOLE, r"n \(source_id\)"),
    ({"occurred_at": ["onset", "sent"]}, WHOLE, r"onset or sent \(occurred_at\)"),
    ({"occurred_at": {"fields": ["day", "clock"]}}, (*WHOLE, "day"), r"clock \(occurred_at\)"),
    ({"place": [{"point": ["lat", "lon"]}]}, (*WHOLE, "lat"), r"lon \(place\)"),
    ({"place": [{"name": "city", "within": "county"}]}, WHOLE, r"city \(place\)"),
    ({"category": {"keywords": [{"any": "fire", "category": "fire"}], "fields": ["text", "title"]}}, WHOLE,
     r"text or title \(category\)"),
    ({"place": {"name": "location.name"}}, (*WHOLE, "location"), r"location\.name \(place\)"),
])  # fmt: skip
def test_an_attempt_needs_all_its_fields_and_one_attempt_is_enough(
    feed: Feeds, changes: dict[str, Any], columns: tuple[str, ...], lacking: str
) -> None:
    with pytest.raises(FeedError, match=f"the table lacks {lacking}; it has"):
        check(feed(**changes), columns)
    missing = lacking.partition(" \\(")[0].replace("\\", "")
    assert check(feed(**changes), (*columns, *missing.split(" or "))) == []


def test_where_the_header_really_stands(feed: Feeds) -> None:
    with pytest.raises(FeedError, match=r"it has Report; line 3 names them: set header: 3"):
        check(feed(), ("Report",), _1=("Report",), _3=WHOLE)
    with pytest.raises(FeedError, match=r"line 1 parts them by ';': set delimiter: \";\""):
        check(feed(), (";".join(WHOLE),), _1=(";".join(WHOLE),))
    with pytest.raises(FeedError, match=r"it has none at all$"):
        check(feed(), ())


def test_a_column_that_only_enriches_is_noted(feed: Feeds) -> None:
    notes = check(feed(measures={"burnt": "ha"}, known_at="told", ended_at="when"), WHOLE)
    assert notes == [
        "the mapping's known_at reads 'told', and the table has no such column",
        "the mapping's measures reads 'ha', and the table has no such column",
    ]


def read(feed: Feed, context: Context, *records: Any) -> list[batch.Batch]:
    found = [one if isinstance(one, Broken) else Record(one, "x") for one in records]
    return list(batch.batches(found, feed, context, NOW))


GOOD = {"id": "7", "when": "2026-03-08T10:00:00Z", "where": "Ås", "what": "Brand"}


def test_records_none_of_which_has_a_needed_field_are_no_answer(feed: Feeds, context: Context) -> None:
    renamed = {"number": "7", **{key: GOOD[key] for key in ("when", "where", "what")}}
    with pytest.raises(FeedError, match=r"not one of 2 records has id \(source_id\); they have number, when"):
        read(feed(), context, renamed, renamed)
    nested = feed(place={"name": "location.name"})
    with pytest.raises(FeedError, match=r"has location\.name \(place\)"):
        read(nested, context, {**GOOD, "location": {"title": "Ås"}})


@pytest.mark.parametrize("records", [
    [{**GOOD, "where": "?"}],  # a field that is there and not understood
    [{**GOOD, "where": None}],
    [{"number": "7"}, GOOD],  # one is enough
    [Broken("line 2", "torn")],
    [],
])  # fmt: skip
def test_a_record_that_has_it_is_refused_for_itself(
    feed: Feeds, context: Context, records: list[Any]
) -> None:
    assert sum(one.read for one in read(feed(), context, *records)) == len(records)


def test_a_field_below_nothing_may_still_be_there(feed: Feeds, context: Context) -> None:
    nested = feed(place={"name": "location.name"})
    [found] = read(nested, context, {**GOOD, "location": None}, {**GOOD, "location": []})
    assert len(found.rejects) == 2


def test_a_cancel_that_says_nothing_else_is_an_answer(feed: Feeds, context: Context) -> None:
    cancels = feed(withdrawn={"field": "msg", "equals": "Cancel"})
    [found] = read(cancels, context, {"id": "7", "msg": "Cancel"})
    assert found.incidents[0].withdrawn
