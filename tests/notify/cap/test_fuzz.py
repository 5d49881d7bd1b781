"""Whatever is sent, the validator answers with problems and their lines, never with a crash."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from engine.notify.cap.validate import together
from engine.notify.cap.validate.document import validate
from tests.notify.cap.conftest import DATA, GOOD, NOW
from tests.notify.cap.test_index import ATOM, RSS

SIGNED = (DATA / "valid.xml").read_text(encoding="utf-8")
SOURCES = st.sampled_from([GOOD, ATOM, RSS, SIGNED, f"<x>{GOOD.partition('?>')[2]}tail</x>"])
TEXTS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co")), max_size=30),
    st.sampled_from([
        "9" * 5000, "nan,inf", "1e999,2", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "-",
        "0,0 0,0 0,0 0,0", "90,180 -90,-180 90,-180 90,180", "[", "http://[", "a,b,c d,e,f", "=", "YQ=",
    ]),
)  # fmt: skip


@given(SOURCES, st.lists(st.tuples(st.integers(0, 400), st.integers(0, 5), TEXTS), min_size=1, max_size=6))
def test_altered_documents_are_answered(source: str, changes: list[tuple[int, int, str]]):
    root = etree.fromstring(source.encode())
    for at, how, text in changes:
        elements = list(root.iter("{*}*"))
        one = elements[at % len(elements)]
        above = one.getparent()
        if how == 0 and above is not None:
            above.remove(one)
        elif how == 1 and above is not None:
            above.append(etree.fromstring(etree.tostring(one, with_tail=False)))
        elif how == 2:
            one.set("Id", text)
        elif how == 3:
            one.tag = "{urn:oasis:names:tc:emergency:cap:1.1}alert"
        else:
            one.text = text
    answered(etree.tostring(root))


@given(SOURCES, st.integers(0, 3000), st.binary(max_size=8))
def test_damaged_bytes_are_answered(source: str, at: int, piece: bytes):
    content = source.encode()
    answered(content[:at] + piece + content[at + len(piece) :])


def answered(content: bytes) -> None:
    report = validate("a", content, [], NOW)
    lines = content.count(b"\n") + 1
    assert all(1 <= one.line <= lines and one.sentence for one in report.problems)
    list(together.problems([report, report]))
