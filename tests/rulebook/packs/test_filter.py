"""Packs are taken by name and tuned from outside; a tune that does not fit is told with both names."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from engine import app
from engine.errors import ConfigError, UsageError
from engine.model.grade import Grade
from engine.model.problem import Level
from engine.rulebook import load
from engine.rulebook.language import reading
from engine.rulebook.load import Loaded
from engine.rulebook.mend.promote import promotion
from engine.rulebook.packs.filter import text_hash
from engine.rulebook.trial.trial import run

CENTRE = Path(__file__).parents[2] / "data" / "packs"
TODAY = date(2026, 3, 1)
FIRE = """id: public-safety.fires
title: {en: Fires, zh: 火灾}
domain: public-safety
topic: fires
cycle: daily
level: county
status: stable
owner: fire-desk
review_by: 2027-06-30
why: Fires come in runs.
indicator: {count: incidents, where: {category: fire}}
window: 7d
baseline: 182d
grades:
  yellow: {at_least: 3, rare: {alpha: 0.01, dispersion: none}}
  orange: {at_least: 6, rare: {alpha: 0.001, dispersion: none}}
measures: [fire-look]
tests:
  - name: three in the country of a county
    given: {incidents: [{area: A, category: fire, on: 2026-02-20..2026-02-22}], population: {country: 500000}}
    at: 2026-02-23
    expect: {A: yellow}
"""
SITES = """id: public-safety.fires-nation
title: {en: Fires everywhere, zh: 火灾遍布}
domain: public-safety
topic: fires
cycle: daily
level: country
status: stable
owner: fire-desk
review_by: 2027-06-30
why: Fires in two counties at once.
correlate: {within: 2d, scope: below, of: [{finding: {rule: public-safety.fires}}]}
grades: {yellow: 2}
measures: [fire-look]
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A centre with a pack of its own."""
    shutil.copytree(CENTRE / "config", tmp_path / "config")
    (tmp_path / "rules").mkdir()
    pack = tmp_path / "packs" / "fires"
    (pack / "rules").mkdir(parents=True)
    (pack / "rules" / "fires.yaml").write_text(FIRE, encoding="utf-8")
    (pack / "rules" / "nation.yaml").write_text(SITES, encoding="utf-8")
    (pack / "pack.yaml").write_text(
        "name: fires\nversion: 2.1.0\nlicence: CC0-1.0\ntitle: {en: Fires, zh: 火灾}\n"
        "wants: {en: A log of fires., zh: 火灾记录。}\n", encoding="utf-8",
    )  # fmt: skip
    (pack / "topics.yaml").write_text(
        "topics:\n  - {id: fires, title: {en: Fires, zh: 火灾}, domain: public-safety}\n", encoding="utf-8"
    )
    (pack / "measures.yaml").write_text(
        "measures:\n  - {code: fire-look, what: {en: Look, zh: 查看}, department: fire-rescue, within: 4h}\n",
        encoding="utf-8",
    )
    return tmp_path


def taken(root: Path, filter_: str = "", levels: str = "") -> Loaded:
    """The rules of the centre with the pack as the filter has it."""
    packs = (CENTRE / "config" / "packs.yaml").read_text(encoding="utf-8")
    written = f"{packs}  - pack: fires\n" + levels + filter_
    (root / "config" / "packs.yaml").write_text(written, encoding="utf-8")
    settings = app.settings(root, TODAY)
    return load.read_whole(root / "rules", app.context(settings, TODAY))


def mistakes(loaded: Loaded) -> list[str]:
    return [str(one) for one in loaded.problems if one.level is Level.ERROR]


def test_a_pack_is_taken_by_its_name(root: Path) -> None:
    loaded = taken(root)
    assert mistakes(loaded) == []
    assert loaded.book is not None
    rule = loaded.book.rules["public-safety.fires"]
    assert rule.pack == "fires 2.1.0" and rule.stands
    assert app.settings(root, TODAY).topics["fires"].title.zh == "火灾"


def test_without_the_file_nothing_is_taken(root: Path) -> None:
    (root / "config" / "packs.yaml").unlink()
    (root / "config" / "feeds.yaml").write_text("feeds: []\n", encoding="utf-8")
    assert app.home(root, TODAY).book.rules == {}


def test_a_tune_changes_what_it_names_and_the_hash_but_not_the_pack(root: Path) -> None:
    before = (root / "packs/fires/rules/fires.yaml").read_bytes()
    plain = taken(root)
    tuned = taken(root, """    tune:
      public-safety.fires:
        status: trial
        owner: night-desk
        review_by: 2026-12-31
        level: municipality
        feed: log
        hold: 2
        cool_down: 3d
        grades: {yellow: {at_least: 4, rare: {alpha: 0.005}}}
""")  # fmt: skip
    assert plain.book is not None and tuned.book is not None, mistakes(tuned)
    old, new = plain.book.rules["public-safety.fires"], tuned.book.rules["public-safety.fires"]
    assert (new.status, new.owner, new.level, str(new.review_by)) == (
        "trial", "night-desk", "municipality", "2026-12-31",
    )  # fmt: skip
    assert new.indicator is not None and new.indicator.feeds == {"log"}
    assert new.cool_down.days == 3 and {rung.delay_off for rung in new.rungs} == {2}
    yellow, orange = new.rungs
    assert yellow.grade is Grade.YELLOW and orange.tests == old.rungs[1].tests
    assert {test.name: dict(test.params) for test in yellow.tests} == {
        "at_least": {"count": 4.0}, "rare": {"alpha": 0.005, "dispersion": "none"},
    }  # fmt: skip
    assert new.hash != old.hash and tuned.book.hash != plain.book.hash
    assert (root / "packs/fires/rules/fires.yaml").read_bytes() == before


def test_who_answers_for_a_rule_changes_nothing_that_is_judged(root: Path) -> None:
    plain, tuned = taken(root), taken(root, "    tune: {public-safety.fires: {owner: night-desk}}\n")
    assert plain.book is not None and tuned.book is not None
    assert plain.book.rules["public-safety.fires"].hash == tuned.book.rules["public-safety.fires"].hash


def test_what_is_off_is_not_there_and_says_why(root: Path) -> None:
    loaded = taken(root, "    off: {public-safety.fires: the brigade has its own}\n")
    assert mistakes(loaded) == []
    aside = {one.source.id: one for one in loaded.aside if one.source.pack.startswith("fires")}
    assert aside["public-safety.fires"].off
    assert aside["public-safety.fires"].reason == "the brigade has its own"
    # What looks for its findings goes with it, and says so.
    assert not aside["public-safety.fires-nation"].off
    assert "unknown rule 'public-safety.fires'" in aside["public-safety.fires-nation"].reason


@pytest.mark.parametrize(
    ("filter_", "says"),
    [
        (
            "off: {public-safety.fire: gone}",
            "no rule 'public-safety.fire' (did you mean 'public-safety.fires'?)",
        ),
        ("tune: {public-safety.floods: {owner: a}}", "has no rule 'public-safety.floods'"),
        (
            "tune: {public-safety.fires: {grades: {red: {at_least: 9}}}}",
            "rung 'red' there (it has yellow, orange)",
        ),
        (
            "tune: {public-safety.fires: {grades: {yellow: {trend: 0.1}}}}",
            "no test 'trend' there (it has at_least, rare)",
        ),
        ("tune: {public-safety.fires-nation: {grades: {yellow: {at_least: 1}}}}", "no ladder rung 'yellow'"),
        ("tune: {public-safety.fires-nation: {feed: log}}", "no indicator whose feeds could be named"),
        ("tune: {public-safety.fires: {of: 0123456789abcdef}}", "was tuned as its text was 0123456789abcdef"),
    ],
)  # fmt: skip
def test_a_filter_that_does_not_fit_is_an_error_that_names_both(root: Path, filter_: str, says: str) -> None:
    (found,) = mistakes(taken(root, f"    {filter_}\n"))
    assert found.startswith("config/packs.yaml:10: [error]")
    assert says in found and "the pack 'fires' 2.1.0" in found


@pytest.mark.parametrize(
    ("filter_", "says"),
    [
        # The highest rung would be easier than the one below.
        ("    tune: {public-safety.fires: {grades: {yellow: {at_least: 9}}}}\n", "(rung-order)"),
        ("    tune: {public-safety.fires: {grades: {yellow: {rare: {alfa: 0.1}}}}}\n", "alfa"),
        ("    tune: {public-safety.fires: {cool_down: soon}}\n", "cool_down"),
    ],
)
def test_a_rule_that_is_no_longer_one_says_who_tuned_it(root: Path, filter_: str, says: str) -> None:
    found = mistakes(taken(root, filter_))
    assert any(says in one for one in found)
    if says.startswith("("):
        said = "'public-safety.fires' of the pack 'fires' 2.1.0 is tuned in config/packs.yaml:10"
        assert any(said in one for one in found)


@pytest.mark.parametrize(
    "tune",
    [
        "{title: Other}", "{indicator: {count: incidents, where: {category: fire}}}", "{measures: []}",
        "{topic: fires}", "{domain: political}", "{why: because}", "{owner: petition office}",
    ],
)  # fmt: skip
def test_nothing_else_can_be_changed_from_outside(root: Path, tune: str) -> None:
    with pytest.raises(ConfigError) as caught:
        taken(root, f"    tune: {{public-safety.fires: {tune}}}\n")
    assert {one.path for one in caught.value.problems} == {"config/packs.yaml"}


def test_a_tune_may_be_bound_to_the_text_it_was_written_for(root: Path) -> None:
    (source,) = (one for one in reading.sources(root / "packs")[0] if one.id == "public-safety.fires")
    bound = f"    tune: {{public-safety.fires: {{of: {text_hash(source.document.data)}, hold: 2}}}}\n"
    assert mistakes(taken(root, bound)) == []
    # Another test, title or not: a new version of the text asks to be looked at.
    path = root / "packs/fires/rules/fires.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("window: 7d", "window: 14d"), encoding="utf-8")
    (found,) = mistakes(taken(root, bound))
    assert "look at the rule" in found
    path.write_text(FIRE.replace("name: three", "name: 3"), encoding="utf-8")
    assert mistakes(taken(root, bound)) == []


def test_levels_are_called_as_here_in_rules_and_their_tests(root: Path) -> None:
    areas = root / "config" / "areas.csv"
    areas.write_text(
        areas.read_text(encoding="utf-8").replace(",county,", ",shire,").replace(",country,", ",realm,"),
        encoding="utf-8",
    )
    table = root / "config" / "areas.yaml"
    written = table.read_text(encoding="utf-8").replace("county", "shire").replace("country", "realm")
    table.write_text(written, encoding="utf-8")
    loaded = taken(root, levels="    levels: {county: shire, country: realm}\n")
    assert mistakes(loaded) == []
    kept = {source.id: source for source in loaded.sources if source.pack.startswith("fires")}
    assert kept["public-safety.fires"].written.level == "shire"
    assert kept["public-safety.fires-nation"].written.level == "realm"
    (test,) = kept["public-safety.fires"].tests
    assert set(test.example.given.population) == {"realm"}


def test_a_level_that_is_not_here_leaves_the_rule_aside(root: Path) -> None:
    loaded = taken(root, levels="    levels: {county: parish}\n")
    aside = {one.source.id: one.reason for one in loaded.aside if one.source.pack.startswith("fires")}
    assert "unknown level 'parish'" in aside["public-safety.fires"]


def test_what_is_tuned_in_what_it_finds_has_the_tests_of_the_tune_alone(root: Path) -> None:
    tuned = taken(root, """    tune:
      public-safety.fires:
        grades: {yellow: {at_least: 4}}
        tests:
          - name: three are too few here
            given: {incidents: [{area: A, category: fire, on: 2026-02-20..2026-02-22}]}
            at: 2026-02-23
            expect: {A: none}
""")  # fmt: skip
    context = app.context(app.settings(root, TODAY), TODAY)
    verdicts = run(tuned, context, rules=["public-safety.fires"])
    assert [(one.name, one.passed) for one in verdicts] == [("three are too few here", True)]
    plain = taken(root)
    assert [one.passed for one in run(plain, context, rules=["public-safety.fires"])] == [True]


def test_what_no_feed_brings_is_left_aside_until_one_does(root: Path) -> None:
    loaded = taken(root)
    assert not [one for one in loaded.aside if one.source.pack.startswith("fires")]
    feeds = root / "config" / "feeds.yaml"
    written = feeds.read_text(encoding="utf-8").replace("traffic, fire,", "traffic,")
    feeds.write_text(written, encoding="utf-8")
    aside = {one.source.id: one.reason for one in taken(root).aside}
    assert "is reported by any feed" in aside["public-safety.fires"]
    assert "public-safety.fires-nation" in aside


def test_a_feed_tells_nothing_of_what_only_a_pack_knows(root: Path) -> None:
    """That it covers all fires was written before the pack parted them: of the new part nothing is known."""
    (root / "packs/fires/taxonomy.yaml").write_text(
        "categories:\n  - code: fire\n    title: {en: Fire, zh: 火灾}\n    domain: public-safety\n"
        "    children:\n      - {code: fire.grass, title: {en: Grass fire, zh: 草地火灾}}\n",
        encoding="utf-8",
    )  # fmt: skip
    (root / "config" / "taxonomy.yaml").write_text(
        "categories:\n  - {code: fire, title: {en: Fire, zh: 火灾}, domain: public-safety}\n",
        encoding="utf-8",
    )
    path, grass = root / "packs/fires/rules/fires.yaml", "where: {category: fire.grass}"
    path.write_text(FIRE.replace("where: {category: fire}", grass), encoding="utf-8")
    aside = {one.source.id: one.reason for one in taken(root).aside}
    assert "is reported by any feed" in aside["public-safety.fires"]
    feeds = root / "config" / "feeds.yaml"
    named = feeds.read_text(encoding="utf-8").replace("traffic, fire,", "traffic, fire, fire.grass,")
    feeds.write_text(named, encoding="utf-8")
    assert "public-safety.fires" not in {one.source.id for one in taken(root).aside}


def test_names_of_the_centre_stand_before_those_of_a_pack(root: Path) -> None:
    (root / "config" / "topics.yaml").write_text(
        "topics:\n  - {id: fires, title: {en: Our fires, zh: 本地火灾}, domain: public-safety}\n",
        encoding="utf-8",
    )
    taken(root)
    assert app.settings(root, TODAY).topics["fires"].title.en == "Our fires"


def test_a_pack_protects_what_the_centre_protects(root: Path) -> None:
    """A category that a pack brings inherits from the centre's own parent, whatever the pack says."""
    (root / "packs/fires/taxonomy.yaml").write_text(
        "categories:\n  - code: civic\n    title: {en: Crash, zh: 事故}\n    domain: public-safety\n"
        "    children:\n      - {code: civic.crash, title: {en: Crash, zh: 事故}}\n", encoding="utf-8",
    )  # fmt: skip
    (root / "config" / "taxonomy.yaml").write_text(
        "categories:\n  - {code: civic, title: {en: Lawful civic life, zh: 合法公民活动}, "
        "domain: social-stability, protected: true}\n", encoding="utf-8",
    )  # fmt: skip
    taken(root)
    assert app.settings(root, TODAY).taxonomy["civic.crash"].protected


def test_a_pack_may_bring_nothing_that_the_charter_refuses(root: Path) -> None:
    (root / "packs/fires/taxonomy.yaml").write_text(
        "categories:\n  - {code: petitioning, title: {en: Petitioning, zh: 信访}, domain: cyber}\n",
        encoding="utf-8",
    )
    with pytest.raises(ConfigError, match=r"packs/fires/taxonomy\.yaml"):
        taken(root)


def test_a_rule_of_a_pack_is_not_promoted_in_its_file(root: Path) -> None:
    taken(root, "    tune: {public-safety.fires: {status: trial}}\n")
    context = app.context(app.settings(root, TODAY), TODAY)
    with pytest.raises(UsageError, match=r"config/packs\.yaml"):
        promotion(root / "rules", "public-safety.fires", context)


def test_a_rule_of_ones_own_and_one_of_a_pack_may_not_have_one_id(root: Path) -> None:
    (root / "rules" / "fires.yaml").write_text(FIRE, encoding="utf-8")
    assert any("duplicate-id" in one for one in mistakes(taken(root)))
    assert mistakes(taken(root, "    off: {public-safety.fires: ours is another}\n")) == []


def test_a_folder_of_a_pack_is_read_as_its_rules(root: Path) -> None:
    found, problems = reading.sources(root / "packs")
    assert [one.id for one in found] == ["public-safety.fires", "public-safety.fires-nation"] and not problems
