"""One record to one incident, or to a reject that says why; nothing raises, nothing leaks."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import FeedError
from engine.ingest.mapping import Mapping
from engine.ingest.normalise import Context, Normaliser
from engine.model.feed import Broken, Record
from engine.model.incident import UNGRADED, Incident, Precision, Reject
from tests.ingest.conftest import RECORD

One = Callable[..., Incident | Reject | None]
NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)


def good(found: Incident | Reject | None) -> Incident:
    assert isinstance(found, Incident), found
    return found


def bad(found: Incident | Reject | None) -> Reject:
    assert isinstance(found, Reject), found
    return found


def test_a_plain_record(one: One) -> None:
    assert good(one()) == Incident(
        feed="desk", source_id="7", occurred_at=datetime(2026, 3, 8, 10, tzinfo=UTC), known_at=NOW,
        areas=("A1",), category="fire",
    )  # fmt: skip


def test_a_record_with_everything(one: One) -> None:
    found = good(one(
        {"end": "2026-03-08T11:00Z", "seen": "2026-03-08T10:30Z", "level": "High", "ha": "2.5", "hurt": "",
         "text": "Smoke,\n call 13912345678", "lat": 51.123456, "lon": 10.5},
        ended_at="end", known_at="seen", severity={"field": "level", "table": {"high": 3}},
        measures={"burnt": "ha", "injured": "hurt"}, title="text", keep_text=True, keep_point=True,
        place={"point": ["lat", "lon"]},
    ))  # fmt: skip
    assert (found.known_at.hour, found.ended_at) == (10, datetime(2026, 3, 8, 11, tzinfo=UTC))
    assert (found.severity, found.measures) == (3, {"burnt": 2.5})
    assert found.title == "Smoke, call [phone]"
    assert (found.areas, found.point) == (("A1",), (51.123, 10.5))


def test_text_and_point_are_dropped_unless_kept(one: One) -> None:
    found = good(one({"text": "Smoke", "lat": 51, "lon": 10.5}, place={"point": ["lat", "lon"]}))
    assert (found.title, found.point) == ("", None)


def test_the_point_of_a_sensitive_incident_is_never_stored(one: One) -> None:
    place = {"place": {"point": ["lat", "lon"]}, "keep_point": True}
    found = good(one({"what": "Övergrepp", "lat": 51, "lon": 10.5}, **place))
    assert (found.category, found.point) == ("abuse", None)


def test_of_records_that_are_not_as_exact_as_the_feed_says_no_point_is_kept(one: One) -> None:
    exact = {"accuracy": {"within": "100m", "where": {"field": "geo", "equals": [1, "exact"]}}}
    place = {"place": {"point": ["lat", "lon"]}, "keep_point": True}
    for geo, kept in ((1, True), ("Exact", True), (2, False), (None, False)):
        found = good(one({"geo": geo, "lat": 51.1234, "lon": 10.5}, **place, **exact))
        assert found.areas == ("A1",)
        assert found.point == ((51.123, 10.5) if kept else None)
    found = good(one({"geo": 2, "lat": 51.1234, "lon": 10.5}, **place, accuracy="100m"))
    assert found.point == (51.123, 10.5)


def test_an_end_before_the_beginning_is_none(one: One) -> None:
    assert good(one({"end": "2026-03-08T09:00Z"}, ended_at="end")).ended_at is None


@pytest.mark.parametrize(("fields", "changes", "reason"), [
    ({"id": ""}, {}, "there is no source id: 'id' is empty"),
    ({"id": [1]}, {}, "'id' holds no single value for a source id"),
    ({"id": ""}, {"source_id": ["id", "n"]}, "there is no source id: 'id n' is empty"),
    ({"when": ""}, {}, "there is no moment: the fields for it are empty"),
    ({"when": "soon"}, {}, "'when' holds 'soon', which is no moment as mapped"),
    ({"when": "2026/03/01 10:00"}, {}, "'when' holds '2026/03/01 10:00', which is no moment as mapped"),
    ({"when": "call 13912345678"}, {}, "'when' holds 'call [phone]', which is no moment as mapped"),
    ({"when": f"{'x' * 55} 139 1234 5678"}, {}, f"'when' holds '{'x' * 55} [pho…'"),
    ({"when": "2026-03-08T13:30Z"}, {}, "it occurred at 2026-03-08T13:30:00+00:00, and became known more"),
    ({"where": "Åss"}, {}, "no area is called 'Åss'"),
    ({"where": ""}, {}, "there is no place: the fields for it are empty"),
    ({"what": "Brnad"}, {}, "'what' holds 'Brnad', no desk code of the taxonomy (did you mean 'Brand'?)"),
])  # fmt: skip
def test_what_cannot_be_an_incident_says_why(
    one: One, fields: dict[str, Any], changes: dict[str, Any], reason: str
) -> None:
    reject = bad(one(fields, **changes))
    assert reason in reject.reason
    assert (reject.feed, reject.place, reject.seen_at) == ("desk", "line 2", NOW)


@pytest.mark.parametrize(("one_", "other"), [
    ({"when": "soon"}, {"when": "2026/03/01 10:00"}),
    ({"when": "2026-03-08T13:30Z"}, {"when": "2026-03-18T09:00Z"}),
    ({"when": "8 March 10:00 CST"}, {"when": "9 March 11:00 CST"}),
    ({"where": "Åss"}, {"where": "Nowhere (or nearly so)"}),
    ({"what": "Brnad"}, {"what": "Stöld"}),
    ({"code": "A11"}, {"code": "Z"}),
    ({"lat": 1, "lon": 2}, {"lat": 3, "lon": 4}),
    ({"lat": 91, "lon": 2}, {"lat": "x", "lon": "…"}),
    ({"lat": 1, "lon": 2, "code": "Q"}, {"lat": 3, "lon": 4, "code": "R"}),
    ({"area": "1,2 3,4"}, {"area": "x"}),
])  # fmt: skip
def test_what_is_alike_in_reasons_is_their_cause(
    one: One, one_: dict[str, Any], other: dict[str, Any]
) -> None:
    """Whatever differs in the records, they count together."""
    places = [{"code": "code"}] * ("code" in one_) + [{"point": ["lat", "lon"]}] * ("lat" in one_)
    places += [{"shape": ["area"], "level": "county"}] * ("area" in one_)
    changes: dict[str, Any] = {"place": places} if places else {}
    if "CST" in one_.get("when", ""):
        changes["occurred_at"] = {"field": "when", "format": "%d %B %H:%M %Z"}
    found = [bad(one(fields, **changes)) for fields in (one_, other)]
    assert found[0].reason != found[1].reason
    assert found[0].cause == found[1].cause
    assert "…" in found[0].cause and not any(str(value) in found[0].cause for value in one_.values())


@pytest.mark.parametrize("id_", ["x" * 201, "王小明", "13912345678", "Fire at 12 Main Street", "a/" * 500])
def test_an_id_that_is_not_plainly_one_is_kept_as_a_hash(one: One, id_: str) -> None:
    found, again, other = (good(one({"id": text})).source_id for text in (id_, id_, id_ + "1"))
    assert found == again != other
    assert found.startswith("~") and len(found) == 25


def test_the_first_attempt_that_succeeds_counts_and_every_reason_is_told(one: One) -> None:
    attempts = [{"field": "when"}, {"field": "published", "precision": "reported"}]
    found = good(one({"when": "2027-01-01T00:00Z", "published": "2026-03-08T09:00Z"}, occurred_at=attempts))
    assert (found.occurred_at.hour, found.precision) == (9, Precision.REPORTED)
    reason = bad(one({"when": "soon", "published": "late"}, occurred_at=attempts)).reason
    assert "'soon'" in reason and "'late'" in reason


@pytest.mark.parametrize(("occurred_at", "when", "precision"), [
    ("when", "2026-03-08", Precision.DAY),
    ("when", "2026-03-08T10:00Z", Precision.MINUTE),
    ({"field": "when", "precision": "unknown"}, "2026-03-08T10:00Z", Precision.UNKNOWN),
    ({"reported": True}, "", Precision.REPORTED),
])  # fmt: skip
def test_how_exactly_the_occurrence_is_known(
    one: One, occurred_at: Any, when: str, precision: Precision
) -> None:
    assert good(one({"when": when}, occurred_at=occurred_at)).precision is precision


def test_an_occurrence_that_is_only_reported_stands_at_the_moment_it_became_known(one: One) -> None:
    found = good(one({"seen": "2026-03-01T10:00Z"}, occurred_at={"reported": True}, known_at="seen"))
    assert found.occurred_at == found.known_at == datetime(2026, 3, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(("seen", "known"), [
    ("2026-03-09T10:00Z", NOW),
    ("2026-03-08", NOW),
    ("2026-03-07", datetime(2026, 3, 7, 22, 59, 59, tzinfo=UTC)),
    ("", NOW),
])  # fmt: skip
def test_nothing_is_known_later_than_it_was_fetched(one: One, seen: str, known: datetime) -> None:
    found = one({"seen": seen, "when": "2026-03-01T10:00Z"}, known_at="seen")
    assert good(found).known_at == known


def test_a_forecast_may_lie_ahead_as_far_as_the_mapping_says(one: One) -> None:
    assert bad(one({"when": "2026-03-10T10:00Z"}))
    assert good(one({"when": "2026-03-10T10:00Z"}, ahead="3d")).occurred_at.day == 10


def test_what_the_mapping_skips_is_neither_incident_nor_reject(one: One) -> None:
    skip = [{"field": "what", "starts": ["sammanfattning"]}, {"field": "n", "equals": 7}]
    assert one({"what": "Sammanfattning natt"}, skip=skip) is None
    assert one({"n": 7.0}, skip=skip) is None
    assert good(one({"n": 8}, skip=skip))


def test_a_withdrawal_takes_back_the_record_it_names(one: One) -> None:
    changes = {"withdrawn": {"field": "status", "equals": "Cancel"}, "revision_of": "of"}
    found = good(one({"id": "9", "of": "7", "status": "cancel"}, **changes))
    assert (found.source_id, found.withdrawn, found.areas) == ("7", True, ("A1",))
    bare = good(one({"of": "7", "status": "cancel", "where": "", "what": "", "when": ""}, **changes))
    assert (bare.source_id, bare.withdrawn, bare.areas, bare.precision) == ("7", True, (), Precision.UNKNOWN)
    assert not good(one({"of": None, "status": "open"}, **changes)).withdrawn


def test_a_composed_source_id_may_lack_a_part(one: One) -> None:
    assert good(one({"n": 3.0}, source_id=["id", "n"])).source_id == "7/3"
    assert good(one({"n": ""}, source_id=["id", "n"])).source_id == "7/"


def test_a_source_id_that_identifies_a_person_is_stored_as_a_digest(one: One) -> None:
    found = good(one({"id": "13912345678"}))
    assert "13912345678" not in found.source_id
    assert found.source_id == good(one({"id": "13912345678"})).source_id


def test_a_reject_holds_only_mapped_fields_masked_and_no_free_text(one: One) -> None:
    fields = {"where": "call 13912345678", "text": "Li Lei lives here", "phone": "010-12345678"}
    keywords = [{"keywords": [{"any": "smoke", "category": "fire"}], "fields": ["text"]}]
    reject = bad(one(fields, category=keywords))
    assert json.loads(reject.record) == {"id": "7", "when": "2026-03-08T10:00:00Z", "where": "call [phone]"}
    assert "13912345678" not in reject.reason
    kept = bad(one(fields, category=keywords, title="text", keep_text=True))
    assert json.loads(kept.record)["text"] == "Li Lei lives here"


def test_a_field_that_holds_names_cannot_be_mapped(context: Context, mapped: Callable[..., Mapping]) -> None:
    with pytest.raises(FeedError, match=r"reads report\.caller, which holds names"):
        Normaliser("desk", mapped(title="report.caller", keep_text=True), context)


def test_the_text_of_a_broken_line_is_kept_only_where_text_is(
    context: Context, mapped: Callable[..., Mapping]
) -> None:
    broken = Broken("line 3", "2 values for 13912345678", "Li Lei,13912345678")
    dropped = Normaliser("desk", mapped(), context).broken(broken, NOW)
    assert (dropped.record, dropped.reason) == ("{}", "2 values for [phone]")
    kept = Normaliser("desk", mapped(title="text", keep_text=True), context).broken(broken, NOW)
    assert json.loads(kept.record) == {"text": "Li Lei,[phone]"}


def test_nested_fields_are_named_by_path_and_a_dotted_key_goes_first(one: One) -> None:
    fields = {"place": {"names": ["Stad", "Ås"]}}
    assert good(one(fields, place={"name": "place.names.1"})).areas == ("A1",)
    dotted = {"place.name": "北县", "place": {"name": "Ås"}}
    assert good(one(dotted, place={"name": "place.name"})).areas == ("A",)


WIDE: dict[str, Any] = {
    "source_id": ["id", "b.c"], "revision_of": "of", "ended_at": "end", "known_at": {"field": "seen"},
    "occurred_at": [{"field": "when"}, {"fields": ["a", "d"]}],
    "place": [{"code": "a"}, {"name": "where", "within": "b"}, {"point": ["lat", "lon"], "reach": 5},
              {"point": "d"}, {"shape": ["s", "a"], "level": "county"}],
    "category": [{"field": "what", "scheme": "desk"},
                 {"keywords": [{"any": "fire", "none": "y", "category": "fire"}], "fields": ["d"]}],
    "severity": {"field": "a", "bounds": [1]}, "measures": {"m": "lat"}, "title": "d", "keep_text": True,
    "keep_point": True, "accuracy": {"within": "1km", "where": {"field": "a", "equals": "x"}},
    "withdrawn": {"field": "of", "equals": "x"}, "skip": {"field": "b", "starts": "zz"},
}  # fmt: skip
NAUGHTY = json.loads((Path(__file__).parents[1] / "data/connectors/naughty_strings.json").read_text())
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    | st.sampled_from(NAUGHTY)
    | st.sampled_from(["Ås", "A1", "Brand", "2026-03-08T10:00Z", "51,11", "51.5", "11", "13912345678"])
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["c", "type", "0"]), inner),
    max_leaves=6,
)
KEYS = st.sampled_from([
    "id", "b", "b.c", "of", "when", "a", "d", "end", "seen", "where", "lat", "lon", "s", "what",
])  # fmt: skip


@settings(max_examples=400)
@given(st.dictionaries(KEYS, VALUES, max_size=12))
def test_whatever_a_record_holds_it_becomes_something_that_can_be_stored(
    context: Context, fields: dict[str, Any]
) -> None:
    found = Normaliser("desk", Mapping.model_validate(WIDE), context).normalise(Record(fields, "line 2"), NOW)
    if isinstance(found, Reject):
        text = found.reason + found.record
        assert found.reason
    elif found is not None:
        text = found.source_id + found.title
        assert found.known_at <= NOW and found.occurred_at <= found.known_at + timedelta(hours=1)
        assert found.source_id and (found.withdrawn or (found.areas and found.category))
        hash(found.facts)
    else:
        return
    text.encode()
    assert "\0" not in text and "13912345678" not in text


def test_a_field_nested_beyond_reason_is_a_reject(one: One) -> None:
    deep: Any = "Ås"
    for _ in range(5000):
        deep = [deep]
    assert bad(one({"where": deep})).reason == "a field is nested too deeply to be read"
    assert bad(one({"where": deep, "id": ""})).record == "{}"


@pytest.mark.parametrize(("fields", "changes", "lost"), [
    ({"ha": "many"}, {"measures": {"burnt": "ha"}}, "burnt"),
    ({"ha": "NaN"}, {"measures": {"burnt": "ha"}}, "burnt"),
    ({"ha": "12,5"}, {"measures": {"burnt": "ha"}}, "burnt"),
    ({"ha": "16162679181"}, {"measures": {"burnt": "ha"}}, "burnt"),
    ({"ha": 16162679181}, {"measures": {"burnt": "ha"}}, "burnt"),
    ({"ha": "5501438710938155"}, {"measures": {"burnt": "ha"}}, "burnt"),
    ({"at": "here"}, {"place": [{"name": "where"}, {"point": "at"}], "keep_point": True}, "point"),
    ({"at": "91,18"}, {"place": [{"name": "where"}, {"point": "at"}], "keep_point": True}, "point"),
    ({"end": "soon"}, {"ended_at": "end"}, "ended_at"),
    ({"mag": "strong"}, {"severity": {"field": "mag", "bounds": [3]}}, "severity"),
])  # fmt: skip
def test_a_bad_value_that_an_incident_can_be_without_is_lost_alone(
    context: Context,
    mapped: Callable[..., Mapping],
    fields: dict[str, Any],
    changes: dict[str, Any],
    lost: str,
) -> None:
    normaliser = Normaliser("desk", mapped(**changes), context)
    for times in (1, 2):
        found = good(normaliser.normalise(Record({**RECORD, **fields}, "line 2"), NOW))
        severity = UNGRADED if lost == "severity" else 0
        assert (found.severity, found.measures, found.point, found.ended_at) == (severity, {}, None, None)
        assert normaliser.lost == {lost: times}


@pytest.mark.parametrize(
    ("fields", "measures"),
    [({"ha": ""}, {"burnt": 0}), ({"ha": "3"}, {"burnt": 3}), ({}, {}), ({"ha": "?"}, {})],
)
def test_what_an_empty_field_means_is_said_by_the_mapping(
    one: One, fields: dict[str, Any], measures: dict[str, float]
) -> None:
    """One that is not there, or cannot be read, is not empty."""
    assert good(one(fields, measures={"burnt": {"field": "ha", "otherwise": 0}})).measures == measures


def test_what_is_lost_with_a_refused_record_is_not_counted(
    context: Context, mapped: Callable[..., Mapping]
) -> None:
    normaliser = Normaliser("desk", mapped(measures={"burnt": "ha"}), context)
    bad(normaliser.normalise(Record({**RECORD, "ha": "many", "where": "?"}, "line 2"), NOW))
    assert not normaliser.lost


def test_numbers_with_a_decimal_comma(one: One) -> None:
    found = good(one(
        {"ha": "1.212,5", "mag": "4,6", "lat": "51,25", "lon": "10,75", "where": ""},
        measures={"burnt": "ha"}, severity={"field": "mag", "bounds": [3, 4.5]}, keep_point=True,
        place=[{"name": "where"}, {"point": ["lat", "lon"]}], numbers={"decimal": ",", "thousands": "."},
    ))  # fmt: skip
    assert (found.measures, found.severity) == ({"burnt": 1212.5, "severity": 4.6}, 2)
    assert (found.point, found.areas) == ((51.25, 10.75), ("A1",))


@pytest.mark.parametrize(("text", "decimal"), [
    ("51.25,10.75", "."), ("51.25; 10.75", "."), ("５１．２５，１０．７５", "."),
    ("51,25;10,75", ","), ("51,25 10,75", ","),
])  # fmt: skip
def test_one_field_with_both_coordinates(one: One, text: str, decimal: str) -> None:
    found = good(one({"at": text}, place={"point": "at"}, keep_point=True, numbers={"decimal": decimal}))
    assert found.point == (51.25, 10.75)


@pytest.mark.parametrize("mark", ["-", "N/A", " n/a ", "null", "不详", -999])
def test_marks_that_say_nothing_are_empty(one: One, mark: Any) -> None:
    empty = ["-", "N/A", None, "不详", -999]
    changes = {"measures": {"burnt": "ha"}, "ended_at": "end", "empty": empty}
    found = good(one({"ha": mark, "end": mark, "nested": {"where": mark}},
                     place=[{"name": "nested.where"}, {"name": "where"}], **changes))  # fmt: skip
    assert (found.measures, found.ended_at, found.areas) == ({}, None, ("A1",))
    assert "there is no place" in bad(one({"where": mark}, **changes)).reason
