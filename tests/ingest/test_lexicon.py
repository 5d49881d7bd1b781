"""Words of an alphabet are whole words; Chinese ones stand anywhere."""

from __future__ import annotations

import pytest

from engine.ingest import lexicon


@pytest.mark.parametrize(("text", "expected"), [
    ("CountryOfOrigin", " country of origin "), ("country_of-origin2", " country of origin "),
    ("Actor1EthnicCode", " actor ethnic code "), ("ＩＤ号", " id号 "), ("", "  "),
])  # fmt: skip
def test_the_words_of_a_name(text: str, expected: str) -> None:
    assert lexicon.words(text) == expected


@pytest.mark.parametrize(("text", "kind"), [
    ("ID number", "person lists"), ("Medborgarskap", "origin"), ("事件涉及民族", "ethnicity"),
    ("第一次 上 访", "petitioning"), ("falun_gong", "religion"), ("PoliticalView", "opinion"),
])  # fmt: skip
def test_a_refused_term_is_found_with_its_kind(text: str, kind: str) -> None:
    found = lexicon.refused(text)
    assert found is not None and found[0] == kind


@pytest.mark.parametrize("text", ["number of idle cars", "embrace", "original", "churchill", "民", "消防站"])
def test_parts_of_words_are_not_found(text: str) -> None:
    assert lexicon.refused(text) is None


def test_every_term_finds_itself() -> None:
    for terms in (*lexicon.REFUSED.values(), lexicon.ASSEMBLY, lexicon.TRAITS):
        for term in terms:
            assert term in lexicon.found(term, terms), term
            assert term in lexicon.found(term.upper().replace(" ", "_"), terms), term
