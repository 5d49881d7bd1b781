"""What is to be decided and done next, most pressing first; each follows from a figure."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.text import Text
from engine.report.document import Block, Points, Prose
from engine.report.figures import Figures, Late
from engine.report.words import called, colour, day, filled, listed, number

_DECIDE = Text("Decide what is proposed: {names}.", "抓紧签发待批事项：{names}。")
_READ = Text("Have these answered: {names}.", "督促签收：{names}。")
_LATE = Text(
    "Press for the {n} overdue {n:measure|measures}, first: {first}.", "督办逾期措施{n}项，首先是{first}。"
)
_LATE_ONE = Text("{what} ({department}, {place}, due {due})", "{place}{department}“{what}”（{due}到期）")
_AGREE = {
    "raise": Text("Agree to raise {n}: {names}.", "建议升级{n}起：{names}。"),
    "lower": Text("Agree to lower {n}: {names}.", "建议降级{n}起：{names}。"),
    "close": Text("Agree to close {n}: {names}.", "建议解除{n}起：{names}。"),
}
_JUDGE = Text(
    "Say of the {n} {n:warning|warnings} that ended what {n:it was|they were}: what "
    "{n:it is|they are} worth is learned from it.",
    "对已解除的{n}起预警作出结论，据此评价预警质量。",
)
_FEEDS = Text(
    "Restore {names}: what it reports on cannot be judged.", "恢复{names}数据接入：相关领域目前无法研判。"
)
_NONE = Text("Nothing is to be decided.", "暂无需决定事项。")


def blocks(of: Figures) -> Iterator[Block]:
    found = tuple(_items(of))
    yield Points(items=found) if found else Prose(said=_NONE)


def _items(of: Figures) -> Iterator[Text]:
    waits = [
        filled(Text("{what} to {grade}", "{what}拟{grade}"), what=called(one), grade=colour(one.proposed))
        for one in of.lines if one.proposed is not None
    ]  # fmt: skip
    if waits:
        yield filled(_DECIDE, names=listed(waits, 4))
    if unread := [called(one) for one in of.standing if one.unread]:
        yield filled(_READ, names=listed(unread, 4))
    for decision, text in _AGREE.items():
        if names := [called(one) for one in of.standing if one.decision == decision]:
            yield filled(text, n=len(names), names=listed(names, 8))
    if of.late:
        yield filled(_LATE, n=number(len(of.late)), first=_late(of.late[0]))
    if of.cycle != "daily" and (left := of.verdicts.ended - of.verdicts.judged) > 0:
        yield filled(_JUDGE, n=left)
    if silent := [one.title for one in of.blind if one.now]:
        yield filled(_FEEDS, names=listed(silent, 4))


def _late(one: Late) -> Text:
    return filled(
        _LATE_ONE, what=one.what, department=one.department, place=one.place, due=day(one.due.date())
    )
