"""What stands behind a warning in one line: the figure, the time, the usual, where the grade starts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engine.model.grade import Grade
from engine.model.indicator import Take
from engine.model.slots import filled
from engine.model.text import Text
from engine.notify.evidence import Evidence
from engine.notify.message import PLACES
from engine.notify.pattern import pattern
from engine.notify.reference import SMALL, Reference
from engine.notify.wording import ALERTED, AND_MORE, LIST

#: Between the parts of a sentence.
_BETWEEN = Text("; ", "；")
USUAL = Text("usual {n}", "常态{n}")
_STARTS = Text("{grade} starts at {n}", "{grade}标准{n}起")
_MORE = Text("{n} more to {grade}", "再{n}起即为{grade}")
_HIGHER = Text("{n} more to {grade}", "再增{n}即为{grade}")
_MOMENTS = Text("{n} reported", "报告{n}起")
_SUM = Text("{n} {unit} in {days} {days:day|days}", "{days}天{unit}合计{n}")
_READ = {
    Take.MAX: Text("{unit} up to {n}", "{unit}最高{n}"),
    Take.LAST: Text("{unit} at {n}", "{unit}现为{n}"),
    Take.OPEN: Text("{n} open", "{n}起未结"),
    Take.CHANGE: Text("{n} more open", "未结净增{n}起"),
}
_DAY = Text("{n} in a day", "1天内{n}起")
_DAYS = Text("{n} in {days} days", "{days}天内{n}起")


def short(behind: Sequence[Evidence], reference: Reference, language: str) -> str:
    """The gravest finding in one line; "" where nothing may be said of it."""
    return parts(behind[0], reference, language) if behind else ""


def parts(one: Evidence, reference: Reference, language: str) -> str:
    """One finding's numbers, or where its patterns came together."""
    if one.matches:
        return _BETWEEN.say(language).join(
            f"{pattern(what, language, reference)}{_colon(language)}{_areas(areas, reference, language)}"
            for what, areas in one.matches
        )
    said = [ALERTED.say(language)] if one.alerted else []
    if one.observed is not None or one.small:
        said.append(_counted(one, language))
    if one.expected is not None:
        said.append(USUAL.say(language).format(n=figure(one.expected)))
    if one.needed is not None:
        grade = _label(one.rung, reference, language).lower()
        said.append(_STARTS.say(language).format(grade=grade, n=figure(one.needed)))
    return _BETWEEN.say(language).join(said)


def missing(one: Evidence, reference: Reference, language: str) -> str:
    """How many more it takes for the next grade; "" where that cannot be said."""
    if one.missing is None or one.next_grade is None:
        return ""
    grade = _label(one.next_grade, reference, language).lower()
    more = _MORE if one.unit == "incidents" else _HIGHER
    return more.say(language).format(n=figure(one.missing), grade=grade)


def _counted(one: Evidence, language: str) -> str:
    value = f"<{SMALL}" if one.observed is None else figure(one.observed)
    if one.take in _READ:
        return _READ[one.take].say(language).format(n=value, unit=one.unit)
    if "T" in one.first:
        return _MOMENTS.say(language).format(n=value)
    days = (date.fromisoformat(one.last) - date.fromisoformat(one.first)).days + 1
    if one.unit != "incidents":
        return filled(_SUM.say(language), n=value, days=days, unit=one.unit)
    return (_DAY if days == 1 else _DAYS).say(language).format(n=value, days=days)


def _areas(codes: Sequence[str], reference: Reference, language: str) -> str:
    listed = LIST.say(language).join(reference.area(code).say(language) for code in codes[:PLACES])
    if len(codes) <= PLACES:
        return listed
    return AND_MORE.say(language).format(areas=listed, number=len(codes) - PLACES)


def _label(grade: Grade, reference: Reference, language: str) -> str:
    label = reference.labels.get(grade)
    return label.say(language) if label else grade.word


def _colon(language: str) -> str:
    return "：" if language == "zh" else ": "


def figure(value: float) -> str:
    """A count as it is; anything else to one decimal, or to its first digit where it is smaller."""
    if value == round(value):
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 0.05 else f"{value:.1g}"
