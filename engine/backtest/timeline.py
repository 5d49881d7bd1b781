"""Each area's warnings through time, with what really happened below them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from engine.backtest.drawing import COLOURS, FAINT, TRUTH, clipped, line, rect, svg, ticks, words
from engine.backtest.history import Spell
from engine.backtest.run import Backtest
from engine.ingest.truth import Event

WIDTH, LEFT, LANE, TOP = 1000, 210, 22, 16


def timeline(done: Backtest, area: str) -> str:
    """One lane a topic: the higher a bar, the graver its grade; a violet line below is the truth."""
    spells = [spell for spell in done.history.warnings if spell.place[0] == area]
    events = [event for event in _events(done) if event.area == area]
    topics = sorted({spell.place[1] for spell in spells} | {event.topic for event in events})
    height = TOP + LANE * len(topics) + 4
    parts = [*_axis(done, height)]
    for number, topic in enumerate(topics):
        y = TOP + LANE * number
        parts += _lane(done, topic, y)
        parts += [bar for spell in spells if spell.place[1] == topic for bar in _bars(done, spell, y)]
        parts += [_truth(done, event, y) for event in events if event.topic == topic]
    return svg(WIDTH, height, parts, f"warnings and events in {area}")


def areas(done: Backtest) -> dict[str, list[str]]:
    """The areas with a warning or an event, by level from the highest and then by code: their order
    says nothing about them."""
    shown = {spell.place[0] for spell in done.history.warnings} | {event.area for event in _events(done)}
    found = {level: [code for code in done.tree.at(level) if code in shown] for level in done.tree.levels}
    return {level: codes for level, codes in found.items() if codes}


def _events(done: Backtest) -> Sequence[Event]:
    if done.against is None:
        return ()
    span = done.span
    return [one for one in done.against.truth.events if one.end >= span.first and one.start <= span.last]


def _x(done: Backtest, moment: datetime) -> float:
    """Where a moment stands, held within the picture."""
    whole = (done.span.until - done.span.since) / timedelta(days=1)
    share = (moment - done.span.since) / timedelta(days=1) / whole
    return LEFT + (WIDTH - LEFT) * min(max(share, 0.0), 1.0)


def _axis(done: Backtest, height: float) -> Iterator[str]:
    for day in ticks(done.span):
        x = _x(done, done.span.calendar.midnight(day))
        yield line(x, TOP - 4, x, height)
        yield words(x + 3, TOP - 6, f"{day:%Y-%m}", size=10, fill="#57606a")


def _lane(done: Backtest, topic: str, y: float) -> Iterator[str]:
    title = done.topics[topic].title if topic in done.topics else None
    said = f"{title.en} {title.zh}".strip() if title else topic
    yield line(0, y + LANE - 1, WIDTH, y + LANE - 1, FAINT)
    yield words(0, y + LANE - 8, clipped(said, 36))


def _bars(done: Backtest, spell: Spell, y: float) -> Iterator[str]:
    ends = [*(at for at, _ in spell.steps[1:]), spell.closed or done.span.until]
    zone = done.span.calendar.zone
    until = f"{spell.closed.astimezone(zone):%Y-%m-%d %H:%M}" if spell.closed else "still open"
    for (at, grade), end in zip(spell.steps, ends, strict=True):
        tall = (LANE - 7) * int(grade) / 4
        left, right = _x(done, at), _x(done, end)
        tip = f"{grade.word} from {at.astimezone(zone):%Y-%m-%d %H:%M}; the warning until {until}"
        yield rect(left, y + LANE - 5 - tall, max(right - left, 1.2), tall, COLOURS[grade], tip)


def _truth(done: Backtest, event: Event, y: float) -> str:
    midnight = done.span.calendar.midnight
    left, right = _x(done, midnight(event.start)), _x(done, midnight(event.end + timedelta(days=1)))
    tip = f"{event.label}: {event.start} to {event.end}" + (", an onset" if event.onset else "")
    return rect(left, y + LANE - 4.5, max(right - left, 1.5), 3, TRUTH, tip)
