"""Each domain in its order: how it stands, and what was reported, with the interval."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.grade import DOMAINS, Domain
from engine.model.text import Text
from engine.report.document import Block, Cell, Column, Picture, Prose, Table
from engine.report.figures import DomainFigures, Figures
from engine.report.part.overall import domain_state
from engine.report.words import (
    BEFORE,
    NEXT,
    PERIODS,
    change,
    change_short,
    filled,
    joined,
    number,
    several,
    span_short,
)

_LINE = Text(
    "{domain}{advisory}: {state}; {reports}{expected}.", "{domain}{advisory}：{state}；{reports}{expected}。"
)
_REPORT, _REPORTS = Text("1 report", "报告1起"), Text("{n} {n:report|reports}", "报告{n}起")
_EXPECTED = Text(", {span} to be expected for {next} (95 %)", "，{next}预计{span}起（95%区间）")
_BLIND = Text("{domain}: {state}; no feed reports on it.", "{domain}：{state}；无数据源，情况不明。")
_PARTLY = Text(
    "{domain}{advisory}: {state}; not all could be seen on {days} of the days.",
    "{domain}{advisory}：{state}；其中{days}天数据不全。",
)
_ADVISORY = Text(" (advisory level)", "（提示级别）")
_CAPTION = Text("The four domains in {period}", "{period}四个领域情况")
_HEADS = (
    Text("Domain", "领域"), Text("Stands at", "现有预警"), Text("Issued (before)", "发布/上期"),
    Text("Reports", "报告数"), Text("On {then}", "较{then}"), Text("On a year ago", "同比"),
    Text("Expected for {next}", "{next}预计"),
)  # fmt: skip
_NOTE = Text(
    "Change a day that was seen, with the 95 % interval; expected: the 95 % interval of the count.",
    "变化为有效观测日日均，括号内为95%区间；预计为下期报告数的95%区间。",
)
_PICTURE = Text(
    "{domain}: {n} {n:report|reports} in {period}, {mean} a day{change}",
    "{domain}：{period}报告{n}起，日均{mean}起{change}",
)


def blocks(of: Figures) -> Iterator[Block]:
    if of.cycle == "daily":
        yield Prose(said=joined([_line(of, one) for one in of.domains]))
        return
    yield _table(of)
    yield Prose(said=_NOTE)
    for one in of.domains:
        if one.watched and one.reports is not None and one.reports.now:
            yield _picture(of, one)


def _line(of: Figures, one: DomainFigures) -> Text:
    facts = {
        "domain": DOMAINS[Domain(one.domain)], "state": domain_state(one),
        "advisory": _ADVISORY if one.advisory and one.open else Text(""),
    }  # fmt: skip
    if not one.watched:
        return filled(_BLIND, **facts)
    if one.unseen:
        return filled(_PARTLY, days=one.unseen, **facts)
    expected = filled(_EXPECTED, span=span_short(one.next), next=NEXT[of.cycle]) if one.next else Text("")
    reports = several(one.reports.now if one.reports else 0, _REPORT, _REPORTS)
    return filled(_LINE, reports=reports, expected=expected, **facts)


def _table(of: Figures) -> Table:
    year = of.cycle == "monthly"
    then, following = BEFORE[of.cycle], NEXT[of.cycle]
    parts = (13, 13, 12, 11, 27, 27, 13)
    columns = [
        Column(head=filled(head, then=then, next=following), part=part, number=at > 1)
        for at, (head, part) in enumerate(zip(_HEADS, parts, strict=True)) if year or at != 5
    ]  # fmt: skip
    rows = tuple(_row(one, year) for one in of.domains)
    return Table(caption=filled(_CAPTION, period=PERIODS[of.cycle]), columns=tuple(columns), rows=rows)


def _row(one: DomainFigures, year: bool) -> tuple[Cell, ...]:
    reports = number(one.reports.now) if one.watched and one.reports else "–"
    cells = [
        Cell(said=DOMAINS[Domain(one.domain)]), Cell(said=domain_state(one)),
        Cell(said=_both(f"{one.issued} ({one.issued_before})")), Cell(said=_both(reports)),
        Cell(said=change_short(one.reports)),
        *([Cell(said=change_short(one.year))] if year else []), Cell(said=span_short(one.next)),
    ]  # fmt: skip
    return tuple(cells)


def _both(said: str) -> Text:
    return Text(said, said)


def _picture(of: Figures, one: DomainFigures) -> Picture:
    assert one.reports is not None
    moved = change(one.reports, BEFORE[of.cycle])
    mean = one.reports.now / max(one.reports.days, 1)
    title = filled(
        _PICTURE, domain=DOMAINS[Domain(one.domain)], n=number(one.reports.now), period=PERIODS[of.cycle],
        mean=f"{mean:.1f}",
        change=filled(Text("; {said}", "，{said}"), said=moved) if moved.en else Text(""),
    )  # fmt: skip
    before = one.reports.before / one.reports.days_before if one.reports.days_before else None
    return Picture(title=title, first=of.first, values=one.days, usual=before)
