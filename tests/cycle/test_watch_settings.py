"""config/watch.yaml as it is read, and every mistake in it with its line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine.cycle.config.reading import Reading
from engine.cycle.config.watch import load
from engine.errors import ConfigError
from engine.model.area import Area, AreaTree
from engine.model.grade import Grade
from engine.model.rule import Test
from engine.model.text import Text
from engine.model.watch import WatchPeriod

TREE = AreaTree.of(("country", "county"), [
    Area("SE", Text("SE"), "country"), Area("01", Text("01"), "county", "SE"),
])  # fmt: skip
WRITTEN = """periods:
  - id: festival
    title: {en: Festival, zh: 节日}
    areas: ["01"]
    from: 2026-02-10
    to: 2026-02-25
    tighter:
      public-safety.fires:
        yellow: {at_least: 2}
        orange: {at_least: 3, rare: {alpha: 0.01}}
    only: [public-safety.fireworks]
"""


def read(root: Path, written: str) -> tuple[Reading, tuple[WatchPeriod, ...]]:
    (root / "config").mkdir()
    (root / "config/watch.yaml").write_text(written, encoding="utf-8")
    reading = Reading(root, {})
    return reading, load(reading, TREE)


def test_a_period(tmp_path: Path) -> None:
    reading, (found,) = read(tmp_path, WRITTEN)
    assert reading.finish() == ()
    assert found == WatchPeriod(
        "festival", Text("Festival", "节日"), date(2026, 2, 10).toordinal(), date(2026, 2, 25).toordinal(),
        ("01",), {"public-safety.fires": {
            Grade.YELLOW: (Test.of("at_least", count=2.0),),
            Grade.ORANGE: (Test.of("at_least", count=3.0), Test.of("rare", alpha=0.01)),
        }}, ("public-safety.fireworks",), line=2,
    )  # fmt: skip


def test_without_the_file_there_is_none(tmp_path: Path) -> None:
    assert load(Reading(tmp_path, {}), TREE) == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ('areas: ["01"]', 'areas: ["09"]', 4, "area '09'"),
        ('areas: ["01"]', 'areas: [SE, "01"]', 4, "'01' lies in 'se', which the period names already"),
        ('areas: ["01"]', 'areas: ["01", "01"]', 4, "'01' lies in '01'"),
        ("to: 2026-02-25", "to: 2026-02-01", 2, "ends on the day it begins, or later"),
        ("yellow: {at_least: 2}", "yellow: {at_leest: 2}", 9, "at_leest' (did you mean 'at_least'?)"),
        ("yellow: {at_least: 2}", "yellow: {at_least: two}", 9, "a number is needed"),
        ("yellow: {at_least: 2}", "yellow: {any: [{at_least: 2}]}", 9, "unknown key 'any'; known here"),
        ("from: 2026-02-10", "from: 10.2.2026", 5, "a day is needed, as in 2026-03-31 (found '10.2.2026')"),
        ("from: 2026-02-10", "from: 2026-02-10T12:00", 5, "a day is needed, as in 2026-03-31"),
        ("from: 2026-02-10", "from: 2026-02-30", 5, "a day is needed, as in 2026-03-31 (found '2026-02-30')"),
        ("yellow: {at_least: 2}", "yellow: {at_least: -2}", 9, "at_least needs a number above 0"),
        ("yellow: {at_least: 2}", "yellow: {}", 9, "a grade needs a test"),
        ("yellow: {at_least: 2}", "lilac: {at_least: 2}", 9, "lilac"),
        ("title: {en: Festival, zh: 节日}", "title: Petitioners", 3, "petition"),
    ],
)  # fmt: skip
def test_mistakes(tmp_path: Path, old: str, new: str, line: int, says: str) -> None:
    reading, _ = read(tmp_path, WRITTEN.replace(old, new))
    with pytest.raises(ConfigError) as caught:
        reading.finish()
    assert [(one.line, says in one.sentence.lower()) for one in caught.value.problems] == [(line, True)]
