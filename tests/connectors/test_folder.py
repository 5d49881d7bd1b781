"""A drop folder: half-written files wait, each is read once, and is moved aside when it is stored."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from connectors import csv
from engine.errors import FeedError
from engine.model.feed import Broken, Record

SAMPLE = Path(__file__).parents[1] / "data/guess"


class Inbox:
    """A folder, and the polls of a feed that watches it."""

    def __init__(self, folder: Path, **more: Any) -> None:
        self.folder = folder
        self.options = csv.Options(path=folder / "*.csv", once=True, **more)
        self.cursor: dict[str, str] = {}

    def put(self, name: str, text: str, age: float = 60) -> Path:
        path = self.folder / name
        path.write_text(text)
        os.utime(path, (time.time() - age,) * 2)
        return path

    def poll(self) -> list[str]:
        """The records of one poll by their column `a`, once it has been stored."""
        fetch = csv.fetch(self.options, self.cursor)
        found = ["broken" if isinstance(one, Broken) else one.fields["a"] for one in fetch.records]
        self.cursor = dict(fetch.cursor)
        return found


def test_each_file_is_read_once(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    assert inbox.poll() == []
    first = inbox.put("1.csv", "a\n1\n")
    inbox.put("2.csv", "a\n2\n")
    assert [inbox.poll(), inbox.poll()] == [["1", "2"], []]
    shutil.copy(first, tmp_path / "again.csv")
    os.utime(tmp_path / "again.csv", (1, 1))
    os.utime(first, (time.time() - 50,) * 2)
    inbox.put("3.csv", "a\n3\n")
    assert [inbox.poll(), inbox.poll()] == [["3"], []], "a copy, or a touch, is no other file"
    inbox.put("1.csv", "a\n1\n4\n")
    assert inbox.poll() == ["1", "4"], "what was written to is"


def test_a_file_that_is_being_written_waits(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    path = inbox.put("1.csv", "a\n1", age=0)
    for name in (".1.csv", "2.csv.part", "3.TMP"):
        inbox.put(name, "a\nno\n")
    assert inbox.poll() == []
    inbox.put("1.csv", "a\n1\n2\n", age=-9_999)
    assert inbox.poll() == [], "it was written to since"
    assert inbox.poll() == ["1", "2"], "it rests, whatever the clock of the share says"
    path.unlink()
    assert inbox.poll() == []


def test_it_is_moved_when_what_it_holds_is_stored(tmp_path: Path) -> None:
    done = tmp_path / "done"
    inbox = Inbox(tmp_path, done=done)
    inbox.options = csv.Options(path=tmp_path / "**/*.csv", once=True, done=done)
    path = inbox.put("1.csv", "a\n1\n")
    assert csv.fetch(inbox.options, {}).cursor and path.exists()
    assert (inbox.poll(), path.exists()) == (["1"], True), "the poll before was never stored"
    assert (inbox.poll(), path.exists()) == ([], False)
    inbox.put("1.csv", "a\n2\n")
    assert [inbox.poll(), inbox.poll(), inbox.poll()] == [["2"], [], []]
    assert {one.name: one.read_text() for one in done.iterdir()} == {
        "1.csv": "a\n1\n", "1.1.csv": "a\n2\n",
    }  # fmt: skip


def test_one_that_cannot_be_read_stops_no_other(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    inbox.put("1.csv", "%PDF-1.7\n")
    inbox.put("2.csv", "a\n2\n")
    assert [inbox.poll(), inbox.poll()] == [["broken", "2"], []]


def test_where_it_cannot_be_moved_somebody_is_told(tmp_path: Path) -> None:
    (tmp_path / "done").write_text("a file")
    inbox = Inbox(tmp_path, done=tmp_path / "done")
    inbox.put("1.csv", "a\n1\n")
    inbox.poll()
    with pytest.raises(FeedError, match=r"1\.csv: cannot be moved to .*done"):
        inbox.poll()


def test_real_exports_are_read_as_they_are_dropped(tmp_path: Path) -> None:
    inbox, counts = csv.Options(path=tmp_path / "*.csv", once=True, settle=0), []
    cursor: Any = {}
    for name in ("montgomery_911.csv", "ucdp_ged.csv", "us_work_stoppages.csv"):
        shutil.copy(SAMPLE / name, tmp_path)
        fetch = csv.fetch(inbox, cursor)
        counts.append(sum(isinstance(one, Record) for one in fetch.records))
        cursor = fetch.cursor
    assert counts == [25, 25, 25]


@pytest.mark.parametrize(("given", "sentence"), [
    ({"url": "https://x.org", "once": True}, "'once' goes with path"),
    ({"path": "a/*", "done": "b"}, "'done' goes only with once"),
    ({"path": "a/*", "settle": 3}, "'settle' goes only with once"),
])  # fmt: skip
def test_impossible_options_are_refused(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        csv.Options.model_validate(given)
