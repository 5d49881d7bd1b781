"""A method as a caller from outside a rule sees it: its parameters, and how their text is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.detect.detection import Detection
from engine.detect.files import events
from engine.detect.files.series import Table
from engine.model.problem import nearest

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Positions = NDArray[np.int64] | None


@dataclass(frozen=True)
class Parameter:
    """One parameter; kind: how its text is read, a key of `_READ`."""

    name: str
    kind: str
    default: object
    meaning: str

    def read(self, text: str) -> object:
        """The value that `text` means; raises ValueError saying what was expected."""
        try:
            return _READ[self.kind](text.strip())
        except ValueError:
            raise ValueError(f"{self.name} must be {_KINDS[self.kind]}, found {text!r}") from None


def parameters(
    params: type[DataclassInstance], meanings: Mapping[str, str], kinds: Mapping[str, str]
) -> tuple[Parameter, ...]:
    """One for each meaning, its default that of the module's own `Params`, so that it is written once."""
    plain = {bool: "bool", int: "int", float: "float", str: "text"}
    defaults = {field.name: field.default for field in fields(params)}
    return tuple(
        Parameter(name, kinds.get(name) or plain[type(defaults[name])], defaults[name], meaning)
        for name, meaning in meanings.items()
    )


@dataclass(frozen=True)
class Method:
    """A method over series: `run(table, positions, values of the parameters)`.

    chunk: how many series may be judged at a time without a difference; 0 if only all together.
    """

    what: str
    run: Callable[[Table, Positions, Mapping[str, Any]], Detection]
    parameters: tuple[Parameter, ...]
    chunk: int = 500


@dataclass(frozen=True)
class EventMethod:
    """A method over events: `run(what `read` makes of the file's lines, values of the parameters)` gives a
    row per thing found."""

    what: str
    run: Callable[[Any, Mapping[str, Any]], list[dict[str, Any]]]
    parameters: tuple[Parameter, ...]
    columns: tuple[str, ...]
    read: Callable[[Iterable[str]], Any] = events.read


def read_values(known: Sequence[Parameter], given: Mapping[str, str]) -> dict[str, object]:
    """The parameters given as text, read; raises ValueError for an unknown name."""
    names = {parameter.name: parameter for parameter in known}
    for name in given:
        if name not in names:
            raise ValueError(
                f"unknown parameter '{name}'{nearest(name, names)}; known here: {', '.join(names)}"
            )
    return {name: names[name].read(text) for name, text in given.items()}


def _truth(text: str) -> bool:
    known = {"true": True, "false": False, "1": True, "0": False}
    if text.lower() not in known:
        raise ValueError(text)
    return known[text.lower()]


def _pair(text: str) -> tuple[int, int]:
    first, second = text.strip("()[]").split(",")
    return int(first), int(second)


def _list(text: str) -> tuple[float, ...]:
    return tuple(float(part) for part in text.strip("()[]").split(","))


def _day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def _number_or_word(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


_READ: dict[str, Callable[[str], object]] = {
    "int": int, "float": float, "text": str, "bool": _truth, "pair": _pair,
    "level": _number_or_word, "list": _list, "day": _day,
}  # fmt: skip
_KINDS = {
    "int": "a whole number", "float": "a number", "text": "a word", "bool": "true or false",
    "pair": "two whole numbers (5,4)", "level": "a number or `glm`",
    "list": "numbers with commas between them (100,200)", "day": "a day (2016-01-22)",
}  # fmt: skip
