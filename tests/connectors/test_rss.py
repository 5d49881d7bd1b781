"""RSS and Atom entries as records: whatever each dialect calls its fields, wherever it writes the place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connectors import rss
from engine.errors import FeedError
from engine.model.feed import Record

SPACES = (
    'xmlns:geo="http://www.w3.org/2003/01/geo/wgs84_pos#" xmlns:georss="http://www.georss.org/georss"'
    ' xmlns:gml="http://www.opengis.net/gml" xmlns:q="urn:quakes" xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
RING = "50 10 50 12 52 12 50 10"


def read(path: Path, text: str) -> list[dict[str, Any]]:
    path.write_text(text)
    found = rss.fetch(rss.Options(path=path), {}).records
    return [dict(one.fields) for one in found if isinstance(one, Record)]


def entry(path: Path, inside: str) -> dict[str, Any]:
    channel = f"<channel><item>{inside}</item></channel>"
    (found,) = read(path / "t.xml", f'<rss {SPACES} version="2.0">{channel}</rss>')
    return found


def test_an_entry_of_rss(tmp_path: Path) -> None:
    found = entry(tmp_path, """<title>Quake near  Ås</title><guid isPermaLink="false">EQ1</guid>
        <link>https://example.org/eq1</link><pubDate>Sun, 01 Mar 2026 08:00:00 GMT</pubDate>
        <description>Magnitude 5</description><category>quake</category><category>green</category>
        <geo:Point><geo:lat>61</geo:lat><geo:long>11.5</geo:long></geo:Point>
        <q:alert>Orange</q:alert><q:size unit="M" value="5.1">Five</q:size>""")  # fmt: skip
    plain = ("id", "title", "link", "published", "updated", "summary", "category", "lat", "lon", "alert")
    assert [found[name] for name in plain] == [
        "EQ1", "Quake near Ås", "https://example.org/eq1", "2026-03-01T08:00:00+00:00",
        "2026-03-01T08:00:00+00:00", "Magnitude 5", ["quake", "green"], "61", "11.5", "Orange",
    ]  # fmt: skip
    assert (found["size@value"], found["Point"]["lat"]) == ("5.1", "61")


def test_an_entry_of_atom_and_of_rdf(tmp_path: Path) -> None:
    atom, = read(tmp_path / "a.xml", f"""<feed xmlns="http://www.w3.org/2005/Atom" {SPACES}>
        <updated>2026-03-02T00:00:00Z</updated><entry><id>urn:1</id><link href="https://example.org/1"/>
        <link rel="enclosure" href="https://example.org/2"/><updated>2026-03-01T09:00:00Z</updated>
        <published>2026-03-01T08:00:00Z</published><title>T</title></entry></feed>""")  # fmt: skip
    assert (atom["id"], atom["link"]) == ("urn:1", "https://example.org/1")
    assert (atom["published"], atom["updated"]) == ("2026-03-01T08:00:00Z", "2026-03-01T09:00:00Z")
    rdf, = read(tmp_path / "r.xml", f"""<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        xmlns="http://purl.org/rss/1.0/" {SPACES}><item r:about="https://example.org/3"><title>T</title>
        <dc:date>2026-03-01</dc:date></item></r:RDF>""")  # fmt: skip
    assert (rdf["id"], rdf["published"]) == ("https://example.org/3", "2026-03-01")


def test_a_recorded_feed_of_disasters(data: Path) -> None:
    found = [dict(one.fields) for one in rss.fetch(rss.Options(path=data / "gdacs.rss"), {}).records
             if isinstance(one, Record)]  # fmt: skip
    drought = found[0]
    assert [one["id"] for one in found] == ["DR1012728", "EQ1200043", "TC1000642"]
    assert (drought["lat"], drought["lon"]) == ("-22.932", "22.348")
    assert [drought[name] for name in ("published", "eventtype", "alertlevel", "severity@value")] == [
        "2019-12-30T00:17:00+00:00", "DR", "Orange", "1775934",
    ]  # fmt: skip


@pytest.mark.parametrize(("inside", "place"), [
    ("<georss:point>61 11</georss:point>", {"lat": "61", "lon": "11"}),
    ("<geo:lat>61</geo:lat><geo:lon>11</geo:lon>", {"lat": "61", "lon": "11"}),
    ("<gml:Point><gml:pos>61 11</gml:pos></gml:Point>", {"lat": "61", "lon": "11"}),
    (f"<georss:polygon>{RING}</georss:polygon>", {"polygon": ["50,10 50,12 52,12 50,10"]}),
    (f"<gml:posList>{RING}</gml:posList>", {"polygon": ["50,10 50,12 52,12 50,10"]}),
    ("<gml:LineString><gml:posList>50 10 50 12 52 12 53 13</gml:posList></gml:LineString>", {"polygon": []}),
    ("<georss:box>50 10 52 12</georss:box>", {"polygon": ["50,10 50,12 52,12 52,10 50,10"]}),
    ("<georss:circle>61 11 5000</georss:circle>", {"circle": ["61,11 5.0"]}),
    ("<georss:point>nowhere</georss:point>", {"polygon": [], "circle": []}),
])  # fmt: skip
def test_a_place_by_every_way(tmp_path: Path, inside: str, place: dict[str, Any]) -> None:
    found = entry(tmp_path, inside)
    assert {name: found[name] for name in place} == place
    assert ("lat" in found) is ("lat" in place)


@pytest.mark.parametrize(("told", "read_as"), [
    ("Sun, 01 Mar 2026 08:00:00 +0100", "2026-03-01T08:00:00+01:00"),
    ("Sun, 01 Mar 2026 08:00:00 EST", "2026-03-01T08:00:00-05:00"),
    ("Sun, 01 Mar 2026 08:00:00 -0000", "2026-03-01T08:00:00+00:00"),
    ("Sun, 01 Mar 2026 08:00:00", "2026-03-01T08:00:00"),
    ("Sun, 01 Mar 2026 08:00:00 CEST", "Sun, 01 Mar 2026 08:00:00 CEST"),
    ("2026-03-01T08:00:00Z", "2026-03-01T08:00:00Z"),
    ("soon", "soon"),
])  # fmt: skip
def test_moments_as_rss_writes_them(tmp_path: Path, told: str, read_as: str) -> None:
    assert entry(tmp_path, f"<pubDate>{told}</pubDate>")["published"] == read_as


@pytest.mark.parametrize(("text", "said"), [
    ("<html><body>Log in</body></html>", "<html> is no RSS or Atom feed"), ("", "not XML"),
    ('<!DOCTYPE rss [<!ENTITY a "b">]><rss/>', "refused"),
])  # fmt: skip
def test_what_is_no_feed_is_a_failed_poll(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(FeedError, match=said):
        read(tmp_path / "t.xml", text)
    assert read(tmp_path / "t.xml", "<rss><channel/></rss>") == []


class Pages:
    """A source that tells of numbers, the newest first, three to a page."""

    def __init__(self, server: Any, answer: Any) -> None:
        self._server, self._answer, self.cursor = server, answer, dict[str, str]()

    def hold(self, numbers: int, gone: int = 0) -> None:
        told = [*range(numbers, gone, -1)]
        pages = [told[at : at + 3] for at in range(0, len(told), 3)] or [[]]
        for number, page in enumerate(pages, start=1):
            link = f'<link rel="next" href="?page={number + 1}"/>' if number < len(pages) else ""
            entries = "".join(f"<entry><id>{one}</id><updated>2026-03-01</updated></entry>" for one in page)
            text = f'<feed xmlns="http://www.w3.org/2005/Atom">{link}{entries}</feed>'
            path = "/feed" if number == 1 else f"/feed?page={number}"
            self._server.tell(path, self._answer(text.encode()))

    def poll(self, **options: Any) -> tuple[list[int], Any]:
        self._server.asked.clear()
        asked = rss.Options(url=self._server.url("/feed"), retries=0, networks=("127.0.0.0/8",), **options)
        found = rss.fetch(asked, self.cursor)
        self.cursor = dict(found.cursor)
        return [int(one.fields["id"]) for one in found.records if isinstance(one, Record)], found


@pytest.fixture
def pages(server: Any, answer: Any) -> Pages:
    return Pages(server, answer)


def test_further_pages_are_read_down_to_what_is_known(pages: Pages, server: Any) -> None:
    pages.hold(7)
    first, found = pages.poll()
    assert (first, found.notices, found.more) == ([7, 6, 5, 4, 3, 2, 1], [], False)
    pages.hold(11)
    told, found = pages.poll()
    assert told[0] == 11 and set(told) >= {11, 10, 9, 8, 7} and len(server.asked) < 4
    assert found.more, "what lies beyond is not gone"
    assert pages.poll()[1].unchanged


def test_pages_that_do_not_reach_what_is_known_are_a_failed_poll(pages: Pages) -> None:
    pages.hold(9)
    told, found = pages.poll(pages=2)
    assert told == [9, 8, 7, 6, 5, 4]
    assert "page 2 is the last that may be read at once; it goes on" in found.notices[0]
    pages.hold(40)
    before = pages.cursor
    with pytest.raises(FeedError, match="page 2 does not reach what was read before; raise `pages`"):
        pages.poll(pages=2)
    assert pages.cursor == before
    assert set(pages.poll(pages=20)[0]) >= set(range(10, 41)) and not pages.poll(pages=20)[1].notices


def test_pages_that_go_round_or_elsewhere_are_refused(server: Any, answer: Any) -> None:
    for link, said in (("/feed", "the links go round"), ("http://elsewhere.example/2", "hosts")):
        text = f'<feed xmlns="http://www.w3.org/2005/Atom"><link rel="next" href="{link}"/></feed>'
        url = server.tell("/feed", answer(text.encode()))
        with pytest.raises(FeedError, match=said):
            rss.fetch(rss.Options(url=url, retries=0), {})


@pytest.mark.parametrize(("link", "told"), [
    ('<link rel="next" href="?page=2"/>', True), ('<link rel="prev-archive" href="1.xml"/>', True),
    ('<link rel="self" href="."/>', False),
    ('<entry><id>2</id><link rel="next" href="x"/></entry>', False),
])  # fmt: skip
def test_a_further_page_is_told(tmp_path: Path, link: str, told: bool) -> None:
    path = tmp_path / "t.xml"
    path.write_text(f'<feed xmlns="http://www.w3.org/2005/Atom">{link}<entry><id>1</id></entry></feed>')
    found = rss.fetch(rss.Options(path=path), {})
    assert all(isinstance(one, Record) for one in (*found.records, *found.records))
    assert len(found.notices) == told and all("further page" in notice for notice in found.notices)
