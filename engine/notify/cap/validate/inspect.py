"""A document, what it leads to, and all of it together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from engine.errors import FeedError
from engine.model.problem import Level, Problem
from engine.model.text import numbered
from engine.notify.cap.validate import together
from engine.notify.cap.validate.document import Linked, Report, validate

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

#: From where an entry leads to what it is called and holds; None where it cannot be looked at from here.
Follow = Callable[[str], tuple[str, bytes] | None]
#: So many entries of an index are followed.
MOST = 500


def inspect(
    name: str, content: bytes, follow: Follow, trusted: Sequence[Certificate], now: datetime,
    profile: str = "",
) -> tuple[list[Report], list[Problem]]:  # fmt: skip
    """The reports on a document and on what its entries lead to, and what is wrong with them together."""
    reports = [validate(name, content, trusted, now, profile)]
    found: list[Problem] = []
    unseen = max(0, len(reports[0].links) - MOST)
    for linked in reports[0].links[:MOST]:
        try:
            answer = follow(linked.address)
        except FeedError as error:
            found.append(Problem(name, linked.line, f"the entry leads to nothing: {error}", "link"))
            continue
        if answer is None:
            unseen += 1
        else:
            reports.append(validate(*answer, trusted, now, profile))
            found += _no_message(name, linked, reports[-1])
    if unseen:
        found.append(_unseen(name, reports[0].links[-1], unseen))
    return reports, [*found, *together.problems(reports)]


def altogether(
    documents: Iterable[tuple[str, bytes]], trusted: Sequence[Certificate], now: datetime, profile: str = ""
) -> tuple[list[Report], list[Problem]]:
    """The same of documents that lie beside each other, each of which is looked at by itself."""
    reports = [validate(name, content, trusted, now, profile) for name, content in documents]
    return reports, [*together.problems(reports)]


def _no_message(name: str, linked: Linked, report: Report) -> list[Problem]:
    if report.alerts:
        return []
    return [Problem(name, linked.line, f"the entry leads to no CAP message ({report.name})", "link")]


def _unseen(name: str, last: Linked, many: int) -> Problem:
    left = numbered(many, "message behind the index was", "messages behind the index were")
    said = f"{left} not looked at; name its address to have them fetched"
    return Problem(name, last.line, said, "link", Level.HINT)
