"""Indexes: what is wrong with them, with what is behind them, and with all of it together."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from engine.errors import FeedError
from engine.model.problem import Level, Problem
from engine.notify.cap.validate import inspect
from tests.notify.cap.conftest import GOOD, NOW

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom">
<id>https://example.org/cap/</id>
<title>Warnings</title>
<updated>2026-03-08T08:00:00+08:00</updated>
<author><name>duty centre</name></author>
<entry>
<id>urn:a</id>
<title>Storm</title>
<updated>2026-03-08T08:00:00+08:00</updated>
<link type="application/cap+xml" href="a.xml"/>
</entry>
<entry>
<id>urn:b</id>
<title>Storm</title>
<updated>2026-03-08T08:00:00+08:00</updated>
<link type="application/cap+xml" href="b.xml"/>
</entry>
</feed>"""
RSS = """<rss version="2.0"><channel>
<title>Warnings</title>
<link>https://example.org/</link>
<description>All of them</description>
<item>
<title>Storm</title>
<link>https://example.org/a.xml</link>
<guid>a</guid>
<pubDate>Sun, 08 Mar 2026 00:00:00 GMT</pubDate>
<enclosure type="application/cap+xml" url="https://example.org/a.xml"/>
</item>
</channel></rss>"""
OTHER = GOOD.replace("<identifier>3301.storm.2", "<identifier>0401.storm.2").replace(
    "<event>Storm", "<event>Gale"
)
BEHIND = {"a.xml": GOOD, "b.xml": OTHER}


def told(index: str, behind: Mapping[str, str] = BEHIND) -> list[Problem]:
    def follow(address: str) -> tuple[str, bytes] | None:
        name = address.rpartition("/")[2]
        if name == "down.xml":
            raise FeedError("example.org answers 404")
        return (name, behind[name].encode()) if name in behind else None

    reports, among = inspect.inspect("index", index.encode(), follow, [], NOW)
    return [*(one for report in reports for one in report.problems), *among]


def test_good_indexes_are_told_nothing():
    assert told(ATOM) == []
    assert told(RSS) == []


ATOM_CASES = {
    "no id": ("<id>https://example.org/cap/</id>\n", "", "the feed has no <id>", 1),
    "no title": ("<title>Warnings</title>\n", "", "the feed has no <title>", 1),
    "no updated": ("<updated>2026-03-08T08:00:00+08:00</updated>\n<author>", "<author>", "no <updated>", 1),
    "empty title": ("<title>Warnings</title>", "<title/>", "<title> is empty", 3),
    "no author": ("<author><name>duty centre</name></author>\n", "", "<author>", 1),
    "a date": ("T08:00:00+08:00</updated>\n<author>", "</updated>\n<author>", "no moment", 4),
    "no offset": ("+08:00</updated>\n<author>", "</updated>\n<author>", "no moment", 4),
    "entry without id": ("<id>urn:a</id>\n", "", "the entry has no <id>", 6),
    "entry without title": ("<title>Storm</title>\n", "", "the entry has no <title>", 6),
    "id twice": ("urn:b", "urn:a", "this <id> stands on line 7 already", 13),
    "no link": ('<link type="application/cap+xml" href="a.xml"/>\n', "", "neither holds", 6),
    "no type": ('type="application/cap+xml" href="a.xml"', 'href="a.xml"', "1 entries do not say", 6),
    "down": ("a.xml", "down.xml", "leads to nothing: example.org answers 404", 6),
    "two ids": ("<id>urn:a</id>", "<id>urn:a</id>\n<id>urn:c</id>", "two of <id>", 8),
}  # fmt: skip


@pytest.mark.parametrize("case", ATOM_CASES.values(), ids=ATOM_CASES)
def test_a_mistake_of_an_atom_index_is_told_on_its_line(case: tuple[str, str, str, int]):
    old, new, says, line = case
    assert old in ATOM
    found = told(ATOM.replace(old, new, 1))
    assert [(one.path, one.line) for one in found if says in one.sentence] == [("index", line)], found
    assert len(found) == 1


RSS_CASES = {
    "no title": ("<title>Warnings</title>\n", "", "the channel has no <title>", 1),
    "no description": ("<description>All of them</description>\n", "", "no <description>", 1),
    "no guid": ("<guid>a</guid>\n", "", "no <guid>", 5),
    "no date": ("<pubDate>Sun, 08 Mar 2026 00:00:00 GMT</pubDate>\n", "", "no <pubDate>", 5),
    "ISO date": ("Sun, 08 Mar 2026 00:00:00 GMT", "tomorrow morning", "RFC 822", 9),
}


@pytest.mark.parametrize("case", RSS_CASES.values(), ids=RSS_CASES)
def test_a_mistake_of_an_rss_index_is_told_on_its_line(case: tuple[str, str, str, int]):
    old, new, says, line = case
    assert old in RSS
    (one,) = told(RSS.replace(old, new, 1))
    assert says in one.sentence and one.line == line


def test_messages_behind_an_index_are_checked_each():
    found = told(
        ATOM, {"a.xml": GOOD.replace("<severity>Moderate", "<severity>Grave", 1), "b.xml": "<html/>"}
    )
    assert [(one.path, one.name) for one in found] == [
        ("a.xml", "schema"), ("b.xml", "document"), ("index", "link"),
    ]  # fmt: skip


def test_what_cannot_be_looked_at_is_told_and_is_no_mistake():
    (one,) = told(ATOM, {})
    assert one.level is Level.HINT and "2 messages" in one.sentence


def test_messages_held_by_an_index_are_checked_in_it():
    inner = GOOD.partition("?>\n")[2]
    held = ATOM.replace('<link type="application/cap+xml" href="a.xml"/>', f"<content>{inner}</content>")
    assert told(held) == []
    (one,) = told(held.replace("<severity>Moderate", "<severity>Grave", 1))
    assert one.name == "schema" and "Grave" in held.replace("Moderate", "Grave").splitlines()[one.line - 1]


def test_an_identifier_that_two_messages_bear_is_told():
    (one,) = told(ATOM, {"a.xml": GOOD, "b.xml": GOOD})
    assert (one.path, one.name) == ("b.xml", "identifier") and "a.xml has this identifier" in one.sentence
    later = GOOD.replace("08:00:00+08:00</sent>", "08:00:01+08:00</sent>")
    found = told(ATOM, {"a.xml": GOOD, "b.xml": later})
    assert ["another moment" in one.sentence for one in found if one.name == "identifier"] == [True]


FIRST = GOOD.replace("storm.2</", "storm.1</").replace("Update", "Alert").replace(
    "<references>duty@example.org,3301.storm.1,2026-03-08T07:00:00+08:00</references>\n", ""
).replace("T08:00:00+08:00</sent>", "T07:00:00+08:00</sent>")  # fmt: skip
THIRD = GOOD.replace("storm.2</", "storm.3</").replace("T08:00:00+08:00</sent>", "T08:30:00+08:00</sent>")


def test_an_update_that_leaves_out_what_has_not_expired_is_told():
    entry = ATOM[ATOM.index("<entry>") : ATOM.index("</entry>") + len("</entry>")]
    third = entry.replace("urn:a", "urn:c").replace("a.xml", "c.xml")
    atom = ATOM.replace("</feed>", f"{third}</feed>")
    found = told(atom, {"a.xml": FIRST, "b.xml": GOOD, "c.xml": THIRD})
    assert [(one.path, one.name) for one in found] == [("c.xml", "references")]
    assert "3301.storm.2" in found[0].sentence
    both = THIRD.replace(
        "</references>", " duty@example.org,3301.storm.2,2026-03-08T08:00:00+08:00</references>"
    )
    assert told(atom, {"a.xml": FIRST, "b.xml": GOOD, "c.xml": both}) == []
    over = GOOD.replace("<expires>2026-03-09T08:00", "<expires>2026-03-08T08:20").replace("T09:00", "T08:00")
    assert told(atom, {"a.xml": FIRST, "b.xml": over, "c.xml": THIRD}) == []
