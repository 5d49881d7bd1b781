"""Generated identifiers through every connector: nothing is kept or said of them, and a leak would show."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.privacy import innocents, kinds, page
from benchmarks.privacy.leak import holds, leaks
from benchmarks.privacy.root import BROKEN, FIELDS, WRITERS
from connectors import CONNECTORS
from engine.guard.exit import enforced
from engine.guard.guard import Guard

GUARD = Guard()
SEED = 20260301


@pytest.mark.parametrize("kind", kinds.KINDS)
def test_no_identifier_passes_the_guard(kind: str) -> None:
    assert [text for text, secret in kinds.made(kind, 40, SEED) if holds(GUARD.mask(text), secret)] == []


@pytest.mark.slow
def test_no_identifier_is_kept_or_said_by_any_field_of_any_connector() -> None:
    assert list(leaks(1, SEED, files=4)) == []


@pytest.mark.soak
@pytest.mark.parametrize("kind", kinds.KINDS)
def test_nor_of_five_thousand_of_each_kind(kind: str) -> None:
    assert list(leaks(5_000, SEED, files=1, kinds=(kind,))) == []


@pytest.fixture
def unguarded(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Everything as it is, but that nothing is masked."""
    monkeypatch.setattr(Guard, "mask", lambda self, text: text)
    monkeypatch.setattr(Guard, "plain_id", lambda self, text: True)
    with enforced(Guard()):
        yield


@pytest.mark.usefixtures("unguarded")
def test_the_search_finds_what_no_guard_has_masked() -> None:
    found = {(leak.field, leak.where) for leak in leaks(3, SEED, files=1, kinds=("mobile",))}
    # A note is not read, and a severity that cannot be read is only lost.
    assert {field for field, _ in found} >= {*FIELDS, "header", "broken"} - {"note", "severity"}
    assert {where.split(" --format")[0] for _, where in found} >= {
        "log", "incident", "reject", "feed_poll", "notification", "forewarn feeds rejects", "forewarn status",
        "forewarn feeds check",
    }  # fmt: skip


def test_every_connector_is_fed() -> None:
    assert WRITERS.keys() == BROKEN.keys() == CONNECTORS.keys(), "show benchmarks/privacy/root.py the new one"


@pytest.mark.parametrize("kind", innocents.INNOCENTS)
def test_what_identifies_nobody_stays(kind: str) -> None:
    texts = list(innocents.made(kind, 300, SEED))
    assert [text for text in texts if GUARD.mask(text) != text] == []


def test_the_bundled_words_stay() -> None:
    seen = [text for number, (_, text) in enumerate(innocents.real()) if number % 20 == 0]
    assert len(seen) > 10_000
    assert [text for text in seen if GUARD.mask(text) != text] == []


def test_the_page_shows_the_figures_and_they_are_good() -> None:
    figures = json.loads(page.FIGURES.read_text(encoding="utf-8"))
    document = page.DOCUMENT.read_text(encoding="utf-8")
    assert page.written(document, figures) == document
    assert page.good(figures)
    assert figures["strings"] >= 5_000 and len(figures["passed"]) >= 60
    assert figures["passed"].keys() == kinds.KINDS.keys()
    assert figures["masked"].keys() == innocents.INNOCENTS.keys()


@pytest.mark.parametrize("part", ["passed", "masked", "found"])
def test_bad_figures_are_told_from_good_ones(part: str) -> None:
    figures = {
        "strings": 1000,
        "passed": {"a": 0},
        "masked": {"b": 0},
        "through": {"found": 0},
        "real": {"c": [9, 0]},
    }
    assert page.good(figures)
    figures[part if part != "found" else "through"] = {
        "passed": {"a": 1},
        "masked": {"b": 1},
        "found": {"found": 1},
    }[part]
    assert not page.good(figures)


@given(st.sampled_from(sorted(kinds.KINDS)), st.integers(0, 10**6), st.integers(1, 60))
def test_what_is_cut_short_holds_no_half_of_an_identifier(kind: str, seed: int, most: int) -> None:
    text, secret = next(kinds.made(kind, 1, seed))
    cut = GUARD.shorten(text, most)
    whole = GUARD.mask(text)
    assert cut == whole or cut == whole[:most] + "…"
    assert secret not in cut
