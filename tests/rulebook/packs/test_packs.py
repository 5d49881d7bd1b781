"""The packs that come along: whole, tested, said in both languages, and of one mind about their words."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import yaml

from benchmarks.packs import page
from engine import app
from engine.model.grade import Domain
from engine.model.problem import Level
from engine.model.rule import Status
from engine.rulebook import load
from engine.rulebook.context import Context
from engine.rulebook.load import Loaded
from engine.rulebook.trial.coverage import coverage

ROOT = Path(__file__).parents[3]
CENTRE = ROOT / "tests" / "data" / "packs"
TODAY = date(2026, 3, 1)


@pytest.fixture(scope="module")
def context() -> Context:
    return app.context(app.settings(CENTRE, TODAY), TODAY)


@pytest.fixture(scope="module")
def loaded(context: Context) -> Loaded:
    return load.read_whole(CENTRE / "rules", context)


def test_every_rule_can_be_judged_where_the_feeds_are(loaded: Loaded) -> None:
    assert [str(one) for one in loaded.problems if one.level is Level.ERROR] == []
    assert loaded.aside == () and loaded.book is not None
    assert set(loaded.book.rules) == {one.id for pack in page.packs() for one in page.rules(pack)}


def test_there_are_enough_in_every_domain_and_across(loaded: Loaded) -> None:
    assert loaded.book is not None
    rules = list(loaded.book.rules.values())
    assert len(rules) >= 45 and {rule.status for rule in rules} == {Status.STABLE}
    across = [rule for rule in rules if rule.pack.startswith("across-domains")]
    assert len(across) >= 6
    many = Counter(rule.domain for rule in rules if rule not in across)
    assert all(many[domain] >= 8 for domain in Domain)


def test_a_rule_across_domains_is_across_domains(loaded: Loaded, context: Context) -> None:
    """What it looks for belongs to more than one domain."""
    assert loaded.book is not None
    for rule in loaded.book.rules.values():
        if rule.pack.startswith("across-domains"):
            assert rule.correlation is not None
            domains = {context.topics[one.topic].domain for one in rule.correlation.of if one.topic}
            domains |= {loaded.book.rules[one.rule].domain for one in rule.correlation.of if one.rule}
            domains |= {
                context.taxonomy[code].domain for one in rule.indicators for code in one.categories
            }  # fmt: skip
            assert len(domains) > 1, rule.id


def test_every_rule_says_what_it_is_for_in_both_languages(loaded: Loaded) -> None:
    assert loaded.book is not None
    for rule in loaded.book.rules.values():
        for text in (rule.title, rule.why, rule.false_alarms):
            assert text.en and text.zh and text.en != text.zh, rule.id
        assert rule.references and rule.measures and rule.owner and rule.review_by and rule.horizon, rule.id
        # Something is asked for at every grade that is pushed, or from below.
        assert min(one.grade for one in rule.measures) <= max(rung.grade for rung in rule.rungs), rule.id


@pytest.mark.slow
def test_the_tests_pass_and_cover_every_rule(loaded: Loaded, context: Context) -> None:
    calendar = app.settings(CENTRE, TODAY).calendar
    ours = [source.id for source in loaded.sources if "/engine/packs/" in source.path]
    short = {one.rule.id: one.missing for one in coverage(loaded, context, calendar=calendar, only=ours)}
    assert {id_: missing for id_, missing in short.items() if missing} == {}


@pytest.mark.parametrize(("file", "key"), [("topics", "id"), ("measures", "code")])
def test_a_word_means_the_same_in_every_pack_and_in_the_demonstration(file: str, key: str) -> None:
    known = {one[key]: one for one in yaml.safe_load((ROOT / f"config/{file}.yaml").read_text("utf-8"))[file]}
    for pack in page.packs():
        path = pack.folder / f"{file}.yaml"
        for one in yaml.safe_load(path.read_text("utf-8"))[file]:
            # For which topics a measure is differs with the rules that ask for it.
            said = {name: value for name, value in one.items() if name != "topics"}
            first = known.setdefault(one[key], one)
            assert {name: first.get(name) for name in said} == said, (pack.name, one[key])


def test_the_page_of_packs_is_as_the_packs_are() -> None:
    text = page.DOCUMENT.read_text(encoding="utf-8")
    assert page.written(text) == text, "`make packs` writes it"
