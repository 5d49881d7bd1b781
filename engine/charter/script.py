"""Scripts in which the charter has words: what is written in another cannot be decided."""

from __future__ import annotations

import re
import unicodedata

#: Where the letters of a script begin and end, by the script's name.
KNOWN = {
    "Latin": "\u0000-\u02ff\u1d00-\u1dbf\u1e00-\u1eff\u2c60-\u2c7f\ua720-\ua7ff\uab30-\uab6f",
    "Greek": "\u0370-\u03ff\u1f00-\u1fff",
    "Cyrillic": "\u0400-\u052f\u1c80-\u1c8f\ua640-\ua69f",
    "Hebrew": "\u0590-\u05ff",
    "Arabic": "\u0600-\u06ff\u0750-\u077f\u0870-\u08ff",
    "Devanagari": "\u0900-\u097f",
    "Thai": "\u0e00-\u0e7f",
    "Hangul": "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff",
    "kana": "\u3031-\u3035\u3040-\u30ff\u31f0-\u31ff",
    "Chinese": "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3400-\u9fff\uf900-\ufaff"
               "\U00020000-\U0003ffff",
}
#: Vowels that are written as signs: part of a word, in their own script.
VOWELS = {
    "\u0900-\u097f": "\u0900-\u0903\u093a-\u094f",
    "\u0e00-\u0e7f": "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e",
}
_UNREAD = re.compile(rf"(?![{''.join(KNOWN.values())}])[^\W\d_]")
_ESCAPED = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|N\{([^}]*)\})")
_ASTRAY = re.compile("|".join(rf"(?<![{script}])[{signs}]" for script, signs in VOWELS.items()))


def unread(text: str) -> str:
    """The first letter of a script that the charter cannot read, also one that a pattern escapes, if any."""
    if text.isascii() and "\\" not in text:
        return ""
    shown = _ESCAPED.sub(_escaped, text)
    found = _UNREAD.search(unicodedata.normalize("NFKC", shown))
    return found[0] if found else ""


def called(letter: str) -> str:
    """The script of a letter, as its name begins."""
    return unicodedata.name(letter, "UNKNOWN").partition(" ")[0].capitalize()


def without_strays(text: str) -> str:
    """Without the signs of one script's vowels behind letters of another, where they only hide a word."""
    return _ASTRAY.sub("", text)


def _escaped(found: re.Match[str]) -> str:
    try:
        return unicodedata.lookup(found[3]) if found[3] else chr(int(found[1] or found[2], 16))
    except (KeyError, ValueError, OverflowError):
        return found[0]
