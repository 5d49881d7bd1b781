"""The JSON schema that editors use says what the language says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from engine.detect import TESTS
from engine.rulebook.language.rung import written
from engine.rulebook.language.schema import json_schema
from engine.yamlfile import parse

GOOD = Path(__file__).parents[1] / "good"
RULE = (GOOD / "burglary-surge.yaml").read_text(encoding="utf-8")


def data(text: str) -> Any:
    document, problems = parse(text, "rule.yaml")
    assert document is not None and not problems
    return document.data


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


FILES = sorted(path for path in GOOD.glob("*.yaml") if "test" not in path.name)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_accepts_good_rules(path: Path, validator: jsonschema.Draft202012Validator) -> None:
    assert list(validator.iter_errors(data(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("baseline:", "basline:"),
        ("at_least:", "at_leest:"),
        ("alpha:", "alfa:"),
        ("7d", "7 days"),
        ("cycle: daily", "cycle: hourly"),
        ("expect: {A: blue}", "expect: {A: green}"),
        ("on: 2026-03-05..2026-03-07", "on: last week"),
    ],
)
def test_refuses_what_the_language_refuses(
    old: str, new: str, validator: jsonschema.Draft202012Validator
) -> None:
    assert not validator.is_valid(data(RULE.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{at_least: 3, rare: {alpha: 0.01}}", '{rate_at_least: "2.5 per 100,000", rare: 0.01}'),
        ("title: {en: Burglary surge, zh: 入室盗窃激增}", "title: Burglary surge"),
        ("[patrol-evening]", "[{code: patrol-evening, grade: yellow, within: 6h}]"),
        ("baseline: 182d", "baseline: 26"),
        ("{category: property.burglary}", '{category: [property, traffic], severity: ">=severe", feed: a}'),
    ],
)
def test_accepts_every_short_form(old: str, new: str, validator: jsonschema.Draft202012Validator) -> None:
    assert old in RULE
    assert validator.is_valid(data(RULE.replace(old, new, 1)))


def test_names_the_parameters_of_every_test() -> None:
    definitions = json_schema()["$defs"]
    rung = definitions["rung"]["properties"]
    for name, module in TESTS.items():
        assert name in rung
        full = definitions[name]["anyOf"][1]
        assert set(full["properties"]) == {field.name for field in written(module.Params)}
