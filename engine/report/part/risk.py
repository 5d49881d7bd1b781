"""What stands and what was done: lines for the day, situations for the week, and more for the month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.model.text import Text
from engine.report.document import Block, Cell, Column, Points, Prose, Table
from engine.report.figures import Figures, Line, Situation, rank
from engine.report.part.overall import gravest
from engine.report.words import called, colour, day, filled, joined, listed, several

#: So many rows, and no more, whatever the day: what is left out is told.
NOTHING = Text("")
ROWS = {"daily": 7, "weekly": 18, "monthly": 18}
_CAPTIONS = {
    "daily": Text("Warnings above blue", "黄色以上预警"),
    "weekly": Text("Agenda: what stands, and what is proposed for it", "议题：在办态势及处置建议"),
    "monthly": Text("What stands at the end of the month", "月末在办态势"),
}
_WHERE, _WHY = Text("Where, what", "地点、风险"), Text("Why", "依据")
_SINCE, _STANDS = Text("Since", "起始"), Text("Where it stands", "进展")
_TREND, _DECISION = Text("Trend, what was done", "趋势与处置"), Text("Proposal", "建议")
_MORE = Text("{n} more above blue stand: {names}.", "另有黄色以上{n}起：{names}。")
_MORE_SITUATIONS = Text("{n} more {n:situation stands|situations stand} at blue.", "另有蓝色态势{n}起。")
_NO_ROW = Text("No warning above blue stands.", "目前无黄色以上预警。")
_NOTHING = Text("No situation stands.", "目前无持续态势。")
_PROPOSED = Text("{grade} is proposed and waits.", "拟{grade}，待签发。")
_UNREAD = Text("One has not answered.", "1家未签收。"), Text("{n} have not answered.", "{n}家未签收。")
_OVERDUE = Text("1 measure overdue.", "措施逾期1项。"), Text("{n} measures overdue.", "措施逾期{n}项。")
_ACTS = Text("People acted once.", "处置记录1条。"), Text("People acted {n} times.", "处置记录{n}条。")
_QUIET = Text("No act is recorded.", "暂无处置记录。")
_MOVE = {
    "new": Text("New at {grade}.", "新发{grade}。"),
    "raised": Text("Raised from {before}.", "由{before}升级。"),
    "lowered": Text("Lowered from {before}.", "由{before}降级。"), "same": Text("Unchanged.", "级别未变。"),
    "ended": Text("Ended.", "已解除。"), "passed": Text("Ended.", "已解除。"),
}  # fmt: skip
_LINES = Text("{n} {n:line|lines}: {names}", "共{n}处：{names}")
_DECISIONS = {
    "keep": Text("Keep", "维持"), "raise": Text("Raise to {to}", "升为{to}"),
    "lower": Text("Lower to {to}", "降为{to}"), "close": Text("Close", "解除"),
}  # fmt: skip
_BOXES = Text("☐\u00a0keep ☐\u00a0raise ☐\u00a0lower ☐\u00a0close", "☐维持 ☐升级 ☐降级 ☐解除")
_COMBINED = Text("Several risks come together: {names}.", "多类风险叠加：{names}。")
_SPOTS = Text(
    "Places that were warned of one risk three times and more within a year",
    "一年内同类风险预警三次以上的地区",
)
_MEASURES = Text(
    "{asked} {asked:measure was|measures were} asked of departments: {done} done ({in_time} in time), "
    "{declined} declined, {void} void because the warning ended first, {open} still to be done, {overdue} "
    "of these overdue.",
    "共要求落实措施{asked}项：完成{done}项（按时{in_time}项），退回{declined}项，预警先行解除而终止{void}项，"
    "尚未完成{open}项，其中逾期{overdue}项。",
)
_NO_MEASURE = Text("No measure was asked of any department.", "未要求落实措施。")
_VERDICTS = Text(
    "{ended} {ended:warning|warnings} ended; people judged {judged} of them: {confirmed} confirmed, "
    "{averted} averted, {false} false alarms, {unclear} unclear{share}.",
    "解除预警{ended}起，其中已作结论{judged}起：属实{confirmed}起、化解{averted}起、误报{false}起、不明{unclear}起{share}。",
)
_SHARE = Text("; right in {low} % to {high} % (95 %)", "，准确率95%区间为{low}%至{high}%")
_UNJUDGED = Text(
    "{ended} {ended:warning|warnings} ended, and nobody has said of any what it was: how good they were "
    "cannot be told.",
    "解除预警{ended}起，均未作结论，准确率无法评价。",
)
_RULES = {
    "added": Text("taken up: {names}", "启用：{names}"), "changed": Text("changed: {names}", "修订：{names}"),
    "removed": Text("let go: {names}", "停用：{names}"),
}  # fmt: skip
_RULES_SAME = Text("The rules are those of {when}.", "规则自{when}以来未变。")
_RULES_MOVED = Text("Rules {moves}.", "规则{moves}。")


def blocks(of: Figures) -> Iterator[Block]:
    if of.cycle == "daily":
        yield from _lines(of)
    else:
        yield from _situations(of)
    combined = [called(one) for one in of.standing if one.combined]
    if combined and of.cycle != "daily":
        yield Prose(said=filled(_COMBINED, names=listed(combined)))
    if of.cycle == "monthly":
        yield from _month(of)


def _lines(of: Figures) -> Iterator[Block]:
    found = gravest(of)
    if not found:
        yield Prose(said=_NO_ROW)
        return
    columns = (
        Column(head=_WHERE, part=29), Column(head=_WHY, part=35), Column(head=_SINCE, part=14),
        Column(head=_STANDS, part=22),
    )  # fmt: skip
    shown, rest = found[: ROWS["daily"]], found[ROWS["daily"] :]
    rows = tuple(
        (_where(one), Cell(said=one.why), Cell(said=day(one.since.date())), Cell(said=_state(one)))
        for one in shown
    )
    yield Table(caption=_CAPTIONS["daily"], columns=columns, rows=rows)
    if rest:
        yield Prose(said=filled(_MORE, n=len(rest), names=listed([called(one) for one in rest], 4)))


def _where(one: Line, more: Text = NOTHING) -> Cell:
    said = joined([called(one), more], Text("\n", "\n"))
    return Cell(said=said, grade=one.grade, advisory=one.advisory)


def _state(one: Line) -> Text:
    said = []
    if one.proposed is not None:
        said.append(filled(_PROPOSED, grade=colour(one.proposed)))
    if one.unread:
        said.append(several(one.unread, *_UNREAD))
    if one.overdue:
        said.append(several(one.overdue, *_OVERDUE))
    said.append(several(one.acts, *_ACTS) if one.acts else _QUIET)
    return joined(said)


def _situations(of: Figures) -> Iterator[Block]:
    lines = {one.id: one for one in of.lines}
    found = sorted(
        (one for one in of.situations if one.lead in lines), key=lambda one: -rank(lines[one.lead].grade)
    )
    if not found:
        yield Prose(said=_NOTHING)
        return
    columns = (
        Column(head=_WHERE, part=28), Column(head=_WHY, part=22), Column(head=_TREND, part=20),
        Column(head=_DECISION, part=30),
    )  # fmt: skip
    shown, rest = found[: ROWS[of.cycle]], found[ROWS[of.cycle] :]
    rows = tuple(_agenda(one, lines) for one in shown)
    yield Table(caption=_CAPTIONS[of.cycle], columns=columns, rows=rows)
    if rest:
        yield Prose(said=filled(_MORE_SITUATIONS, n=len(rest)))


def _agenda(of: Situation, lines: dict[str, Line]) -> tuple[Cell, ...]:
    one = lines[of.lead]
    others = [lines[id_].place for id_ in of.lines if id_ != of.lead and id_ in lines]
    more = filled(_LINES, n=len(others) + 1, names=listed([one.place, *others], 4)) if others else Text("")
    since = filled(Text("Since {day}.", "{day}起，"), day=day(one.since.date()))
    trend = filled(_MOVE[one.move], before=colour(one.before), grade=colour(one.grade))
    done = [several(one.acts, *_ACTS) if one.acts else _QUIET]
    if one.overdue:
        done.append(several(one.overdue, *_OVERDUE))
    return (
        _where(one, more), Cell(said=one.why), Cell(said=joined([since, trend, *done])),
        Cell(said=_decision([one, *(lines[id_] for id_ in of.lines if id_ != of.lead and id_ in lines)])),
    )  # fmt: skip


def _decision(lines: Sequence[Line]) -> Text:
    """What its lines, the leading one first, together come to."""
    if not lines[0].decision:
        return _BOXES
    top = max(lines, key=lambda one: rank(one.to))
    head = filled(_DECISIONS[_decided(rank(lines[0].grade), rank(top.to))], to=colour(top.to))
    return filled(
        Text("{head}: {why}.\n{boxes}", "{head}：{why}。\n{boxes}"), head=head, why=top.ground, boxes=_BOXES
    )


def _decided(grade: int, to: int) -> str:
    if to == grade:
        return "keep"
    return "raise" if to > grade else "lower" if to else "close"


def _month(of: Figures) -> Iterator[Block]:
    if of.spots:
        columns = (
            Column(head=Text("Area, by code", "地区（按代码）"), part=40),
            Column(head=Text("Risk", "风险"), part=40),
            Column(head=Text("Warnings in a year", "一年内预警"), part=20, number=True),
        )
        rows = tuple(
            (Cell(said=one.place), Cell(said=one.risk), Cell(said=Text(str(one.warnings), str(one.warnings))))
            for one in of.spots
        )
        yield Table(caption=_SPOTS, columns=columns, rows=rows)
    yield Points(items=(_measures(of), _verdicts(of), _rules(of)))


def _measures(of: Figures) -> Text:
    one = of.measures
    if not one.asked:
        return _NO_MEASURE
    return filled(
        _MEASURES,
        asked=one.asked,
        done=one.done,
        in_time=one.in_time,
        declined=one.declined,
        void=one.void,
        open=one.open,
        overdue=one.overdue,
    )


def _verdicts(of: Figures) -> Text:
    one = of.verdicts
    if not one.judged:
        return filled(_UNJUDGED, ended=one.ended)
    share = Text("")
    if one.low is not None and one.high is not None:
        share = filled(_SHARE, low=round(100 * one.low), high=round(100 * one.high))
    return filled(
        _VERDICTS,
        ended=one.ended,
        judged=one.judged,
        confirmed=one.confirmed,
        averted=one.averted,
        false=one.false_alarm,
        unclear=one.unclear,
        share=share,
    )


def _rules(of: Figures) -> Text:
    if not of.rules:
        return filled(_RULES_SAME, when=day(of.begins.date()))
    moves = [
        filled(text, names=listed([one.title for one in of.rules if one.how == how]))
        for how, text in _RULES.items() if any(one.how == how for one in of.rules)
    ]  # fmt: skip
    return filled(_RULES_MOVED, moves=joined(moves, Text("; ", "；")))
