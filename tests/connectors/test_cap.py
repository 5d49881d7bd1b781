"""CAP alerts and indexes: recorded ones, chains of updates, and attacks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connectors import cap
from engine.errors import FeedError
from engine.model.feed import Broken, Fetch, Record

ALERT = """<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>{id}</identifier><sender>s</sender>
<sent>2026-03-08T07:00:00-00:00</sent><status>{status}</status><msgType>{kind}</msgType><scope>Public</scope>
<references>{references}</references>{infos}</alert>"""
INFO = """<info><language>{language}</language><category>Met</category><event>{event}</event>
<urgency>Immediate</urgency><severity>Severe</severity><certainty>Observed</certainty></info>"""


def alert(id_: str = "a", kind: str = "Alert", status: str = "Actual", references: str = "", infos: str = "",
          ) -> bytes:  # fmt: skip
    infos = infos or INFO.format(language="en", event="Storm")
    return ALERT.format(id=id_, kind=kind, status=status, references=references, infos=infos).encode()


def read(path: Path, content: bytes | None = None, **options: Any) -> list[Record | Broken]:
    if content is not None:
        path.write_bytes(content)
    return list(cap.fetch(cap.Options(path=path, **options), {}).records)


def only(records: list[Record | Broken]) -> dict[str, Any]:
    record, = records
    assert isinstance(record, Record)
    return dict(record.fields)


def test_a_recorded_alert_gives_its_elements_by_name(data: Path) -> None:
    fields = only(read(data / "cap11.cap"))
    assert fields["identifier"] == "NOAA-NWS-ALERTS-MT20100830100700TFXFlashFloodWatchTFX20100830180000MT"
    assert (fields["event"], fields["severity"], fields["effective"]) == (
        "Flash Flood Watch", "Severe", "2010-08-30T04:07:00-06:00",
    )  # fmt: skip
    assert fields["eventCode"] == {"SAME": ["FFA"]}
    assert fields["geocode"] == {"FIPS6": ["030049"], "UGC": ["MTZ014"]}


def test_a_recorded_alert_of_several_areas_collects_their_codes_and_polygons(data: Path) -> None:
    fields = only(read(data / "canada_update.cap"))
    assert len(fields["polygon"]) == len(fields["areaDesc"]) > 1
    assert all(len(codes) > 1 for codes in fields["geocode"].values())


def test_updates_and_cancels_are_about_the_first_alert(data: Path, tmp_path: Path) -> None:
    recorded = only(read(data / "canada_update.cap"))
    assert recorded["msgType"] == "Update"
    assert recorded["id"] == recorded["references"][0] != recorded["identifier"]
    references = "s,second,2026-03-08T08:00:00-00:00 s,first,2026-03-08T07:00:00-00:00"
    fields = only(read(tmp_path / "c.cap", alert("third", "Cancel", references=references)))
    assert (fields["id"], fields["msgType"]) == ("first", "Cancel")


def test_exercises_and_acknowledgements_are_no_incidents(tmp_path: Path) -> None:
    assert read(tmp_path / "a.cap", alert(status="Exercise")) == []
    assert read(tmp_path / "a.cap", alert(kind="Ack")) == []
    assert len(read(tmp_path / "a.cap", alert(status="Exercise"), status=("Exercise",))) == 1


def test_an_alert_in_two_languages_is_one_record(tmp_path: Path) -> None:
    infos = INFO.format(language="sv-SE", event="Varning") + INFO.format(language="en-GB", event="Storm")
    assert only(read(tmp_path / "a.cap", alert(infos=infos)))["event"] == "Varning"
    assert only(read(tmp_path / "a.cap", alert(infos=infos), language="en"))["event"] == "Storm"


def test_two_infos_of_one_language_are_two_records(tmp_path: Path) -> None:
    infos = INFO.format(language="en", event="Storm") + INFO.format(language="en", event="Flood")
    found = read(tmp_path / "a.cap", alert(infos=infos))
    assert [(one.fields["id"], one.fields["event"]) for one in found if isinstance(one, Record)] == [
        ("a", "Storm"), ("a#2", "Flood"),
    ]  # fmt: skip


def test_a_cancel_may_say_nothing_but_what_it_takes_back(tmp_path: Path) -> None:
    content = ALERT.format(id="b", kind="Cancel", status="Actual", references="s,a,2026-03-08T06:00:00-00:00",
                           infos="").encode()  # fmt: skip
    assert only(read(tmp_path / "a.cap", content))["id"] == "a"


def test_a_recorded_alert_that_misses_a_required_element_is_broken(data: Path) -> None:
    broken, = read(data / "no_scope.cap")
    assert isinstance(broken, Broken)
    assert broken.reason == "no valid CAP alert: scope missing"


BOMB = b"""<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>&b;</identifier></alert>"""


def test_external_entities_and_bombs_are_refused(data: Path, tmp_path: Path) -> None:
    with pytest.raises(FeedError, match="declares a document type or an entity, which is refused"):
        read(data / "xee.cap")
    with pytest.raises(FeedError, match="which is refused"):
        read(tmp_path / "bomb.cap", BOMB)


@pytest.mark.parametrize("content", [b"", b"<alert>", b"<html/>", b"\xff\xfe<", b"<a>&undefined;</a>"])
def test_what_is_no_alert_and_no_index_is_a_failed_poll(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(FeedError, match=r"not XML|neither a CAP alert nor"):
        read(tmp_path / "t.cap", content)


def test_one_broken_file_of_several_stops_no_other(data: Path, tmp_path: Path) -> None:
    (tmp_path / "a.cap").write_bytes((data / "xee.cap").read_bytes())
    (tmp_path / "b.cap").write_bytes(alert())
    found = list(cap.fetch(cap.Options(path=tmp_path / "*.cap"), {}).records)
    assert [(type(one), one.place) for one in found] == [(Broken, "a.cap"), (Record, "b.cap")]


def test_a_recorded_index_tells_its_alerts_in_its_own_elements(data: Path) -> None:
    records = [one for one in read(data / "nws.atom", follow=False) if isinstance(one, Record)]
    assert len(records) == 3
    assert records[0].fields["event"] == "Flood Advisory"
    assert records[0].fields["geocode"]["SAME"] == ["048339", "048407", "048471"]
    assert records[2].fields["msgType"] == "Update"


def test_a_recorded_index_that_holds_its_alert(data: Path) -> None:
    assert only(read(data / "holding.atom"))["sent"] == "2012-08-30T04:07:00-06:00"


def index(server: Any, *paths: str) -> bytes:
    entries = "".join(
        f'<entry><updated>2026-03-08</updated><link type="text/html" href="/page"/>'
        f'<link type="application/cap+xml" href="{path}"/></entry>' for path in paths
    )  # fmt: skip
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'.encode()


def fetched(url: str, cursor: dict[str, str], **options: Any) -> Fetch:
    return cap.fetch(cap.Options(url=url, pause=0, retries=0, **options), cursor)


def test_linked_alerts_are_fetched_once(server: Any, answer: Any) -> None:
    server.tell("/1.cap", answer(alert("one")))
    server.tell("/2.cap", answer(alert("two")))
    url = server.tell("/index", answer(index(server, "/1.cap")), answer(index(server, "/1.cap", "/2.cap")))
    first = fetched(url, {})
    assert only(list(first.records))["id"] == "one"
    second = fetched(url, dict(first.cursor))
    assert only(list(second.records))["id"] == "two"
    assert [path for path, _ in server.asked] == ["/index", "/1.cap", "/index", "/2.cap"]
    assert fetched(url, dict(second.cursor)).unchanged


def test_an_alert_that_cannot_be_had_is_tried_again_though_the_index_has_not_changed(
    server: Any, answer: Any
) -> None:
    server.tell("/1.cap", answer(status=500), answer(alert("one")))
    url = server.tell("/index", answer(index(server, "/1.cap"), headers={"ETag": "1"}))
    first = fetched(url, {})
    assert [type(one) for one in first.records] == [Broken]
    assert only(list(fetched(url, dict(first.cursor)).records))["id"] == "one"


def test_more_new_alerts_than_the_bound_wait_for_the_next_poll(server: Any, answer: Any) -> None:
    server.tell("/1.cap", answer(alert("one")))
    server.tell("/2.cap", answer(alert("two")))
    url = server.tell("/index", answer(index(server, "/1.cap", "/2.cap")))
    first = fetched(url, {}, entries=1)
    assert [type(one) for one in first.records] == [Record, Broken]
    assert only(list(fetched(url, dict(first.cursor), entries=1).records))["id"] == "two"


@pytest.mark.parametrize("link", ["http://169.254.169.254/secrets", "file:///etc/passwd", "gopher://x/"])
def test_an_index_does_not_lead_to_other_machines(server: Any, answer: Any, link: str) -> None:
    broken, = fetched(server.tell("/index", answer(index(server, link))), {}).records
    assert isinstance(broken, Broken)
    assert "add it to 'hosts'" in broken.reason


def test_a_named_host_is_followed_without_the_configured_headers(server: Any, answer: Any) -> None:
    server.tell("/1.cap", answer(alert("one")))
    away = server.url("/1.cap").replace("127.0.0.1", "localhost")
    url = server.tell("/index", answer(index(server, away)))
    found = fetched(url, {}, hosts=("localhost",), headers={"X-Key": "secret"})
    assert only(list(found.records))["id"] == "one"
    assert [headers.get("x-key") for _, headers in server.asked] == ["secret", None]


def test_a_recorded_index_of_links_needs_its_host_named(data: Path) -> None:
    found = read(data / "index.rss")
    assert [one.reason for one in found if isinstance(one, Broken)] == [
        "the entry links to www.nyalert.gov; if that is right, add it to 'hosts'"
    ] * 2
