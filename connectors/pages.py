"""The further pages of an RSS or Atom feed, of what is older (RFC 5005): read down to what is known."""

from __future__ import annotations

import io
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from xml.etree.ElementTree import Element

from pydantic import Field

from connectors.http import get, shown
from connectors.reading.document import Document
from connectors.reading.element import children, parse
from connectors.reading.index import entries
from connectors.source import Source
from engine.errors import FeedError

_FURTHER = "it goes on at a further page, which is not read; ask for one that holds all between two polls"
_MORE = "raise `pages` or poll more often; `forewarn feeds reread` takes what is there as it is"
#: At most so many entries of the first page are remembered.
_REMEMBERED = 500


class Paged(Source):
    """`path` or `url` of a feed, and how many of its pages are read."""

    #: At most so many pages are read in one poll.
    pages: int = Field(default=20, ge=1, le=1_000)


@dataclass(frozen=True)
class Page:
    """One page, and what it is called."""

    root: Element
    name: str
    #: Which of them it is, the newest being 1.
    number: int = 1


@dataclass(frozen=True)
class Walk:
    """The pages that were read, the newest first. told: what the next poll is to know of them; more: there
    are further ones; notices: what operators should hear of that."""

    pages: list[Page]
    told: str
    more: bool
    notices: list[str]


def walk(options: Paged, first: Document, told: str, *, again: bool = False) -> Walk:
    """The first page of an address and those after it down to what the poll before has told of (`told`), or
    as many as may be read; again: those below that too, for something there is still to be had. Raises
    FeedError where the pages do not reach so far: what lies between the two was never seen."""
    known, url, notices = set(told.split()), str(options.url), list[str]()
    pages, asked, reached = [Page(parse(first.read(), first.name), first.name)], {str(options.url)}, False
    marks = newest = _marks(pages[0].root)
    while link := further(pages[-1].root):
        reached |= _reaches(marks, known)
        if reached and not again:
            break
        if len(pages) == options.pages:
            page = f"{shown(url)}: page {len(pages)}"
            if known and not reached:
                raise FeedError(f"{page} does not reach what was read before; {_MORE}")
            notices.append(f"{page} is the last that may be read at once; {_FURTHER}")
            break
        url = options.allowed(str(options.url)).joined(url, link)
        if url in asked:
            raise FeedError(f"{shown(url)}: named again by page {len(pages)}: the links go round")
        asked.add(url)
        pages.append(_asked(url, options, len(pages) + 1))
        marks = _marks(pages[-1].root)
    # Of a long page evenly: the next poll looks for them where its own first page ends.
    kept = newest[:: max(1, -(-len(newest) // _REMEMBERED))]
    return Walk(pages, " ".join(kept), bool(link), notices)


def _asked(url: str, options: Paged, number: int) -> Page:
    answer = get(url, options, {})
    assert answer is not None, "without validators there is always a body"
    page = Document(shown(url), options.max_bytes, partial(io.BytesIO, answer.body))
    return Page(parse(page.read(), page.name), page.name, number)


def further(root: Element) -> str:
    """Where a further page lies, of what is older than what stands here; empty where nowhere."""
    links = (link for above in (root, *children(root, "channel")) for link in children(above, "link"))
    onward = (link for link in links if link.get("rel", "").lower() in ("next", "prev-archive"))
    return next((address for link in onward if (address := link.get("href", ""))), "")


def unfollowed(root: Element, name: str) -> str:
    """What operators hear of a document that goes on elsewhere; empty where it does not."""
    return f"{name}: {_FURTHER}" if further(root) else ""


def _marks(root: Element) -> list[str]:
    """Another one for each entry, and as soon as it has moved."""
    return [one.mark for one in entries(root, "")]


def _reaches(marks: list[str], known: Collection[str]) -> bool:
    """Whether a page holds what is known where it ends: what moves to the top says nothing of what lies
    between."""
    return not set(known).isdisjoint(marks[len(marks) // 2 :])
