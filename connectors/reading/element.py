"""XML without what is dangerous in it, and its elements by their plain names."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree as Xml
from defusedxml.common import DefusedXmlException

from engine.errors import FeedError, brief


def parse(content: bytes, name: str) -> Element:
    """The root element. Document type declarations and entities are refused: they reach for files and
    addresses (XXE) or grow without end. Raises FeedError."""
    try:
        return Xml.fromstring(content, forbid_dtd=True)
    except DefusedXmlException as error:
        raise FeedError(f"{name}: declares a document type or an entity, which is refused") from error
    except (ParseError, ValueError, LookupError) as error:
        raise FeedError(f"{name}: not XML: {brief(str(error), 200)}; ask the source to mend it") from error


def local(element: Element) -> str:
    """An element's name without its namespace: CAP 1.1 and 1.2 differ only in that."""
    return str(element.tag).rpartition("}")[2]


def children(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element if local(child) == name)


def plain(element: Element) -> str:
    """An element's own text, its blanks made one."""
    return " ".join((element.text or "").split())


def only_text(element: Element, name: str) -> str:
    """The text of the first child of that name."""
    return next((plain(child) for child in children(element, name)), "")


def texts(element: Element, name: str) -> list[str]:
    """The texts of the children of that name that have one."""
    return [text for child in children(element, name) if (text := plain(child))]
