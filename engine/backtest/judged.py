"""What people said of past warnings, as a truth that a backtest can be held against.

A verdict speaks of one place while its warning stood: confirmed, it happened on the day it names and on no
other; false alarm, it did not happen. Where something was averted, where it stayed unclear, and wherever
there was no warning, nobody knows: such a truth measures how often warnings are right, never what was missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine.ingest.truth import NOTHING, UNKNOWN
from engine.model.act import Act, Verdict
from engine.model.area import AreaTree
from engine.model.period import Calendar
from engine.model.warning import RiskWarning

COLUMNS = ("area", "topic", "start", "end", "label", "onset", "known")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a truth file; both days are included."""

    area: str
    topic: str
    start: date
    end: date
    label: str
    onset: str = ""
    known: date | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        """As the columns of the file want them."""
        known = str(self.known) if self.known else ""
        return (self.area, self.topic, str(self.start), str(self.end), self.label, self.onset, known)


def verdicts(acts: Sequence[Act], warnings: Sequence[RiskWarning]) -> Iterator[tuple[Act, RiskWarning]]:
    """Each warning that a person judged, with the last verdict on it, where that is a clear one."""
    last: dict[str, tuple[Act, RiskWarning]] = {}
    for act in sorted(acts, key=lambda act: act.at):
        if act.verdict is not None or act.right is not None:
            there = [w for w in warnings if (w.area, w.topic) == (act.area, act.topic) and w.since <= act.at]
            meant = [w for w in there if act.warning in ("", w.id)]
            if meant:
                warning = max(meant, key=lambda one: one.since)
                last[warning.id] = (act, warning)
    yield from ((act, warning) for act, warning in last.values() if act.right is not None)


def truth(
    verdicts: Iterable[tuple[Act, RiskWarning]], tree: AreaTree, calendar: Calendar
) -> Iterator[Row]:
    """The rows of a truth file, by topic: what was said, then what nobody knows."""
    said: dict[str, list[Row]] = {}
    for act, warning in verdicts:
        if warning.area in tree:
            said.setdefault(warning.topic, []).extend(_rows(act, warning, calendar))
    for topic, rows in sorted(said.items()):
        rows.sort(key=lambda row: (row.start, row.area, row.label))
        yield from rows
        yield from _unsaid(topic, rows, tree)


def _rows(act: Act, warning: RiskWarning, calendar: Calendar) -> Iterator[Row]:
    place, known = (warning.area, warning.topic), calendar.local_day(act.at)
    first = calendar.local_day(warning.since)
    last = calendar.local_day(min(warning.lifted_at or act.at, act.at))
    if act.right is None or act.verdict is Verdict.AVERTED:
        return
    if not act.right:
        yield Row(*place, first, last, NOTHING, known=known)
        return
    day = act.outcome or first
    yield Row(*place, min(first, day), max(last, day), NOTHING, known=known)
    yield Row(*place, day, day, Verdict.CONFIRMED.value, "yes", known)


def _unsaid(topic: str, rows: Sequence[Row], tree: AreaTree) -> Iterator[Row]:
    """Where and when nobody said anything, within the days from the first to the last that are spoken of."""
    span = (min(row.start for row in rows), max(row.end for row in rows))
    spoken: dict[str, list[tuple[date, date]]] = {}
    for row in rows:
        spoken.setdefault(row.area, []).append((row.start, row.end))
    above = {area for code in spoken for area in tree.lineage(code)[1:]}
    for area in tree:
        if area.parent is None:
            yield from _blanks(area.code, (), topic, span, spoken, above, tree)


def _blanks(
    area: str, told: Sequence[tuple[date, date]], topic: str, span: tuple[date, date],
    spoken: Mapping[str, Sequence[tuple[date, date]]], above: set[str], tree: AreaTree,
) -> Iterator[Row]:  # fmt: skip
    """What is told of an area is told of those below it; only there may be more to tell."""
    told = (*told, *spoken.get(area, ()))
    if area in above:
        for child in tree.children(area):
            yield from _blanks(child, told, topic, span, spoken, above, tree)
        return
    begin = span[0]
    for start, end in sorted(told):
        if begin < start:
            yield Row(area, topic, begin, start - _DAY, UNKNOWN)
        begin = max(begin, end + _DAY)
    if begin <= span[1]:
        yield Row(area, topic, begin, span[1], UNKNOWN)
