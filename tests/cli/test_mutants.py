"""What a step off is called in Chinese: words in Chinese, and in backquotes what rules write."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from engine import app
from engine.cli import language
from engine.cli.mutants import named
from engine.rulebook.load import read_whole
from engine.rulebook.mutate.mutants import mutants

ROOT = Path(__file__).parents[2]
STEPS = {
    "yellow at_least: 3 -> 4": "`yellow at_least: 3 -> 4`",
    "nowcast: on -> off": "`nowcast: on -> off`",
    "blue any: without the first": "`blue any`：去掉第一项",
    "of: without the 6th": "`of`：去掉第6项",
    "areas: all": "`areas`：所有区域",
    "order: any": "`order`：不分先后",
    "weekdays: and sun": "`weekdays`：加上`sun`",
    "feed: any instead of log, rescue": "`feed`：任何数据源，不限`log, rescue`",
    "red alert: any feed": "`red alert`：任何数据源",
    "blue near_repeat: within 300 metres -> 400 metres": "`blue near_repeat`：`within` 300米 -> 400米",
    "of, the first: category: all of property": "`of`第一项：`category`：`property`全部",
    "none, the second: count: 1 -> 2": "`none`第二项：`count: 1 -> 2`",
}


@pytest.mark.parametrize("what", STEPS)
def test_words_are_chinese_and_keys_as_they_are_written(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert named(what) == what
    monkeypatch.setenv(language.LANGUAGE, "zh")
    assert named(what) == STEPS[what]


def test_no_step_of_a_bundled_rule_is_told_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(language.LANGUAGE, "zh")
    context = app.context(app.settings(ROOT), date(2026, 1, 1))
    book = read_whole(ROOT / "rules", context).book
    assert book is not None
    steps = {one.what for rule in book.rules.values() for one in mutants(rule, context.taxonomy)}
    assert len(steps) > 100
    assert not [what for what in steps if re.search("[a-z]", re.sub("`[^`]*`", "", named(what)))]
    prose = re.compile(r"\b(without|the|instead|metres|feed any)\b|all of|: and ")
    assert not [what for what in steps if any(map(prose.search, re.findall("`[^`]*`", named(what))))]
