"""Signs that look like those of YAML and are others: of a Chinese keyboard, a word processor, a script."""

from __future__ import annotations

import re

from engine.model import letters

#: What is typed, and what it was meant to be.
_MEANT = {
    "：": ":", "，": ",", "｛": "{", "｝": "}", "［": "[", "］": "]", "＃": "#", "－": "-", "、": ",",
    "“": '"', "”": '"', "‘": "'", "’": "'",
    "\u00a0": "a space", "\u3000": "a space", "\u202f": "a space", "\u2007": "a space",
    "\u200b": "nothing", "\ufeff": "nothing",
}  # fmt: skip
#: Quoted stretches, and the comment at the end: there any sign may stand.
_TEXT = re.compile(r""""(?:\\.|[^"\\])*"|'(?:''|[^'])*'|(?:^|(?<=\s))#.*""")


def stray(line: str) -> str:
    """What to do about the first sign of a line that looks like one of YAML's and is none, or nothing."""
    found = next((sign for sign in _TEXT.sub("", line) if sign in _MEANT), "")
    return f"; {letters.named(found)} stands here: write {_quoted(_MEANT[found])}" if found else ""


def strange(word: str) -> str:
    """Which letter of a key or a name is not what it looks like, or nothing: all that we know are plain."""
    found = letters.strange(word)
    return f"; its letter {found} is not one of a plain keyboard" if found else ""


def _quoted(meant: str) -> str:
    return meant if len(meant) > 1 else f"'{meant}'"
