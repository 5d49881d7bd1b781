"""A hand-made warning is held by the charter too: its reason names a place and a harm, never people."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.console import refusals
from engine.cycle.grounds import unfit
from engine.errors import ActRefused
from engine.model.act import Act, ActKind
from engine.model.grade import Grade
from tests.story.timeline import story

UNFIT = ("petitioners are on their way", "a lawful demonstration at noon", "上访人员进京", "維吾爾人聚居",
         "bönemöte i moskén", "митинг на площади", "критика уряду", "Uyghur shopkeepers")  # fmt: skip


def act(kind: ActKind, reason: str, topic: str = "burglary", grade: Grade = Grade.YELLOW) -> Act:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    return Act(kind=kind, area="T1", topic=topic, at=at, grade=grade, by="anna", reason=reason)


@pytest.mark.parametrize("reason", UNFIT)
def test_what_people_are_or_may_do_is_no_ground(reason: str) -> None:
    said = unfit(act(ActKind.RAISE, reason), Grade.NONE)
    assert said.startswith("no ground for a warning: ") and reason in said
    assert not re.search("[a-z]{4}", refusals.refusal(said, "zh"))


@pytest.mark.parametrize(
    "reason", ["partners called", "入室盗窃增多", "a storm comes from the coast", "火灾蔓延"]
)
def test_a_place_and_a_harm_are_one(reason: str) -> None:
    assert unfit(act(ActKind.RAISE, reason), Grade.NONE) == ""


def test_to_raise_it_further_needs_a_ground_and_to_end_it_may_say_that_it_was_lawful() -> None:
    reason = UNFIT[1]
    assert unfit(act(ActKind.REGRADE, reason, grade=Grade.RED), Grade.YELLOW)
    assert not unfit(act(ActKind.REGRADE, reason, grade=Grade.BLUE), Grade.YELLOW)
    assert not any(unfit(act(kind, reason), Grade.BLUE) for kind in ActKind if kind not in RAISING)
    assert not unfit(
        act(ActKind.RAISE, "a demonstration of thousands on a narrow bridge", "crowd-safety"), Grade.NONE
    )


RAISING = {ActKind.RAISE, ActKind.REGRADE}


def test_nothing_is_kept_of_one_that_is_refused(tmp_path: Path) -> None:
    with story(tmp_path) as told:
        with pytest.raises(ActRefused, match="speaks of petitioning"):
            told.do("raise", "anna", on="T1.burglary", grade=Grade.BLUE, reason="上访人员进京")
        assert told.warning("T1", "burglary") is None
        told.do("raise", "anna", on="T1.burglary", grade=Grade.BLUE, reason="partners called")
        assert told.warning("T1", "burglary") is not None
