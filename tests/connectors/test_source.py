"""What a source says of itself: whether it has changed, and when it did last."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors import csv, geojson, json
from engine.errors import FeedError

BODY = b"id,at\n1,2026-03-08\n"
NEWEST = datetime(2026, 3, 8, 7, tzinfo=UTC)


def test_the_validators_of_the_latest_answer_are_asked_with(server: Any, answer: Any) -> None:
    """Also where the body was the same, and where the latest answer has none."""
    told = [{"ETag": '"1"'}, {"ETag": '"2"'}, {"ETag": '"3"', "Last-Modified": "x"}, {}, {}]
    options = csv.Options(url=server.tell("/a", *(answer(BODY, headers=headers) for headers in told)))
    cursor: Any = {}
    for number in range(5):
        fetched = csv.fetch(options, cursor)
        assert fetched.unchanged == bool(number) and not fetched.unseen
        cursor = fetched.cursor
    asked = [(one.get("if-none-match"), one.get("if-modified-since")) for _, one in server.asked]
    assert asked == [(None, None), ('"1"', None), ('"2"', None), ('"3"', "x"), (None, None)]


def test_a_source_that_says_unchanged_keeps_what_it_said(server: Any, answer: Any) -> None:
    told = {"ETag": '"1"', "Last-Modified": "Sun, 08 Mar 2026 07:00:00 GMT"}
    options = json.Options(url=server.tell("/a", answer(b"[]", headers=told), answer(status=304)))
    first = json.fetch(options, {})
    again = json.fetch(options, first.cursor)
    assert again.unchanged and again.unseen and again.cursor == first.cursor
    assert first.changed_at == again.changed_at == NEWEST


def test_a_304_that_nobody_asked_for_is_a_failed_poll(server: Any, answer: Any) -> None:
    options = json.Options(url=server.tell("/a", answer(b"[]"), answer(status=304)))
    first = json.fetch(options, {})
    with pytest.raises(FeedError, match=r"answers 304 Not Modified; .* cannot be relied on"):
        json.fetch(options, first.cursor)


def test_the_newest_of_the_files_says_when_they_changed(tmp_path: Path) -> None:
    ages = {"a": 0, "b": 86_400, "c": -(datetime.now(UTC) - NEWEST).total_seconds() - 9_999}
    for name, age in ages.items():
        path = tmp_path / f"{name}.geojson"
        path.write_text('{"features": []}')
        os.utime(path, (NEWEST.timestamp() - age,) * 2)
    options = geojson.Options(path=tmp_path / "*.geojson")
    first = geojson.fetch(options, {})
    again = geojson.fetch(options, first.cursor)
    assert again.unchanged and not again.unseen
    assert first.changed_at == again.changed_at == NEWEST, "what lies in the future says nothing"
    assert geojson.fetch(geojson.Options(path=tmp_path / "none*"), {}).changed_at is None


def test_a_moment_still_to_come_says_nothing(server: Any, answer: Any) -> None:
    later = (datetime.now(UTC) + timedelta(days=2)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    options = json.Options(url=server.tell("/a", answer(b"[]", headers={"Last-Modified": later})))
    assert json.fetch(options, {}).changed_at is None
