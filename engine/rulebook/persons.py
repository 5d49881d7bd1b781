"""The charter for rules: no filter, no sum and no name may speak of persons or opinions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.ingest.lexicon import TRAITS, found, refused
from engine.yamlfile import Document, Path_

CHARTER = "forewarn judges places and harms, never persons or opinions"

#: What else a filter could be about if it were about persons; in a title many of these are innocent.
_FILTERED = (
    "name", "names", "person", "persons", "people", "individual", "suspect", "suspects", "offender",
    "offenders", "perpetrator", "victim", "victims", "caller", "reporter", "witness", "complainant",
    "resident", "citizen", "origin", "belief", "party", "view", "views", "phone", "telephone", "mobile",
    "email", "plate", "account", "user",
    "人员", "嫌疑人", "受害人", "报警人", "当事人", "举报人", "手机", "电话", "邮箱", "车牌", "账号", "学历",
)  # fmt: skip
#: What may not be summed: a number of victims is a harm, an age is not.
_SUMMED = (
    "name", "phone", "telephone", "mobile", "email", "plate", "account",
    "手机", "电话", "车牌", "账号",
)  # fmt: skip


def filtered(key: str) -> bool:
    """Whether a filter's key is an attribute of persons."""
    return _speaks(key, TRAITS + _FILTERED)


def summed(measure: str) -> bool:
    """Whether a summed measure is an attribute of persons."""
    return _speaks(measure, TRAITS + _SUMMED)


def named(name: str) -> bool:
    """Whether the name of a rule or a topic speaks of persons or opinions."""
    return refused(name) is not None


def filters(document: Document) -> Iterator[tuple[Path_, str]]:
    """(place, key) of every attribute of persons in a `where` of the document, as written."""
    yield from _filters(document.data, (), inside=False)


def _filters(data: Any, at: Path_, *, inside: bool) -> Iterator[tuple[Path_, str]]:
    if isinstance(data, dict):
        for key, value in data.items():
            if inside and filtered(key):
                yield (*at, key), key
            else:
                yield from _filters(value, (*at, key), inside=key == "where")
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _filters(value, (*at, number), inside=inside)


def _speaks(word: str, terms: tuple[str, ...]) -> bool:
    return refused(word) is not None or any(True for _ in found(word, terms))
