"""Words of an alphabet are whole words unless their file says otherwise; Chinese ones stand anywhere."""

from __future__ import annotations

from importlib.resources import files

import pytest

from engine.charter.folding import plain, readings
from engine.charter.judgement import ACTS, PEOPLE, REFUSED
from engine.charter.lexicon import Found, _found, _standing, first, says
from engine.charter.terms import Terms, fillers, terms, written

EVERY = (*PEOPLE, *ACTS, "identity")
FILES = sorted(path.name.removesuffix(".txt") for path in (files("engine.charter") / "terms").iterdir())


@pytest.mark.parametrize(("text", "meaning"), [
    ("ID number", "identity"), ("Medborgarskap", "origin"), ("事件涉及民族", "ethnicity"),
    ("第一次 上 访", "petition"), ("falun_gong", "faith"), ("PoliticalView", "opinion"),
    ("the letters and the visits", "petition"), ("demon stration", "assembly"), ("petittion", "petition"),
    ("petitoin", "petition"), ("numPetitionsFiled", "petition"), ("Moskébesökare", "worship"),
])  # fmt: skip
def test_a_refused_term_is_found_with_its_meaning(text: str, meaning: str) -> None:
    found = first(text, EVERY)
    assert found is not None and found.meaning == meaning


@pytest.mark.parametrize("text", [
    "number of idle cars", "embrace", "original", "Churchill", "民", "消防站", "competition", "protect",
    "in March", "strike a match", "lightning strikes", "线上访问", "登记者", "警示威胁", "left is right",
    "发生日期", "發生日期", "発生日時", "発生年月日", "产生日期",
])  # fmt: skip
def test_parts_of_words_and_honest_phrases_are_not_found(text: str) -> None:
    assert first(text, EVERY) is None


def test_an_honest_phrase_hides_only_itself() -> None:
    assert first("church fire", EVERY) is None
    assert first("church fire and church service", EVERY) == Found(
        "worship", "church", "church", ("service",)
    )
    assert says("church fire", ["worship"])


def test_a_term_that_must_be_the_whole_text_is_found_alone() -> None:
    assert first("strike", ["assembly"]) and first("STRIKE", ["assembly"])
    assert first("strike of a bell", ["assembly"]) is None


def test_a_stem_finds_its_words() -> None:
    of = Terms()
    for term in ("fire*", "*storm", "*flood*", "gas leak*", "雪", "*寺"):
        of.add(term)
    assert [of.in_word(word) for word in ("firing", "fires", "snowstorm", "storms", "reflooded")] == [
        None, "fire", "storm", None, "flood",
    ]  # fmt: skip
    assert of.in_row(("gas", "leaking")) and not of.in_row(("gas", "pipe", "leak"))
    assert list(of.in_characters("大雪山寺")) == [(1, "雪"), (3, "寺")]


@pytest.mark.parametrize("meaning", FILES)
def test_every_term_finds_itself_in_any_case_and_width(meaning: str) -> None:
    if meaning in ("honest", "filler", "real"):
        return
    for term in written(meaning):
        text = term.strip("*=")
        for spelt in (text, text.upper(), "".join(_wide(mark) for mark in text)):
            assert says(spelt, [meaning]), (term, spelt)


def _spelt(term: str) -> list[str]:
    """A term as it is, in a sentence, in pieces, and with a slip of the hand."""
    middle = len(term) // 2
    return [
        term, f"the {term} and more", f"{term}s", f"{term[:middle]} {term[middle:]}", f"un{term}ing",
        term[:middle] + term[middle + 1 :], term[:middle] + term[middle : middle + 1] + term[middle:],
    ]  # fmt: skip


@pytest.mark.parametrize("meaning", FILES)
def test_no_term_is_missed_where_only_words_are_looked_at_that_could_begin_one(meaning: str) -> None:
    for term in list(written(meaning))[::7]:
        for text in _spelt(term.strip("*=")):
            for words in readings(plain(text)):
                everywhere = [one for of in EVERY for one in _standing(words, of, range(len(words)))]
                assert list(_found(words, EVERY)) == everywhere, (text, words)


def _wide(mark: str) -> str:
    return chr(ord(mark) + 0xFEE0) if "!" <= mark <= "~" else mark


def test_every_meaning_that_is_refused_has_its_terms() -> None:
    for meanings in REFUSED.values():
        for meaning in meanings:
            assert list(terms(meaning)), meaning


def test_no_honest_phrase_is_a_term_by_itself() -> None:
    """A phrase that were the term and no more would take the term out of the charter."""
    taken = [
        (meaning, term) for meaning in EVERY for term in written(meaning)
        if not term.startswith("=") and first(term.strip("*"), [meaning]) is None
    ]  # fmt: skip
    assert taken == []


def test_fillers_are_no_terms() -> None:
    assert "of" in fillers()
    assert not [word for meaning in EVERY for word in terms(meaning).words if word in fillers()]
