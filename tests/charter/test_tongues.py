"""The charter reads the languages of those who configure, and leaves their harms and places alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
import yaml

from benchmarks.redteam.attempt import DATA
from engine.charter.folding import plain, tokens
from engine.charter.judgement import Kind, refusals
from engine.charter.terms import Terms

TOLD: Mapping[str, Mapping[str, Sequence[str]]] = yaml.safe_load(
    (DATA / "tongues.yaml").read_text(encoding="utf-8")
)


def _texts(part: str) -> list[tuple[Kind, str]]:
    return [(Kind[kind.upper()], text) for kind, texts in TOLD[part].items() for text in texts]


def test_what_is_refused() -> None:
    assert [text for kind, text in _texts("refused") if not list(refusals(kind, text))] == []


def test_what_is_honest() -> None:
    assert [text for kind, text in _texts("honest") if list(refusals(kind, text))] == []


@pytest.mark.parametrize(
    ("row", "stands"),
    [
        (("массовые", "акции"), True),
        (("массовая", "акция"), True),
        (("массовая",), False),
        (("масса", "акция"), False),
        (("массовая", "реакция"), False),
    ],
)
def test_any_word_of_a_term_may_be_a_beginning(row: tuple[str, ...], stands: bool) -> None:
    terms = Terms()
    terms.add("массов* акци*")
    assert (terms.in_row(tokens(plain(" ".join(row)))) is not None) == stands
