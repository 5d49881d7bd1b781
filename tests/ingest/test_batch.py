"""Many records at once: duplicates, refused columns, and batches that came too late to be counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.errors import FeedError
from engine.ingest import batch
from engine.ingest.batch import late_batch, read
from engine.ingest.normalise import Context
from engine.model.feed import Broken, Feed, Fetch, Record
from engine.model.incident import Incident, Precision, Reject

NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)
Feeds = Callable[..., Feed]


def record(line: int, **fields: Any) -> Record:
    plain = {"id": str(line), "when": "2026-03-08T10:00:00Z", "where": "Ås", "what": "Brand"}
    return Record({**plain, **fields}, f"line {line}")


def test_one_bad_record_never_stops_the_rest(feed: Feeds, context: Context) -> None:
    records: list[Record | Broken] = [record(2), Broken("line 3", "torn"), record(4, where="?"), record(5)]
    found = list(read(records, feed(), context, NOW))
    assert [one.source_id for one in found if isinstance(one, Incident)] == ["2", "5"]
    assert [one.place for one in found if isinstance(one, Reject)] == ["line 3", "line 4"]


def test_only_plain_repetitions_are_dropped(feed: Feeds, context: Context) -> None:
    records = [
        record(2, id="7", seen="2026-03-08T10:00Z"),
        record(3, id="7", seen="2026-03-08T10:00Z"),
        record(4, id="7", seen="2026-03-08T10:00Z", what="Mordbrand"),
        record(5, id="7", seen="2026-03-08T10:00Z", what="Skogsbrand"),
        record(6, id="7", seen="2026-03-08T11:00Z"),
        record(7, id="8", seen="2026-03-08T10:00Z"),
    ]
    found = [one for one in read(records, feed(known_at="seen"), context, NOW) if isinstance(one, Incident)]
    assert [(one.source_id, one.known_at.hour, one.category) for one in found] == [
        ("7", 10, "fire"), ("7", 10, "fire.wood"), ("7", 11, "fire"), ("8", 10, "fire"),
    ]  # fmt: skip


def test_records_are_read_as_they_come(feed: Feeds, context: Context) -> None:
    taken = []

    def endless() -> Any:
        line = 1
        while True:
            line += 1
            taken.append(line)
            yield record(line)

    stream = read(endless(), feed(), context, NOW)
    assert isinstance(next(stream), Incident)
    assert len(taken) < 20_000


@pytest.mark.parametrize("fields", [
    {"民族": ""}, {"id_number": ""}, {"report": {"caller": {"nationality": None}}}, {"sex": "", "age": ""},
])  # fmt: skip
def test_a_feed_whose_columns_list_persons_is_refused_whole(
    feed: Feeds, context: Context, fields: dict[str, Any]
) -> None:
    found = []
    with pytest.raises(FeedError, match="the feed 'desk' is refused: the column"):
        for one in read([record(2), record(3, **fields)], feed(), context, NOW):
            found.append(one)
    assert found == []


def test_traits_add_up_to_a_list_of_persons_over_several_records(feed: Feeds, context: Context) -> None:
    with pytest.raises(FeedError, match="make this a list of persons"):
        list(read([record(2, surname=""), record(3, person={"gender": ""})], feed(), context, NOW))


def day(number: int, hour: int = 8) -> datetime:
    return datetime(2026, 1, 1, hour, tzinfo=UTC) + timedelta(days=number)


def reported(known_at: datetime, precision: Precision = Precision.REPORTED) -> Incident:
    return Incident(
        feed="desk", source_id=str(known_at), occurred_at=known_at, precision=precision, known_at=known_at,
        areas=("A1",), category="fire",
    )  # fmt: skip


def late(
    moments: list[datetime], polls: list[datetime],
    precision: Precision = Precision.REPORTED,
) -> list[bool]:  # fmt: skip
    incidents = [reported(moment, precision) for moment in moments]
    checked = late_batch(incidents, polls=polls, max_silence=timedelta(days=2))
    assert [replace(one, precision=precision) for one in checked] == incidents
    return [one.precision is Precision.UNKNOWN for one in checked]


def test_a_first_load_is_a_late_batch() -> None:
    assert late([NOW], [NOW]) == [True]
    assert late([day(0), day(1)], [day(0), day(1)]) == [True, False]


def test_what_comes_after_a_silence_is_a_late_batch() -> None:
    assert late([day(9)], [day(8), day(9)]) == [False]
    assert late([day(9)], [day(7), day(9)]) == [False], "the limit itself is not too long"
    assert late([day(9)], [day(7, 7), day(9)]) == [True]


def test_an_extract_is_judged_by_the_polls_it_carries() -> None:
    polls = [day(0), day(1), day(2), day(9), day(10)]
    assert late([day(0), day(1), day(2), day(9), day(10)], polls) == [True, False, False, True, False]
    assert late([day(9, 9)], polls) == [False], "the load after the silence was a poll before"


def test_a_live_record_that_says_it_was_known_before_the_last_poll_is_not_late() -> None:
    assert late([day(3)], [day(2), day(8), day(9)]) == [False]


@pytest.mark.parametrize("precision", [Precision.MINUTE, Precision.DAY, Precision.UNKNOWN])
def test_what_says_itself_when_it_occurred_is_never_late(precision: Precision) -> None:
    known = late([NOW], [NOW], precision)
    assert known == [precision is Precision.UNKNOWN]


def test_a_record_of_too_many_fields_is_refused_alone(feed: Feeds, context: Context) -> None:
    wide = record(2, **{f"c{number}": 1 for number in range(100_000)})
    first, second = read([wide, record(3)], feed(), context, NOW)
    assert isinstance(first, Reject) and "100004 fields where 4096 may be" in first.reason
    assert isinstance(second, Incident)


def test_records_that_share_no_fields_are_no_feed(feed: Feeds, context: Context) -> None:
    records = [record(line, **{f"c{line}_{number}": 1 for number in range(1000)}) for line in range(20)]
    with pytest.raises(FeedError, match="more than 10000 different fields"):
        list(read(records, feed(), context, NOW))


def test_every_column_is_looked_at_once(
    feed: Feeds, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[str] = []
    real = batch.charter.refused

    def counted(columns: list[str]) -> list[str]:
        looked_at.extend(columns)
        return real(columns)

    monkeypatch.setattr(batch.charter, "refused", counted)
    columns = {f"c{number}": {"x": 1} for number in range(2000)}
    list(read([record(line, **columns) for line in range(5)], feed(), context, NOW))
    assert len(looked_at) == len(set(looked_at)) == 4 + 2 * 2000


def test_polls_without_an_offset_are_of_the_feeds_zone(feed: Feeds, context: Context) -> None:
    fetch = Fetch((), polls=(datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 3, 8, 7)))
    own = batch.poll_moments(fetch, feed(zone="Asia/Shanghai"), context)
    assert own == (datetime(2026, 3, 7, 23, tzinfo=UTC), datetime(2026, 3, 8, 7, tzinfo=UTC))
    calendars = batch.poll_moments(fetch, feed(), context)
    assert calendars == (datetime(2026, 3, 8, 6, tzinfo=UTC), datetime(2026, 3, 8, 7, tzinfo=UTC))
