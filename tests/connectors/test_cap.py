"""CAP alerts and indexes: recorded ones, chains of updates, and attacks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors import cap
from engine.errors import FeedError
from engine.model.alert import Alert, Kind
from engine.model.feed import Broken, Fetch

ALERT = """<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>{id}</identifier><sender>s</sender>
<sent>2026-03-08T07:00:00-00:00</sent><status>{status}</status><msgType>{kind}</msgType><scope>Public</scope>
<references>{references}</references>{infos}</alert>"""
INFO = """<info><language>{language}</language><category>Met</category><event>{event}</event>
<urgency>Immediate</urgency><severity>Severe</severity><certainty>Observed</certainty></info>"""


def alert(id_: str = "a", kind: str = "Alert", status: str = "Actual", references: str = "", infos: str = "",
          ) -> bytes:  # fmt: skip
    infos = infos or INFO.format(language="en", event="Storm")
    return ALERT.format(id=id_, kind=kind, status=status, references=references, infos=infos).encode()


def read(path: Path, content: bytes | None = None, **options: Any) -> list[Alert | Broken]:
    if content is not None:
        path.write_bytes(content)
    return told(cap.fetch(cap.Options(path=path, **options), {}))


def told(fetch: Fetch) -> list[Alert | Broken]:
    broken = [one for one in fetch.records if isinstance(one, Broken)]
    assert len(broken) == len(list(fetch.records))
    return [*fetch.alerts, *broken]


def only(found: list[Alert | Broken]) -> Alert:
    alert, = found
    assert isinstance(alert, Alert)
    return alert


def test_a_recorded_alert_gives_its_elements_by_name(data: Path) -> None:
    found = only(read(data / "cap11.cap"))
    assert found.identifier == "NOAA-NWS-ALERTS-MT20100830100700TFXFlashFloodWatchTFX20100830180000MT"
    info, = found.infos
    assert [info.fields[name] for name in ("event", "severity", "effective")] == [
        "Flash Flood Watch", "Severe", "2010-08-30T04:07:00-06:00",
    ]  # fmt: skip
    assert info.fields["eventCode"] == {"SAME": ["FFA"]}
    assert info.areas[0]["geocode"] == {"FIPS6": ["030049"], "UGC": ["MTZ014"]}
    assert found.expires == datetime(2010, 8, 30, 18, tzinfo=UTC)


def test_a_recorded_alert_keeps_the_codes_and_polygons_of_each_area_apart(data: Path) -> None:
    info = only(read(data / "canada_update.cap")).infos[0]
    assert len(info.areas) > 1
    assert all(len(area["polygon"]) == len(area["areaDesc"]) == 1 for area in info.areas)


@pytest.mark.parametrize(("references", "named"), [
    ("s,a,2026-03-08T06:00:00-00:00", [("s,a", 6)]),
    ("s,a,2026-03-08T08:00:00+02:00\n  s,b,2026-03-08T05:00:00Z", [("s,a", 6), ("s,b", 5)]),
    ("Met Office, UK,urn:oid:1,2,2026-03-08T06:00:00+00:00", [("Met Office,UK,urn:oid:1,2", 6)]),
    ("s, a 1 , 2026-03-08T06:00:00Z, s,b,2026-03-08T05:00:00Z", [("s,a 1", 6), ("s,b", 5)]),
    ("s,a,2026-03-08T06:00:00Z s,a,2026-03-08T08:00:00+02:00", [("s,a", 6)]),
])  # fmt: skip
def test_references_as_they_are_written(
    tmp_path: Path, references: str, named: list[tuple[str, int]]
) -> None:
    found = only(read(tmp_path / "c.cap", alert("c", "Cancel", references=references)))
    assert [(one.name, one.sent.hour) for one in found.references] == named


def test_a_recorded_update_names_those_before_it(data: Path) -> None:
    found = only(read(data / "canada_update.cap"))
    assert found.kind is Kind.UPDATE
    assert found.head["references"].startswith(found.references[0].name)
    assert len(found.references) == 2


@pytest.mark.parametrize("kind", ["Update", "Cancel"])
@pytest.mark.parametrize("references", ["", "s,c,2026-03-08T07:00:00-00:00", "the one of yesterday"])
def test_a_message_about_others_that_names_none_is_broken(tmp_path: Path, kind: str, references: str) -> None:
    broken, = read(tmp_path / "c.cap", alert("c", kind, references=references))
    assert isinstance(broken, Broken)
    assert f"nobody can tell what the {kind} c is about; ask the source" in broken.reason


def test_of_several_references_a_bad_one_is_told_and_the_others_hold(tmp_path: Path) -> None:
    content = alert("c", "Cancel", references="s,a,2026-03-08T06:00:00Z s,b")
    found, broken = read(tmp_path / "c.cap", content)
    assert isinstance(found, Alert) and [one.name for one in found.references] == ["s,a"]
    assert isinstance(broken, Broken)
    assert broken.reason == "references holds 's,b', which is no sender,identifier,sent; ask the source"


def test_exercises_and_acknowledgements_are_no_incidents(tmp_path: Path) -> None:
    assert read(tmp_path / "a.cap", alert(status="Exercise")) == []
    assert read(tmp_path / "a.cap", alert(kind="Ack")) == []
    assert read(tmp_path / "a.cap", alert(kind="Error", references="s,a,2026-03-08T06:00:00Z")) == []
    assert len(read(tmp_path / "a.cap", alert(status="Exercise"), status=("Exercise",))) == 1


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"kind": "Upd"}, "msgType holds 'Upd', which is none of CAP's"),
        ({"kind": "Revoke", "status": "Exercise"}, "msgType holds 'Revoke', which is none of CAP's"),
        ({"status": "active"}, "status holds 'active', which is none of CAP's"),
        (
            {"status": "ok", "kind": "new"},
            "status holds 'ok', which is none of CAP's and msgType holds 'new', which is none of CAP's",
        ),
    ],
)
def test_a_word_that_cap_has_not_is_not_skipped_in_silence(
    tmp_path: Path, said: dict[str, str], why: str
) -> None:
    broken, = read(tmp_path / "a.cap", alert(**said))
    assert isinstance(broken, Broken) and broken.reason == f"no valid CAP alert: {why}; ask the source"


@pytest.mark.parametrize(
    ("kind", "status", "read_as"),
    [
        ("alert", "ACTUAL", Kind.ALERT), ("CANCEL", "Actual", Kind.CANCEL), ("update", "actual", Kind.UPDATE),
        ("ack", "actual", None), ("Alert", "exercise", None),
    ],
)  # fmt: skip
def test_capitals_decide_nothing(tmp_path: Path, kind: str, status: str, read_as: Kind | None) -> None:
    content = alert("b", kind, references="s,a,2026-03-08T06:00:00Z", status=status)
    assert [one.kind for one in read(tmp_path / "a.cap", content)] == ([read_as] if read_as else [])


def test_a_status_of_the_source_s_own_counts_where_the_feed_names_it(tmp_path: Path) -> None:
    assert len(read(tmp_path / "a.cap", alert(status="Live"), status=("Actual", "Live"))) == 1


def test_a_cancel_may_say_nothing_but_what_it_takes_back(tmp_path: Path) -> None:
    references, bare = "s,a,2026-03-08T06:00:00-00:00", "<info><language>en</language></info>"
    for infos in ("", bare):
        content = ALERT.format(id="b", kind="Cancel", status="Actual", references=references, infos=infos)
        assert only(read(tmp_path / "a.cap", content.encode())).kind is Kind.CANCEL


def test_an_update_that_says_nothing_replaces_nothing(tmp_path: Path) -> None:
    references = "s,a,2026-03-08T06:00:00-00:00"
    content = ALERT.format(id="b", kind="Update", status="Actual", references=references, infos="")
    broken, = read(tmp_path / "a.cap", content.encode())
    assert isinstance(broken, Broken) and broken.reason == "no valid CAP alert: info missing"


def test_what_is_foretold_for_after_the_end_of_an_alert_is_left_out(tmp_path: Path) -> None:
    times = "<effective>2026-03-08T07:00:00Z</effective><onset>2026-03-10T07:00:00Z</onset>"
    end = f"{times}<expires>{{}}</expires></info>"
    infos = INFO.format(language="en", event="Storm").replace("</info>", end)
    early = only(read(tmp_path / "a.cap", alert(infos=infos.format("2026-03-09T07:00:00Z")))).infos[0].fields
    assert (early["effective"], early["onset"]) == ("2026-03-08T07:00:00Z", "")
    late = only(read(tmp_path / "a.cap", alert(infos=infos.format("2026-03-11T07:00:00Z")))).infos[0].fields
    assert late["onset"] == "2026-03-10T07:00:00Z"


def test_a_recorded_alert_that_misses_a_required_element_is_broken(data: Path) -> None:
    broken, = read(data / "no_scope.cap")
    assert isinstance(broken, Broken)
    assert broken.reason == "no valid CAP alert: scope missing"


def test_a_moment_that_is_none_is_told(tmp_path: Path) -> None:
    broken, = read(tmp_path / "a.cap", alert().replace(b"2026-03-08T07:00:00-00:00", b"this morning"))
    assert isinstance(broken, Broken)
    assert broken.reason == "no valid CAP alert: sent holds 'this morning', which is no moment"


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
    found = read(tmp_path / "*.cap")
    assert [(type(one), one.place) for one in found] == [(Alert, "b.cap"), (Broken, "a.cap")]


def test_a_recorded_index_tells_its_alerts_in_its_own_elements(data: Path) -> None:
    first, _, third = read(data / "nws.atom", follow=False)
    assert isinstance(first, Alert) and isinstance(third, Alert)
    assert first.infos[0].fields["event"] == "Flood Advisory"
    assert first.infos[0].areas[0]["geocode"]["SAME"] == ["048339", "048407", "048471"]
    assert (first.identifier[:26], first.sent.hour) == ("https://api.weather.gov/al", 17)
    # An entry cannot name what it updates: it stands for itself.
    assert (third.kind, third.references) == (Kind.UPDATE, ())


def test_a_recorded_index_that_holds_its_alert(data: Path) -> None:
    assert only(read(data / "holding.atom")).head["sent"] == "2012-08-30T04:07:00-06:00"


def test_items_that_are_no_alerts_say_what_reads_them(data: Path) -> None:
    reasons = {one.reason for one in read(data / "gdacs.rss", follow=False) if isinstance(one, Broken)}
    said, = reasons
    assert said.startswith("no valid CAP alert: status, msgType missing; where the items are themselves")
    assert said.endswith("read them with `connector: rss`")


def index(server: Any, *paths: str, updated: str = "<updated>2026-03-08</updated>") -> bytes:
    entries = "".join(
        f'<entry>{updated}<link type="text/html" href="/page"/>'
        f'<link type="application/cap+xml" href="{path}"/></entry>' for path in paths
    )  # fmt: skip
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'.encode()


def fetched(url: str, cursor: Mapping[str, str], **options: Any) -> Fetch:
    return cap.fetch(cap.Options(url=url, pause=0, retries=0, **options), dict(cursor))


def test_linked_alerts_are_fetched_once(server: Any, answer: Any) -> None:
    server.tell("/1.cap", answer(alert("one")))
    server.tell("/2.cap", answer(alert("two")))
    url = server.tell("/index", answer(index(server, "/1.cap")), answer(index(server, "/1.cap", "/2.cap")))
    first = fetched(url, {})
    assert only(told(first)).identifier == "one"
    second = fetched(url, first.cursor)
    assert only(told(second)).identifier == "two"
    assert [path for path, _ in server.asked] == ["/index", "/1.cap", "/index", "/2.cap"]
    assert fetched(url, second.cursor).unchanged


def test_an_alert_that_cannot_be_had_is_tried_again_though_the_index_has_not_changed(
    server: Any, answer: Any
) -> None:
    server.tell("/1.cap", answer(status=500), answer(alert("one")))
    url = server.tell("/index", answer(index(server, "/1.cap"), headers={"ETag": "1"}))
    first = fetched(url, {})
    assert [type(one) for one in first.records] == [Broken]
    assert only(told(fetched(url, first.cursor))).identifier == "one"


def test_more_new_alerts_than_the_bound_wait_for_the_next_poll(server: Any, answer: Any) -> None:
    server.tell("/1.cap", answer(alert("one")))
    server.tell("/2.cap", answer(alert("two")))
    url = server.tell("/index", answer(index(server, "/1.cap", "/2.cap")))
    first = fetched(url, {}, entries=1)
    assert [type(one) for one in told(first)] == [Alert, Broken]
    assert only(told(fetched(url, first.cursor, entries=1))).identifier == "two"


def paged(server: Any, answer: Any, *pages: str) -> str:
    """An index of these alerts, by their names, page after page; the address of the first."""
    for number, names in enumerate(pages, start=1):
        link = f'<link rel="next" href="?p={number + 1}"/>' if number < len(pages) else ""
        body = index(server, *(f"/{name}.cap" for name in names))
        body = body.replace(b"<entry>", link.encode() + b"<entry>", 1)
        server.tell("/index" if number == 1 else f"/index?p={number}", answer(body))
    for name in "".join(pages):
        server.answers.setdefault(f"/{name}.cap", [answer(alert(name))])
    return str(server.url("/index"))


def names(fetch: Fetch) -> str:
    return "".join(sorted(one.identifier for one in fetch.alerts))


def test_the_further_pages_of_an_index_are_read_down_to_what_is_known(server: Any, answer: Any) -> None:
    first = fetched(paged(server, answer, "fe", "dc", "ba"), {})
    assert (names(first), first.more, first.notices) == ("abcdef", False, [])
    server.asked.clear()
    second = fetched(paged(server, answer, "hg", "fe", "dc", "ba"), first.cursor)
    assert (names(second), second.kept, second.more) == ("gh", 2, True)
    assert [path for path, _ in server.asked] == ["/index", "/index?p=2", "/h.cap", "/g.cap"]


def test_an_alert_that_cannot_be_had_is_looked_for_on_every_page(server: Any, answer: Any) -> None:
    server.tell("/a.cap", answer(status=500), answer(alert("a")))
    first = fetched(paged(server, answer, "fe", "dc", "ba"), {})
    assert (names(first), len(told(first))) == ("bcdef", 6)
    second = fetched(server.url("/index"), first.cursor)
    assert (names(second), second.kept, second.more) == ("a", 5, False)
    assert fetched(server.url("/index"), second.cursor).unchanged


def test_pages_of_an_index_that_do_not_reach_what_is_known_are_a_failed_poll(
    server: Any, answer: Any
) -> None:
    first = fetched(paged(server, answer, "dc", "ba"), {}, pages=1)
    assert (names(first), first.more) == ("cd", True) and "page 1 is the last that may" in first.notices[0]
    url = paged(server, answer, "kj", "ih", "gf", "ed", "cb", "a")
    with pytest.raises(FeedError, match="page 2 does not reach what was read before"):
        fetched(url, first.cursor, pages=2)
    assert names(fetched(url, first.cursor, pages=5)) == "efghijk"


def test_of_a_long_page_as_much_is_remembered_as_reaches_its_end(server: Any, answer: Any) -> None:
    def long(newest: int) -> bytes:
        entries = "".join(
            f"<entry><id>{n}</id><updated>2026-03-08</updated>{alert(f'n{n}').decode()}</entry>"
            for n in range(newest, newest - 1200, -1)
        )
        return f'<feed><link rel="next" href="/more"/>{entries}</feed>'.encode()

    server.tell("/more", answer(b"<feed/>"))
    url = server.tell("/index", answer(long(2000)), answer(long(2003)))
    first = fetched(url, {})
    server.asked.clear()
    assert len(fetched(url, first.cursor).alerts) == 1200 and len(server.asked) == 1


def test_a_further_page_of_a_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "index.atom"
    path.write_text(
        f'<feed xmlns="http://www.w3.org/2005/Atom"><link rel="prev-archive" href="1.xml"/>'
        f"<entry>{alert().decode()}</entry></feed>"
    )
    found = cap.fetch(cap.Options(path=path), {})
    assert (len(found.alerts), len(found.notices)) == (1, 1) and "further page" in found.notices[0]


@pytest.mark.parametrize("link", ["http://169.254.169.254/secrets", "file:///etc/passwd", "gopher://x/"])
def test_an_index_does_not_lead_to_other_machines(server: Any, answer: Any, link: str) -> None:
    broken, = fetched(server.tell("/index", answer(index(server, link))), {}).records
    assert isinstance(broken, Broken)
    assert "refused" in broken.reason


def test_a_named_host_is_followed_without_the_configured_headers(server: Any, answer: Any) -> None:
    server.tell("/1.cap", answer(alert("one")))
    away = server.url("/1.cap").replace("127.0.0.1", "localhost")
    url = server.tell("/index", answer(index(server, away)))
    found = fetched(url, {}, hosts=("localhost",), headers={"X-Key": "secret"})
    assert only(told(found)).identifier == "one"
    assert [headers.get("x-key") for _, headers in server.asked] == ["secret", None]


def test_a_recorded_index_of_links_needs_its_host_named(data: Path) -> None:
    found = read(data / "index.rss")
    assert [one.reason for one in found if isinstance(one, Broken)] == [
        "the entry links to www.nyalert.gov; if that is right, add it to 'hosts'"
    ] * 2


def test_a_named_dead_link_costs_one_alert_and_not_the_feed(server: Any, answer: Any) -> None:
    server.tell("/1.cap", answer(alert("one")))
    url = server.tell("/index", answer(index(server, "/1.cap", "/dead.cap", "/page")))
    server.tell("/page", answer(b"<html/>"))
    first = fetched(url, {})
    found, dead, page = told(first)
    assert isinstance(found, Alert) and isinstance(dead, Broken) and isinstance(page, Broken)
    assert dead.place.endswith("/index entry 2") and "answers 404" in dead.reason
    assert page.reason.endswith("<html> is no CAP alert")
    second = fetched(url, first.cursor)
    assert (second.kept, [type(one) for one in told(second)]) == (1, [Broken, Broken])


RSS = """<rss version="2.0"><channel><item><guid isPermaLink="false">{guid}</guid><link>{link}</link>
<pubDate>{pubDate}</pubDate></item></channel></rss>"""
ITEM = {"guid": "1", "link": "/1.cap", "pubDate": "Sun, 08 Mar 2026 07:00:00 GMT"}


@pytest.mark.parametrize("moved", [
    {}, {"pubDate": "Sun, 08 Mar 2026 08:00:00 GMT"}, {"guid": "2"}, {"link": "/1.cap?v=2"},
])  # fmt: skip
def test_an_item_that_moved_is_read_again(server: Any, answer: Any, moved: dict[str, str]) -> None:
    again = {**ITEM, **moved}
    server.tell("/1.cap", answer(alert("one")))
    server.tell("/1.cap?v=2", answer(alert("one")))
    before, after = RSS.format(**ITEM).encode(), RSS.format(**again).encode() + b" "
    url = server.tell("/rss", answer(before), answer(after))
    second = fetched(url, fetched(url, {}).cursor)
    assert (len(second.alerts), second.kept) == ((1, 0) if moved else (0, 1))


@pytest.mark.parametrize("moment", ["updated", "published"])
def test_an_entry_that_moved_is_read_again(server: Any, answer: Any, moment: str) -> None:
    server.tell("/1.cap", answer(alert("one")))
    told_ = [f"<{moment}>2026-03-0{day}</{moment}>" for day in (8, 9)]
    url = server.tell("/index", *(answer(index(server, "/1.cap", updated=text)) for text in told_))
    first = fetched(url, {})
    assert [len(fetched(url, cursor).alerts) for cursor in (first.cursor, first.cursor)] == [1, 1]


def test_what_is_behind_an_entry_without_a_date_is_asked_whether_it_has_moved(
    server: Any, answer: Any
) -> None:
    url = server.tell("/index", answer(index(server, "/1.cap", updated=""), headers={"ETag": "i"}))
    first = answer(alert("one"), headers={"ETag": "1"})
    server.tell("/1.cap", first, answer(status=304), answer(alert("two")))
    found, cursor = [], {}
    for _ in range(3):
        fetch = fetched(url, cursor)
        found.append(([one.identifier for one in fetch.alerts], fetch.kept))
        cursor = dict(fetch.cursor)
    assert found == [(["one"], 0), ([], 1), (["two"], 0)]
    assert server.asked[3][1]["if-none-match"] == "1"


def test_an_entry_that_has_gone_leaves_nothing_in_the_cursor(server: Any, answer: Any) -> None:
    for path in ("/1.cap", "/2.cap"):
        server.tell(path, answer(alert(path[1])))
    both, one = index(server, "/1.cap", "/2.cap"), index(server, "/2.cap")
    url = server.tell("/index", answer(both), answer(one))
    first = fetched(url, {})
    second = fetched(url, first.cursor)
    assert [len(fetch.cursor["seen"].split()) for fetch in (first, second)] == [2, 1]


@pytest.mark.parametrize("entry", [
    '<link href="{}"/>', '<link rel="self" href="/x"/><link href="{}"/>',
    '<link href="/x"/><link rel="alternate" type="application/cap+xml" href="{}"/>',
    '<link href="/x"/><enclosure type="application/cap+xml" url="{}"/>',
    '<content type="application/cap+xml" src="{}"/>', '<link href="/x"/><gdacs:cap>{}</gdacs:cap>',
])  # fmt: skip
def test_where_an_entry_leads(server: Any, answer: Any, entry: str) -> None:
    server.tell("/in/1.cap", answer(alert("one")))
    for link in ("1.cap", "/in/1.cap", server.url("/in/1.cap")):
        content = f"""<feed xmlns="http://www.w3.org/2005/Atom" xmlns:gdacs="http://www.gdacs.org"><entry>
            <updated>2026-03-08</updated>{entry.format(link)}</entry></feed>"""
        assert only(told(fetched(server.tell("/in/index", answer(content.encode())), {}))).identifier == "one"


def test_a_link_is_relative_to_the_base_that_the_index_names(server: Any, answer: Any) -> None:
    server.tell("/in/1.cap", answer(alert("one")))
    content = index(server, "1.cap").replace(b"<feed ", b'<feed xml:base="/in/" ')
    assert only(told(fetched(server.tell("/index", answer(content)), {}))).identifier == "one"
