"""The report's charts: volume by month, chance beside volume, calibration, lead time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine.backtest.drawing import COLOURS, FAINT, INK, TRUTH, dot, line, months, rect, svg, ticks, words
from engine.backtest.run import Backtest
from engine.backtest.skill import Row
from engine.model.grade import RUNGS, Grade

WIDTH, HEIGHT = 480, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 42, 462, 14, 204
#: Charts with a line for each rule: where its bars begin, and how high a line is.
_WIDE, _BEGIN, _LINE = 1000, 250, 18


def volume(done: Backtest) -> str:
    """Warnings opened in each month, by the highest grade each reached."""
    local = done.span.calendar.local_day
    opened = Counter(
        (local(spell.opened).replace(day=1), spell.peak) for spell in done.span.opened(done.history.warnings)
    )  # fmt: skip
    first = done.span.first.replace(day=1)
    every = sorted({first, *months(done.span)})
    most = max((sum(opened[month, grade] for grade in RUNGS) for month in every), default=0) or 1
    step = (_RIGHT - _LEFT) / len(every)
    parts = list(_scale(most))
    for number, month in enumerate(every):
        y = float(_BOTTOM)
        for grade in RUNGS:
            tall = (_BOTTOM - _TOP) * opened[month, grade] / most
            y -= tall
            if tall:
                tip = f"{month:%Y-%m}: {opened[month, grade]} {grade.word}"
                parts.append(rect(_LEFT + step * number + 1, y, step - 2, tall, COLOURS[grade], tip))
    for day in ticks(done.span):
        x = _LEFT + step * every.index(day) + step / 2
        parts.append(words(x, _BOTTOM + 16, f"{day:%y-%m}", "middle", 10))
    return svg(WIDTH, HEIGHT, parts, "warnings opened by month")


def calibration(done: Backtest) -> str:
    """What each grade claims against what came, with a 95 % interval; on the line it kept its word."""
    parts = [*_square(), line(_LEFT, _BOTTOM, _RIGHT, _TOP, INK, ' stroke-dasharray="4 4"')]
    for row in done.assessment.grades:
        parts += _point(row, Grade.named(str(row["grade"])))
    parts.append(words((_LEFT + _RIGHT) / 2, HEIGHT - 4, "chance that the grade claims", "middle", 10))
    return svg(WIDTH, HEIGHT, parts, "calibration of the grades")


def chance(done: Backtest) -> str:
    """Each rule's warnings as a bar, and what chance alone would have opened as a line across it."""
    rows = [row for row in done.assessment.rules if row["chance_warnings"] is not None]
    pairs = [(_number(row, "warnings") or 0.0, _number(row, "chance_warnings") or 0.0) for row in rows]
    long = (_WIDE - _BEGIN - 60) / (max(map(max, pairs), default=0.0) or 1.0)
    parts = []
    for number, (row, (value, by_chance)) in enumerate(zip(rows, pairs, strict=True)):
        y, x = 4 + _LINE * number, _BEGIN + by_chance * long
        tip = f"{value:g} {'warning' if value == 1 else 'warnings'}, {by_chance:.1f} by chance"
        parts.append(words(0, y + 11, str(row["rule"])))
        parts.append(rect(_BEGIN, y + 2, value * long, 10, "#9fb3c8", tip))
        parts.append(line(x, y - 1, x, y + 15, COLOURS[Grade.RED], ' stroke-width="2"'))
        parts.append(words(_BEGIN + max(value, by_chance) * long + 6, y + 11, f"{value:g}", size=10))
    return svg(_WIDE, 8 + _LINE * len(rows), parts, "warnings beside what chance alone would open")


def lead(done: Backtest) -> str:
    """Each rule's lead time: median and quartiles in days before the beginning of the events."""
    rows = [row for row in done.assessment.rules if row["lead_median"] is not None]
    spans = [tuple(_number(row, key) or 0.0 for key in ("lead_q1", "lead_median", "lead_q3")) for row in rows]
    low, high = min([0.0, *map(min, spans)]), max([1.0, *map(max, spans)])

    def x(days: float) -> float:
        return _BEGIN + (_WIDE - _BEGIN - 20) * (days - low) / (high - low)

    foot = _LINE * (len(rows) + 1)
    parts = [line(x(0), 6, x(0), foot, INK)]
    parts += [words(x(at), foot + 14, f"{at:.0f} d", "middle", 10) for at in sorted({low, 0.0, high})]
    for number, (row, (q1, median, q3)) in enumerate(zip(rows, spans, strict=True), start=1):
        parts.append(words(0, _LINE * number + 4, str(row["rule"])))
        parts.append(line(x(q1), _LINE * number, x(q3), _LINE * number, TRUTH, ' stroke-width="3"'))
        parts.append(dot(x(median), _LINE * number, 4.5, TRUTH, f"median {median:.1f} days"))
    return svg(_WIDE, foot + 20, parts, "lead time of each rule")


def _point(row: Row, grade: Grade) -> Iterator[str]:
    """One grade's dot with its interval; nothing where it was never given."""
    claimed, came = _number(row, "claimed"), _number(row, "frequency")
    if claimed is None or came is None:
        return
    low, high = _number(row, "frequency_low"), _number(row, "frequency_high")
    x = _LEFT + (_RIGHT - _LEFT) * claimed
    if low is not None and high is not None:
        yield line(x, _y(low), x, _y(high), COLOURS[grade], ' stroke-width="2"')
    tip = f"{grade.word}: claims {claimed:.0%}, came {came:.0%} on {row['grade_days']} judgements"
    yield dot(x, _y(came), 5.5, COLOURS[grade], tip)


def _square() -> Iterator[str]:
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, y = _LEFT + (_RIGHT - _LEFT) * share, _y(share)
        yield line(_LEFT, y, _RIGHT, y)
        yield words(_LEFT - 6, y + 4, f"{share:.0%}", "end", 10)
        yield words(x, _BOTTOM + 16, f"{share:.0%}", "middle", 10)


def _y(share: float) -> float:
    return _BOTTOM - (_BOTTOM - _TOP) * share


def _scale(most: float) -> Iterator[str]:
    for share in (0.0, 0.5, 1.0):
        yield line(_LEFT, _y(share), _RIGHT, _y(share), FAINT)
        yield words(_LEFT - 6, _y(share) + 4, f"{most * share:.0f}", "end", 10)


def _number(row: Row, key: str) -> float | None:
    value = row.get(key)
    return float(value) if isinstance(value, int | float) else None
