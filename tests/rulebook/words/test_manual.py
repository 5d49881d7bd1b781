"""docs/rules.md names every key of the language, and no other; docs/checks is what the checks say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from engine.detect import TESTS
from engine.model.problem import Level
from engine.rulebook.checks import EACH, TOGETHER
from engine.rulebook.context import Context
from engine.rulebook.language import rung
from engine.rulebook.language.example import TwinFile
from engine.rulebook.language.schema import CorrelationRule, RuleFile, ThresholdRule
from engine.rulebook.load import read
from engine.rulebook.trial import trial
from engine.rulebook.words import manual

DOCS = Path(__file__).parents[3] / "docs"
RULES = (DOCS / "rules.md").read_text(encoding="utf-8")
GOOD = Path(__file__).parents[1] / "good"
AGAIN = "run `python -m engine.rulebook.words.manual docs`"


def models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for field in annotation.model_fields.values():
            yield from models(field.annotation)
    for inner in get_args(annotation):
        yield from models(inner)


def keys() -> set[str]:
    found = {model for root in (ThresholdRule, CorrelationRule, RuleFile, TwinFile) for model in models(root)}
    built = {rung.Rung, rung.Grades, rung.TestsOnly, *rung.PARAMS.values()}
    return {field.alias or name for model in found - built for name, field in model.model_fields.items()}


def test_every_key_is_documented() -> None:
    quoted = set(re.findall(r"[\w]+", " ".join(re.findall(r"`([^`]+)`", RULES))))
    assert keys() - quoted == set()


def test_no_key_is_documented_that_does_not_exist() -> None:
    documented = set(re.findall(r"^\| `(\w+)` \|", RULES, re.MULTILINE))
    assert len(documented) > 40
    assert documented - keys() == set()


def test_every_test_and_parameter_is_documented() -> None:
    assert manual.with_tests(RULES) == RULES, AGAIN
    for name in TESTS:
        assert f"### {name}\n" in RULES


def test_check_pages_are_what_the_checks_say() -> None:
    pages = {path.name: path.read_text(encoding="utf-8") for path in (DOCS / "checks").glob("*.md")}
    assert pages == manual.pages(), AGAIN


def test_writing_the_pages_mends_them(tmp_path: Path) -> None:
    folder = tmp_path / "checks"
    folder.mkdir()
    (folder / "no-such-check.md").write_text("old")
    (tmp_path / "rules.md").write_text(re.sub(r"### rare.*?(?=###)", "", RULES, flags=re.DOTALL))
    manual.write(tmp_path)
    assert (tmp_path / "rules.md").read_text(encoding="utf-8") == RULES
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == manual.pages()


@pytest.mark.parametrize("name", sorted({**EACH, **TOGETHER}))
def test_a_check_page_shows_how_to_mend(name: str) -> None:
    page = manual.pages()[f"{name}.md"]
    assert "Right" in page
    assert len(page.splitlines()) >= 9


def test_the_examples_hold_what_they_promise(context: Context, tmp_path: Path) -> None:
    """The page's own rules load and pass their own tests, with the measures of this test's world."""
    blocks = re.findall(r"(?:^    .*\n|^\n(?=    ))+", RULES, re.MULTILINE)
    whole = [block for block in blocks if block.lstrip().startswith("id:")]
    assert len(whole) == 2
    for number, block in enumerate(whole):
        text = "\n".join(line[4:] for line in block.splitlines())
        text = text.replace("neighbour-notice", "duty-check").replace("road-treatment", "road-salting")
        (tmp_path / f"{number}.yaml").write_text(text)
    crash_day = (GOOD / "winter-front.yaml").read_text().split("  - id: x.winter-front")[0]
    (tmp_path / "crash-day.yaml").write_text(crash_day)
    loaded = read(tmp_path, context)
    assert [problem for problem in loaded.problems if problem.level > Level.HINT] == []
    verdicts = trial.run(loaded, context)
    assert len(verdicts) == 6
    assert [verdict for verdict in verdicts if not verdict.passed] == []
