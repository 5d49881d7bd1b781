"""Real sets count as a plain program counts them: loaded from a file, and as a history that goes live."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from benchmarks.realsets.__main__ import BEGIN, END, PAGE, compare, main
from benchmarks.realsets.sets import SETS, Set

DATA = Path(__file__).parents[1] / "data" / "realsets"


@pytest.mark.parametrize("of", SETS, ids=lambda of: of.name)
def test_an_extract_of_the_set_counts_as_a_plain_program_counts_it(of: Set) -> None:
    assert of.paths(DATA), "every set has its extract"
    line = compare(of, DATA)
    assert line.read >= line.incidents > 0
    assert line.troubles == {"file": [], "history, then live": []}


def test_what_differs_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = Counter({("", date(2020, 1, 1)): 2})
    monkeypatch.setattr("benchmarks.realsets.load.counts", lambda root, codes: wrong)
    assert main(["--data", str(DATA), "China"]) == 1
    assert "the country on 2020-01-01: 2 where 0 is right" in capsys.readouterr().err


def test_a_set_that_is_not_there_is_not_passed_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(tmp_path), "China"]) == 1
    assert "china_warnings/*.json is not under" in capsys.readouterr().err


def test_the_page_tells_of_every_set() -> None:
    told = PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    rows = [line.split(" | ")[0].removeprefix("| ") for line in told.splitlines() if line.startswith("| ")]
    assert rows[1:] == [of.name for of in SETS]
