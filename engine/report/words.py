"""What reports are said with: names, days, grades, lists and intervals, in every language at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from engine.model import slots
from engine.model.grade import COLOURS, Grade
from engine.model.text import Text
from engine.report.figures import Cycle, Line, Ratio, Span, Word
from engine.report.ratio import clear

LANGUAGES = ("en", "zh")
KINDS: dict[Cycle, Text] = {
    "daily": Text("Daily hand-over", "每日排查简报"), "weekly": Text("Weekly assessment", "每周研判报告"),
    "monthly": Text("Monthly analysis", "月度分析报告"),
}  # fmt: skip
#: What the period is called, and the one before it.
PERIODS: dict[Cycle, Text] = {
    "daily": Text("the day", "当日"), "weekly": Text("the week", "本周"),
    "monthly": Text("the month", "本月"),
}  # fmt: skip
BEFORE: dict[Cycle, Text] = {
    "daily": Text("the day before", "前一日"), "weekly": Text("the week before", "上周"),
    "monthly": Text("the month before", "上月"),
}  # fmt: skip
NEXT: dict[Cycle, Text] = {
    "daily": Text("the next day", "次日"), "weekly": Text("the next week", "下周"),
    "monthly": Text("the next month", "下月"),
}  # fmt: skip
SPACE, COMMA, SEMICOLON = Text(" ", ""), Text(", ", "、"), Text("; ", "；")
_MORE = Text("{names} and {n} more", "{names}等共{all}处")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_UP = Text("up {n} % on {then} {interval}, {judged}", "较{then}上升{n}%{interval}，{judged}")
_DOWN = Text("down {n} % on {then} {interval}, {judged}", "较{then}下降{n}%{interval}，{judged}")
_SAME = Text("as in {then} {interval}, {judged}", "与{then}持平{interval}，{judged}")
_INTERVAL = Text("(95 % interval {low} to {high})", "（95%区间{low}至{high}）")
_BEYOND, _WITHIN = Text("more than chance makes", "超出偶然波动"), Text("within chance", "未超出偶然波动")
_SPAN = Text("{low} to {high} (95 %; mean {mean})", "{low}至{high}起（95%区间，均值{mean}）")
_SPAN_ONLY = Text("{low} to {high}", "{low}至{high}")


def filled(of: Text, **facts: object) -> Text:
    """The facts where the braces are; a fact may itself be a text in every language."""
    return Text(*(slots.filled(of.say(language), **_in(language, facts)) for language in LANGUAGES))


def _in(language: str, facts: dict[str, object]) -> dict[str, object]:
    return {key: one.say(language) if isinstance(one, Text) else one for key, one in facts.items()}


def joined(parts: Iterable[Text], between: Text = SPACE) -> Text:
    said = [one for one in parts if one.en]
    return Text(between.en.join(one.en for one in said), between.zh.join(one.say("zh") for one in said))


def listed(names: Sequence[Text], most: int = 8) -> Text:
    """The first of them, and how many more there are."""
    some = joined(names[:most], COMMA)
    return some if len(names) <= most else filled(_MORE, names=some, n=len(names) - most, all=len(names))


def day(of: date) -> Text:
    return Text(f"{of.day} {_MONTHS[of.month - 1]}", f"{of.month}月{of.day}日")


def full_day(of: date) -> Text:
    return Text(f"{of.day} {_MONTHS[of.month - 1]} {of.year}", f"{of.year}年{of.month}月{of.day}日")


def moment(of: datetime) -> Text:
    said = day(of.date())
    return Text(f"{said.en} {of:%H:%M}", f"{said.zh}{of:%H:%M}")


def colour(word: Word) -> Text:
    return COLOURS[Grade.named(word)]


def counts(of: Iterable[tuple[Word, int]]) -> Text:
    """So many of each grade."""
    return joined(
        [filled(Text("{n} {grade}", "{grade}{n}起"), n=n, grade=colour(word)) for word, n in of], COMMA
    )


def called(one: Line) -> Text:
    """A place and its risk."""
    return risk_of(one.place, one.risk)


def _small(of: Text) -> Text:
    return Text(of.en[:1].lower() + of.en[1:], of.zh)


def risk_of(place: Text, risk: Text) -> Text:
    return filled(Text("{place} ({risk})", "{place}{risk}"), place=place, risk=_small(risk))


def change(of: Ratio | None, then: Text) -> Text:
    """By how much a count has changed on what was then, with the interval and whether that is more than
    chance; empty where nobody can tell."""
    if of is None or of.ratio is None or of.low is None or of.high is None:
        return Text("")
    share = _percent(of.ratio)
    interval = filled(_INTERVAL, low=_signed(of.low), high=_signed(of.high))
    return filled(
        (_UP if share > 0 else _DOWN) if share else _SAME, n=f"{abs(share):g}", then=then, interval=interval,
        judged=_BEYOND if clear(of) else _WITHIN,
    )  # fmt: skip


def change_short(of: Ratio | None) -> Text:
    """The same for a cell."""
    if of is None or of.ratio is None or of.low is None or of.high is None:
        return Text("–")
    said = Text("{ratio} ({low} to {high})", "{ratio}（{low}至{high}）")
    return filled(said, ratio=_signed(of.ratio), low=_bare(of.low), high=_signed(of.high))


def _percent(ratio: float) -> float:
    """In whole numbers; below one to a tenth, so that what is not zero does not read as zero."""
    share = 100 * (ratio - 1)
    return round(share) if abs(share) >= 0.95 else round(share, 1) + 0.0


def _signed(ratio: float) -> Text:
    said = _bare(ratio)
    return Text(f"{said}\u00a0%", f"{said}%")


def _bare(ratio: float) -> str:
    share = _percent(ratio)
    return f"{'+' if share > 0 else '−' if share < 0 else ''}{abs(share):g}"


def span(of: Span) -> Text:
    return filled(_SPAN, low=of.low, high=of.high, mean=f"{of.mean:g}")


def span_short(of: Span | None) -> Text:
    return filled(_SPAN_ONLY, low=of.low, high=of.high) if of else Text("–")


def several(n: int, one: Text, more: Text, **facts: object) -> Text:
    """The sentence for one thing, or for another number of them."""
    return filled(one if n == 1 else more, n=n, **facts)


def number(of: int) -> str:
    return f"{of:,}"
