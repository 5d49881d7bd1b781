"""The encoding of a text, by its bytes: a mark at its beginning, UTF-8, Chinese or Western European."""

from __future__ import annotations

import codecs
import re

_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16", codecs.BOM_UTF8: "utf-8"}
_HIGH = re.compile(rb"[\x80-\xff]+")
#: Bytes that are letters in Windows' Western encoding and control characters in ISO 8859-1.
_WINDOWS = re.compile(rb"[\x80-\x9f]")
#: Chinese words are runs of characters of two bytes each; a Western accent stands alone.
_WORD, _MOST = 4, 0.5


def encoding(sample: bytes) -> str:
    """The name of the encoding; a sample may end within a character."""
    for mark, name in _MARKS.items():
        if sample.startswith(mark):
            return name
    if _decodes(sample, "utf-8"):
        return "utf-8"
    if _in_words(sample) and _decodes(sample, "gb18030"):
        return "gb18030"
    return "cp1252" if _WINDOWS.search(sample) and _decodes(sample, "cp1252") else "latin-1"


def _decodes(sample: bytes, name: str) -> bool:
    """An incremental decoder waits for the rest of a character that is cut off at the end."""
    try:
        codecs.getincrementaldecoder(name)().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _in_words(sample: bytes) -> bool:
    runs = [len(run) for run in _HIGH.findall(sample)]
    even = sum(length for length in runs if length % 2 == 0)
    return max(runs, default=0) >= _WORD and even >= _MOST * sum(runs)
