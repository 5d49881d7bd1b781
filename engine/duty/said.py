"""What people write with an act, as it is kept: their name and their words, without marks that hide or move
others, and never without a name.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from engine.model.act import Act

#: So long may a name be, and what somebody has to say.
NAME, WORDS = 100, 2000
#: What turns the direction of the text around it.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def said(wish: Act) -> Act:
    """The act with its words as they are kept: a name in one line, reasons with their lines."""
    words = "\n".join(_plain(line) for line in wish.reason.splitlines())
    return replace(wish, by=" ".join(_plain(wish.by).split()), reason=words.strip())


def unsaid(act: Act) -> str:
    """The sentence that refuses what was said so; empty where it may stand."""
    if not act.by:
        return "nobody is named who does it; say --who"
    for what, text, most in (("name", act.by, NAME), ("reason", act.reason, WORDS)):
        if len(text) > most:
            return f"the {what} has {len(text):,} characters, {most:,} at most; shorten it"
    return ""


def _plain(text: str) -> str:
    """Blanks for whatever is no mark of writing, and nothing for what turns the text."""
    kept = (mark for mark in text if mark not in _TURNING)
    return "".join(" " if unicodedata.category(mark) in ("Cc", "Cs") else mark for mark in kept)
