"""Every way in which an answer may be less than the truth, after three burglaries that raised a warning: it
is not lifted, its confidence is not high, the operators are told, and the status says which feed, since when,
how much and what to do.

The office's source is written once a day: a fire there, two burglaries in each of the other counties, and on
the first day the three. From the third day on the trouble has it.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import openpyxl
import pytest

from engine import app
from engine.cycle import run as running
from tests.story.cases.office import PLAIN, Office

FIELDS = ("id", "when", "area", "type")
BEGINS, DAYS = 2, 6

Row = tuple[str, ...]
Write = Callable[[list[Row]], str | bytes]


def csv(rows: list[Row], header: tuple[str, ...] = FIELDS, mark: str = ",") -> str:
    return "".join(mark.join(line) + "\n" for line in (header, *rows))


def listed(rows: list[Row], **more: Any) -> str:
    """JSON as sources answer it."""
    return json.dumps({"data": [dict(zip(FIELDS, row, strict=True)) for row in rows], **more})


def said(text: str | bytes) -> Write:
    """Whatever happened, the source says this."""
    return lambda rows: text


@dataclass(frozen=True)
class Trouble:
    """What happens to the rows of each new day, or to what is written of all; what the operators are told,
    and what the status calls it."""

    told: str
    state: str
    #: A new day's rows; None: the file stays as it is.
    day: Callable[[list[Row]], list[Row]] | None = lambda rows: rows
    write: Write = csv
    #: How it is written as long as all is well.
    well: Write = csv
    options: dict[str, Any] = field(default_factory=dict)
    connector: str = "csv"
    #: Of several files, whether the one with the county at hand is still written; None: it is gone.
    own: bool | None = True


def changed(
    place: int, to: str, of: Callable[[int], bool] = lambda n: True
) -> Callable[[list[Row]], list[Row]]:
    """Each row, or some, with another value at a place."""

    def day(rows: list[Row]) -> list[Row]:
        return [(*row[:place], to, *row[place + 1 :]) if of(n) else row for n, row in enumerate(rows)]

    return day


def ago(days: int) -> Callable[[list[Row]], list[Row]]:
    """Each row, of so many days before: a clock that is wrong, or what comes late."""

    def day(rows: list[Row]) -> list[Row]:
        return [(name, f"{_before(when, days):%Y-%m-%d %H:%M}", *rest) for name, when, *rest in rows]

    return day


def _before(when: str, days: int) -> datetime:
    return datetime.fromisoformat(when) - timedelta(days=days)


def anew(rows: list[Row]) -> list[Row]:
    """None of today: the source tells an old report anew."""
    return []


HTML = "<!DOCTYPE html><html><head><title>Log in</title></head><body><form></form></body></html>"
SHEET = "<html><table><tr><td>id</td><td>when</td></tr></table></html>"
DATA: dict[str, Any] = {"connector": "json", "well": listed, "options": {"records": "data"}}
DONE = {"records": "data", "ok": {"field": "state", "equals": "done"}}
TOTAL = {"records": "data", "total": "n"}


def packed(rows: list[Row]) -> bytes:
    return gzip.compress(csv(rows).encode())


def down(write: Write, **more: Any) -> Trouble:
    """No answer, however it looks."""
    return Trouble("down", "blind", write=write, **more)


def unread(place: int, to: str) -> Trouble:
    """Every other record has another value at a place."""
    return Trouble("unread", "unread", changed(place, to, lambda n: n % 2 == 0))


def one_more(place: int, to: str) -> Trouble:
    """Each day a burglary in the county at hand of which one value cannot be read."""

    def day(rows: list[Row]) -> list[Row]:
        first, when, *_ = rows[0]
        return [*rows, *changed(place, to)([(f"q{first}", when, "01", "burglary")])]

    return Trouble("unread", "unread", day)


TROUBLES = {
    # shape
    "the header is renamed": down(lambda rows: csv(rows, ("ID", "Zeit", "Ort", "Art"))),
    "one needed column is renamed": down(lambda rows: csv(rows, ("id", "when", "ort", "type"))),
    "the delimiter changes": down(lambda rows: csv(rows, mark=";")),
    "a page to log in": down(said(HTML)),
    "HTML in place of a sheet": down(said(SHEET)),
    "an old workbook": down(said(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))),
    "nothing where there always is something": down(said(csv([])), options={"not_empty": True}),
    "nothing where there never was nothing": down(said(csv([]))),
    "a list that was never empty": down(lambda rows: listed([]), **DATA),
    "no byte at all": down(said(b"")),
    "the last line is cut off": down(lambda rows: csv(rows)[:-10]),
    "half a gzip": down(lambda rows: packed(rows)[:-12], well=packed),
    "an error with status 200": down(said('{"error": {"message": "slow down"}, "data": []}'), **DATA),
    "a shard did not answer": down(
        lambda rows: listed([rows[-1]], _shards={"total": 5, "failed": 2}), **DATA
    ),
    "errors beside records": down(lambda rows: listed(rows[-2:], errors=[{"message": "one of ten"}]), **DATA),
    "a list that is cut": down(lambda rows: listed(rows[:9], exceededTransferLimit=True), **DATA),
    "no success": down(lambda rows: listed([], success=False), **DATA),
    "another word for success": down(
        lambda rows: listed(rows[-1:], state="partial"), connector="json", options=DONE,
        well=lambda rows: listed(rows, state="done"),
    ),
    "fewer than there are": down(
        lambda rows: listed(rows[:1], n=len(rows)), connector="json", options=TOTAL,
        well=lambda rows: listed(rows, n=len(rows)),
    ),
    "the list is called otherwise": down(lambda rows: listed(rows).replace("data", "items"), **DATA),
    "JSON that is cut off": down(lambda rows: listed(rows)[:-9], **DATA),
    "records without the fields": down(lambda rows: listed(rows).replace('"when"', '"time"'), **DATA),
    # age
    "the file stands still": Trouble("quiet", "blind", day=None),
    "the same is written again": Trouble("quiet", "blind", day=anew),
    "what is told is of a year ago": Trouble("quiet", "blind", ago(365)),
    "what is told is of two days before": Trouble("quiet", "blind", ago(2)),
    # rejects
    "a place is renamed": unread(2, "North County"),
    "a type is renamed": unread(3, "break-in"),
    "a moment is written otherwise": one_more(1, "3 March"),
    "records without an id": one_more(0, ""),
    "as many lines have a comma too much, all alike": Trouble(
        "unread", "unread", write=lambda rows: csv(rows) + ",,,burglary,\n" * len(rows)
    ),
    "as many lines have a comma too much": Trouble(
        "unread", "unread", write=lambda rows: csv(rows) + "".join(f"{','.join(row)},x\n" for row in rows)
    ),
    "as many records are nothing": Trouble(
        "unread", "unread", write=lambda rows: listed(rows).replace("]", ", null" * len(rows) + "]"), **DATA
    ),
    "one id stands for all": Trouble("down", "blind", changed(0, "0")),
    "the kind is given for the id": Trouble(
        "down", "blind", lambda rows: [(row[3], *row[1:]) for row in again(rows, 4, 5, 6)]
    ),
    "a list in the place of a record": down(
        lambda rows: listed(rows).replace("]", ', [{"id": "q"}]]'), **DATA
    ),
    # placement
    "all is placed in the country": Trouble("shallow", "shallow", changed(2, "X")),
    "most is placed in the country": Trouble("shallow", "shallow", changed(2, "X", lambda n: n > 0)),
}  # fmt: skip


def again(rows: list[Row], *hours: int) -> list[Row]:
    """The same, and once more at each of these hours."""
    return [*rows, *(
        (f"{name}-{hour}", f"{when[:11]}{hour:02d}{when[13:]}", *rest)
        for hour in hours for name, when, *rest in rows
    )]  # fmt: skip


def reports(day: datetime) -> list[Row]:
    """A fire in the county at hand, and two burglaries in each of the others."""
    told = [("01", 0, "fire"), *((area, n, "burglary") for area in ("02", "03") for n in (1, 2))]
    return [(f"{area}{n}-{day:%d}", f"{day:%Y-%m-%d} 0{n}:00", area, kind) for area, n, kind in told]


def put(office: Office, path: str, rows: list[Row], trouble: Trouble, well: bool) -> None:
    """The source as it is written now: as one file, or with the county at hand in one of its own."""
    write = trouble.well if well else trouble.write
    if "*" not in path:
        office.put(path, write(rows))
        return
    others, own = (path.replace("*", name) for name in ("others", "own"))
    office.put(others, trouble.well([row for row in rows if row[2] != "01"]))
    told = write([row for row in rows if row[2] == "01"]) if well or trouble.own else None
    if told is not None:
        office.put(own, told)
    elif trouble.own is None:
        (office.root / own).unlink(missing_ok=True)
    for name in (others, own) if told is not None else (others,):
        os.utime(office.root / name, (office.now.timestamp(),) * 2)


def lived(office: Office, trouble: Trouble) -> None:
    """The days, judged every morning; the source is polled at noon, in the night and in the morning."""
    options = {"path": "in.csv" if trouble.connector == "csv" else "in.json"} | trouble.options
    office.feed(options, PLAIN, trouble.connector, max_silence="36h")
    rules = office.root / "rules/r.yaml"
    rules.write_text(rules.read_text().replace("window: 7d", "window: 2d"))
    first, rows = office.now, list[Row]()
    with app.world(office.root) as world:
        running.prepare(world, first - timedelta(seconds=1))
        for n in range(DAYS):
            well, day = n < BEGINS, first + timedelta(days=n)
            today = reports(day)
            if n == 0:
                today += [(f"b{at}", f"{day:%Y-%m-%d} 0{at}:30", "01", "burglary") for at in (1, 2, 3)]
            if well or trouble.day is not None:
                rows += today if well else trouble.day(today)  # type: ignore[misc]
                put(office, options["path"], rows, trouble, well)
            for hours in (1, 18, 21):
                office.now = day + timedelta(hours=hours)
                running.tick(world)


def test_without_any_trouble_the_warning_is_lifted(office: Office) -> None:
    """Without which what follows would mean nothing."""
    lived(office, Trouble("", "ok"))
    assert office.steps("burglary") == ["issued", "lifted"]
    assert (office.told(), office.status()["state"]) == ([], "ok")


SEVERAL: dict[str, Any] = {"options": {"path": "in-*.csv"}}
RENAMED = ("ID", "Zeit", "Ort", "Art")
TROUBLES |= {
    f"of several files one {name}": trouble
    for name, trouble in {
        "is a page to log in": down(said(HTML), **SEVERAL),
        "is empty": down(said(""), **SEVERAL),
        "is cut off": down(lambda rows: csv(rows)[:-10], **SEVERAL),
        "has another header": down(lambda rows: csv(rows, RENAMED), **SEVERAL),
        "has another header, and no row": down(said(csv([], RENAMED)), **SEVERAL),
        "has another delimiter": down(lambda rows: csv(rows, mark=";"), **SEVERAL),
        "is an error with status 200": down(
            said('{"error": {"message": "slow down"}, "data": []}'), connector="json", well=listed,
            options={"records": "data", "path": "in-*.json"},
        ),
        "stands still": Trouble("quiet", "blind", own=False, **SEVERAL),
        "is gone": Trouble("down", "blind", own=None, **SEVERAL),
    }.items()
}  # fmt: skip


ARCHIVE: dict[str, Any] = {"options": {"path": "in.zip", "member": "*.csv"}}
BOOK: dict[str, Any] = {"options": {"path": "in.xlsx", "sheet": "all"}}


def parted(rows: list[Row]) -> dict[str, list[Row]]:
    """The rows of the county at hand, and those of the others."""
    return {
        "own": [row for row in rows if row[2] == "01"], "others": [row for row in rows if row[2] != "01"],
    }  # fmt: skip


def zipped(rows: list[Row], own: str = "own.csv") -> bytes:
    """An archive of both; own: how the member with the county at hand is called, if there is one."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for name, part in parted(rows).items():
            called = own if name == "own" else f"{name}.csv"
            if called:
                packed.writestr(called, csv(part))
    return file.getvalue()


def book(rows: list[Row], own: str = "visible") -> bytes:
    """A workbook with a sheet of each; own: how that of the county at hand is shown, if there is one."""
    made = openpyxl.Workbook()
    for name, part in parted(rows).items():
        if name == "own" and not own:
            continue
        sheet = made.create_sheet(name)
        sheet.sheet_state = own if name == "own" else "visible"
        for row in (FIELDS, *part):
            sheet.append(row)
    del made["Sheet"]
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


TROUBLES |= {
    "a member of an archive is gone": down(lambda rows: zipped(rows, ""), well=zipped, **ARCHIVE),
    "a member of an archive is no table by its name": down(
        lambda rows: zipped(rows, "own.txt"), well=zipped, **ARCHIVE
    ),
    "a sheet is gone": down(lambda rows: book(rows, ""), well=book, **BOOK),
    "a sheet is hidden": down(lambda rows: book(rows, "hidden"), well=book, **BOOK),
}  # fmt: skip


@pytest.mark.parametrize("name", TROUBLES)
def test_no_trouble_of_a_feed_reads_as_quiet(office: Office, name: str) -> None:
    trouble = TROUBLES[name]
    lived(office, trouble)
    assert office.steps("burglary") == ["issued", "held"]
    (warning,) = [one for one in office.warnings() if (one["topic"], one["area"]) == ("burglary", "01")]
    assert warning["confidence"] != "high"
    assert office.told() == [trouble.told]
    status = office.status()
    assert (status["name"], status["state"]) == ("f", trouble.state)
    assert status["since"] >= "2026-03-0"
    assert re.search(r"\d+ (polls?|records?|of \d+ reports)", status["detail"]), "how much"
    assert re.search(r"`forewarn|mend|ask the source", status["detail"]), "what to do"
    assert office.call("status").exit_code == 1
