"""The charter for what a rule counts by: no filter and no sum may be an attribute of persons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.charter.judgement import REFUSED, Kind
from engine.charter.lexicon import first
from engine.yamlfile import Document, Path_


def filtered(key: str) -> bool:
    """Whether a filter's key is an attribute of persons."""
    return first(key, (*REFUSED[Kind.READ], "attribute", "contact")) is not None


def summed(measure: str) -> bool:
    """Whether a summed measure is an attribute of persons; a number of victims is a harm, an age is not."""
    return first(measure, (*REFUSED[Kind.READ], "contact")) is not None


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
