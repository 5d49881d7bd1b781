"""A rule in plain words says everything that decides, in both languages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.detect import JUDGED, TESTS
from engine.model.grade import Grade
from engine.model.rule import RuleBook, Rung, Scope, Status, Test
from engine.rulebook.context import Context
from engine.rulebook.load import load
from engine.rulebook.words.explain import explain
from engine.rulebook.words.phrases import PARTS, WORDS
from engine.rulebook.words.phrases import TESTS as PHRASES

GOOD = Path(__file__).parents[1] / "good"


@pytest.fixture
def book(context: Context) -> RuleBook:
    return load(GOOD, context)


def test_a_threshold_rule_in_english(book: RuleBook, context: Context) -> None:
    assert explain(book.rules["public-safety.burglary-surge"], "en", context).splitlines() == [
        "Burglary surge (public-safety.burglary-surge): in force.",
        "Every day, in each county, it counts incidents (property.burglary) of the last 7 days.",
        "It compares them with the 26 earlier stretches of 7 days.",
        "The 7 days right before are left out.",
        "- blue if there are 3 or more, and chance would give so many with a probability below 0.01",
        "- yellow if there are 5 or more, and chance would give so many with a probability below 0.001",
        "It says what happens within 7 days.",
        "It asks for:",
        "- do patrol-evening (police, within 1 day, from blue up)",
        "Why: Clustered burglaries repeat within days; early patrols cut the repeats.",
    ]


def test_a_threshold_rule_in_chinese(book: RuleBook, context: Context) -> None:
    lines = explain(book.rules["public-safety.burglary-surge"], "zh", context).splitlines()
    assert lines[0] == "入室盗窃激增（public-safety.burglary-surge）：生效。"
    assert lines[4] == "- 蓝色：达到 3 起，且偶然出现这么多的概率低于 0.01"
    assert "- 做 patrol-evening（公安机关，1 天内，蓝色起）" in lines


def test_an_immediate_rule(book: RuleBook) -> None:
    lines = explain(book.rules["public-safety.explosion"]).splitlines()
    assert lines[1] == (
        "As soon as an incident becomes known, in each municipality, it counts incidents "
        "(violence.explosion) of the last 24 hours."
    )
    assert "What it finds stands for 1 day; reports older than 2 days raise nothing." in lines


def test_a_correlation(book: RuleBook) -> None:
    lines = explain(book.rules["x.winter-front"]).splitlines()
    assert lines[1:4] == [
        "Every day, in the whole country, it looks in the areas below it over the last 2 days for:",
        "- yellow if at least 2 areas have a standing finding of public-safety.crash-day",
        "- orange if at least 3 areas have a standing finding of public-safety.crash-day",
    ]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("gap: 7d\n", "gap: 7d\nhold: 3\n", "A grade falls after 3 quiet judgements in a row."),
        ("gap: 7d\n", "gap: 7d\ncool_down: 3d\n", "For 3 days after it has been lifted"),
        ("gap: 7d\n", "gap: 7d\nfdr: 0.1\n", "at most 10% of what it finds may be chance"),
        ("gap: 7d\n", "gap: 7d\nnowcast: true\n", "completed by what usually arrives late"),
        ("blue: {at", "blue: {delay_on: 2, at", "(2 judgements in a row)"),
        ("property.burglary}", "[property, fraud], severity: '>=3', feed: police}",
         "incidents (fraud; property, severity 3 or worse, reported by police)"),
        ("count: incidents", "sum: injured", "it adds up 'injured' over incidents"),
    ],
)  # fmt: skip
def test_everything_that_decides_is_said(
    old: str, new: str, says: str, context: Context, tmp_path: Path
) -> None:
    text = (GOOD / "burglary-surge.yaml").read_text()
    (tmp_path / "rule.yaml").write_text(text.replace(old, new, 1))
    (rule,) = load(tmp_path, context).rules.values()
    assert says in explain(rule)


def test_patterns_in_words(context: Context, tmp_path: Path) -> None:
    text = (GOOD / "winter-front.yaml").read_text()
    text = text.replace("scope: below", "scope: same").replace("level: country", "level: county")
    text = text.replace("grades: {yellow: 2, orange: 3}", "grade: yellow")
    text = text.split("    tests:\n      - name: two c")[0]
    text = text.replace(
        "      of:\n        - finding: {rule: public-safety.crash-day}\n",
        "      all:\n        - finding: {topic: traffic, test: {at_least: 4}}\n"
        "        - finding: {rule: public-safety.crash-day, see: raw}\n"
        "        - incident: {where: {category: violence.explosion}, count: 2}\n"
        "      none:\n        - incident: {where: {category: property}}\n      ordered: true\n",
    )
    (tmp_path / "rule.yaml").write_text(text)
    lines = explain(load(tmp_path, context).rules["x.winter-front"]).splitlines()
    assert lines[1:4] == [
        "Every day, in each county, it looks in the county itself over the last 2 days for:",
        (
            "- yellow if all of these are found, in this order: a raw finding (before delays and holds) on "
            "'traffic' under the test: there are 4 or more; a raw finding (before delays and holds) of "
            "public-safety.crash-day; incidents (violence.explosion), 2 or more"
        ),
        "Only where these are proven absent: incidents (property).",
    ]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", sorted(TESTS))
def test_every_test_can_be_told_with_its_defaults(name: str, language: str, book: RuleBook) -> None:
    given = {"at_least": {"count": 3.0}, "rate_at_least": {"rate": 3.0}, "share_of": {"share": 0.5},
             "at_most": {"most": 3.0}, "alert": {"category": "nature.storm"},
             "on": {"calendar": "fairs"}, "chance": {"at_least": 0.2, "within": "7d"},
             "percentile": {"above": 0.9}, "near_repeat": {"within": "400m"}}  # fmt: skip
    test = Test.of(name, **given.get(name, {}))
    rule = book.rules["public-safety.burglary-surge"]
    said = explain(replace(rule, rungs=(Rung(Grade.BLUE, (test,)),)), language)
    assert ("- blue if " if language == "en" else "- 蓝色：") in said


@pytest.mark.parametrize(
    ("test", "en", "zh"),
    [
        (Test.of("at_least", count=1.0), "there are 1 or more", "达到 1 起"),
        (Test.of("ears", method="C3"), "C3, which chance does with a probability of 0.025", "概率 0.025"),
        (Test.of("ears", alpha=0.01), "C1, which chance does with a probability of 0.01", "概率 0.01"),
        (Test.of("change", against="year", relative_to="all"),
         "such a rise over the same stretch a year ago has a chance below 0.01, measured against all areas",
         "较去年同期上升，并以全部地区的变化为参照，偶然"),
        (Test.of("change"), "such a rise over the stretch before has a chance below 0.01\n", "较上一时段"),
        (Test.of("change", against="3y", ratio=1.5, relative_to="parent"),
         "1.5 times of it, has a chance below 0.01, measured against the other areas of the same parent",
         "较过去 3 年同期合计（至少两年已知）上升至 1.5 倍以上，并以同一上级的其他地区的变化为参照"),
        (Test.of("change", against="baseline"), "the 26 earlier stretches together has", "较此前 26 段合计"),
        (Test.of("trend", direction="down"), "a trend (down)", "呈趋势（下降）"),
        (Test.of("cluster", max_days=7, min_cases=5), "to 5 or more that lie close together, within 7 days",
         "7 天内彼此邻近的 5 起以上"),
        (Test.of("cluster", model="bernoulli"), "as chance would place them within that whole with",
         "就该整体而言偶然如此聚集"),
    ],
)  # fmt: skip
def test_a_test_says_what_its_parameters_mean(test: Test, en: str, zh: str, book: RuleBook) -> None:
    rule = replace(book.rules["public-safety.burglary-surge"], rungs=(Rung(Grade.BLUE, (test,)),))
    assert en in explain(rule, "en")
    assert zh in explain(rule, "zh")


def test_days_are_days_and_the_country_is_whole(book: RuleBook) -> None:
    one = book.rules["public-safety.burglary-surge"]
    rule = replace(one, level="country", window=replace(one.window, days=1, baseline=182))
    assert explain(rule).splitlines()[1:3] == [
        "Every day, in the whole country, it counts incidents (property.burglary) of the last day.",
        "It compares them with the 182 earlier days.",
    ]
    assert explain(rule, "zh").splitlines()[1:3] == [
        "每日，在全国范围统计最近一天的事件（property.burglary）数量。",
        "与此前 182 天逐日相比较。",
    ]


def test_a_test_without_a_phrase_is_told_by_its_parameters(
    book: RuleBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(PHRASES["en"], "rare")
    assert "and rare (alpha 0.01)" in explain(book.rules["public-safety.burglary-surge"])


def test_both_languages_have_the_same_words() -> None:
    assert PARTS["en"].keys() == PARTS["zh"].keys()
    assert WORDS["en"].keys() == WORDS["zh"].keys()
    assert PHRASES["en"].keys() == PHRASES["zh"].keys()
    assert {*Status, *Scope} <= WORDS["en"].keys()
    assert PHRASES["en"].keys() <= JUDGED.keys()


def test_alternatives_in_both_languages(book: RuleBook) -> None:
    ways = ((Test.of("rare", alpha=0.001),), (Test.of("at_least", count=20), Test.of("new")))
    rung = Rung(Grade.BLUE, (Test.of("at_least", count=3),), any=ways)
    rule = replace(book.rules["public-safety.burglary-surge"], rungs=(rung,))
    assert (
        "- blue if there are 3 or more, and either chance would give so many with a probability below 0.001, "
        "or (there are 20 or more, and there are 1 or more, and there was none in the whole past looked at)"
    ) in explain(rule).splitlines()
    assert (
        "- 蓝色：达到 3 起，且以下任一成立：偶然出现这么多的概率低于 0.001；或"
        "（达到 20 起，且达到 1 起，而此前整个时段内从未出现）"
    ) in explain(rule, "zh").splitlines()
