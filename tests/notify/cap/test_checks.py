"""Each usual mistake is found, on its line, and nothing beside it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from engine.model.problem import Level
from engine.notify.cap.validate.checks import CHECKS
from tests.notify.cap.conftest import GOOD, told

E, W, H = Level.ERROR, Level.WARNING, Level.HINT
RING = "30.10,120.10 30.10,120.30 30.30,120.30 30.30,120.10 30.10,120.10"
SHAPE = f"<polygon>{RING}</polygon>"
NAMED = "duty@example.org,3301.storm.1,2026-03-08T07:00:00+08:00"
TEXT = "<description>Gusts up to 28 m/s until evening.</description>"
AREA = "<areaDesc>Bay</areaDesc>"
RESOURCE = "<resource><resourceDesc>map</resourceDesc><mimeType>{}</mimeType>{}</resource>\n<area>"


class Case(NamedTuple):
    """What is written instead of what; the check that tells, how, and the line's own text."""

    old: str
    new: str
    check: str
    says: str
    level: Level
    #: What stands on the line that is named.
    on: str = ""
    #: How often it is replaced.
    times: int = 1
    #: Other checks that follow from the same mistake.
    also: frozenset[str] = frozenset()


CASES = {
    # 1 moments
    "Z": Case("08:00:00+08:00</sent>", "00:00:00Z</sent>", "moment", "not as Z", E),
    "milliseconds": Case("08:00:00+08:00</sent>", "08:00:00.250+08:00</sent>", "moment", "fractions", E),
    "no offset": Case("08:00:00+08:00</sent>", "08:00:00</sent>", "moment", "offset from UTC is missing", E),
    "no such day": Case("2026-03-09T08:00:00+08:00</expires>", "2026-02-30T08:00:00+08:00</expires>",
                        "moment", "no such day", E),
    "a word": Case("2026-03-09T08:00:00+08:00</ex", "tomorrow</ex", "moment", "write it as in", E),
    # 2 order of elements
    "order": Case("<status>Actual</status>\n<msgType>Update</msgType>",
                  "<msgType>Update</msgType>\n<status>Actual</status>", "schema", "may stand <status>", E,
                  on="<msgType>"),
    "missing": Case("<scope>Public</scope>\n", "", "schema", "<scope>", E, on="<references>"),
    "twice": Case("<scope>Public</scope>", "<scope>Public</scope>\n<scope>Private</scope>", "schema",
                  "may not stand here", E, on="Private"),
    "unknown element": Case("<web>", "<colour>red</colour>\n<web>", "schema", "<colour> may not", E),
    "unknown value": Case("<severity>Moderate", "<severity>Grave", "schema", "none of Extreme, Severe", E),
    # 3 signs
    "blank": Case("<identifier>3301.storm.2", "<identifier>3301 storm 2", "signs", "white space", E),
    "comma": Case("<sender>duty@", "<sender>duty,centre@", "signs", "','", E),
    "ampersand": Case("<identifier>3301.storm.2", "<identifier>3301&amp;2", "signs", "'&'", E),
    "less": Case("<identifier>3301.storm.2", "<identifier>3301&lt;2", "signs", "'<'", E),
    "comment": Case("<identifier>3301.storm.2", "<identifier>3301<!-- x --> storm.2", "signs", "white", E),
    # 4, 5, 6 references
    "no references": Case(f"<references>{NAMED}</references>\n", "", "references", "nobody knows", E,
                          on="<alert"),
    "itself": Case("3301.storm.1,2026-03-08T07", "3301.storm.2,2026-03-08T08", "reference", "itself", E),
    "later": Case("storm.1,2026-03-08T07", "storm.1,2026-03-08T09", "reference", "sent later", E),
    "two parts": Case("duty@example.org,3301.storm.1,", "3301.storm.1,", "reference", "is no sender", E),
    "reference in Z": Case("07:00:00+08:00</ref", "07:00:00Z</ref", "reference", "not as Z", E),
    "named twice": Case("+08:00</references>", f"+08:00 {NAMED}</references>", "reference", "named twice", W),
    "empty references": Case(f">{NAMED}<", "><", "empty",
                             "<references> is empty", E),
    "empty geocode": Case("<value>330100</value>", "<value/>", "empty", "<geocode> without a value", E),
    "empty": Case("<contact>duty centre</contact>", "<contact/>", "empty", "leave it out", H),
    "alert with references": Case("<msgType>Update", "<msgType>Alert", "references", "is an Update", H,
                                  on="<references>"),
    # 7 polygons
    "few points": Case(RING, "30.1,120.1 30.2,120.2 30.1,120.1", "polygon", "at least 4", E),
    "not closed": Case(RING, RING[:-12] + "30.20,120.10", "polygon", "not closed", E),
    "crossing": Case(RING, "30.1,120.1 30.3,120.3 30.3,120.1 30.1,120.3 30.1,120.1", "polygon",
                     "crosses", E),
    "swapped": Case(RING, "120.1,30.1 120.1,30.3 120.3,30.3 120.3,30.1 120.1,30.1", "polygon",
                    "longitude before latitude", E),
    "nowhere": Case(RING, "30.1,220.1 30.1,220.3 30.3,220.3 30.3,220.1 30.1,220.1", "polygon", "nowhere", E),
    "line break": Case("30.10,120.30 30.30,120.30", "30.10,120.30\n30.30,120.30", "polygon", "lines", W,
                       on="<polygon>"),
    "letters": Case("30.10,120.30 ", "30.10;120.30 ", "polygon", "no lat,lon", E),
    "overlapping": Case(SHAPE, f"{SHAPE}\n<polygon>30.2,120.2 30.2,120.4 30.4,120.4 30.2,120.2</polygon>",
                        "overlap", "line 30", H, on="<polygon>30.2,"),
    "side by side": Case(SHAPE, f"{SHAPE}\n<polygon>30.1,120.3 30.1,120.4 30.3,120.3 30.1,120.3</polygon>",
                         "", "", E),
    # 8 circles
    "radius 0": Case(AREA, AREA + "\n<circle>30.1,120.1 0</circle>", "circle", "warns nobody", W,
                     on="<circle>", also=frozenset({"schema"})),
    "no radius": Case(SHAPE, "<circle>30.1,120.1</circle>", "circle", "no 'lat", E),
    "metres": Case(SHAPE, "<circle>30.1,120.1 25000</circle>", "circle", "kilom", E),
    # 9 the event's place
    "yard": Case(RING, "30.1,120.1 30.1,120.10001 30.10001,120.1 30.1,120.1", "polygon", "whom to warn", W),
    "point": Case(SHAPE, "<circle>30.1,120.1 0.01</circle>", "circle", "whom to warn", W),
    # 10 what people ask first
    "no expires": Case("<expires>2026-03-09T08:00:00+08:00</expires>\n", "", "expires", "this is over", W,
                       on="<info>"),
    "no description": Case(TEXT + "\n", "", "told", "<description> is missing", W, on="<info>"),
    "no web": Case("<web>https://example.org/storm</web>\n", "", "told", "<web> is missing", W, on="<info>"),
    "no contact": Case("<contact>duty centre</contact>\n", "", "told", "<contact> would", H, on="<info>"),
    "name only": Case(f"<polygon>{RING}</polygon>\n<geocode><valueName>GB/T 2260</valueName>"
                      "<value>330100</value></geocode>\n", "", "area", "a name only", W, on="<area>"),
    "code only": Case(f"<polygon>{RING}</polygon>\n", "", "area", "says to everybody", H, on="<area>"),
    # 11 order of moments
    "onset": Case("<onset>2026-03-08", "<onset>2026-03-10", "order", "<onset> is after", E),
    "effective": Case("<effective>2026-03-08", "<effective>2026-03-10", "order", "<effective> is after", E),
    "over": Case("<expires>2026-03-09", "<expires>2026-03-07", "order", "over before anybody", E),
    # 12, 13 infos
    "category": Case("<category>Safety</category>", "<category>Met</category>", "alike", "<category>", W,
                     on="<info>"),
    "code": Case("<value>storm</value>", "<value>gale</value>", "alike", "<eventCode>", W, on="<info>"),
    "same text": Case("海湾大风</headline>", "Storm over the bay</headline>", "translated",
                      "the same under en-US and zh-CN", W),
    "another event": Case("<language>zh-CN</language>", "<language>en-US</language>", "event", "otherwise", H,
                          on="<event>大风"),
    # 14 headlines
    "long": Case("Storm over the bay", "Storm over the bay" * 8, "headline", "144 signs", W),
    "equal": Case("Storm over the bay", "Gusts up to 28 m/s until evening.", "headline", "are the same", W,
                  on="<headline>"),
    "instruction": Case("Stay inside.", "Gusts up to 28 m/s until evening.", "headline", "instruction", W,
                        on="<instruction>"),
    # 16 old words
    "very likely": Case("<certainty>Likely", "<certainty>Very Likely", "schema", "write Likely", E),
    "password": Case("<scope>Public", "<password>x</password>\n<scope>Public", "schema", "CAP 1.0", E),
    # 17 heights
    "ceiling": Case("330100</value></geocode>", "330100</value></geocode>\n<ceiling>300</ceiling>", "ceiling",
                    "of what", E, on="<ceiling>"),
    "below": Case("330100</value></geocode>", "330100</value></geocode>\n<altitude>9</altitude><ceiling>3"
                  "</ceiling>", "ceiling", "below", E, on="<ceiling>"),
    # 18 tests and drills
    "drill as Actual": Case("Gusts up", "This is a drill. Gusts up", "status", "the status is Actual", W),
    "演练": Case("阵风可达", "【演练】阵风可达", "status", "the status is Actual", W),
    "Test left on": Case("<status>Actual", "<status>Test", "status", "left on", W),
    "Draft left on": Case("<status>Actual", "<status>Draft", "status", "left on", W),
    "nameless exercise": Case("<status>Actual", "<status>Exercise", "status", "in <note>", W),
    # 19 offsets
    "no such offset": Case("08:00:00+08:00</sent>", "08:00:00+08:07</sent>", "offset", "no place on", E),
    "half hour": Case("08:00:00+08:00</sent>", "08:00:00+08:30</sent>", "", "", E),
    "two offsets": Case("<onset>2026-03-08T09:00:00+08:00", "<onset>2026-03-08T09:00:00+02:00", "offset",
                        "another offset", W),
    "far": Case("+08:00</sent>", "-05:00</sent>", "offset", "lies", W, on="<polygon>"),
    "plus nought": Case("08:00:00+08:00</sent>", "00:00:00+00:00</sent>", "offset", "-00:00", H),
    "future": Case("<sent>2026-03-08", "<sent>2026-03-11", "future", "future", W,
                   also=frozenset({"order"})),
    # those of other validators
    "html": Case("Gusts up", "&lt;b&gt;Gusts&lt;/b&gt; up", "html", "no HTML", W),
    "entity": Case("Gusts up", "Gusts&amp;nbsp;up", "html", "&nbsp;", W),
    "no whole address": Case("https://example.org/storm<", "/storm<", "web", "no whole address", E),
    "on this machine": Case("https://example.org/storm<", "file:///storm.html<", "web", "no whole", E),
    "script": Case("https://example.org/storm<", "javascript:alert(1)<", "web", "no whole address", E),
    "language": Case("<language>en-US", "<language>english", "language", "write a tag", E),
    "underscore": Case("<language>en-US", "<language>en_US", "language", "write a tag", E),
    "no language": Case("<language>en-US</language>\n", "", "language", "counts as en-US", H, on="<info>"),
    "mime": Case("<area>", RESOURCE.format("png", "<uri>https://e.org/a</uri>"), "resource", "image/png", E,
                 on="<resource>"),
    "relative": Case("<area>", RESOURCE.format("image/png", "<uri>a.png</uri>"), "resource", "no whole", E,
                     on="<resource>"),
    "nothing": Case("<area>", RESOURCE.format("image/png", ""), "resource", "nobody can have it", W,
                    on="<resource>"),
    "not base64": Case("<area>", RESOURCE.format("image/png", "<derefUri>%%</derefUri>"), "resource",
                       "not base64", E, on="<resource>"),
    "size": Case("<area>", RESOURCE.format("a/b", "<size>5</size><derefUri>YWJj</derefUri>"), "resource",
                 "3 bytes", W, on="<resource>"),
    "digest": Case("<area>", RESOURCE.format("a/b", "<derefUri>YWJj</derefUri><digest>00</digest>"),
                   "resource", "SHA-1", E, on="<resource>"),
    "packed": Case("<area>", RESOURCE.format("a/b", "<uri>a.png</uri><derefUri>YWJj</derefUri><digest>"
                   "a9993e364706816aba3e25717850c26c9cd0d89d</digest>"), "", "", E),
    "restricted": Case("<scope>Public", "<scope>Restricted", "scope", "for whom", E),
    "restriction": Case("<scope>Public</scope>", "<scope>Public</scope>\n<restriction>staff</restriction>",
                        "scope", "belongs to scope Restricted", W, on="<restriction>"),
    "private": Case("<scope>Public", "<scope>Private", "scope", "<addresses>", E),
    "said twice": Case("<responseType>Prepare</responseType>", "<responseType>Prepare</responseType>\n"
                       "<responseType>Prepare</responseType>", "repeated", "stands here twice", W,
                       on="<responseType>"),
    "other version": Case(":cap:1.2", ":cap:1.1", "version", "this is CAP 1.1", E, on="<alert"),
    "no namespace": Case(' xmlns="urn:oasis:names:tc:emergency:cap:1.2"', "", "version", "is none", E,
                         on="<alert"),
}  # fmt: skip


def test_a_good_message_is_told_nothing():
    assert told(GOOD) == ()


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_mistake_is_told_on_its_line(case: Case):
    assert case.old in GOOD
    text = GOOD.replace(case.old, case.new, case.times)
    found = told(text)
    if not case.check:
        assert found == ()
        return
    told_by = [one for one in found if one.name == case.check and case.says in one.sentence]
    assert told_by, [str(one) for one in found]
    assert {one.level for one in told_by} == {case.level}
    on = case.on or case.new.splitlines()[0]
    assert on in text.splitlines()[told_by[0].line - 1]
    assert {one.name for one in found} - case.also == {case.check}, [str(one) for one in found]


def test_unknown_everywhere_is_told():
    text = GOOD
    for name, value in (("urgency", "Expected"), ("severity", "Moderate"), ("certainty", "Likely")):
        text = text.replace(f"<{name}>{value}", f"<{name}>Unknown", 1)
    (one,) = told(text)
    assert one.name == "unknown" and one.level is W
    assert told(GOOD.replace("<urgency>Expected", "<urgency>Unknown", 1)) == ()


def test_a_warning_without_info_is_told_and_a_cancel_is_not():
    start, end = GOOD.index("<info>"), GOOD.rindex("</info>") + len("</info>")
    bare = GOOD[:start] + GOOD[end:]
    assert [one.name for one in told(bare)] == ["kind"]
    assert told(bare.replace("<msgType>Update", "<msgType>Cancel")) == ()


def test_every_check_has_a_case_and_a_line_in_the_manual():
    checked = {case.check for case in CASES.values()} | {"unknown", "kind"}
    assert set(CHECKS) <= checked
    page = (Path(__file__).parents[3] / "docs" / "cap.md").read_text(encoding="utf-8")
    assert [name for name in CHECKS if f"| `{name}` |" not in page] == []


@pytest.mark.parametrize(
    "content, says",
    [
        (b"", "not XML"),
        (b"<alert>", "not XML"),
        (b"\xff\xfe\x00", "not XML"),
        (b'<?xml version="1.0" encoding="nonsense"?><alert/>', "not XML"),
        (b"<alert>" * 300 + b"</alert>" * 300, "not XML"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><alert>&x;</alert>', "document type"),
        (b'<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd"><alert/>', "document type"),
        (b"<html/>", "neither a CAP message nor an index"),
        (b" " * (21 << 20), "larger than"),
    ],
)  # fmt: skip
def test_what_is_no_message_is_refused(content: bytes, says: str):
    (one, *_) = told(content)
    assert says in one.sentence and one.level is E


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_other_encodings_are_read_and_a_document_type_is_refused_on_its_line(encoding: str):
    text = GOOD.replace("UTF-8", encoding, 1)
    assert told(text.encode(encoding)) == ()
    typed = text.replace("?>\n", "?>\n<!-- a\nb -->\n<!DOCTYPE alert SYSTEM 'x'>\n", 1)
    (one,) = told(typed.encode(encoding))
    assert (one.line, one.name) == (4, "xml")


def test_a_sentence_is_one_line_whatever_is_in_it():
    (one,) = told(GOOD.replace("Storm", "Storm\0", 1))
    assert one.name == "xml" and "\n" not in one.sentence


def test_an_info_that_stands_twice_is_told():
    info = GOOD[GOOD.index("<info>") : GOOD.index("</info>") + len("</info>")]
    (one,) = told(GOOD.replace(info, f"{info}\n{info}", 1))
    assert one.name == "repeated" and "<info> stands here twice" in one.sentence


def test_entities_never_grow():
    names = "abcdefghij"
    bomb = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise(names))
    (one,) = told(f'<!DOCTYPE r [<!ENTITY a "ha">{bomb}]><alert>&j;</alert>')
    assert one.name == "xml"


def test_a_message_within_another_document_is_read_on_its_own_lines():
    inner = GOOD.partition("?>\n")[2].replace("<severity>Moderate", "<severity>Grave", 1)
    text = f"<EDXLDistribution>\n\n{inner}</EDXLDistribution>"
    found = {one.name: one for one in told(text)}
    assert found["document"].level is H
    assert "Grave" in text.splitlines()[found["schema"].line - 1]
