"""The schemas that editors read are those of the code, and every file says which is its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from engine.cli import forewarn
from engine.cli.schemas import SCHEMAS, schema_text
from engine.cycle import settings
from engine.cycle.config.schema import MODELS
from engine.yamlfile import parse

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "schema"
AGAIN = "run `forewarn rules schema --write docs/schema`"
MODELINE = "# yaml-language-server: $schema="

CONFIG = sorted((ROOT / "config").glob("*.yaml"))
PLANS = sorted((ROOT / "config" / "plans").glob("*.yaml"))
FILES = [*CONFIG, *PLANS, *sorted((ROOT / "rules").rglob("*.yaml"))]


def schema(name: str) -> jsonschema.Draft202012Validator:
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[name]())
    return jsonschema.Draft202012Validator(SCHEMAS[name]())


def data(text: str) -> Any:
    document, problems = parse(text, "file.yaml")
    assert document is not None and not problems
    return document.data


def test_the_committed_schemas_are_those_of_the_code() -> None:
    committed = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()}
    assert committed == {f"{name}.schema.json": schema_text(name) for name in SCHEMAS}, AGAIN


def test_the_command_writes_and_prints_them(tmp_path: Path) -> None:
    call = CliRunner().invoke
    assert call(forewarn, ["rules", "schema", "--write", str(tmp_path)]).exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in FOLDER.iterdir())
    assert call(forewarn, ["rules", "schema"]).output == schema_text("rule")
    assert call(forewarn, ["rules", "schema", "routes"]).output == schema_text("routes")


def test_every_configuration_file_has_a_schema() -> None:
    assert {f"{name}.yaml" for name in MODELS} == set(settings.FILES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_names_its_schema_and_agrees_with_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    first = text.partition("\n")[0]
    assert first.startswith(MODELINE), f"{path} does not begin with {MODELINE}"
    named = (path.parent / first.removeprefix(MODELINE)).resolve()
    if path in CONFIG:
        name = path.name.removesuffix(".yaml")
    else:
        name = "plan" if path in PLANS else "rule.test" if path.name.endswith(".test.yaml") else "rule"
    assert named == FOLDER / f"{name}.schema.json"
    assert list(schema(name).iter_errors(data(text))) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("cycles", "wait: 8 hours"),
        ("routes", "routes: [{id: a, recievers: [duty]}]"),
        ("topics", "topics: [{id: a, title: A, domain: publicsafety}]"),
        ("rule.test", "tests: [{name: a, at: tomorrow, expect: {A: blue}}]"),
        ("routes.test", 'tests: [{name: a, when: {area: "01", topic: a, to: purple}, expect: []}]'),
    ],
)
def test_a_mistake_of_form_is_underlined(name: str, text: str) -> None:
    assert not schema(name).is_valid(data(text))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("cycles", "wait: 8h"),
        ("topics", "topics: [{id: a, title: A, domain: cyber}]"),
        ("topics", "topics: [{id: a, title: {en: A, zh: 甲}, domain: cyber}]"),
        ("routes", "routes: [{id: a, areas: [1440], receivers: [duty]}]"),
    ],
)
def test_every_short_form_is_accepted(name: str, text: str) -> None:
    assert schema(name).is_valid(data(text))
