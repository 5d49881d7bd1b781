"""One event in two feeds, met by operators: counted once, shown, taken apart by hand for good."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from engine.errors import UsageError
from tests.story.cases.office import Office

ONE = "id,when,area,type\n1,2026-03-01 10:00,01,burglary\n"
LINK = {"feed": "f", "within": "2h"}


@pytest.fixture
def two(office: Office) -> Office:
    """Two feeds, f and g; what g says of f is written by `declare`."""
    office.feed({"path": office.put("f.csv", ONE)})
    return office


def declare(office: Office, *same: Any, **more: Any) -> None:
    path = office.root / "config/feeds.yaml"
    first = yaml.safe_load(path.read_text(encoding="utf-8"))["feeds"][0]
    other = {**first, "id": "g", "title": "G", "options": {"path": "g.csv"}, **more}
    feeds = [first, other | ({"same_as": list(same)} if same else {})]
    path.write_text(yaml.safe_dump({"feeds": feeds}, sort_keys=False), encoding="utf-8")


def poll(office: Office, **files: str) -> None:
    for name, text in files.items():
        office.put(f"{name}.csv", text)
    assert office.call("feeds", "poll").exit_code == 0


def judged(office: Office, day: int = 2) -> str:
    """What `why` says of the week up to a morning."""
    return office.call("why", "01", "burglary", "--at", f"2026-03-0{day}").stdout


@pytest.mark.parametrize("declared", [False, True])
def test_one_event_in_two_feeds_is_counted_once_where_they_say_so(two: Office, declared: bool) -> None:
    declare(two, *([LINK] if declared else []))
    poll(two, g=ONE.replace("\n1,", "\n77,").replace("10:00", "11:10"))
    said = judged(two)
    assert f"observed {1 if declared else 2} from" in said
    assert (", also told by g (77)" in said) == declared
    linked = {row["id"]: row["linked"] for row in two.rows("feeds", "list")}
    assert linked == {"f": 0, "g": int(declared)}


def test_taken_apart_by_hand_they_stay_apart_from_then_on(two: Office) -> None:
    declare(two, LINK)
    poll(two, g=ONE)
    assert "observed 1 from" in judged(two)
    assert [(row["feed"], row["counted_as"]) for row in two.rows("incidents", "links")] == [("g", "f")]
    two.now = two.now.replace(day=3)
    pair = ("f", "1", "g", "1", "--who", "anna", "--why", "two flats")
    assert two.call("incidents", "unlink", *pair).exit_code == 0
    poll(two, g=ONE.replace("10:00", "10:05"))
    assert two.rows("incidents", "links") == []
    assert "observed 1 from" in judged(two)  # as it was known then
    assert "observed 2 from" in judged(two, 4)
    (row,) = two.rows("incidents", "links", "--rulings")
    assert (row["who"], row["why"], row["said"]) == ("anna", "two flats", "two events")
    assert [one["what"] for one in two.rows("account", "audit")] == ["events taken apart"]
    two.call("incidents", "link", *pair)
    assert len(two.rows("incidents", "links")) == 1


@pytest.mark.parametrize(
    ("command", "ids", "said"),
    [
        ("unlink", ("f", "9", "g", "1"), "there is no incident f 9"),
        ("unlink", ("f", "1", "g", "1"), "are not counted as one"),
        ("link", ("f", "1", "g", "1"), "nobody has taken f 1 and g 1 apart"),
    ],
)
def test_what_cannot_be_said_of_two_incidents(
    two: Office, command: str, ids: tuple[str, ...], said: str
) -> None:
    declare(two)
    poll(two, g=ONE)
    with pytest.raises(UsageError, match=said):
        two.call("incidents", command, *ids, "--who", "anna", "--why", "x")


@pytest.mark.parametrize(
    ("same", "said"),
    [
        ([{"feed": "h", "within": "2h"}], "there is no feed 'h'"),
        ([{"feed": "g", "within": "2h"}], "'g' names itself"),
        ([LINK, LINK], "'f' is named twice"),
        ([{"feed": "f", "within": "8d"}], "within (8d) must be at most 7d"),
        ([{"feed": "f", "within": "0h"}], "a duration of nothing"),
        ([LINK | {"distance": "101km"}], "distance (101km) must be at most 100km"),
        ([LINK | {"distance": "0m"}], "more than nothing"),
        ([LINK | {"distance": 2}], "a distance is a number of km or m"),
        ([LINK | {"reach": 2}], "reach"),
    ],
)
def test_what_cannot_be_meant_is_an_error_on_its_line(two: Office, same: list[Any], said: str) -> None:
    declare(two, *same)
    done = two.call("rules", "check")
    assert done.exit_code == 1
    assert said in done.output


def test_a_circle_is_an_error(two: Office) -> None:
    path = two.root / "config/feeds.yaml"
    two.put("g.csv", ONE)
    feed = yaml.safe_load(path.read_text(encoding="utf-8"))["feeds"][0]
    names = {"f": "g", "g": "h", "h": "f"}
    feeds = [feed | {"id": one, "same_as": {"feed": other, "within": "1h"}} for one, other in names.items()]
    path.write_text(yaml.safe_dump({"feeds": feeds}, sort_keys=False), encoding="utf-8")
    assert "f -> g -> h -> f is a circle" in two.call("rules", "check").output
