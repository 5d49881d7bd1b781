"""What profiles ask beyond CAP 1.2 itself, for whoever names one. See docs/cap.md."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from engine.errors import brief
from engine.notify.cap.validate.markup import Element, children, first, pairs, text
from engine.notify.cap.validate.mistake import Check, Mistake, error, warning

#: GB/T 35965.1-2018: the body's 14 digits, the moment by the clock of Beijing, one digit.
_IDENTIFIER = re.compile(r"\d{14}_(\d{14})_\d")
_OFFSET = "+08:00"
#: MeteoAlarm: the number that an awareness level begins with, and the severity that it goes with; a green
#: Minor is no warning there, as a blue one is elsewhere.
_LEVEL = "awareness_level"
_SEVERITY = {"1": "Minor", "2": "Moderate", "3": "Severe", "4": "Extreme"}


def gbt_35965(alert: Element, now: datetime) -> Iterator[Mistake]:
    """Identifiers and moments as GB/T 35965.1-2018 has them."""
    at, said = first(alert, "identifier"), text(alert, "identifier")
    found = _IDENTIFIER.fullmatch(said)
    if at is not None and found is None:
        form = "ZZZZZZDDDUUUXX_YYYYMMDDhhmmss_N"
        yield error(at, f"identifiers are {form}, 31 characters, and not {brief(said)}")
    elif at is not None and found is not None and not _moment(found[1]):
        yield error(at, f"the identifier holds {found[1]}, which is no moment")
    sent = first(alert, "sent")
    if sent is not None and not text(alert, "sent").endswith(_OFFSET):
        yield warning(sent, f"moments are those of Beijing, with {_OFFSET}")


def _moment(digits: str) -> bool:
    try:
        datetime.strptime(digits, "%Y%m%d%H%M%S")
    except ValueError:
        return False
    return True


def meteoalarm(alert: Element, now: datetime) -> Iterator[Mistake]:
    """A level of awareness in each info, which says the same as the severity. Its words vary; the number
    counts."""
    for info in children(alert, "info"):
        level = next((value for name, value in pairs(info, "parameter") if name == _LEVEL), None)
        severity = text(info, "severity")
        if level is None:
            yield error(info, f"the parameter {_LEVEL} is missing")
        elif (number := level.partition(";")[0].strip()) not in _SEVERITY:
            yield error(info, f"{_LEVEL} begins with a number from 1 to 4, and not {brief(level)}")
        elif severity != _SEVERITY[number]:
            yield error(info, f"{_LEVEL} {number} goes with {_SEVERITY[number]}, and not {brief(severity)}")


PROFILES: Mapping[str, Check] = {"gbt-35965": gbt_35965, "meteoalarm": meteoalarm}
