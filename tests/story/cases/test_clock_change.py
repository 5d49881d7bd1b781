"""The nights on which the clocks are changed: a history over them counts each report on its own local day,
and each day is wholly heard, be it of 23 hours or of 25."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from tests.story.cases.office import NOON, PLAIN, Office

SPRING, AUTUMN = date(2025, 3, 30), date(2025, 10, 26)
DAY = timedelta(days=1)


def hourly(first: date, days: int) -> list[tuple[str, str]]:
    """(id, local moment) of every half hour past of some days, as a source writes them that knows no offset:
    on both Sundays one of 02:30, which the one night has not and the other twice."""
    begins = datetime.combine(first, datetime.min.time())
    return [(f"r{n}", f"{begins + timedelta(hours=n + 0.5):%Y-%m-%d %H:%M}") for n in range(24 * days)]


def judged(office: Office, morning: date) -> str:
    return office.call("why", "01", "burglary", "--at", morning.isoformat()).stdout


@pytest.mark.parametrize("sunday", [SPRING, AUTUMN])
@pytest.mark.parametrize(("before", "after"), [(2, 2), (0, 0), (0, 1), (1, 0)])
def test_a_history_over_the_night(office: Office, sunday: date, before: int, after: int) -> None:
    first, last = sunday - before * DAY, sunday + after * DAY
    days = (last - first).days + 1
    rows = "".join(f"{id_},{at},{at},01,burglary\n" for id_, at in hourly(first, days))
    office.put("in.csv", "id,when,known,area,type\n" + rows)
    mapping = {**PLAIN, "known_at": "known"}
    covers = {"areas": ["X"], "categories": ["property"], "from": f"{first - 9 * DAY}"}
    office.feed({"path": "in.csv"}, mapping, covers=covers, max_silence="2h")
    rules = office.root / "rules/r.yaml"
    rules.write_text(rules.read_text().replace("window: 7d", "window: 1d"))
    office.now = NOON
    stretch = ("--history", "--observed", f"{first}..{last}")
    (told,) = office.rows("ingest", "f", str(office.root / "in.csv"), *stretch)
    assert (told["new"], told["rejected"], told["late"], told["error"]) == (24 * days, 0, 0, "")
    for n in range(days):
        said = judged(office, first + (n + 1) * DAY)
        assert "observed 24 on" in said and "data: observed" in said and "confidence high" in said
    for outside in (first, last + 2 * DAY):
        assert "data: observed" not in judged(office, outside), "heard on no other day"
    (again,) = office.rows("ingest", "f", str(office.root / "in.csv"), *stretch)
    assert (again["new"], again["unchanged"]) == (0, 24 * days)


@pytest.mark.parametrize("sunday", [SPRING, AUTUMN])
def test_moments_with_their_offset_are_told_apart(office: Office, sunday: date) -> None:
    """Whoever says the offset tells 23 hours, or 25, and one of each."""
    covers = {"areas": ["X"], "categories": ["property"], "from": f"{sunday - 9 * DAY}"}
    office.feed({"path": "in.csv"}, {**PLAIN, "known_at": "when"}, covers=covers, max_silence="2h")
    midnight = datetime.fromisoformat(f"{sunday}T00:30:00+0{1 if sunday == SPRING else 2}:00")
    hours = 23 if sunday == SPRING else 25
    moments = [midnight + timedelta(hours=n) for n in range(hours)]
    office.put("in.csv", "id,when,area,type\n" + "".join(
        f"r{n},{at.isoformat()},01,burglary\n" for n, at in enumerate(moments)
    ))  # fmt: skip
    rules = office.root / "rules/r.yaml"
    rules.write_text(rules.read_text().replace("window: 7d", "window: 1d"))
    office.rows("ingest", "f", str(office.root / "in.csv"), "--history", "--observed", f"{sunday}..{sunday}")
    said = judged(office, sunday + DAY)
    assert f"observed {hours} on" in said and "data: observed" in said
