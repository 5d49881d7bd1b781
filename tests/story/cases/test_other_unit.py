"""A unit that changes at the source: told, and nothing rests on it with confidence."""

from __future__ import annotations

from datetime import timedelta

from tests.story.cases.office import PLAIN, Office


def test_it_is_told_and_lowers_confidence(office: Office) -> None:
    rules, day = office.root / "rules/r.yaml", office.now
    text = rules.read_text().replace("window: 7d", "window: 2d")
    counted = "indicator: {count: incidents, where: {category: property.burglary}}"
    rules.write_text(text.replace(counted, counted.replace("count: incidents", "sum: loss")))

    def rows(days: range, times: float) -> str:
        told = ((n, k, day + timedelta(days=n, hours=-9 - k)) for n in days for k in range(3))
        return "".join(f"r{n}-{k},{at:%Y-%m-%d %H:%M},01,burglary,{(1 + k) * times}\n" for n, k, at in told)

    header = "id,when,area,type,loss\n"
    before = rows(range(-12, 1), 0.1)
    office.put("in.csv", header + before)
    office.feed({"path": "in.csv"}, {**PLAIN, "measures": {"loss": "loss"}})
    office.poll()
    assert office.told() == []
    office.now = day + timedelta(days=2)
    office.put("in.csv", header + before + rows(range(1, 3), 100))
    office.poll()
    assert "scale" in office.told()
    assert office.call("status").exit_code == 1
    office.now = day + timedelta(days=2, hours=21)
    office.poll()
    said = office.call("why", "01", "burglary", "--at", f"{day + timedelta(days=3):%Y-%m-%d}").stdout
    assert "its loss are of another scale since 2026-03-02" in said and "confidence low" in said
