"""What charts are made of. Colours are kinds: whoever draws the shapes brings the style."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A level line."""

    x1: float
    x2: float
    y: float
    kind: str


@dataclass(frozen=True, slots=True)
class Label:
    """A line of text, its baseline at y; anchor: start, middle or end at x."""

    x: float
    y: float
    said: str
    kind: str
    anchor: str = "start"


Shape = Bar | Rule | Label
