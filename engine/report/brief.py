"""A report from its figures: five sections and an annex, the same for the day, the week and the month."""

from __future__ import annotations

from collections.abc import Sequence

from engine.model.text import Text
from engine.report import words
from engine.report.document import Block, Report, Section
from engine.report.figures import Figures
from engine.report.part import domain, outlook, overall, proposal, quality, risk

TITLES = (
    Text("Overall picture", "总体态势"), Text("By domain", "分领域情况"),
    Text("Main risks and what was done", "重点风险及处置进展"), Text("Outlook", "趋势研判"),
    Text("Proposals", "工作建议"),
)  # fmt: skip
QUALITY = Text("Quality of the data", "数据质量说明")
_NUMBER = {
    "daily": Text("No. {n} of {year}", "日排查〔{year}〕{n}号"),
    "weekly": Text("Week {n} of {year}", "周研判〔{year}〕{n}号"),
    "monthly": Text("No. {n} of {year}", "月分析〔{year}〕{n}号"),
}


def write(of: Figures) -> Report:
    """The report: everything it says follows from the figures."""
    parts = (overall, domain, risk, outlook, proposal)
    sections = [_section(title, part.blocks(of)) for title, part in zip(TITLES, parts, strict=True)]
    return Report(
        kind=words.KINDS[of.cycle], number=_number(of), title=_title(of), lead=overall.lead(of),
        sections=(*sections, Section(title=QUALITY, blocks=tuple(quality.blocks(of)), annex=True)),
        figures=of,
    )  # fmt: skip


def _section(title: Text, blocks: Sequence[Block]) -> Section:
    return Section(title=title, blocks=tuple(blocks))


def _number(of: Figures) -> Text:
    year, week, _ = of.first.isocalendar()
    if of.cycle == "weekly":
        return words.filled(_NUMBER["weekly"], n=week, year=year)
    n = of.first.timetuple().tm_yday if of.cycle == "daily" else of.first.month
    return words.filled(_NUMBER[of.cycle], n=n, year=of.first.year)


def _title(of: Figures) -> Text:
    """Whose it is and of which days."""
    first, last = words.full_day(of.first), words.full_day(of.last)
    if of.cycle == "daily":
        return words.filled(Text("{place}, {day}", "{place}{day}"), place=of.place, day=first)
    if of.cycle == "monthly":
        month = Text(f"{of.first:%B} {of.first.year}", f"{of.first.year}年{of.first.month}月")
        return words.filled(Text("{place}, {month}", "{place}{month}"), place=of.place, month=month)
    if of.first.year == of.last.year:  # the year is said once
        first, last = Text(words.day(of.first).en, first.zh), Text(last.en, words.day(of.last).zh)
    between = Text("{place}, {first} to {last}", "{place}{first}至{last}")
    return words.filled(between, place=of.place, first=first, last=last)
