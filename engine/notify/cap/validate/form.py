"""The form of a message: the OASIS schema of CAP 1.2, its verdicts in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any, cast

from lxml import etree

from engine.errors import brief
from engine.model.problem import Level
from engine.notify.cap.validate.markup import Element
from engine.notify.cap.validate.mistake import Mistake

SCHEMA = files("engine.notify.cap.validate") / "schema" / "CAP-v1.2-schema.xsd"
_NAME = re.compile(r"\{[a-z]+:[^}]*\}")
_ELEMENT = re.compile(r"Element '([^']*)'")
_VALUE = re.compile(r"The value '(.*?)' is not", re.DOTALL)
_EXPECTED = re.compile(r"Expected is (?:one of )?\(\s*(.*?)\s*\)")
_ALLOWED = re.compile(r"set \{(.*?)\}")
#: What older versions and other tongues write, and what is meant.
_MEANT = {
    "Very Likely": "CAP 1.0 wrote this; write Likely",
    "password": "it belongs to CAP 1.0 and is gone",
}


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.fromstring(SCHEMA.read_bytes()))


def mistakes(alert: Element, skip: frozenset[str]) -> Iterator[Mistake]:
    """What the schema refuses; `skip` names elements whose values a check tells better."""
    schema, told = _schema(), set[tuple[int, str]]()
    if schema.validate(alert):
        return
    for entry in cast(Iterable[Any], schema.error_log):
        found = _ELEMENT.search(_NAME.sub("", entry.message))
        name = found[1] if found else "alert"
        if name in skip and "is not expected" not in entry.message:
            continue
        # A value that breaks its pattern is told twice: by the pattern, and by the type that holds it.
        if (entry.line, name) not in told:
            told.add((entry.line, name))
            yield Mistake(entry.line, _sentence(name, _NAME.sub("", entry.message)), Level.ERROR)


def _sentence(name: str, message: str) -> str:
    if "is not expected" in message:
        expected = _EXPECTED.search(message)
        where = f"; here may stand {_listed(expected[1])}" if expected else ""
        return f"<{name}> may not stand here{where}{_advice(name)}"
    if "Missing child element" in message:
        expected = _EXPECTED.search(message)
        return f"<{name}> is not whole: {_listed(expected[1]) if expected else 'an element'} is missing"
    value, allowed = _VALUE.search(message), _ALLOWED.search(message)
    if value and allowed:
        choice = allowed[1].replace("'", "")
        return f"<{name}> holds {brief(value[1])!r}, which is none of {choice}{_advice(value[1])}"
    if value:
        return f"<{name}> holds {brief(value[1])!r}, which is not valid there"
    return message.rstrip(".")


def _listed(names: str) -> str:
    return ", ".join(f"<{name.strip()}>" for name in names.split(",") if "##" not in name)


def _advice(what: str) -> str:
    return f" ({_MEANT[what]})" if what in _MEANT else ""
