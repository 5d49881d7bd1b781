"""Letters that look like others, or like nothing at all."""

from __future__ import annotations

import unicodedata

#: What turns the order of reading, what takes no room, what moves a terminal's pen.
_UNSEEN = {"Cc", "Cf", "Zl", "Zp"}


def strange(word: str) -> str:
    """The first letter of a key or a name that is not of a plain keyboard, with its name, or nothing."""
    return next((named(sign) for sign in word if not sign.isascii()), "")


def named(sign: str) -> str:
    """`'о' (CYRILLIC SMALL LETTER O)`; of what cannot be seen the name alone."""
    name = unicodedata.name(sign, f"U+{ord(sign):04X}")
    return f"'{sign}' ({name})" if sign.isprintable() and not sign.isspace() else f"a {name}"


def seen(text: str) -> str:
    """A text with all that would be seen elsewhere than it stands, or not at all, written as a number."""
    return "".join(f"\\u{ord(sign):04x}" if unicodedata.category(sign) in _UNSEEN and sign not in "\n\t"
                   else sign for sign in text)  # fmt: skip
