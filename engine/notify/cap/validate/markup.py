"""CAP as XML with the line of every element; hostile XML is refused before anything of it is used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from lxml import etree

from engine.notify.cap import CAP

Element = etree._Element
#: No message, and no index, is larger.
LARGEST = 20 << 20


class RefusedError(Exception):
    """What cannot, or may not, be read: the line and a sentence."""

    def __init__(self, line: int, sentence: str) -> None:
        self.line = line
        self.sentence = sentence
        super().__init__(sentence)


def parse(content: bytes, *, blanks: bool = True) -> Element:
    """The root element; without `blanks`, texts of nothing but white space between elements are left out.

    Nothing is fetched and no entity is resolved: a document type, which no CAP message needs, is refused.
    Raises RefusedError.
    """
    if len(content) > LARGEST:
        raise RefusedError(1, f"larger than {LARGEST >> 20} MB, which no CAP message is")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_blank_text=not blanks,
    )  # fmt: skip
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise RefusedError(error.lineno or 1, f"not XML: {' '.join(error.msg.split())}") from error
    except ValueError as error:
        raise RefusedError(1, f"not XML: {error}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        said = "declares a document type, which is refused: entities reach for files and grow"
        raise RefusedError(_declared(content), said)
    return root


def _declared(content: bytes) -> int:
    """The line of the document type, whatever the encoding: the letters of its mark are ASCII in each, with
    noughts between them in some."""
    return content.replace(b"\0", b"").partition(b"<!DOCTYPE")[0].count(b"\n") + 1


def local(element: Element) -> str:
    """The element's name without its namespace; empty for comments and instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def line(element: Element) -> int:
    return cast(int, element.sourceline or 1)


def children(element: Element, name: str) -> Iterator[Element]:
    return element.iterchildren(f"{{{CAP}}}{name}")


def first(element: Element, name: str) -> Element | None:
    return next(children(element, name), None)


def written(element: Element | None) -> str:
    """An element's own text as it stands; a comment within it parts nothing. Empty where there is none."""
    if element is None:
        return ""
    return (element.text or "") + "".join(one.tail or "" for one in element if not local(one))


def own(element: Element | None) -> str:
    """The same without the blanks around it."""
    return written(element).strip()


def text(element: Element, name: str) -> str:
    """The text of the first child of that name."""
    return own(first(element, name))


def pairs(element: Element, name: str) -> Iterator[tuple[str, str]]:
    """(valueName, value) of every eventCode, parameter or geocode in the element."""
    return ((text(one, "valueName"), text(one, "value")) for one in children(element, name))


def below(element: Element) -> Iterator[Element]:
    """Every CAP element in it, itself first."""
    return (one for one in element.iter(f"{{{CAP}}}*"))
