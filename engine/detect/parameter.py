"""A method as a caller from outside a rule sees it: its parameters, and how their text is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.detect.detection import Detection
from engine.detect.longcsv import Table
from engine.model.problem import nearest

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


@dataclass(frozen=True)
class Method:
    """A method over series: `run(table, positions, values of the parameters)`.

    chunk: how many series may be judged at a time without a difference; 0 if only all together.
    """

    what: str
    run: Callable[[Table, Positions, Mapping[str, Any]], Detection]
    parameters: tuple[Parameter, ...]
    chunk: int = 500

    def values(self, given: Mapping[str, str]) -> dict[str, object]:
        """The parameters given as text, read; raises ValueError for an unknown name."""
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in given:
            if name not in known:
                raise ValueError(
                    f"unknown parameter '{name}'{nearest(name, known)}; known here: {', '.join(known)}"
                )
        return {name: known[name].read(text) for name, text in given.items()}


def _truth(text: str) -> bool:
    known = {"true": True, "false": False, "1": True, "0": False}
    if text.lower() not in known:
        raise ValueError(text)
    return known[text.lower()]


def _pair(text: str) -> tuple[int, int]:
    first, second = text.strip("()[]").split(",")
    return int(first), int(second)


def _number_or_word(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


_READ: dict[str, Callable[[str], object]] = {
    "int": int, "float": float, "text": str, "bool": _truth, "pair": _pair, "level": _number_or_word,
}  # fmt: skip
_KINDS = {
    "int": "a whole number", "float": "a number", "text": "a word", "bool": "true or false",
    "pair": "two whole numbers (5,4)", "level": "a number or `glm`",
}  # fmt: skip
