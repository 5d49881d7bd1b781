"""The documents as an office opens them: without repair, whole, and the daily one on one page."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.report_samples import pages
from engine.model.text import Text
from engine.report.brief import write
from engine.report.document import Report
from engine.report.figures import Late
from engine.report.word.document import docx

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        shutil.which("soffice") is None and not os.environ.get("FOREWARN_CI"),
        reason="LibreOffice may not be installed here",
    ),
]  # fmt: skip
LONG = Text("Municipality of a long name by the river", "沿江一个名称很长的街道办事处")


def busy(of: Report) -> Report:
    """A day on which everything happened."""
    line = of.figures.lines[0]
    grades = ("red", "orange", "orange", "yellow", "yellow", "yellow", *["blue"] * 30)
    lines = tuple(
        replace(
            line, id=f"{n}", place=LONG, risk=Text("Explosions and shootings", "爆炸与枪击"), grade=grade,
            top=grade, before="none", proposed="red" if n == 1 else None, unread=3, overdue=2, acts=4,
            why=Text("30 in 28 days; usual 7.2; orange starts at 19", "28天内30起；常态7.2；橙色标准19起"),
        )
        for n, grade in enumerate(grades * 2)
    )  # fmt: skip
    late = tuple(
        Late(what=Text("Check the entrances and tell residents", "检查单元门并告知居民"), place=LONG,
             department=Text("police", "公安机关"), due=of.figures.at) for _ in range(40)
    )  # fmt: skip
    ordered = tuple(sorted(lines, key=lambda one: grades.index(one.grade)))
    return write(replace(of.figures, lines=ordered, late=late))


def test_each_opens_whole_and_the_daily_one_is_one_page(
    daily: Report, weekly: Report, monthly: Report, tmp_path: Path
):
    reports = {"daily": daily, "busy": busy(daily), "weekly": weekly, "monthly": monthly}
    files = []
    for name, report in reports.items():
        for language in ("en", "zh"):
            files.append(tmp_path / f"{name}-{language}.docx")
            files[-1].write_bytes(docx(report, language))
    counted = {
        made.stem: len(re.findall(rb"/Type\s*/Page\b(?!s)", made.read_bytes()))
        for made in pages(files, tmp_path / "pdf")
    }
    of_days = {name: pages_ for name, pages_ in counted.items() if name.startswith(("daily", "busy"))}
    assert set(of_days.values()) == {1}, of_days
    assert len(counted) == 8 and all(1 <= many <= 15 for many in counted.values())
