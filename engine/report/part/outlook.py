"""What is watched, what became of what was watched, and what is to be expected."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.chance import percent
from engine.model.grade import DOMAINS, Domain
from engine.model.text import Text
from engine.report.document import Block, Prose
from engine.report.figures import Figures, Line, rank
from engine.report.words import (
    NEXT,
    SEMICOLON,
    called,
    day,
    filled,
    joined,
    listed,
    moment,
    risk_of,
    span,
)

#: So many names of the list; it is in the figures whole.
MOST = {"daily": 10, "weekly": 24, "monthly": 24}
_LIST = Text("Watch list: {names}.", "关注清单：{names}。")
_EMPTY = Text("The watch list is empty.", "关注清单为空。")
_BECAME = Text(
    "Of the {n} on the list of {when}, {raised} rose above blue, {stand} still stand, {ended} ended.",
    "{when}关注清单所列{n}起中，{raised}起升至蓝色以上，{stand}起仍为蓝色，{ended}起已解除。",
)
_NO_LIST = Text("Nothing was on the list of {when}.", "{when}关注清单为空。")
_OUTSIDE = Text("From outside it, {n} rose above blue: {names}.", "清单以外升至蓝色以上{n}起：{names}。")
_INSIDE = Text("Nothing outside it rose above blue.", "清单以外无升至蓝色以上的预警。")
_CHANCE = Text(
    "{what}: {said}, so {chance} ({low} to {high}, 95 %)",
    "{what}：{said}，即{chance}（95%区间{low}至{high}）",
)
_CHANCES = Text("How likely what stands is: {said}.", "应验可能性：{said}。")
_EXPECTED = Text(
    "To be expected for {next}, by the periods before: {said}.", "据此前各期推算，{next}预计报告：{said}。"
)
_DOMAIN = Text("{domain} {span}", "{domain}{span}")
_AHEAD = Text("Announced: {said}.", "已发布的预告：{said}。")
_AHEAD_ONE = Text("{what}, {place}, from {when}", "{when}起{place}{what}")
_NO_AHEAD = Text("No feed announces anything.", "各数据源暂无预告信息。")
_NEXT = Text("The next report is due on {when}.", "下一期定于{when}。")


def blocks(of: Figures) -> Iterator[Block]:
    yield Prose(said=_watched(of))
    yield Prose(said=joined([_became(of), _outside(of)]))
    if chances := _chances(of):
        yield Prose(said=chances)
    yield Prose(said=joined([_expected(of), _ahead(of), filled(_NEXT, when=moment(of.next_at))]))


def _watched(of: Figures) -> Text:
    blue = [called(one) for one in of.standing if one.grade == "blue"]
    return filled(_LIST, names=listed(blue, MOST[of.cycle])) if blue else _EMPTY


def _became(of: Figures) -> Text:
    when = day(of.begins.date())
    if not of.watch:
        return filled(_NO_LIST, when=when)
    return filled(
        _BECAME, n=len(of.watch), when=when, raised=sum(rank(one.grade) > 1 for one in of.watch),
        stand=sum(one.grade == "blue" for one in of.watch),
        ended=sum(one.grade == "none" for one in of.watch),
    )  # fmt: skip


def outside(of: Figures) -> list[Line]:
    """What rose above blue though nothing of it was on the list."""
    return [one for one in of.lines if one.before == "none" and rank(one.top) > 1]


def _outside(of: Figures) -> Text:
    found = outside(of)
    if not found:
        return _INSIDE
    names = [risk_of(one.place, one.risk) for one in found]
    return filled(_OUTSIDE, n=len(found), names=listed(names, 4 if of.cycle == "daily" else 12))


def _chances(of: Figures) -> Text | None:
    said = [
        filled(
            _CHANCE, what=called(one), said=Text(one.chance.sentence, one.chance.sentence_zh),
            chance=percent(one.chance.chance), low=percent(one.chance.low), high=percent(one.chance.high),
        )
        for one in of.standing[: 3 if of.cycle == "daily" else 8] if one.chance is not None
    ]  # fmt: skip
    return filled(_CHANCES, said=joined(said, SEMICOLON)) if said else None


def _expected(of: Figures) -> Text:
    if of.cycle == "daily":
        return Text("")  # each domain says it
    said = [
        filled(_DOMAIN, domain=DOMAINS[Domain(one.domain)], span=span(one.next))
        for one in of.domains if one.next
    ]
    return filled(_EXPECTED, next=NEXT[of.cycle], said=joined(said, SEMICOLON)) if said else Text("")


def _ahead(of: Figures) -> Text:
    if not of.ahead:
        return _NO_AHEAD
    said = [filled(_AHEAD_ONE, what=one.what, place=one.place, when=moment(one.at)) for one in of.ahead[:6]]
    return filled(_AHEAD, said=listed(said, 6))
