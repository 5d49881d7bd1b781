"""`forewarn feeds guess`: a first mapping for a file that nobody has mapped yet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import click
import yaml

from engine import app
from engine.cli.given import FILE
from engine.cli.language import say
from engine.cli.place import Place, pass_place
from engine.cycle import newcomer
from engine.cycle.settings import Settings
from engine.errors import ConfigError, FeedError, UsageError
from engine.ingest.batch import Batch
from engine.ingest.guess import draft as drafting
from engine.ingest.guess import text
from engine.ingest.guess.part import share
from engine.ingest.idle import idle
from engine.model.feed import Broken, Record
from engine.model.text import numbered

#: So many records are looked at.
_SAMPLE = 2_000
_REASONS = 3
_DO = (
    "no past to compare with until {until}: other feeds tell of the same for longer, '{feed}' only from "
    "{since} on. Load what it told before by `forewarn ingest {feed} FILE --history --observed FROM..TO`; "
    "or let its `covers` name only what no other feed tells"
)
_LOST_ONE, _LOST = "{rule} has with it " + _DO, "{rule} and {more} more have with it " + _DO


@click.command(epilog="Example: forewarn feeds guess config/demo/kev.csv.gz --id known-exploited")
@click.argument("file", type=FILE)
@click.option("--id", "id_", default="", help="What the feed is to be called; by default as the file is.")
@click.option("--add", is_flag=True, help="Append it to config/feeds.yaml instead of printing it.")
@pass_place
def guess(place: Place, file: Path, id_: str, add: bool) -> None:
    """Look at a file and write a first mapping for it, its comments saying what was seen."""
    settings, id_ = app.settings(place.root), id_ or _called(file)
    if add and id_ in settings.feeds:
        raise UsageError(f"there is a feed '{id_}' already; give it another name with --id")
    if add and (reader := _reader(settings, place.root, file)):
        raise UsageError(f"the feed '{reader}' reads {file} already: what two feeds tell counts twice")
    entry, remarks = drafted(settings, file, id_, _beside(place.root, file), datetime.now(UTC))
    if add:
        _append(place.root / "config" / "feeds.yaml", entry)
        told = "config/feeds.yaml has the feed '{feed}' now; look at it, then: forewarn feeds try {feed}"
        click.echo(say(told, feed=id_))
        if lost := _emptied(place.root, id_):
            click.echo(lost, err=True)
    else:
        click.echo(f"feeds:\n{entry}", nl=False)
    for remark in remarks:
        click.echo(remark, err=True)


def _emptied(root: Path, id_: str) -> str:
    """Which rules must wait for the past of a feed that has just been added, and what to do; empty where none
    must. What is wrong with the files is told by whoever reads them next."""
    with suppress(ConfigError):
        at = app.home(root, datetime.now(UTC).date())
        of, new = at.settings, at.settings.feeds[id_]
        others = [feed for feed in of.feeds.values() if feed.id != id_]
        cut = of.calendar.cut_after(datetime.now(UTC))
        if rules := newcomer.emptied(at.book.rules.values(), others, new, of.tree, cut):
            later = max(newcomer.until(rule, new.covers.since) for rule in rules)
            facts = {"rule": rules[0].id, "more": len(rules) - 1, "feed": id_, "since": new.covers.since}
            return say(_LOST if rules[1:] else _LOST_ONE, until=later, **facts)
    return ""


def _reader(settings: Settings, root: Path, file: Path) -> str:
    """The feed that reads a file, if one does."""
    for feed in settings.feeds.values():
        path = getattr(feed.options, "path", None)
        if path is not None and (root / path).resolve() == file.resolve():
            return feed.id
    return ""


def drafted(settings: Settings, file: Path, id_: str, path: str, now: datetime) -> tuple[str, Sequence[str]]:
    """The entry as text, and what should be said of it beside; raises FeedError for what cannot be read."""
    found = app.sniffed(file)
    options: dict[str, Any] = dict(found.options)
    records, header, broken = _read(file, found.connector, options)
    refused = drafting.refused(records)
    if refused and header is not None:
        options = drafting.without(options, header, refused)
        records, _, broken = _read(file, found.connector, options)
    context = settings.ingest
    if times := drafting.across(records):
        raise FeedError(
            f"{file.name}: its columns are times ({', '.join(times[:3])}), so that a line tells of many: "
            "ask the source for a line an incident, or a day"
        )
    of = drafting.draft(records, context, now, (path, id_))
    read: list[Record | Broken] = [*records, *broken]
    tried = drafting.tried(of, id_, read, context, now)
    root = next(area.code for area in settings.tree if area.parent is None)
    remarks = [*found.remarks, *([f"left unread, by the charter: {', '.join(refused)}"] if refused else [])]
    nobody = idle(tried.incidents, context.taxonomy)
    remarks = [_told(tried), *filter(None, [nobody]), *remarks]
    whole = {"path": path, **options, **({"not_empty": True} if of.always else {})}
    head = text.Head(id_, found.connector, whole, root, tuple(remarks))
    return text.entry(of, head, context.guard.mask), [*filter(None, [nobody]), *_reasons(tried)]


def _read(
    file: Path, connector: str, options: Mapping[str, Any]
) -> tuple[list[Record], tuple[str, ...] | None, list[Broken]]:
    fetch = app.sample(file, connector, options)
    found = list(islice(fetch.records, _SAMPLE))
    records = [one for one in found if isinstance(one, Record)]
    if not records:
        raise FeedError(f"{file.name}: holds not one record; {_first(found)}")
    header = _header(fetch.columns, fetch.first_lines, options)
    return records, header, [one for one in found if isinstance(one, Broken)]


def _header(
    columns: tuple[str, ...] | None, lines: Mapping[int, tuple[str, ...]], options: Mapping[str, Any]
) -> tuple[str, ...] | None:
    """Every column of a table in its order, unnamed ones too."""
    if columns is None or "columns" in options:
        return tuple(options["columns"]) if columns is not None else None
    number = options.get("header", min(lines, default=1))
    return lines.get(number, columns)


def _first(found: Sequence[Record | Broken]) -> str:
    return next((one.reason for one in found if isinstance(one, Broken)), "there is nothing to look at")


def _told(tried: Batch) -> str:
    read = tried.read
    good = read - len(tried.rejects)
    first = numbered(read, "record")
    return f"a guess by the first {first}, of which it reads {share(good, read)}; look at each line"


def _reasons(tried: Batch) -> list[str]:
    shown = [f"{one.place}: {one.reason}" for one in tried.rejects[:_REASONS]]
    return [*shown, *([f"and {len(tried.rejects) - _REASONS} more"] if len(tried.rejects) > _REASONS else [])]


def _called(file: Path) -> str:
    stem = re.sub(r"[^a-z0-9]+", "-", file.name.partition(".")[0].casefold()).strip("-")
    return stem or "feed"


def _beside(root: Path, file: Path) -> str:
    """From the root folder where the file lies in it."""
    whole = file.resolve()
    return str(whole.relative_to(root.resolve())) if whole.is_relative_to(root.resolve()) else str(whole)


def _append(path: Path, entry: str) -> None:
    """Behind the other feeds; the file is a list and nothing else."""
    written = path.read_text(encoding="utf-8")
    if not (yaml.safe_load(written) or {}).get("feeds"):
        written = re.sub(r"(?m)^feeds:.*$", "feeds:", written)
    path.write_text(f"{written.rstrip()}\n\n{entry}", encoding="utf-8")
