"""The habits of the house, held against the tree: names, registries, layout, and the charter."""

from __future__ import annotations

import pkgutil
import re
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import Text

from connectors import CONNECTORS
from engine.charter.judgement import Kind, refusals
from engine.detect import TESTS
from engine.notify.channels import CHANNELS
from engine.store import tables
from engine.store.words import Words

ROOT = Path(__file__).parents[2]
TRACKED = subprocess.run(
    ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
).stdout.splitlines()  # fmt: skip
GRAB_BAGS = {"utils", "helpers", "common", "shared", "types", "base", "core", "manager", "misc"}


def test_no_module_is_a_grab_bag():
    modules = [Path(name) for name in TRACKED if name.endswith(".py")]
    bags = [str(path) for path in modules if GRAB_BAGS & {*path.parts[:-1], path.stem}]
    assert not bags


@pytest.mark.parametrize("registry", [CONNECTORS, CHANNELS, TESTS], ids=["connectors", "channels", "tests"])
def test_a_registry_names_each_module_by_its_own_id(registry: dict):
    assert all(name == module.ID and module.__doc__ for name, module in registry.items())


def test_the_top_level_is_the_agreed_one():
    top = {name.split("/")[0] for name in TRACKED}
    assert top == {
        "pyproject.toml", "requirements.lock", "Makefile", "README.md", "README.zh.md", "CHANGELOG.md",
        "LICENSE", ".gitignore", ".ci", "engine", "rules", "connectors", "config", "tests", "benchmarks",
        "docs",
    }  # fmt: skip


def test_no_file_names_a_place_of_one_machine():
    machine = re.compile(r"(?<![\w.])/(?:work|home|root)/\w")
    kinds = (".py", ".md", ".yaml", ".toml", ".lock")
    text = [name for name in TRACKED if name.endswith(kinds) or name.startswith(".ci/")]
    here = "tests/house/test_house.py"
    assert [
        name for name in text
        if name != here and machine.search((ROOT / name).read_text(encoding="utf-8", errors="ignore"))
    ] == []  # fmt: skip


def test_every_module_says_its_duty():
    silent = [
        name for name in TRACKED
        if name.endswith(".py") and name.startswith(("engine/", "connectors/"))
        and (source := (ROOT / name).read_text(encoding="utf-8").strip())
        and not source.startswith(('"""', 'r"""'))
    ]  # fmt: skip
    assert silent == []


#: A module or what it holds, in backquotes; an import that a page shows to be copied.
_NAMED = re.compile(r"(?m)`(?:python -m )?(engine(?:\.\w+)+)[ `]|^ {4}from (engine[\w.]*) import (\w+)")


def test_every_module_that_is_named_in_words_is_there():
    named = {
        (name, whole or f"{module}.{what}") for name in TRACKED if name.endswith((".md", ".py"))
        for whole, module, what in _NAMED.findall((ROOT / name).read_text(encoding="utf-8"))
    }  # fmt: skip
    assert len(named) > 10
    assert [(name, one) for name, one in sorted(named) if not _there(one)] == []


def _there(name: str) -> bool:
    try:
        pkgutil.resolve_name(name)
    except (ImportError, AttributeError):
        return False
    return True


def test_no_table_can_hold_a_person():
    """The charter: the unit of judgement is an area; staff accounts stand apart, as the author of an act."""
    personal = re.compile(
        r"(^|_)(person|suspect|victim|citizen|resident|first_?name|last_?name|surname|phone|email|address|"
        r"birth|age|sex|gender|ethnic\w*|religion|nationality|passport|plate|face|imei|id_number)($|_)"
    )
    every = tables.metadata.tables.values()
    columns = [(table.name, column.name) for table in every for column in table.columns]
    assert len(columns) > 100
    assert [place for place in columns if personal.search(place[1])] == []


#: Columns of text that hold only names and codes of ours, or ids past `Guard.key`. Whoever adds a column
#: either makes it `Words`, which are guarded on their way in, or can say here why nobody outside writes it.
CODES = {
    "feed", "source_id", "precision", "areas", "area", "category", "measures", "digest", "kind", "name",
    "value", "code", "indicator", "ground", "cycle", "period", "state", "owner", "rules_hash", "config_hash",
    "hash", "text", "rule", "rule_hash", "topic", "domain", "holding", "quiet", "id", "parts", "rules", "key",
    "warning", "step", "change", "receiver", "channel", "alias", "stored_as", "chain", "identifier",
    "names", "tells", "ends", "found_as", "role", "via", "target", "verdict", "issuer", "proposal", "chance",
    "chances_hash", "within", "looks", "roles", "language", "receivers", "secret", "account", "scopes",
    "known_as", "as_feed", "as_id", "other_feed", "other_id", "reached", "situation", "plan", "measure",
}  # fmt: skip


def test_every_column_that_may_hold_words_from_outside_is_guarded():
    columns = [column for table in tables.metadata.tables.values() for column in table.columns]
    plain = [column for column in columns if isinstance(column.type, Text)]
    assert {str(column) for column in plain if column.name not in CODES} == set(), "are they words, or codes?"
    # `value` is a cursor's, which store/cursors.py guards; a reject's and meta's are words.
    assert [str(column) for column in plain if column.name == "value"] == ["feed_cursor.value"]
    assert sum(isinstance(column.type, Words) for column in columns) > 20


def test_no_message_cuts_a_value_in_two():
    """What is left of a number would pass for none: `errors.brief` tells how long a text is, and
    `guard.exit.quoted` masks before it cuts."""
    sliced = re.compile(r"\{[^{}]*\[:\w+\](?:!r)?\}")
    read = ("connectors/", "engine/ingest/")
    cut = [
        (name, line) for name in TRACKED if name.endswith(".py") and name.startswith(read)
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if sliced.search(line)
    ]  # fmt: skip
    assert cut == []


@pytest.mark.parametrize(
    "title", ["List of petitioners", "Wanted persons", "上访人员名单", "Members of religious groups"]
)
def test_lists_of_persons_are_no_feed(title: str):
    assert list(refusals(Kind.TITLE, title))
