"""The small values of the language, right and wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from engine.rulebook.language.notation import (
    Pace,
    Stretch,
    parse_blocks,
    parse_blocks_series,
    parse_day,
    parse_duration,
    parse_pace,
    parse_severity,
    parse_stretch,
    written_duration,
)

DAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("parse", "written", "meant"),
    [
        (parse_duration, "3d", timedelta(days=3)),
        (parse_duration, "90m", timedelta(minutes=90)),
        (parse_blocks, 26, 26),
        (parse_blocks, "182d", timedelta(days=182)),
        (parse_day, "2026-03-01", DAY),
        (parse_stretch, "2026-03-01", Stretch(DAY, DAY)),
        (parse_stretch, "2026-03-01..2026-03-07", Stretch(DAY, date(2026, 3, 7))),
        (parse_stretch, "2026-03-01T14:30", Stretch(DAY, DAY, datetime(2026, 3, 1, 14, 30))),
        (parse_severity, ">=2", 2),
        (parse_severity, ">= extreme", 4),
        (parse_pace, "2 per 7d", Pace(2, 7)),
        (parse_blocks_series, "0x3 2.5 _ 4", (0.0, 0.0, 0.0, 2.5, None, 4.0)),
        (parse_blocks_series, "_x2 1x2", (None, None, 1.0, 1.0)),
    ],
)
def test_reads(parse: Callable[[Any], Any], written: Any, meant: Any) -> None:
    assert parse(written) == meant


@pytest.mark.parametrize(
    ("parse", "written", "says"),
    [
        (parse_duration, 7, "as in 3d"),
        (parse_duration, "7", "as in 3d"),
        (parse_blocks, True, "a number of blocks"),
        (parse_blocks, -1, "0 to 1000"),
        (parse_day, "2026-3-1", "2026-03-31"),
        (parse_day, "2026-02-30", "day"),
        (parse_stretch, "2026-03-07..2026-03-01", "ends before it begins"),
        (parse_stretch, "1990-01-01..2026-03-01", "longer than ten years"),
        (parse_stretch, 20260301, "is needed"),
        (parse_severity, 2, ">=2"),
        (parse_severity, ">=5", ">=2"),
        (parse_pace, "2 per week", "not a duration"),
        (parse_pace, "2 per 12h", "whole days"),
        (parse_pace, "often", "2 per 7d"),
        (parse_blocks_series, "0 x 26", "0x26"),
        (parse_blocks_series, "0x501", "1 to 500"),
        (parse_blocks_series, "", "1 to 500"),
    ],
)
def test_refuses_with_the_right_form(parse: Callable[[Any], Any], written: Any, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse(written)


@pytest.mark.parametrize("written", ["7d", "12h", "90m", "45s", "1d"])
def test_durations_are_written_as_they_are_read(written: str) -> None:
    assert written_duration(parse_duration(written)) == written


def test_days_of_a_stretch() -> None:
    assert parse_stretch("2026-02-28..2026-03-01").days() == [date(2026, 2, 28), DAY]
