"""Lists of documents: a MISP feed, a CSAF provider, the CVE list. What has moved is read, nothing twice."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from connectors import csaf, cve, misp
from engine.errors import FeedError
from engine.model.feed import Broken, Record

DATA = Path(__file__).parents[1] / "data/presets"
EVENT = json.loads((DATA / "misp.json").read_text())["response"][0]
RECORDS = json.loads((DATA / "cve.json").read_text())
ADVISORIES = sorted((DATA / "csaf").glob("*.json"))


def fields(fetch: Any) -> list[dict[str, Any] | str]:
    return [dict(one.fields) if isinstance(one, Record) else one.reason for one in fetch.records]


def test_a_misp_event_is_a_record_without_what_it_holds() -> None:
    (told,) = fields(misp.fetch(misp.Options(path=DATA / "misp.json"), {}))
    assert told == {
        "uuid": "59387629-3d68-430c-ae55-15f50a016219", "info": "Stantinko investigation",
        "date": "2017-06-07", "timestamp": "1500311367", "publish_timestamp": "0", "published": False,
        "threat_level_id": "1", "analysis": "2",
        "tags": ["Stantinko"], "types": told["types"], "attributes": 5, "objects": 0,
    }  # fmt: skip
    assert set(told["types"]) <= {"md5", "sha1", "sha256"}


def test_csaf_advisories_are_records() -> None:
    told = fields(csaf.fetch(csaf.Options(path=DATA / "csaf" / "*.json"), {}))
    assert [(one["id"], one["score"], one["severity"], one["tlp"]) for one in told] == [
        ("ICSA-22-354-05", 7.2, "HIGH", "WHITE"), ("ICSA-23-138-04", 10.0, "CRITICAL", "WHITE"),
        ("ICSMA-24-163-01", 8.8, "HIGH", "WHITE"),
    ]  # fmt: skip
    assert told[0]["cves"] == ["CVE-2022-4616"] and told[0]["released"] == "2022-12-20T00:00:00.000000Z"


def test_cve_records_tell_the_verdict(tmp_path: Path) -> None:
    first, second = fields(cve.fetch(cve.Options(path=DATA / "cve.json"), {}))
    assert first == {
        "id": "CVE-2024-3931", "state": "PUBLISHED",
        "title": "Totara LMS Profile check.php cross site scripting", "published": "2024-04-18T00:00:04.983Z",
        "updated": "2024-06-06T19:44:53.040Z", "vendors": ["Totara"], "products": ["LMS"], "cwes": ["CWE-79"],
        "score": 3.5, "severity": "LOW", "exploitation": "poc", "automatable": "yes", "impact": "partial",
        "judged": "2024-04-22T19:20:06.233081Z", "exploited_since": None,
    }  # fmt: skip
    verdict = [second[name] for name in ("score", "exploitation", "impact", "exploited_since", "products")]
    assert verdict == [None, "active", "total", "2024-11-18", ["Cloud NGFW", "PAN-OS"]]
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for one in RECORDS:
            archive.writestr(f"cves/{one['cveMetadata']['cveId']}.json", json.dumps(one))
    packed = cve.fetch(cve.Options(path=tmp_path / "all.zip", member="*.json"), {})
    assert [one["id"] for one in fields(packed)] == ["CVE-2024-0012", "CVE-2024-3931"]


class Feed:
    """A MISP feed on a server, and the polls of it."""

    def __init__(self, server: Any, answer: Any, **more: Any) -> None:
        self.server, self.answer = server, answer
        self.manifest: dict[str, Any] = {}
        self.options = misp.Options(url=server.url("/feed/manifest.json"), retries=0, **more)
        self.cursor: dict[str, str] = {}
        self.fetch: Any = None

    def put(self, name: str, at: object, event: Any = EVENT) -> None:
        self.manifest[name] = {"timestamp": at, "info": "-"}
        self.server.tell("/feed/manifest.json", self.answer(json.dumps(self.manifest).encode()))
        status = 404 if event is None else 200
        event = {"Event": {**event["Event"], "uuid": name}} if event else {}
        self.server.tell(f"/feed/{name}.json", self.answer(json.dumps(event).encode(), status))

    def poll(self) -> list[str]:
        self.fetch = misp.fetch(self.options, self.cursor)
        self.cursor = dict(self.fetch.cursor)
        return [
            f"broken {one.place}" if isinstance(one, Broken) else str(one.fields["uuid"])
            for one in self.fetch.records
        ]


def test_what_has_moved_is_read_oldest_first_and_once(server: Any, answer: Any) -> None:
    feed = Feed(server, answer)
    for name, at in (("b", 200), ("a", 300), ("c", 100)):
        feed.put(name, at)
    assert [feed.poll(), feed.poll()] == [["c", "b", "a"], []]
    assert feed.fetch.unchanged
    feed.put("c", "300")
    assert (feed.poll(), feed.fetch.kept) == (["c"], 2), "of the same moment as the last one that was read"
    feed.put("old", 50)
    assert (feed.poll(), feed.fetch.kept) == ([], 4), "it moved before what was read"


def test_no_more_than_allowed_at_a_time_and_the_next_poll_goes_on(server: Any, answer: Any) -> None:
    feed = Feed(server, answer, entries=2)
    for name in "abcde":
        feed.put(name, 100 if name < "d" else 200)
    assert feed.poll() == ["a", "b"]
    assert feed.fetch.notices == ["3 more documents are listed than 'entries' allows; the next poll goes on"]
    assert [feed.poll(), feed.poll(), feed.poll()] == [["c", "d"], ["e"], []]


def test_one_that_cannot_be_had_stops_no_other_and_is_asked_for_again(server: Any, answer: Any) -> None:
    feed = Feed(server, answer)
    feed.put("a", 100, None)
    feed.put("b", 200)
    feed.put("c", "soon")
    assert feed.poll() == ["broken entry c", "broken a", "b"]
    assert feed.poll() == ["broken entry c", "broken a"]
    feed.put("a", 100)
    del feed.manifest["c"]
    feed.put("b", 200)
    assert [feed.poll(), feed.poll()] == [["a"], []]


def test_what_moved_before_the_beginning_is_left_out(server: Any, answer: Any) -> None:
    feed = Feed(server, answer, begin="2026-03-01")
    feed.put("a", 1_772_000_000)
    feed.put("b", 1_773_000_000)
    assert feed.poll() == ["b"]


def test_a_feed_in_a_folder_leads_to_its_own_files(tmp_path: Path) -> None:
    inner = tmp_path / "feed"
    inner.mkdir()
    shutil.copy(DATA / "misp.json", inner / "one.json")
    shutil.copy(DATA / "misp.json", tmp_path / "out.json")
    listed = {"one": {"timestamp": 1}, "../out": {"timestamp": 2}, "none": {"timestamp": 3}}
    (inner / "manifest.json").write_text(json.dumps(listed))
    fetch = misp.fetch(misp.Options(path=inner / "manifest.json"), {})
    record, out, none = fetch.records
    assert isinstance(record, Record) and "leads out of the folder" in out.reason
    assert "cannot be read" in none.reason


def test_a_link_leads_no_further_than_the_feed_may_ask(server: Any, answer: Any) -> None:
    delta = {"fetchTime": "x", "new": [
        {"cveId": "CVE-1", "githubLink": "http://169.254.169.254/latest", "dateUpdated": "2026-03-01"},
        {"cveId": "CVE-2", "dateUpdated": "2026-03-01T00:00:00Z"}, 7,
    ]}  # fmt: skip
    url = server.tell("/delta.json", answer(json.dumps(delta).encode()))
    reasons = fields(cve.fetch(cve.Options(url=url), {}))
    assert len(reasons) == 2 and "does not say where it lies" in reasons[0]
    assert "leads to another host (169.254.169.254:80)" in reasons[1]


def test_the_list_of_changes_gives_each_record_once_as_it_is_now(server: Any, answer: Any) -> None:
    def changed(*moments: str) -> bytes:
        return json.dumps([
            {"fetchTime": at, "new": [], "updated": [
                {"cveId": "CVE-2024-3931", "githubLink": server.url("/3931.json"), "dateUpdated": at}
            ], "error": []} for at in moments
        ]).encode()  # fmt: skip

    server.tell("/3931.json", answer(json.dumps(RECORDS[0]).encode()))
    july, june = "2024-07-06T00:00:00.000Z", "2024-06-06T19:44:53.040Z"
    url = server.tell("/log.json", answer(changed(june)), answer(changed(july, june)))
    first = cve.fetch(cve.Options(url=url), {})
    again = cve.fetch(cve.Options(url=url), first.cursor)
    last = cve.fetch(cve.Options(url=url), again.cursor)
    assert [len(fields(one)) for one in (first, again, last)] == [1, 1, 0]


@pytest.mark.parametrize("way", ["rolie", "directory", "feed"])
def test_a_csaf_provider_is_read_to_its_advisories(server: Any, answer: Any, way: str) -> None:
    entries, rows = [], []
    for number, path in enumerate(ADVISORIES):
        url = server.tell(f"/csaf/{path.name}", answer(path.read_bytes()))
        moved = f"2026-03-0{number + 1}T00:00:00Z"
        rows.append(f'"{path.name}","{moved}"')
        entries.append({"id": path.stem, "updated": moved, "content": {"src": url}, "link": []})
    feed = {"feed": {"entry": entries}}
    rolie = server.tell("/csaf/feed.json", answer(json.dumps(feed).encode()))
    server.tell("/csaf/changes.csv", answer("\r\n".join(rows).encode()))
    distribution: dict[str, Any] = {"directory_url": server.url("/csaf")}
    if way == "rolie":
        distribution["rolie"] = {"feeds": [{"url": rolie, "tlp_label": "WHITE"}]}
    metadata = server.tell("/p.json", answer(json.dumps({"distributions": [distribution]}).encode()))
    options = csaf.Options(url=rolie if way == "feed" else metadata)
    first = csaf.fetch(options, {})
    assert [one["id"] for one in fields(first)] == ["ICSA-22-354-05", "ICSA-23-138-04", "ICSMA-24-163-01"]
    again = csaf.fetch(options, first.cursor)
    assert fields(again) == [] and (again.unchanged or again.kept == 3)


@pytest.mark.parametrize(("module", "text", "sentence"), [
    (misp, "{}", "neither a MISP manifest nor an event"),
    (misp, '{"a": {"timestamp": 1}, "b": 2}', "neither a MISP manifest nor an event"),
    (misp, (DATA / "misp.json").read_text()[:200], "not JSON: it ends early"),
    (csaf, '{"document": {"title": "x"}}', "document.tracking.id is missing"),
    (csaf, "[]", "document.tracking.id is missing"),
    (csaf, '{"distributions": [{}, 7]}', "lead to no advisory"),
    (cve, "[1]", "neither a CVE 5 record nor a list of changes"),
    (cve, '{"cveMetadata": []}', "neither a CVE 5 record nor a list of changes"),
    (cve, "<html><title>Log in</title>", "an HTML page titled 'Log in' where JSON was expected"),
])  # fmt: skip
def test_something_else_is_a_failed_poll(tmp_path: Path, module: Any, text: str, sentence: str) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(FeedError, match=sentence.replace(".", r"\.")):
        list(module.fetch(module.Options(path=tmp_path / "a.json"), {}).records)


def test_a_piece_that_is_none_is_broken(tmp_path: Path) -> None:
    containers = {"cna": [], "adp": [7, {"metrics": [{"other": 3}]}]}
    odd = {"cveMetadata": {"cveId": "CVE-1"}, "containers": containers}
    (tmp_path / "a.json").write_text(json.dumps([odd, 7]))
    told = fields(cve.fetch(cve.Options(path=tmp_path / "a.json"), {}))
    assert (told[0]["id"], told[0]["score"], told[1]) == ("CVE-1", None, "not a CVE 5 record")
    (tmp_path / "a.json").write_text(json.dumps([EVENT, {"Event": 3}]))
    assert fields(misp.fetch(misp.Options(path=tmp_path / "a.json"), {}))[1] == "not a MISP event"
