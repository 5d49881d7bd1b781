"""XML as a stream of elements, in memory that does not grow with the document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import BinaryIO, Protocol
from xml.parsers import expat

from engine.errors import FeedError

_PIECE = 1 << 16


class Handler(Protocol):
    """Hears of every element by its name without prefix, and of the text between."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None: ...
    def end(self, name: str) -> None: ...
    def text(self, text: str) -> None: ...


def stream(part: BinaryIO, name: str, handler: Handler) -> Iterator[None]:
    """Goes through `part` and stops after each piece, so that what the handler found can be taken.

    Raises FeedError for what is no XML, and for document types: they reach for other files and grow
    without end.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = lambda *declared: _refuse(name)
    parser.StartElementHandler = lambda tag, attributes: handler.start(local(tag), attributes)
    parser.EndElementHandler = lambda tag: handler.end(local(tag))
    parser.CharacterDataHandler = handler.text
    try:
        while piece := part.read(_PIECE):
            parser.Parse(piece)
            yield
        parser.Parse(b"", True)
        yield
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise FeedError(f"{name}: damaged: {error}; export it again") from error


def local(tag: str) -> str:
    """A name without its prefix: programs choose prefixes as they like."""
    return tag[tag.find(":") + 1 :]


def _refuse(name: str) -> None:
    raise FeedError(f"{name}: declares a document type, which is refused")


class _Elements:
    def __init__(self) -> None:
        self.above = [""]
        self.found: list[tuple[str, str, Mapping[str, str]]] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self.found.append((self.above[-1], name, attributes))
        self.above.append(name)

    def end(self, name: str) -> None:
        self.above.pop()

    def text(self, text: str) -> None:
        """Only the elements are asked for."""


def elements(part: BinaryIO, name: str) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    """(the element above, the element, its attributes) in the order in which they begin."""
    handler = _Elements()
    for _ in stream(part, name, handler):
        yield from handler.found
        handler.found.clear()
