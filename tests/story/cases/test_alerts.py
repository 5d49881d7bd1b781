"""CAP alerts: what of them is in force after one poll, and after the alert behind a link has changed."""

from __future__ import annotations

import pytest

from tests.connectors.conftest import Answer, Server
from tests.story.cases.office import ALERTS, DATA, Office


@pytest.mark.parametrize(
    ("file", "standing"),
    [
        ("cap-chain-last-only.xml", {"A1": ("01",)}),
        ("cap-cancel-two.xml", {}),
        ("cap-cancel-noref.xml", {"A1": ("01",)}),
        ("cap-two-infos-cancel-one.xml", {}),
        ("cap-update-fewer-infos.xml", {"A1": ("02",)}),
        ("cap-lang-mixed-areas.xml", {"A1": ("01", "02")}),
        ("cap-polygon-one-bad.xml", {"A1": ("01",)}),
    ],
)
def test_what_is_in_force(office: Office, file: str, standing: dict[str, tuple[str, ...]]) -> None:
    office.feed({"path": office.put(file), "follow": False}, ALERTS, "cap", subject="hazard")
    assert office.poll()["error"] == ""
    found = sorted(office.standing.values())
    assert found == sorted(standing.values())
    assert office.poll()["new"] == 0


def test_the_last_message_of_a_chain_says_how_grave_it_is(office: Office) -> None:
    office.feed({"path": office.put("cap-chain-last-only.xml"), "follow": False}, ALERTS, "cap")
    office.poll()
    assert office.last["A1"].severity == 4


def test_a_cancel_that_names_nothing_is_told(office: Office) -> None:
    office.feed({"path": office.put("cap-cancel-noref.xml"), "follow": False}, ALERTS, "cap")
    assert office.poll()["rejected"] == 1
    (reason,) = office.rejected
    assert "nobody can tell what the Cancel A2 is about; ask the source" in reason
    assert office.told() == ["unread"]


def test_a_polygon_that_cannot_be_read_is_told(office: Office) -> None:
    office.feed({"path": office.put("cap-polygon-one-bad.xml"), "follow": False}, ALERTS, "cap")
    assert office.poll()["rejected"] == 0
    assert office.told() == ["partly"]


def test_an_alert_whose_index_gives_it_a_new_date_is_read_again(office: Office, server: Server) -> None:
    index = """<rss version="2.0"><channel><item><title>Storm</title><link>{link}</link><guid>A1</guid>
        <pubDate>Sun, 01 Mar 2026 0{hour}:00:00 GMT</pubDate></item></channel></rss>"""
    whole = (DATA / "cap-chain-last-only.xml").read_text()
    first, _, last = whole.split("<content>")[1:]
    alerts = [text.partition("</content>")[0] for text in (first, last)]
    again = alerts[1].replace("<identifier>A3", "<identifier>A1").replace(">Update<", ">Alert<")
    link = server.tell(
        "/alert",
        Answer(alerts[0].replace("Severe", "Minor").encode()),
        Answer(again.partition("<references>")[0].encode() + again.partition("</references>")[2].encode()),
    )
    entries = [Answer(index.format(link=link, hour=hour).encode()) for hour in (8, 9)]
    office.feed({"url": server.tell("/rss", *entries), "retries": 0}, ALERTS, "cap", subject="hazard")
    assert office.poll()["new"] == 1 and office.last["A1"].severity == 1
    assert office.poll()["error"] == ""
    assert {name: one.severity for name, one in office.last.items() if not one.withdrawn} == {"A1": 4}
