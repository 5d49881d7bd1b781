"""Sources that change under the reader: the engine, the plain evaluator and what is right by hand agree.

A county of three towns is polled every six hours and judged every morning at eight. In T1 three fires on the
second day raise a warning, which is over on the sixth; the question is always what lifts it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.oracle import stored
from tests.oracle.drift import (
    AREAS,
    CHILDREN,
    DAY,
    DAYS,
    FEED,
    FIRST,
    HOUR,
    RULE,
    Drift,
    at,
    daily,
    every_six_hours,
    fires,
    growing,
)  # fmt: skip
from tests.oracle.plain.history import History
from tests.oracle.plain.nouns import Poll, Report, Scene
from tests.oracle.plain.reading import Row

#: Thefts in the other towns, so that there is always something to tell.
ALWAYS = daily(range(-20, DAYS), kind="harm.theft")
THREE = fires(1, 3)
RAISED, LIFTED, HELD = ("issued", 2, 1), ("lifted", 5, 0), ("held", 5, 1)


def test_nothing_drifts_and_the_warning_is_lifted(tmp_path: Path) -> None:
    """Without which nothing that follows would mean anything."""
    told = Drift({FEED: growing([*ALWAYS, *THREE])}).lived(tmp_path)
    assert told.steps("T1") == [RAISED, LIFTED]
    assert not told.steps("T2")


def test_level_lost(tmp_path: Path) -> None:
    """From the third day on everything is placed in the county."""
    rows = [*daily(range(-20, 2), kind="harm.theft"), *THREE, *daily(range(2, DAYS), 3, "C")]
    told = Drift({FEED: growing(rows)}).lived(tmp_path)
    assert told.steps("T1") == [RAISED, HELD]
    assert told.confidence("T1") == "low"


def blazes(town: str) -> list[Row]:
    return daily(range(2, DAYS), areas=town, kind="blaze")


def test_type_renamed(tmp_path: Path) -> None:
    """From the third day on fires are called blazes, which nobody can read; thefts go on."""
    told = Drift({FEED: growing([*ALWAYS, *THREE, *blazes("T1")])}).lived(tmp_path)
    assert told.steps("T1") == [RAISED, HELD]
    assert told.confidence("T1") == "low"


def test_type_renamed_elsewhere(tmp_path: Path) -> None:
    """A blaze whose town can be read may be a fire of that town, and of no other."""
    told = Drift({FEED: growing([*ALWAYS, *THREE, *blazes("T2")])}).lived(tmp_path)
    assert told.steps("T1") == [RAISED, LIFTED]


def test_half_rejected(tmp_path: Path) -> None:
    """From the third day on one of two fires is in a town that nobody knows."""
    told = Drift({FEED: growing([*ALWAYS, *THREE, *daily(range(2, DAYS), areas="T2 Third")])}).lived(tmp_path)
    assert told.steps("T1") == [RAISED, HELD]


NAMED = daily(range(-20, 3), 8, "T1", kind="harm.theft")


def test_an_area_is_named_no_more(tmp_path: Path) -> None:
    """Eight thefts a day were told of T1, and none from the fourth day on; the other towns go on."""
    told = Drift({FEED: growing([*ALWAYS, *THREE, *NAMED])}, begins=at(-20)).lived(tmp_path)
    assert told.steps("T1") == [RAISED, HELD]
    assert told.confidence("T1") == "low" and not told.steps("T2")


def test_an_area_that_was_seldom_named_is_quiet(tmp_path: Path) -> None:
    seldom = daily(range(-20, 3), 1, "T1", kind="harm.theft")
    told = Drift({FEED: growing([*ALWAYS, *THREE, *seldom])}, begins=at(-20)).lived(tmp_path)
    assert told.steps("T1") == [RAISED, LIFTED]


def test_numbered_anew(tmp_path: Path) -> None:
    """On the fifth day all that stands in the file has another id, and again two days later."""
    rows = growing([*ALWAYS, *THREE, *fires(4, 2)])

    def source(moment: datetime) -> Collection[Row]:
        mark = "" if moment < at(4, 12) else "b" if moment < at(6, 12) else "c"
        return [replace(row, id=f"{mark}{row.id}") for row in rows(moment)]

    told = Drift({FEED: source}).lived(tmp_path)
    assert told.steps("T1") == [RAISED, LIFTED]


def test_feed_dies_at_noon(tmp_path: Path) -> None:
    """Ten fires by ten o'clock on the last day; nobody answers from noon on."""
    rows = growing([*ALWAYS, *fires(DAYS - 1, 10)])
    told = Drift({FEED: lambda moment: rows(moment) if moment <= at(DAYS - 1, 12) else None}).lived(tmp_path)
    assert told.steps("T1") == [("issued", DAYS, 2)]
    assert told.confidence("T1") == "low"


def test_feed_dies_and_the_warning_stands(tmp_path: Path) -> None:
    rows = growing([*ALWAYS, *THREE])
    told = Drift({FEED: lambda moment: rows(moment) if moment <= at(3, 12) else None}).lived(tmp_path)
    assert told.steps("T1") == [RAISED, HELD]


def test_bulk_after_silence(tmp_path: Path) -> None:
    """Silent from the sixth day to the eighth, when six fires of the day before are told at once."""
    rows = growing([*ALWAYS, *fires(6, 6, hour=20)])
    told = Drift({FEED: lambda moment: None if at(5) < moment < at(7, 6) else rows(moment)}).lived(tmp_path)
    assert told.steps("T1") == [("issued", 7, 2), ("lifted", 10, 0)]
    morning = told.history.morning(RULE["id"], FIRST + 7 * DAY)
    assert (morning.areas["T1"].judged.observed, morning.areas["T1"].sure) == (6, False)


def test_frozen_file(tmp_path: Path) -> None:
    """It is read at every poll, and last written on the second day."""
    told = Drift({FEED: growing([one for one in [*ALWAYS, *THREE] if one.at < at(1, 12)])}).lived(tmp_path)
    assert told.steps("T1") == [RAISED, HELD]
    assert told.confidence("T1") == "low"


RARE = {"alpha": 0.01, "dispersion": "none"}
NEW = {**RULE, "window": "1d", "baseline": 8, "grades": {"blue": {"rare": RARE, "at_least": 3}}}


@pytest.mark.parametrize("many, steps", [(1, []), (9, [("issued", 6, 1), ("lifted", 7, 0)])])
def test_feed_added(many: int, steps: list[tuple[str, int, int]], tmp_path: Path) -> None:
    """Another office reports three fires a day in T1 from the sixth day on: no wave, however rare they were.
    Where both have reported all along, nine more on one day are one."""
    begins = 5 if many == 1 else -20
    other = replace(FEED, id="other", since=FIRST + begins * DAY)
    usual = daily(range(begins, DAYS), 3 if many == 1 else 1, "T1", hour=7)
    rows = [*usual, *(fires(5, many, hour=8) if many > 1 else [])]
    told = Drift({FEED: growing(ALWAYS), other: growing(rows)}, [NEW], begins=at(-12)).lived(tmp_path)
    assert told.steps("T1") == steps


def test_corrected_to_another_place(tmp_path: Path) -> None:
    """On the fourth day one of the three turns out to have been in T3, where there were two."""
    two = fires(1, 2, "T3")
    moved = [replace(THREE[0], area="T3"), *THREE[1:]]

    def source(moment: datetime) -> Collection[Row]:
        return growing([*ALWAYS, *two, *(moved if moment > at(3, 12) else THREE)])(moment)

    told = Drift({FEED: source}).lived(tmp_path)
    assert told.steps("T1") == [RAISED, ("lifted", 4, 0)]
    assert told.steps("T3") == [("issued", 4, 1), ("lifted", 5, 0)]


def test_history_then_live(tmp_path: Path) -> None:
    """Twenty days are loaded as heard throughout; then the same rows stand in the live file, and nothing
    counts twice: a single fire in T1, where one was known each week, is no news."""
    known = {**RULE, "window": "1d", "baseline": 14, "grades": {"blue": {"new": {"at_least": 1}}}}
    weekly = [row for day in (-15, -8, -1, 6) for row in fires(day, 1)]
    rows = [*ALWAYS, *weekly]
    past = [row for row in rows if row.at < at(-3)]
    history = (past, (at(-20), at(-3, -1)))
    told = Drift({FEED: growing(rows)}, [known], history=history).lived(tmp_path)
    assert not told.steps("T1")
    baseline = told.history.morning(RULE["id"], FIRST + 7 * DAY).areas["T1"].baseline
    assert [block.told for block in baseline].count(1) == 2 and all(block.share == 1 for block in baseline)


# --- what takes longer than ten days: stored at once ---------------------------------------------


def quarters(rows: Collection[Row], silent: tuple[datetime, datetime], rule: dict[str, Any]) -> Scene:
    """A feed heard for more than a year but for one stretch, and judged on one morning."""
    polls = tuple(Poll(one) for one in every_six_hours(at(-430), at(1)) if not silent[0] < one < silent[1])
    feed = replace(FEED, since=FIRST - 429 * DAY, max_silence=12 * HOUR, polls=polls)
    reports = [Report(FEED.id, row.id, row.at + HOUR, row.at, (row.area,), row.kind) for row in rows]
    return Scene(
        zone="UTC", levels=("county", "town"), areas=AREAS, feeds=(feed,), reports=reports, rules=[rule],
        begins=FIRST, days=1, children=CHILDREN,
    )  # fmt: skip


@pytest.mark.parametrize("lost, sure, share", [(-20, False, 1), (-121, True, 90 / 91)])
def test_one_lost_day_in_a_quarter(lost: int, sure: bool, share: float, tmp_path: Path) -> None:
    """It makes a lower bound of the judged quarter; of the one before, 90 of 91 days stand for all."""
    grades = {"blue": {"change": {"against": "previous", "dispersion": "none"}}}
    rule = {**RULE, "cycle": "weekly", "window": "91d", "grades": grades}
    rows = daily(range(-190, 0, 7), areas="T1 T2") + daily(range(-84, 0, 4), areas="T1", hour=12)
    scene = quarters(rows, (at(lost, 3), at(lost, 21)), rule)
    area = (morning := History(scene).morning(RULE["id"], FIRST)).areas["T1"]
    assert (area.judged.observed, area.sure) == (34, sure)
    assert (area.baseline[0].told, area.baseline[0].share) == (13, pytest.approx(share))
    with stored.lived(scene, tmp_path, at(0, 8)) as engine:
        found = engine.outcomes(engine.world.book.rules[RULE["id"]], [FIRST])
    assert found[FIRST, "T1"] == (34, [True]) and morning.rungs("T1") == [True]
    assert found[FIRST, "T2"] == (13, [False if sure else None]) and found[FIRST, "T2"][1] == morning.rungs(
        "T2"
    )


def test_one_lost_day_a_year_ago(tmp_path: Path) -> None:
    """Of the four weeks a year ago 27 of 28 days are compared."""
    grades = {"blue": {"change": {"against": "year", "alpha": 0.2}}}
    rule = {**RULE, "cycle": "weekly", "window": "28d", "grades": grades}
    rows = [*daily(range(-400, 0, 7), areas="T1"), *fires(-3, 4)]
    scene = quarters(rows, (at(-381, 3), at(-381, 21)), rule)
    area = (morning := History(scene).morning(RULE["id"], FIRST)).areas["T1"]
    assert (area.judged.observed, area.year_ago.told, area.year_ago.share) == (8, 4, pytest.approx(27 / 28))
    with stored.lived(scene, tmp_path, at(0, 8)) as engine:
        found = engine.outcomes(engine.world.book.rules[RULE["id"]], [FIRST])
    # At least 8 of 12 in the later window: 0.194 against as long a stretch, 0.212 against 27 days of 28.
    assert found[FIRST, "T1"] == (8, morning.rungs("T1")) == (8, [False])
