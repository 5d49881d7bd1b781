"""What good rules become, and what their hash depends on."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.model.grade import Domain, Grade
from engine.model.period import Cycle
from engine.model.rule import Combine, Pattern, Rule, RuleBook, Scope, Status, Test, Window
from engine.model.taxonomy import Taxonomy
from engine.rulebook.context import Context
from engine.rulebook.language.resolve import fingerprint
from engine.rulebook.load import check, load, read

GOOD = Path(__file__).parent / "good"


@pytest.fixture
def book(context: Context) -> RuleBook:
    return load(GOOD, context)


def edited(tmp_path: Path, context: Context, old: str = "", new: str = "") -> Rule:
    """The burglary rule with a piece of its text replaced."""
    text = (GOOD / "burglary-surge.yaml").read_text()
    assert old in text
    (tmp_path / "rule.yaml").write_text(text.replace(old, new, 1))
    (rule,) = load(tmp_path, context).rules.values()
    return rule


def test_good_rules_have_no_problem_but_the_domains_they_leave_out(context: Context) -> None:
    _, problems = check(GOOD, context)
    assert [problem.name for problem in problems] == ["silent-domain"]


def test_a_threshold_rule_is_resolved(book: RuleBook) -> None:
    rule = book.rules["public-safety.burglary-surge"]
    assert rule.title.zh == "入室盗窃激增"
    assert (rule.domain, rule.cycle, rule.level, rule.status) == (
        Domain.SAFETY, Cycle.DAILY, "county", Status.STABLE,
    )  # fmt: skip
    assert rule.review_by == date(2027, 6, 30)
    assert rule.indicator is not None and rule.indicator.categories == {"property.burglary"}
    assert rule.window == Window(days=7, baseline=26, gap=7)
    assert [rung.grade for rung in rule.rungs] == [Grade.BLUE, Grade.YELLOW]
    assert rule.rungs[1].tests == (Test.of("at_least", count=5.0), Test.of("rare", alpha=0.001))
    (measure,) = rule.measures
    assert (measure.code, measure.within) == ("patrol-evening", timedelta(hours=24))
    assert measure.grade is Grade.BLUE
    assert (rule.path, rule.line) == (str(GOOD / "burglary-surge.yaml"), 1)


def test_a_parent_selects_what_counts_below_it(context: Context, tmp_path: Path) -> None:
    rule = edited(tmp_path, context, "category: property.burglary}", "category: [traffic, property.theft]}")
    assert rule.indicator is not None
    assert rule.indicator.categories == {"traffic", "traffic.crash", "traffic.crash.injury", "property.theft"}


@pytest.mark.parametrize(
    ("counted", "measure"), [("count: incidents", "incidents"), ("sum: injured", "injured")]
)
def test_a_whole_is_counted_or_added_up_as_its_part_is(
    counted: str, measure: str, context: Context, tmp_path: Path
) -> None:
    old = "  count: incidents\n"
    rule = edited(tmp_path, context, old, f"  {counted}\n  share_of: {{where: {{category: property}}}}\n")
    assert rule.indicator is not None and rule.share_of is not None
    assert rule.indicator.measure == rule.share_of.measure == measure


def test_an_immediate_rule_is_resolved(book: RuleBook) -> None:
    rule = book.rules["public-safety.explosion"]
    assert rule.window == Window(hours=24, lasts=timedelta(hours=24), max_age=timedelta(hours=48))


def test_a_correlation_is_resolved(book: RuleBook) -> None:
    rule = book.rules["x.winter-front"]
    assert rule.indicator is None and rule.correlation is not None
    correlation = rule.correlation
    assert (correlation.combine, correlation.scope) == (Combine.AT_LEAST, Scope.BELOW)
    assert correlation.within == timedelta(days=2)
    assert correlation.rungs == ((Grade.YELLOW, 2), (Grade.ORANGE, 3))
    assert correlation.of == (Pattern(kind="finding", rule="public-safety.crash-day"),)
    assert [rung.grade for rung in rule.rungs] == [Grade.YELLOW, Grade.ORANGE]


def test_a_crowd_safety_rule_may_name_one_protected_leaf(book: RuleBook) -> None:
    rule = book.rules["social-stability.large-gathering"]
    assert rule.indicator is not None and rule.indicator.categories == {"civic.assembly"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("at_least: 3", "at_least: 4"),
        ("alpha: 0.001", "alpha: 0.002"),
        ("window: 7d", "window: 6d"),
        ("category: property.burglary}", "category: [property.burglary, property.theft]}"),
        ("en: Burglary surge", "en: Burglaries"),
        ("[patrol-evening]", "[duty-check]"),
        ("status: stable", "status: trial"),
    ],
)
def test_the_hash_follows_what_is_found_and_said(
    old: str, new: str, context: Context, tmp_path: Path
) -> None:
    before = edited(tmp_path, context)
    assert edited(tmp_path, context, old, new).hash != before.hash


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("owner: crime-desk", "owner: another-desk"),
        ("2027-06-30", "2028-06-30"),
        ("name: three in a week", "name: three"),
        ("baseline: 182d", "baseline: 26"),
        ("gap: 7d\n", "# a remark\ngap: 7d\n"),
        ("{at_least: 3, rare: {alpha: 0.01}}", "{rare: {alpha: 0.01}, at_least: {count: 3}}"),
    ],
)
def test_the_hash_ignores_the_rest(old: str, new: str, context: Context, tmp_path: Path) -> None:
    before = edited(tmp_path, context)
    assert edited(tmp_path, context, old, new).hash == before.hash


def test_the_hash_follows_the_taxonomy(context: Context, tmp_path: Path) -> None:
    before = edited(tmp_path, context, "category: property.burglary}", "category: property}")
    known = context.taxonomy.categories.values()
    fewer = Taxonomy.of(category for category in known if category.code != "property.theft")
    smaller = dataclasses.replace(context, taxonomy=fewer)
    after = edited(tmp_path, smaller, "category: property.burglary}", "category: property}")
    assert after.hash != before.hash


def test_the_book_has_one_hash_over_all_rules(context: Context, tmp_path: Path) -> None:
    edited(tmp_path, context)
    first = load(tmp_path, context)
    edited(tmp_path, context, "at_least: 3", "at_least: 4")
    assert load(tmp_path, context).hash != first.hash
    edited(tmp_path, context)
    assert load(tmp_path, context).hash == first.hash


def test_one_file_or_several(context: Context) -> None:
    one = load(GOOD / "explosion.yaml", context)
    two = load([GOOD / "explosion.yaml", GOOD / "winter-front.yaml"], context)
    assert set(one.rules) == {"public-safety.explosion"}
    assert set(two.rules) == {"public-safety.explosion", "public-safety.crash-day", "x.winter-front"}


def test_a_twin_file_adds_its_tests(context: Context) -> None:
    loaded = read(GOOD, context)
    (source,) = [one for one in loaded.sources if one.id == "public-safety.burglary-surge"]
    assert [test.example.name for test in source.tests][-1] == "five where five a week are the usual"
    assert source.where(source.tests[-1].place) == (str(GOOD / "burglary-surge.test.yaml"), 2)


def test_a_measure_takes_what_the_rule_says_otherwise(context: Context, tmp_path: Path) -> None:
    written = "[{code: patrol-evening, grade: yellow, within: 6h}]"
    rule = edited(tmp_path, context, "[patrol-evening]", written)
    (measure,) = rule.measures
    assert (measure.within, measure.grade) == (timedelta(hours=6), Grade.YELLOW)


def test_a_rate_is_written_per_inhabitants(context: Context, tmp_path: Path) -> None:
    path = tmp_path / "rule.yaml"
    text = (GOOD / "burglary-surge.yaml").read_text()
    text = text.replace("at_least: 3,", 'rate_at_least: "2.5 per 10,000",')
    text = text.replace("at_least: 5,", "rate_at_least: 5,")
    path.write_text(text.replace('"2.5 per 10,000"', '"0.25 per 100000"'))
    (rule,) = load(path, context).rules.values()
    assert rule.rungs[0].tests[1] == Test.of("rate_at_least", rate=0.25, per=100_000)
    path.write_text(text)
    assert "rate_at_least.per is 100000, not 10000" in check(path, context)[1][0].sentence


def test_hold_is_the_delay_of_every_rung_unless_it_has_its_own(context: Context, tmp_path: Path) -> None:
    text = "gap: 7d\nhold: 3\n"
    assert [rung.delay_off for rung in edited(tmp_path, context, "gap: 7d\n", text).rungs] == [3, 3]
    path = tmp_path / "rule.yaml"
    path.write_text(path.read_text().replace("blue: {at_least: 3", "blue: {delay_off: 5, at_least: 3"))
    (rule,) = load(tmp_path, context).rules.values()
    assert [rung.delay_off for rung in rule.rungs] == [5, 3]


def test_a_misspelt_word_hides_nothing_else(context: Context, tmp_path: Path) -> None:
    text = (GOOD / "burglary-surge.yaml").read_text(encoding="utf-8")
    broken = text.replace("window:", "windw:").replace("topic: burglary", "topic: fires")
    (tmp_path / "rule.yaml").write_text(broken.replace("level: county", "level: city"), encoding="utf-8")
    book, problems = check(tmp_path, context)
    assert book is None
    assert [problem.name for problem in problems] == ["unknown-topic", "unknown-level", "schema"]
    assert (tmp_path / "rule.yaml").read_text(encoding="utf-8").count("windw:") == 1, "nothing is written"


def test_a_rule_that_cannot_be_read_is_not_called_unknown(context: Context, tmp_path: Path) -> None:
    for path in GOOD.glob("*.yaml"):
        text = path.read_text(encoding="utf-8").replace("id: public-safety.crash-day\n", "id: 12\n")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    _, problems = check(tmp_path, context)
    assert [problem.name for problem in problems] == ["schema"]


def test_a_rung_with_alternatives_is_resolved(context: Context, tmp_path: Path) -> None:
    rule = edited(
        tmp_path, context,
        "{at_least: 3, rare: {alpha: 0.01}}\n  yellow: {at_least: 5, rare: {alpha: 0.001}}",
        "{any: [{at_least: 3, rare: {alpha: 0.01}}, {at_least: 20}], delay_on: 2}\n"
        "  yellow: {any: [{at_least: 3, rare: {alpha: 0.001}}, {at_least: 30}]}",
    )  # fmt: skip
    rung = rule.rungs[0]
    assert (rung.tests, rung.delay_on) == ((), 2)
    assert rung.any == (
        (Test.of("at_least", count=3.0), Test.of("rare", alpha=0.01)), (Test.of("at_least", count=20.0),)
    )  # fmt: skip


def test_rules_without_what_came_later_keep_their_fingerprints(book: RuleBook) -> None:
    """As they were before rungs had alternatives: findings of then are findings of the same rule."""
    rule = book.rules["public-safety.burglary-surge"]
    assert (rule.hash, rule.meaning) == ("e0b11b3a836b6e5b", "ae386434b7b3aac3")
    (first, *rest) = rule.rungs
    other = dataclasses.replace(first, any=((Test.of("at_least", count=9),),) * 2)
    assert fingerprint(dataclasses.replace(rule, rungs=(other, *rest))) != rule.hash
