"""What the charter refuses in a feed beyond its words: what it is about, and what its attempts may decide.

Each check gives (where in the feed's entry, sentence) pairs; the settings turn them into problems.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.charter import codebook, columns
from engine.charter.judgement import PROMISE
from engine.ingest.mapping import Category, Mapping
from engine.model.feed import Subject
from engine.model.grade import Domain
from engine.model.taxonomy import Taxonomy

Where = tuple[str | int, ...]
Refusal = tuple[Where, str]


def check_feed(
    subject: str, mapping: Mapping, said: Iterable[str] = (), headers: Iterable[str] = (),
    taxonomy: Taxonomy | None = None,
) -> list[Refusal]:  # fmt: skip
    """Everything that the charter refuses in how a feed's records become incidents.

    said: everything the entry says of its source: id, title, address, licence; headers: the columns that the
    connector's options name.
    """
    return [
        *_subject(subject),
        *_targets(mapping, taxonomy),
        *_codebooks(mapping, said, taxonomy),
        *((("options",), sentence) for sentence in columns.refused(headers)),
        *((("map", "derive"), sentence) for sentence in columns.refused(mapping.derive)),
    ]


def _subject(subject: str) -> Iterator[Refusal]:
    if subject not in set(Subject):
        known = ", ".join(Subject)
        yield ("subject",), f"'{subject}' is no subject of a feed (known: {known}); {PROMISE}"


def _targets(mapping: Mapping, taxonomy: Taxonomy | None) -> Iterator[Refusal]:
    """Words in a text, or in a table of one's own, decide nothing political and nothing protected."""
    for index, attempt in enumerate(mapping.category):
        for at, code in attempt.means():
            if at == ("fixed",):
                continue
            known = taxonomy[code] if taxonomy is not None and code in taxonomy else None
            domain = known.domain if known else code.partition(".")[0]
            where, by = ("map", "category", index, *at), "keywords" if attempt.keywords else "a table"
            if domain == Domain.POLITICAL:
                yield where, f"{by} may not feed the political category '{code}'; use a published code"
            elif known and known.protected:
                yield where, f"{by} may not feed the protected category '{code}'; use a published code"


def _codebooks(mapping: Mapping, said: Iterable[str], taxonomy: Taxonomy | None) -> Iterator[Refusal]:
    """A source coded by a codebook is classified by it: there its harms are listed."""
    coded = next(filter(None, (codebook.of_column(field) for _, field in mapping.reads())), None)
    book = coded or next(filter(None, map(codebook.named, said)), None)
    for index, attempt in enumerate(mapping.category):
        if book is not None and not _by(book, attempt, taxonomy):
            yield (
                ("map", "category", index),
                (
                    f"this feed is coded by {book.upper()}: classify it with scheme: {book}, whose harms are"
                    " listed"
                ),
            )


def _by(book: str, attempt: Category, taxonomy: Taxonomy | None) -> bool:
    """Whether an attempt goes by the codebook, or to where nothing is judged."""
    if attempt.fixed is not None:
        known = taxonomy[attempt.fixed] if taxonomy is not None and attempt.fixed in taxonomy else None
        return known is not None and (known.protected or not known.judged)
    return attempt.scheme is not None and codebook.named(attempt.scheme) == book
