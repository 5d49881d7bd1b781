"""The first sentence, what changed, and how many stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine.model.text import Text
from engine.report.document import Block, Prose
from engine.report.figures import DomainFigures, Figures, Line, Ratio, Word, rank
from engine.report.ratio import compare
from engine.report.words import (
    BEFORE,
    PERIODS,
    SEMICOLON,
    called,
    change,
    colour,
    counts,
    filled,
    joined,
    moment,
    number,
)

_NEW = Text("{what} is new at {grade}", "{what}新发{grade}预警")
_RAISED = Text("{what} is raised from {before} to {grade}", "{what}由{before}升为{grade}")
_ONLY_ENDED = Text("{n} ended and nothing is new", "解除预警{n}起，无新发")
_LOWERED = Text("{n} lowered and nothing is new", "降级{n}起，无新发")
_NOTHING = Text("Nothing has changed", "无变化")
_SITUATIONS = Text(
    "{n} {n:situation stands|situations stand}. The gravest: {which}.", "现有态势{n}起，重点为{which}。"
)
_ONE = Text("One situation stands: {which}.", "现有态势1起：{which}。")
_NO_SITUATION = Text("No situation stands.", "目前无持续态势。")
_AT = Text("{what}, {grade}", "{what}（{grade}）")

_SINCE = Text("Since {when}: {moves}.", "{when}以来，{moves}。")
_SINCE_NOTHING = Text("Nothing has changed since {when}.", "{when}以来无变化。")
_MOVES = {
    "new": Text("{n} new", "新发{n}起"), "raised": Text("{n} raised", "升级{n}起"),
    "lowered": Text("{n} lowered", "降级{n}起"), "ended": Text("{n} ended", "解除{n}起"),
    "passed": Text("{n} began and ended", "其间发生并解除{n}起"),
}  # fmt: skip
_STAND = Text("{n} {n:warning stands|warnings stand}: {counts}.", "现有预警{n}起：{counts}。")
_STANDS = Text("One warning stands: {counts}.", "现有预警1起：{counts}。")
_NONE = Text("No warning stands.", "目前无预警。")
_ISSUED = Text(
    "{n} {n:warning was|warnings were} issued in {period}, {before} in {then}{change}.",
    "{period}发布预警{n}起，{then}{before}起{change}。",
)
_NO_PAST = Text(
    "{n} {n:warning was|warnings were} issued in {period}; the engine did not judge all of {then}.",
    "{period}发布预警{n}起；{then}未全程研判，不作比较。",
)
_LEVEL = Text(
    "Reports of harm: {n} in {period}; on a day, {change}.", "{period}报告各类危害事件{n}起，日均{change}。"
)
_YEAR = Text("the same month a year ago", "上年同月")
_LOWER, _HIGHER, _ALIKE = (
    Text("The level of reported harm is lower: a day {change}.", "报告危害水平下降：日均{change}。"),
    Text("The level of reported harm is higher: a day {change}.", "报告危害水平上升：日均{change}。"),
    Text(
        "The level of reported harm has not clearly changed: a day {change}.",
        "报告危害水平无明显变化：日均{change}。",
    ),
)


def lead(of: Figures) -> Text:
    """What whoever reads one sentence reads."""
    if of.cycle == "daily":
        return filled(Text("{said}.", "{said}。"), said=_daily(of))
    if of.cycle == "weekly":
        return _weekly(of)
    return _monthly(of)


def _daily(of: Figures) -> Text:
    risen = sorted(of.moved("new", "raised"), key=lambda one: -rank(one.grade))
    if risen:
        one = risen[0]
        said = _NEW if one.move == "new" else _RAISED
        return filled(said, what=called(one), before=colour(one.before), grade=colour(one.grade))
    if ended := of.moved("ended"):
        return filled(_ONLY_ENDED, n=len(ended))
    if lowered := of.moved("lowered"):
        return filled(_LOWERED, n=len(lowered))
    return _NOTHING


def _weekly(of: Figures) -> Text:
    lines = {one.id: one for one in of.lines}
    leads = sorted(
        (lines[one.lead] for one in of.situations if one.lead in lines), key=lambda one: -rank(one.grade)
    )
    if not leads:
        return _NO_SITUATION
    which = joined([filled(_AT, what=called(one), grade=colour(one.grade)) for one in leads[:2]], SEMICOLON)
    return filled(_ONE if len(leads) == 1 else _SITUATIONS, n=len(leads), which=which)


def _monthly(of: Figures) -> Text:
    """Whether the level is higher or lower than the month and the year before, with the interval."""
    beside = [(whole(of, year), _YEAR if year else BEFORE["monthly"]) for year in (False, True)]
    said = [
        filled(_compared(ratio), change=change(ratio, then))
        for ratio, then in beside if ratio is not None and ratio.ratio is not None
    ]  # fmt: skip
    return joined(said) if said else _standing(of)


def _compared(of: Ratio) -> Text:
    if of.low is not None and of.low > 1:
        return _HIGHER
    return _LOWER if of.high is not None and of.high < 1 else _ALIKE


def whole(of: Figures, year: bool = False) -> Ratio | None:
    """The reports of all domains that were seen for as many days; None where they were not."""
    ratios = [one.year if year else one.reports for one in of.domains if one.watched]
    if not ratios or any(one is None for one in ratios):
        return None
    known = [one for one in ratios if one is not None]
    if len({(one.days, one.days_before) for one in known}) != 1:
        return None
    now, before = sum(one.now for one in known), sum(one.before for one in known)
    return compare(now, before, known[0].days, known[0].days_before)


def blocks(of: Figures) -> Iterator[Block]:
    yield Prose(said=joined([_changes(of), _standing(of)]))
    if of.cycle != "daily":
        yield Prose(said=joined(_levels(of)))


def _changes(of: Figures) -> Text:
    moves = Counter(one.move for one in of.lines)
    said = [filled(text, n=moves[move]) for move, text in _MOVES.items() if moves[move]]  # type: ignore[index]
    when = moment(of.begins)
    return (
        filled(_SINCE, when=when, moves=joined(said, Text(", ", "，")))
        if said
        else filled(_SINCE_NOTHING, when=when)
    )


def _standing(of: Figures) -> Text:
    standing = of.standing
    if not standing:
        return _NONE
    by_grade: Counter[Word] = Counter(one.grade for one in standing)
    ordered = sorted(by_grade.items(), key=lambda one: -rank(one[0]))
    return filled(_STANDS if len(standing) == 1 else _STAND, n=len(standing), counts=counts(ordered))


def _levels(of: Figures) -> Iterator[Text]:
    issued = sum(one.issued for one in of.domains)
    period, then = PERIODS[of.cycle], BEFORE[of.cycle]
    if of.issued is None:
        yield filled(_NO_PAST, n=issued, period=period, then=then)
    else:
        moved = change(of.issued, then)
        said = filled(Text(": {said}", "，{said}"), said=moved) if moved.en else Text("")
        yield filled(_ISSUED, n=issued, period=period, then=then, before=of.issued.before, change=said)
    ratio = whole(of)
    if ratio is not None and (moved := change(ratio, then)).en:
        yield filled(_LEVEL, n=number(ratio.now), period=period, change=moved)


def domain_state(one: DomainFigures) -> Text:
    """How a domain stands, in a few words."""
    if one.open:
        return counts(one.open)
    return Text("no warning", "无预警") if one.watched else Text("nobody can tell", "无法研判")


def gravest(of: Figures) -> list[Line]:
    """What stands above blue."""
    return [one for one in of.standing if rank(one.grade) > 1]
