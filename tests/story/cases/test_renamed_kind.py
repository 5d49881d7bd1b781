"""A source that calls a kind otherwise, of which the mapping's last resort makes something else: the kind
itself is told no more, and that is no quiet."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from engine import app
from engine.cycle import run as running
from tests.story.cases.office import PLAIN, Office

#: So many days were told before, the trouble begins on this day, and so many are lived through.
PAST, BEGINS, DAYS = 12, 2, 6
BURGLARY, FIRE = "property.burglary", "fire"
KEYWORDS = [{"any": ["burglary"], "category": BURGLARY}, {"any": ["fire"], "category": FIRE}]
MAPPINGS: dict[str, Any] = {
    "otherwise": {"field": "type", "table": {"burglary": BURGLARY, "fire": FIRE}, "otherwise": FIRE},
    "a last fixed": [{"field": "type", "scheme": "t"}, {"fixed": FIRE}],
    "words, and a last fixed": [{"keywords": KEYWORDS, "fields": ["type"]}, {"fixed": FIRE}],
}


def told(begin: datetime, last: int, called: str) -> str:
    """Two burglaries a day in the county at hand, one in the others, and three fires in each."""
    lines = ["id,when,area,type"]
    for n in range(-PAST, last + 1):
        day = begin + timedelta(days=n)
        for area, many in (("01", 2), ("02", 1), ("03", 1)):
            kinds = [called if n >= BEGINS else "burglary"] * many + ["fire"] * 3
            lines += [f"{area}{n}-{k},{day:%Y-%m-%d} 0{k}:30,{area},{kind}" for k, kind in enumerate(kinds)]
    return "\n".join([*lines, ""])


def lived(office: Office, called: str, begin: datetime, first: int = 0, last: int = DAYS) -> None:
    """Each day is polled at noon, in the night and in the next morning, and judged then."""
    with app.world(office.root) as world:
        running.prepare(world, begin - timedelta(seconds=1))
        for n in range(first, last):
            office.put("in.csv", told(begin, n, called))
            for hours in (1, 18, 21):
                office.now = begin + timedelta(days=n, hours=hours)
                running.tick(world)


def opened(office: Office, category: Any) -> datetime:
    office.feed({"path": "in.csv"}, PLAIN | {"category": category}, max_silence="36h")
    path = office.root / "rules/r.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("window: 7d", "window: 2d"), encoding="utf-8")
    return office.now


@pytest.mark.parametrize("name", MAPPINGS)
def test_a_kind_that_is_called_otherwise_is_no_quiet(office: Office, name: str) -> None:
    lived(office, "break-in", opened(office, MAPPINGS[name]))
    assert office.steps("burglary")[-1] == "held" and "lifted" not in office.steps("burglary")
    (warning,) = [one for one in office.warnings() if (one["area"], one["topic"]) == ("01", "burglary")]
    assert warning["confidence"] == "low"
    assert office.told() == ["ceased"], "once"
    shown = " ".join(office.call("warnings", "show", warning["id"]).stdout.split())
    assert f"none of its reports is of {BURGLARY} since 2026-03-03" in shown
    status = office.call("status")
    said = " ".join(status.stdout.split())
    assert status.exit_code == 1 and f"none of its reports since 2026-03-03 is of {BURGLARY}, where" in said
    if name != "words, and a last fixed":
        assert "its mapping does not name 'break-in' (" in said


def test_without_it_the_warning_stands_by_what_is_counted(office: Office) -> None:
    """Without which what stands above would mean nothing."""
    lived(office, "burglary", opened(office, MAPPINGS["otherwise"]))
    (warning,) = [one for one in office.warnings() if (one["area"], one["topic"]) == ("01", "burglary")]
    assert (office.told(), warning["confidence"]) == ([], "high")


def test_where_nothing_comes_in_its_place_a_short_pause_is_one(office: Office) -> None:
    """The burglaries of two days stay away, and nothing is told that was not told before."""
    begin = opened(office, MAPPINGS["otherwise"] | {"table": {"burglary": BURGLARY, "fire": FIRE, "-": FIRE}})
    with app.world(office.root) as world:
        running.prepare(world, begin - timedelta(seconds=1))
        for n in range(BEGINS + 2):
            rows = told(begin, n, "none").splitlines()
            office.put("in.csv", "\n".join([row for row in rows if not row.endswith("none")] + [""]))
            for hours in (1, 18, 21):
                office.now = begin + timedelta(days=n, hours=hours)
                running.tick(world)
    assert office.told() == []
    assert office.steps("burglary")[-1] == "lifted"


def test_a_mapping_that_names_the_new_word_makes_the_days_observed(office: Office) -> None:
    mapping = MAPPINGS["otherwise"]
    begin = opened(office, mapping)
    lived(office, "break-in", begin, last=4)
    named = mapping | {"table": mapping["table"] | {"break-in": BURGLARY}}
    office.feed({"path": "in.csv"}, PLAIN | {"category": named}, max_silence="36h")
    lived(office, "break-in", begin, 4)
    assert "lifted" not in office.steps("burglary") and office.told() == ["ceased", "over"]
    (warning,) = [one for one in office.warnings() if (one["area"], one["topic"]) == ("01", "burglary")]
    assert warning["confidence"] == "high" and office.status()["state"] == "ok"
