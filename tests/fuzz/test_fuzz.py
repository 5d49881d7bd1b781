"""Whatever is configured, sent or answered: it ends in something that can be kept, or in a refusal in words.

Short and seeded here; `make fuzz` goes on for long with cases of its own. What it found stands in
tests/data/fuzz.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.subjects import DATA, SUBJECTS, hold

pytestmark = pytest.mark.fuzz

SEEDS = Path(__file__).parents[1] / "data/connectors"
FIELDS = ("id", "when", "where", "what", "n", "lat", "lon", "text", "deep.0.a", "caller", "", ".")

MOMENTS = (
    "2026-03-08T10:00:00Z", "2026-03-08", "8 mars 2026", "08/03/2026 25:61", "1772953200", "1e400", "46082.5",
    "-1", "0", "1900-02-29", "9999-12-31T23:59:59.999999-23:59", "0001-01-01", "2026-03-29 02:30", "3月8日",
    "二〇二六年三月八日", "下午12时", "昨天", "Sun, 08 Mar 2026 10:00:00 EST", "2026-W10-7", "now",
    "２０２６-03-08",
    "9" * 20, "2026-03-08T10:00:00+99:99", "٢٠٢٦-٠٣-٠٨",
)  # fmt: skip
PLACES = (
    "Ås", "North", "A1", "Stad", "59.3,18.1", "91,181", "nan", "10,51 10,52 11,52 10,51", "10,51 10",
    '{"type":"Point","coordinates":[11,51]}', '{"type":"Polygon","coordinates":[[[10,50],[11,51],[10,51]]]}',
    '{"type":"Polygon","coordinates":[]}', '{"type":"GeometryCollection","geometries":[{}]}', "50,11 1e9",
    '{"type":"Polygon","coordinates":[[[1e308,1e308],[-1e308,0],[0,0],[1e308,1e308]]]}',
)  # fmt: skip
ODD = ("", " ", "-", "\0", "\ud800", "a" * 300, "１２", "Brand", "190", "1.234,5", "1,2,3", "+",
       "true", "{", "[]")  # fmt: skip
text = st.one_of(st.sampled_from((*MOMENTS, *PLACES, *ODD)), st.text(max_size=12))
flat = st.one_of(
    st.none(), st.booleans(), st.integers(), st.integers(-10, 10**12), st.floats(), text,
)  # fmt: skip
value = st.recursive(
    flat,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("a0b"), inner, max_size=2)
    ),
    max_leaves=5,
)
record = st.dictionaries(st.sampled_from([*FIELDS, "deep"]), value, max_size=8)


FORMATS = ("iso", "rfc822", "epoch", "epoch_ms", "excel", "excel_1904", "zh", "%Y-%m-%d", "%d/%m/%Y %H:%M",
           "%s", "%j", "%", "%Q", "%y%y", "%z", "%Z %c", "nothing")  # fmt: skip
PATTERNS = (
    r"(?P<day>\d+) (?P<month>\w+)", r"(?P<month>\d*)(?P<day>\d*)", r"(?P<year>.+)-(?P<month>.+)-(?P<day>.+)",
    r"(?P<month>.)(?P<day>.)(?P<hour>.)?(?P<half>.)?",
)  # fmt: skip
named = st.sampled_from([name for name in FIELDS if name])
names = st.lists(named, min_size=1, max_size=3)
words = st.lists(text.filter(bool), min_size=1, max_size=2)
level = st.sampled_from(["county", "municipality"])
read = {
    "format": st.one_of(st.sampled_from(FORMATS[:-1]), st.lists(st.sampled_from(FORMATS[:-1]), min_size=1)),
    "pattern": st.sampled_from(PATTERNS),
    "zone": st.sampled_from(["UTC", "Asia/Shanghai", "America/St_Johns"]),
    "at": st.sampled_from(["00:00", "23:59"]),
}  # fmt: skip
moment = st.one_of(
    st.fixed_dictionaries({"field": named}, optional=read),
    st.fixed_dictionaries({"fields": names}, optional=read),
)
place = st.one_of(
    st.fixed_dictionaries(
        {"code": named},
        optional={"prefix": text, "width": st.integers(1, 24), "separator": st.sampled_from(",;| ")},
    ),
    st.fixed_dictionaries({"name": named}, optional={"within": named, "level": level}),
    st.fixed_dictionaries({"point": st.lists(named, min_size=1, max_size=2)},
                          optional={"reach": st.floats(0.1, 200), "level": level}),
    st.fixed_dictionaries({"shape": names, "level": level}),
    st.fixed_dictionaries({"fixed": st.sampled_from(["A", ["A", "B1"], "X"])}),
)  # fmt: skip
category = st.one_of(
    st.fixed_dictionaries({"field": named, "scheme": st.sampled_from(["desk", "cameo"])}),
    st.fixed_dictionaries({"fixed": st.sampled_from(["fire", "assembly", "abuse"])}),
    st.fixed_dictionaries({"fields": names, "keywords": st.lists(st.fixed_dictionaries(
        {"any": words, "category": st.just("fire")}, optional={"all": words, "none": words}
    ), min_size=1, max_size=2)}),
)  # fmt: skip
condition = st.one_of(
    st.fixed_dictionaries({"field": named, "equals": words}),
    st.fixed_dictionaries({"field": named, "starts": words}),
)
severity = st.one_of(
    st.fixed_dictionaries({"field": named, "table": st.dictionaries(text, st.integers(0, 4), min_size=1)}),
    st.fixed_dictionaries({"field": named, "bounds": st.lists(st.floats(-9, 1e300), min_size=1, max_size=4)}),
)


def or_several(one: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(one, st.lists(one, min_size=1, max_size=3))


REQUIRED = {
    "source_id": or_several(named), "occurred_at": st.one_of(or_several(moment), st.just({"reported": True})),
    "place": or_several(place), "category": or_several(category),
}  # fmt: skip
OPTIONAL = {
    "revision_of": named, "aliases": names, "ended_at": moment, "known_at": moment, "zone": read["zone"],
    "ahead": st.sampled_from(["1h", "3d"]), "severity": severity,
    "measures": st.dictionaries(st.sampled_from(["loss", "dead"]), named, max_size=2),
    "numbers": st.sampled_from([{"decimal": ",", "thousands": "."}, {"thousands": ","}]),
    "empty": words, "keep_text": st.just(True), "withdrawn": condition, "skip": or_several(condition),
}  # fmt: skip


@st.composite
def mapping(draw: st.DrawFn) -> Any:
    """A grammatical mapping; one time in five with something that is none."""
    found: dict[str, Any] = {key: draw(part) for key, part in REQUIRED.items()}
    for key in draw(st.lists(st.sampled_from(sorted(OPTIONAL)), max_size=5, unique=True)):
        found[key] = draw(OPTIONAL[key])
    if draw(st.integers(0, 4)) == 0:
        found[draw(st.sampled_from([*REQUIRED, *OPTIONAL]))] = draw(value)
    return found


@given(map_=mapping(), fields=record)
def test_a_mapping_and_a_record(map_: Any, fields: Any) -> None:
    hold("mapping", {"map": map_, "record": fields})


@given(moment_=moment, fields=record, latest=st.datetimes())
def test_a_moment(moment_: Any, fields: Any, latest: Any) -> None:
    hold("moment", {"moment": moment_, "fields": fields, "latest": f"{latest.isoformat()}+00:00"})


CAPS = [path.read_bytes().decode("latin-1") for path in sorted(SEEDS.iterdir()) if path.suffix in (
    ".cap", ".atom", ".rss"
)]  # fmt: skip
PIECES = (
    "<area>", "</area>", "<polygon>1,2</polygon>", "<circle>1,2 x</circle>",
    "<references>a,b,2026-01-01T00:00:00-00:00",
    "<sent/>", "<sent>2026-99-99</sent>", "<info>", "</info>", '<link href="http://[::1"/>',
    '<link href="//x:y/"/>',
    "<entry>", "</entry>", "<item><link>\u00e5:</link></item>", "&amp;", "&x;",
    "<!DOCTYPE a [<!ENTITY x 'y'>]>",
    "<![CDATA[", "]]>", "<msgType>Cancel</msgType>", "<expires>0001-01-01T00:00:00+23:59</expires>",
    "\x00", "<",
    "<geocode><valueName/></geocode>", "<parameter/>", "<category>\x7f</category>", "<?xml version='1.1'?>",
)  # fmt: skip


@st.composite
def document(draw: st.DrawFn) -> str:
    """A good document with pieces put in, taken out or doubled."""
    found = draw(st.sampled_from(CAPS))
    for _ in range(draw(st.integers(1, 5))):
        at, cut = draw(st.integers(0, len(found))), draw(st.integers(0, 40))
        put = draw(st.one_of(st.sampled_from(PIECES), st.just(found[at : at + 300])))
        found = found[:at] + put + found[at + cut :]
    return found


@given(content=document(), follow=st.booleans())
def test_an_alert(content: str, follow: bool) -> None:
    hold("alerts", {"content": content.encode("latin-1", "replace").decode("latin-1"), "follow": follow})


ADDRESSES = ("?p=2", "/b", "//other.example/", "http://[::1", "https://x.example:99999/", "https://u:p@x.example",
             "a b", "javascript:x", "\ud800", "https://x.example/a", "2", "?",
             "https://x\u2100.example/")  # fmt: skip
PATHS = ("", "r", "a.b", "next", "links", "more")
page = st.one_of(
    st.text(max_size=6),
    st.dictionaries(st.sampled_from(["r", "a", "next", "links", "more", "error", "ok", "total"]), st.one_of(
        value, st.sampled_from(ADDRESSES),
        st.lists(st.dictionaries(st.just("id"), st.integers(0, 9)), max_size=3),
        st.lists(st.fixed_dictionaries({"rel": st.just("next"), "href": st.sampled_from(ADDRESSES)})),
    ), max_size=4).map(json.dumps),
)  # fmt: skip
answer = st.fixed_dictionaries({
    "status": st.sampled_from([200, 200, 200, 404, 500]), "body": page,
    "following": st.sampled_from(["", *ADDRESSES]),
})  # fmt: skip
ways = st.one_of(
    st.fixed_dictionaries({"next": st.sampled_from(PATHS[1:])}, optional={"empty_ends": st.booleans()}),
    st.fixed_dictionaries({"link": st.just(True)}),
    st.fixed_dictionaries({"cursor": st.fixed_dictionaries(
        {"field": st.sampled_from(PATHS[1:]), "parameter": st.sampled_from(["c", "å&="])},
        optional={"more": st.sampled_from(PATHS)},
    )}),
    st.fixed_dictionaries({"page": st.sampled_from(["p", "offset"])}, optional={
        "first_page": st.integers(0, 2), "step": st.integers(1, 3),
    }),
    st.fixed_dictionaries({"offset": st.just("o")}, optional={"step": st.integers(1, 3)}),
)  # fmt: skip
more = st.fixed_dictionaries({"records": st.sampled_from(PATHS), "pages": st.integers(1, 4)}, optional={
    "total": st.sampled_from(PATHS), "not_empty": st.booleans(),
})  # fmt: skip
paged = st.builds(lambda way, rest: {**way, **rest}, ways, more)


@given(options=paged, answers=st.lists(answer, min_size=1, max_size=6))
def test_pages(options: Any, answers: Any) -> None:
    hold("paging", {"options": options, "answers": answers})


SAVED = [
    (path.stem, number, one["case"])
    for path in sorted(DATA.glob("*.json")) if path.stem in SUBJECTS
    for number, one in enumerate(json.loads(path.read_text(encoding="utf-8")), start=1)
]  # fmt: skip


@pytest.mark.parametrize(("name", "number", "case"), SAVED, ids=lambda one: str(one)[:20])
def test_what_was_found_once(name: str, number: int, case: Any) -> None:
    SUBJECTS[name](case)
