"""A text shown to people, in every language the engine speaks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A bilingual text; `zh` falls back to `en` where an analyst gave only one."""

    en: str
    zh: str = ""

    def __str__(self) -> str:
        return self.en

    def say(self, language: str) -> str:
        """The text in `language` (`en` or `zh`)."""
        return self.zh if language == "zh" and self.zh else self.en


def numbered(number: int, one: str, more: str = "") -> str:
    """`1 poll`, `3 polls`; more: the plural, where it takes another ending than an s."""
    return f"{number:,} {one if number == 1 else more or one + 's'}"
