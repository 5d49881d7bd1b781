"""Days on end: files that stand still, feeds that come back, places that are renamed, lists of what is in
force, mappings that are mended."""

from __future__ import annotations

import json
from datetime import timedelta

from tests.story.cases.office import DATA, PLAIN, QUAKES, Office

HEADER = "id,when,area,type\n"


def rows(office: Office, numbers: range, area: str, kind: str, hours: float = 24) -> str:
    """Records of so many hours ago."""
    at = office.now - timedelta(hours=hours)
    return "".join(f"{kind}{area}{n}-{at:%m%d},{at:%Y-%m-%d %H:%M},{area},{kind}\n" for n in numbers)


def test_a_file_that_is_never_written_again_lifts_nothing(office: Office) -> None:
    office.feed({"path": office.put("frozen-file.csv")}, max_silence="36h")
    office.live(10)
    assert office.steps("burglary") == ["issued", "held"]
    (warning,) = office.warnings()
    assert (warning["grade"], warning["confidence"]) == ("yellow", "low")
    assert office.status()["state"] == "blind"
    assert office.told() == ["quiet"]


def test_what_is_told_after_an_outage_with_its_own_time_raises(office: Office) -> None:
    office.put("in.csv", (DATA / "back-after-outage.csv").read_bytes())
    office.feed({"path": "in.csv"}, max_silence="36h")
    office.live(1, timedelta(hours=1))
    (office.root / "in.csv").unlink()
    office.live(1.75, timedelta(hours=1))
    told = rows(office, range(6), "01", "burglary", 10) + rows(office, range(6), "01", "storm", 10)
    office.put("in.csv", HEADER + told)
    office.live(0.5, timedelta(hours=1))
    found = {one["topic"]: (one["grade"], one["confidence"]) for one in office.warnings()}
    assert found == {"burglary": ("orange", "low"), "storm": ("orange", "low")}
    assert office.told() == ["down", "down", "back"], "told again after a day"


def test_a_source_that_renames_a_place_lifts_nothing_there(office: Office) -> None:
    """All of its records are rejected, the others go on."""
    office.put("in.csv", (DATA / "renamed-area-lifts.csv").read_bytes())
    office.feed({"path": "in.csv"}, max_silence="36h")
    text = (office.root / "in.csv").read_text()
    for _ in range(5):
        office.live(1)
        text += rows(office, range(2), "02", "storm", 5) + rows(office, range(2), "North County", "storm", 5)
        office.put("in.csv", text)
    office.live(1)
    assert office.steps("storm") == ["issued", "held"]
    grades = {one["area"]: (one["grade"], one["confidence"]) for one in office.warnings()}
    assert grades["01"] == ("blue", "low")
    assert office.told() == ["unread"]
    assert office.status()["state"] == "unread"


def test_what_leaves_a_list_of_what_is_in_force_is_over(office: Office) -> None:
    office.feed({"path": office.put("snapshot-record-gone.json")}, QUAKES | {"gone_after": 2}, "geojson")
    office.poll()
    assert sorted(office.standing) == ["a", "b"]
    whole = json.loads((DATA / "snapshot-record-gone.json").read_text())
    office.put("snapshot-record-gone.json", json.dumps(whole | {"features": whole["features"][:1]}))
    assert [office.poll()["gone"] for _ in range(2)] == [0, 1]
    assert sorted(office.standing) == ["a"]


def test_an_incident_whose_preferred_id_changes_stays_one(office: Office) -> None:
    mapping = QUAKES | {"aliases": "properties.ids"}
    office.feed({"path": office.put("usgs-id-changes.json")}, mapping, "geojson")
    assert office.poll()["new"] == 1
    text = (DATA / "usgs-id-changes.json").read_text()
    renamed = text.replace('"id":"us7000"', '"id":"nc7300"').replace(",us7000,", ",us7000,nc7300,")
    office.put("usgs-id-changes.json", renamed)
    assert office.poll()["new"] == 0
    assert list(office.standing) == ["us7000"]


def test_a_mended_mapping_reads_again_what_was_refused(office: Office) -> None:
    by_name = PLAIN | {"place": [{"name": "area"}]}
    office.feed({"path": office.put("mapping-mended.csv")}, by_name)
    polled = office.poll()
    assert (polled["new"], polled["rejected"]) == (1, 1)
    assert office.status()["state"] == "unread"
    office.feed({"path": "mapping-mended.csv"}, PLAIN | {"place": [{"name": "area"}, {"code": "area"}]})
    assert office.poll()["new"] == 1
    assert office.standing == {"1": ("01",), "2": ("01",)}
    assert office.status()["state"] == "ok"


def test_every_input_is_tried() -> None:
    """One incident in two feeds is not among them: which of several feeds' reports are the same is still
    to come."""
    here = (DATA / "README.md").read_text(encoding="utf-8")
    tests = "".join(
        path.read_text(encoding="utf-8")
        for path in sorted((DATA.parents[1] / "story/cases").glob("test_*.py"))
    )
    inputs = [path.name for path in DATA.iterdir() if path.is_file() and path.suffix != ".md"]
    assert len(inputs) > 20
    assert [name for name in inputs if name not in tests or name.partition(".")[0] not in here] == []
