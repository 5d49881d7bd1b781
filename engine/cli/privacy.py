"""`forewarn privacy`."""

from __future__ import annotations

import gzip
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TextIO

import click

from engine import app
from engine.cli.given import FILE
from engine.cli.listing import format_option, show
from engine.cli.place import Place, pass_place
from engine.errors import UsageError
from engine.store import scan as scanning

_SHOWN = ("place", "kind", "count", "first")
#: So much of a line is looked at at once (characters), and so much of it again with what follows.
_LONGEST, _OVERLAP = 65_536, 200
#: A text, the place that is counted, and where in it the text stands.
Said = tuple[str, str, str]


@click.group()
def privacy() -> None:
    """What identifies persons and devices."""


@privacy.command(epilog="Example: forewarn privacy scan data/forewarn.db")
@click.argument("file", type=FILE, required=False)
@format_option
@pass_place
def scan(place: Place, file: Path | None, form: str) -> None:
    """Look for identifiers in the store, or in FILE (a database, or any text): of what kind they are and
    where they stand, never which. Exit 1 where there are any."""
    found: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], str] = {}
    guard = app.guard(place.root)
    for text, where, exactly in _said(place, file):
        for kind in guard.kinds(text):
            found[where, kind] += 1
            first.setdefault((where, kind), exactly)
    rows = [
        {"place": where, "kind": kind, "count": count, "first": first[where, kind]}
        for (where, kind), count in sorted(found.items())
    ]
    show(rows, _SHOWN, form, empty="nothing that identifies a person or a device")
    if rows:
        raise click.exceptions.Exit(1)


def _said(place: Place, file: Path | None) -> Iterator[Said]:
    if file is None:
        with app.store(place.root) as store, store.read() as tx:
            yield from _columns(scanning.texts(tx))
    elif scanning.is_database(file):
        with closing(scanning.opened(file)) as store, store.read() as tx:
            yield from _columns(scanning.texts(tx))
    else:
        opened = gzip.open if file.suffix == ".gz" else open
        try:
            with opened(file, "rt", encoding="utf-8", errors="replace") as text:
                yield from ((piece, file.name, f"line {number}") for number, piece in _pieces(text))
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise UsageError(f"{file.name} is damaged: {error}") from error


def _pieces(text: TextIO) -> Iterator[tuple[int, str]]:
    """Its lines with their numbers, those without end in pieces that overlap: no identifier lies in two of
    them alone."""
    number, kept = 1, ""
    while said := text.readline(_LONGEST):
        yield number, (piece := kept + said)
        goes_on = len(said) == _LONGEST and not said.endswith("\n")
        kept = piece[-_OVERLAP:] if goes_on else ""
        number += not goes_on


def _columns(texts: Iterable[tuple[str, str, str]]) -> Iterator[Said]:
    seen: Counter[str] = Counter()
    for table, column, text in texts:
        where = f"{table}.{column}"
        seen[where] += 1
        yield text, where, f"text {seen[where]}"
