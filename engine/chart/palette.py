"""The colours of charts and mails, as the console's: a hue is a grade, all else is ink."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.model.grade import Grade

#: What a grade's block is filled with, and what is written on it.
FILL: Mapping[Grade, str] = {
    Grade.BLUE: "#399cc7", Grade.YELLOW: "#f4cf00", Grade.ORANGE: "#f08c11", Grade.RED: "#d42d41",
}  # fmt: skip
ON: Mapping[Grade, str] = {
    Grade.BLUE: "#14181d", Grade.YELLOW: "#14181d", Grade.ORANGE: "#14181d", Grade.RED: "#ffffff",
}  # fmt: skip


@dataclass(frozen=True)
class Palette:
    """One theme: background, what is sunk into it, lines, three inks, bars, and a grade as text or line."""

    bg: str
    sunk: str
    line: str
    edge: str
    ink: str
    ink2: str
    ink3: str
    bar: str
    shade: str
    text: Mapping[Grade, str]


LIGHT = Palette(
    bg="#ffffff", sunk="#f4f5f7", line="#dde0e4", edge="#b3b9c1", ink="#14181d", ink2="#454d57",
    ink3="#656d78", bar="#858e99", shade="#eef0f2",
    text={
        Grade.BLUE: "#1b6890", Grade.YELLOW: "#6e5b00", Grade.ORANGE: "#955000", Grade.RED: "#b01f33",
    },
)  # fmt: skip
DARK = Palette(
    bg="#12161b", sunk="#0c0f13", line="#272e36", edge="#4a545f", ink="#eceff2", ink2="#b2bac4",
    ink3="#8d97a3", bar="#66717d", shade="#22272d",
    text={
        Grade.BLUE: "#6cbce0", Grade.YELLOW: "#f4cf00", Grade.ORANGE: "#f6a94a", Grade.RED: "#ff808c",
    },
)  # fmt: skip
