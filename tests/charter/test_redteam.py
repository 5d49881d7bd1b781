"""Every attempt on the charter is refused, every honest entry is taken, and the page says so."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.redteam.__main__ import DOCUMENTS, PARTS, Tried, attempts, codebooks, figures, honest, written
from benchmarks.redteam.attempt import DATA, TODAY, apply, base, problems
from engine.charter.folding import chinese
from engine.charter.judgement import ACTS, PEOPLE, Kind, meaning_of
from engine.charter.terms import fillers
from engine.charter.terms import written as terms

ATTEMPTS = [(part, entry) for part, entries in attempts().items() for entry in entries]
HONEST = honest()
#: By form alone: no key, no kind of feed, no number.
BY_FORM = {"schema", "feeds", "areas", "topic-domain"}
OURS = {"charter", "protected-category", "protected-finding", "sensitive-level", "keyword-political"}
FILES = base()


def test_there_are_enough_attempts_and_honest_entries() -> None:
    halves = [part for part, _ in ATTEMPTS if part in ("first", "second")]
    assert len(halves) >= 300 and len(HONEST) >= 150
    assert tuple(attempts()) == PARTS


def test_the_honest_base_is_taken(tmp_path: Path) -> None:
    assert problems(tmp_path / "root", FILES) == []


def test_every_attempt_is_refused_by_the_charter_with_file_and_line(tmp_path: Path) -> None:
    wrong, by_form = [], 0
    for _, entry in ATTEMPTS:
        found = problems(tmp_path / "root", apply(FILES, entry))
        names = {problem.name for problem in found}
        by_form += not names & OURS and bool(names & BY_FORM)
        if not names & (OURS | BY_FORM) or not all(problem.line >= 1 and problem.path for problem in found):
            wrong.append((entry["tries"], names))
    assert wrong == [] and by_form <= 8


def test_every_honest_entry_is_taken(tmp_path: Path) -> None:
    found = [(entry["writes"], problems(tmp_path / "root", apply(FILES, entry))) for entry in HONEST]
    assert [(what, list(map(str, refused))) for what, refused in found if refused] == []


def test_the_page_says_what_is_measured() -> None:
    parts = {
        part: [Tried(entry, frozenset({"charter"})) for of, entry in ATTEMPTS if of == part] for part in PARTS
    }
    taken = [Tried(entry, frozenset()) for entry in HONEST]
    again = "run `python -m benchmarks.redteam`"
    table = [line for line in figures(parts, taken).splitlines() if not line.startswith("What refused")]
    for document, sections in DOCUMENTS.items():
        page = document.read_text(encoding="utf-8")
        if "codebooks" in sections:
            assert written(page, codebooks=codebooks()) == page, again
        assert not [line for line in table if line and line not in page], again


def test_what_was_measured_first_stays_written() -> None:
    with (DATA / "measured.csv").open(encoding="utf-8") as table:
        rows = {row["part"]: row for row in csv.DictReader(table)}
    second = sum(1 for part, _ in ATTEMPTS if part == "second")
    assert int(rows["second"]["at_first"]) / second >= 0.95


# ------------------------------------------------------------------ generated spellings
WORDS = sorted({
    term.strip("*") for meaning in (*PEOPLE, *ACTS) for term in terms(meaning)
    if term.isascii() and term.strip("*").isalpha() and len(term.strip("*")) >= 6
})  # fmt: skip
CHINESE = sorted({
    term for meaning in (*PEOPLE, *ACTS) for term in terms(meaning) if chinese(term) and len(term) > 1
})  # fmt: skip
ALIKE = str.maketrans("aeopcx", "аеорсх")
LEET = str.maketrans("oiesat", "013547")


def _pieces(word: str) -> tuple[str, str]:
    """Two parts of a word, neither of them a small word of its own."""
    cuts = ((word[:at], word[at:]) for at in (3, 4, 2, 5))
    return next(cut for cut in cuts if fillers().isdisjoint(cut))


SPELLINGS = {
    "capitals": str.upper,
    "full width": lambda word: "".join(chr(ord(mark) + 0xFEE0) for mark in word),
    "look-alikes": lambda word: word.translate(ALIKE),
    "accents": lambda word: "".join(f"{mark}\u0301" if mark in "aeiou" else mark for mark in word),
    "no width": lambda word: "\u200b".join(word),
    "apart": " ".join,
    "points": ".".join,
    "underscores": "_".join,
    "digits": lambda word: word.replace("o", "0").replace("e", "3"),
    "doubled": lambda word: word[:3] + word[2] + word[3:],
    "cut": lambda word: "-".join(_pieces(word)),
    "percent": lambda word: "".join(f"%{ord(mark):02X}" for mark in word),
    "in a name": lambda word: f"num_{word}_filed",
    "in camel case": lambda word: f"num{word.capitalize()}Filed",
    "wildcard": lambda word: f"{word[:-2]}*",
    "joker": lambda word: f"{word[:2]}?{word[3:]}",
}  # fmt: skip


@pytest.mark.parametrize("how", SPELLINGS)
def test_no_spelling_hides_a_term(how: str) -> None:
    spelt = SPELLINGS[how]
    hidden = [word for word in WORDS if not meaning_of(Kind.KEYWORD, spelt(word))]
    assert hidden == [] and len(WORDS) > 800


@pytest.mark.parametrize("sign", ["", " ", "·", "*", "-", "\u200b", "_"])
def test_no_sign_hides_a_chinese_term(sign: str) -> None:
    hidden = [term for term in CHINESE if not meaning_of(Kind.KEYWORD, sign.join(term))]
    assert hidden == [] and len(CHINESE) > 800


@given(st.sampled_from(WORDS), st.lists(st.sampled_from(["capitals", "accents", "look-alikes"]), max_size=3))
def test_spellings_together_hide_no_term(word: str, hows: list[str]) -> None:
    text = word
    for how in hows:
        text = SPELLINGS[how](text)
    assert meaning_of(Kind.KEYWORD, f"the {text} here")


def test_traditional_characters_hide_no_term() -> None:
    lines = (Path(__file__).parents[2] / "engine" / "charter" / "traditional.txt").read_text().splitlines()
    forms: dict[int, Any] = {ord(line.split()[0]): line.split()[1][0] for line in lines if line[0] != "#"}
    changed = [term for term in CHINESE if term.translate(forms) != term]
    assert len(changed) > 300
    assert [term for term in changed if not meaning_of(Kind.KEYWORD, term.translate(forms))] == []


@pytest.mark.parametrize("kit", ["montgomery", "portugal", "syria"])
def test_the_kits_are_honest(kit: str) -> None:
    from engine import app
    from engine.rulebook import load

    root = Path(__file__).parents[2] / "benchmarks" / "evaluate" / kit
    settings = app.settings(root)
    assert len(settings.tree) > 10
    for path in sorted((root / "rules").rglob("*.yaml")):
        assert yaml.safe_load(path.read_text(encoding="utf-8"))
    load.load(root / "rules", app.context(settings, TODAY))
