"""What only who has known a feed for weeks can see, after three burglaries that raised a warning: it is not
lifted, its confidence is not high, and the operators are told. Where the engine sees through the trouble, and
nothing is missing, the warning is neither lifted too early nor raised by what is told twice.

The source tells of seven fires a day in each county and, on the first day, of three burglaries in the county
at hand. From the third day on the trouble has it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from engine import app
from engine.cycle import run as running
from tests.connectors.conftest import Answer, Server
from tests.story.cases.office import PLAIN, Office

#: So many days were told before, the trouble begins on this day, and so many are lived through.
PAST, BEGINS, DAYS = 21, 2, 6
AREAS = ("01", "02", "03")

Row = dict[str, str]
Write = Callable[[list[Row]], bytes]


def csv(rows: list[Row], columns: tuple[str, ...] = ("id", "when", "area", "type")) -> bytes:
    lines = (",".join(row[name] for name in ("id", "when", "area", "type")) for row in rows)
    return "\n".join([",".join(columns), *lines, ""]).encode()


def reports(first: datetime, n: int) -> list[Row]:
    """What happened on the n-th day."""
    day, told = first + timedelta(days=n), list[Row]()
    for area in AREAS:
        told += [_row(f"{area}-{n}-{k}", day, 60 * k, area, "fire") for k in range(7)]
    if n == 0:
        told += [_row(f"b{k}", day, 60 * k + 30, "01", "burglary") for k in range(3)]
    return told


def _row(name: str, day: datetime, minutes: int, area: str, kind: str) -> Row:
    at = day.replace(hour=1) + timedelta(minutes=minutes)
    return {"id": name, "when": f"{at:%Y-%m-%d %H:%M}", "area": area, "type": kind}


@dataclass(frozen=True)
class Trouble:
    """What the source writes of all that it tells, from some day on; what the operators hear."""

    told: str
    trouble: Callable[[list[Row], datetime], bytes]
    well: Write = csv
    options: dict[str, Any] = field(default_factory=dict)
    #: How the warning ends, where nothing is missing: when the three are out of the judged days.
    steps: tuple[str, ...] = ("issued", "held")


def lived(office: Office, trouble: Trouble, put: Callable[[bytes], None]) -> None:
    rules = office.root / "rules/r.yaml"
    rules.write_text(rules.read_text(encoding="utf-8").replace("window: 7d", "window: 3d"), encoding="utf-8")
    first = office.now
    rows = [row for n in range(-PAST, 0) for row in reports(first, n)]
    with app.world(office.root) as world:
        running.prepare(world, first - timedelta(seconds=1))
        for n in range(DAYS):
            rows += reports(first, n)
            put(trouble.well(rows) if n < BEGINS else trouble.trouble(rows, first))
            for hours in (1, 18, 21):
                office.now = first + timedelta(days=n, hours=hours)
                running.tick(world)


def since(first: datetime) -> str:
    return f"{first + timedelta(days=BEGINS):%Y-%m-%d}"


def unnamed(rows: list[Row], first: datetime) -> bytes:
    return csv([row for row in rows if row["area"] != "01" or row["when"] < since(first)])


def renumbered(rows: list[Row], first: datetime) -> bytes:
    """Every report of a week comes again under a number of its own; those before are listed no more."""
    week = f"{first - timedelta(days=2):%Y-%m-%d}"
    return csv([{**row, "id": f"n{at}"} for at, row in enumerate(rows) if row["when"] >= week])


def begun_anew(rows: list[Row], first: datetime) -> list[Row]:
    """The numbers of the first day, those of the three among them, are given again each day."""
    names = [row["id"] for row in rows if row["when"][:10] == f"{first:%Y-%m-%d}"]
    told = [row for row in rows if row["when"] < since(first)]
    for n in range(BEGINS, DAYS):
        day = f"{first + timedelta(days=n):%Y-%m-%d}"
        today = [row for row in rows if row["when"][:10] == day]
        told += [{**row, "id": names[-1 - at]} for at, row in enumerate(today)]
    return told


def restarted(rows: list[Row], first: datetime) -> bytes:
    """Only the last day is listed."""
    told = begun_anew(rows, first)
    return csv([row for row in told if row["when"][:10] == told[-1]["when"][:10]])


def both_days(rows: list[Row], first: datetime) -> bytes:
    return csv(begun_anew(rows, first))


def archive(rows: list[Row], columns: tuple[str, ...] = ("id", "when", "area", "type")) -> bytes:
    """A table for each county; columns: those of the county at hand."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        for area in AREAS:
            own = [row for row in rows if row["area"] == area]
            packed.writestr(f"{area}.csv", csv(own, columns) if area == "01" else csv(own))
    return content.getvalue()


def without_one(rows: list[Row], first: datetime) -> bytes:
    return archive(rows, ("nr", "zeit", "ort", "art"))


PACKED: dict[str, Any] = {"well": archive, "options": {"member": "*.csv"}}
SEEN_THROUGH = ("issued", "lifted")
TROUBLES = {
    "an area is named no more": Trouble("unnamed", unnamed),
    "one table of an archive has other columns": Trouble("down", without_one, **PACKED),
    "all comes again under other ids": Trouble("renumbered", renumbered, steps=SEEN_THROUGH),
    "the ids begin anew each day": Trouble("reused-ids", restarted, steps=SEEN_THROUGH),
    "several days stand under one id": Trouble("reused-ids", both_days, steps=SEEN_THROUGH),
}  # fmt: skip


@pytest.mark.parametrize("name", TROUBLES)
def test_no_trouble_of_a_feed_that_is_known_reads_as_quiet(office: Office, name: str) -> None:
    trouble = TROUBLES[name]
    path = "in.zip" if trouble.options else "in.csv"
    office.feed({"path": path, **trouble.options}, max_silence="36h")
    lived(office, trouble, lambda content: void(office.put(path, content)))
    ends(office, trouble)


def void(_: object) -> None:
    """Files are named by who puts them."""


def ends(office: Office, trouble: Trouble) -> None:
    assert office.steps("burglary") == list(trouble.steps)
    assert set(office.told()) == {trouble.told}
    (last,) = [one for one in office.warnings("--all") if (one["area"], one["topic"]) == ("01", "burglary")]
    shown = office.rows("warnings", "show", last["id"])
    assert shown[0]["after"] == "yellow", "three, and never six"
    if trouble.steps == SEEN_THROUGH:  # on the morning on which it is, had nothing been wrong
        assert shown[-1]["at"][:10] == "2026-03-05"
    else:
        assert last["confidence"] != "high"
        assert office.status()["state"] != "ok" or office.call("status").exit_code == 1


def pages(server: Server, entries: list[str]) -> None:
    """What is told newest first, ten to a page, with a link to what is older."""
    parts = [entries[at : at + 10] for at in range(0, len(entries), 10)]
    for number, part in enumerate(parts, start=1):
        link = f'<link rel="next" href="/feed?p={number + 1}"/>' if number < len(parts) else ""
        body = f'<feed xmlns="http://www.w3.org/2005/Atom">{link}{"".join(part)}</feed>'
        server.tell("/feed" if number == 1 else f"/feed?p={number}", Answer(body.encode()))


def entry(row: Row) -> str:
    at = f"{row['when'].replace(' ', 'T')}:00+01:00"
    return (
        f"<entry><id>{row['id']}</id><updated>{at}</updated><area>{row['area']}</area>"
        f"<type>{row['type']}</type></entry>"
    )


def alert(row: Row) -> str:
    at = f"{row['when'].replace(' ', 'T')}:00+01:00"
    info = (
        f"<info><language>en</language><category>Safety</category><event>{row['type']}</event><urgency>Past"
        "</urgency><severity>Minor</severity><certainty>Observed</certainty><area><areaDesc>"
        f"{row['area']}</areaDesc></area></info>"
    )
    return (
        f"<entry><id>{row['id']}</id><updated>{at}</updated>"
        '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">'
        f"<identifier>{row['id']}</identifier><sender>s</sender><sent>{at}</sent><status>Actual</status>"
        f"<msgType>Alert</msgType><scope>Public</scope>{info}</alert></entry>"
    )


@pytest.mark.parametrize("connector", ["rss", "cap"])
@pytest.mark.parametrize("most", [2, 100])
def test_pages_that_are_not_read_do_not_read_as_quiet(
    office: Office, server: Server, connector: str, most: int
) -> None:
    """Each day brings more than two pages hold, of which the older are of the county at hand."""
    write = entry if connector == "rss" else alert
    mapping = PLAIN | {"occurred_at": "updated"}
    if connector == "cap":
        mapping = PLAIN | {"occurred_at": "sent", "place": [{"code": "areaDesc"}],
                           "category": {"field": "event", "scheme": "t"}}  # fmt: skip

    def put(content: bytes) -> None:
        names = [line.split(",") for line in content.decode().splitlines()[1:]]
        rows = [dict(zip(("id", "when", "area", "type"), one, strict=True)) for one in names]
        newest = sorted(
            rows, key=lambda row: (row["when"][:10], row["type"] == "burglary", row["area"]), reverse=True
        )
        pages(server, [write(row) for row in newest])

    url = server.url("/feed")
    options = {"url": url, "pages": most, "networks": ["127.0.0.0/8"]}
    office.feed(options, mapping, connector, max_silence="36h")
    lived(office, Trouble("down", lambda rows, _: csv(rows)), put)
    if most == 100:
        assert office.steps("burglary") == ["issued", "lifted"]
        assert (office.told(), office.status()["state"]) == ([], "ok")
        return
    # At the first poll nobody knows how far it must reach; from the next day on it does not reach so far.
    assert office.steps("burglary") == ["issued", "held"]
    (warning,) = [one for one in office.warnings() if (one["area"], one["topic"]) == ("01", "burglary")]
    assert warning["confidence"] == "low"
    assert set(office.told()) == {"partly", "down"}
    status = office.status()
    assert status["state"] == "blind" and "page 2 does not reach what was read before" in status["detail"]
