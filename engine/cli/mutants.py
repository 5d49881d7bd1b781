"""What a step off is called: as rules write it, and in Chinese with the words between in Chinese."""

from __future__ import annotations

from collections.abc import Mapping

from engine.cli.language import chinese
from engine.model.slots import Sentences

_NTH = {"first": "第一项", "second": "第二项", "third": "第三项", "fourth": "第四项", "fifth": "第五项"}


def _nth(word: str) -> str:
    return _NTH.get(word, f"第{word.removesuffix('th')}项")


#: What a step leaves out, adds or takes instead; a step from one value to another is written as rules do.
_STEPS: Mapping[str, str] = {
    "without the {nth}": "去掉{nth}", "without {code}": "去掉{code}", "and {code}": "加上{code}",
    "all of {code}": "{code}全部", "all": "所有区域", "any": "不分先后", "any feed": "任何数据源",
    "any instead of {names}": "任何数据源，不限{names}",
    "{name} {was} metres -> {new} metres": "{name} {was}米 -> {new}米",
}
_TURNS = {
    "nth": _nth, "code": lambda code: f"`{code}`", "names": lambda names: f"`{names}`",
    "name": lambda key: f"`{key}`",
}  # fmt: skip
_SENTENCES = Sentences(_STEPS, _TURNS)


def named(what: str) -> str:
    """A mutant's name in the reader's language; keys and values stand in backquotes, as they are typed."""
    return _in_chinese(what) if chinese() else what


def _in_chinese(what: str) -> str:
    head, colon, tail = what.partition(": ")
    if not colon:
        return _SENTENCES.chinese(what) or f"`{what}`"
    key, _, nth = head.partition(", the ")
    told = _in_chinese(tail)
    if told == f"`{tail}`" and not nth:
        return f"`{what}`"
    return f"`{key}`{_nth(nth) if nth else ''}：{told}"
