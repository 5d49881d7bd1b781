"""Wiring: a root folder becomes a World. The only module that imports connectors.

The store and the inference process are imported where one is opened: to check rules needs neither.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from loguru import logger

from connectors import http, plugin
from connectors.sniff.found import Sniffed
from connectors.sniff.sniff import sniff
from engine.cycle import settings as configuration
from engine.cycle.config import service
from engine.cycle.config.reading import Reading
from engine.cycle.settings import Settings
from engine.cycle.world import Clock, Progress, World, clock_from, silent, system_clock
from engine.errors import ConfigError
from engine.guard import private
from engine.guard.exit import enforced
from engine.guard.guard import Guard
from engine.model.call import Call
from engine.model.feed import Fetch
from engine.model.rule import RuleBook
from engine.notify.channels import CHANNELS
from engine.rulebook import load, watch
from engine.rulebook.context import Context

if TYPE_CHECKING:
    from engine.store.database import Store


@dataclass(frozen=True)
class Home:
    """A root folder whose configuration and rules are whole and fit together."""

    settings: Settings
    book: RuleBook
    context: Context


def settings(root: Path, today: date | None = None) -> Settings:
    """Everything config/*.yaml says; raises ConfigError with every mistake."""
    return configuration.load(root, plugin.every(), CHANNELS, today=today)


def context(of: Settings, today: date) -> Context:
    """What rules may refer to."""
    return Context(
        taxonomy=of.taxonomy, tree=of.tree, topics=of.topics, catalogue=of.catalogue, feeds=of.feeds,
        today=today, routes=of.routes, inhibit=of.inhibit, calendars=of.calendars, packs=of.packs,
        zone=of.calendar.zone, outcomes=of.truth.named if of.truth else frozenset(),
    )  # fmt: skip


def home(root: Path, today: date) -> Home:
    """Settings and rules together; raises ConfigError with every mistake of both."""
    found = settings(root, today)
    around = context(found, today)
    book = load.whole(root / "rules", around)
    if wrong := watch.problems(book, found.watches, found.tree):
        raise ConfigError(wrong)
    return Home(found, watch.watched(book, found.watches, found.tree), around)


@contextmanager
def world(
    root: Path, *, clock: Clock | None = None, progress: Progress = silent, owner: str = "",
    create: bool = True, database: str = "",
) -> Iterator[World]:  # fmt: skip
    """Open a root folder: its store migrated, its clock set, its inference process ready to start. create:
    make a database where there is none; database: another than config/engine.yaml names.

    A store that holds a demo goes on living at the demo's time unless a clock is given.
    """
    from engine.infer.correlate import correlate
    from engine.infer.worker import Worker
    from engine.store.database import Store

    at = home(root, (clock or system_clock)().date())
    seconds = at.settings.engine.inference_timeout.total_seconds()
    for sentence in private.exposed(_kept(root, at.settings)):
        logger.warning("{}", sentence)
    with (
        enforced(at.settings.ingest.guard),
        closing(Store.open(_beside(root, database or at.settings.engine.database), create=create)) as store,
        Worker(seconds=seconds) as worker,
    ):
        yield World(
            settings=at.settings, book=at.book, store=store, connectors=plugin.every(),
            correlate=partial(correlate, evaluator=worker.evaluate),
            clock=clock or clock_of(store), owner=owner or f"{socket.gethostname()}:{os.getpid()}",
            progress=progress, fetch=partial(_content, at.settings.engine),
            call=partial(_called, at.settings.engine),
        )  # fmt: skip


@contextmanager
def store(root: Path) -> Iterator[Store]:
    """Only the store of a root folder, whatever its other files say."""
    from engine.store.database import Store

    reading = Reading(root.resolve(), os.environ)
    database = service.load_database(reading)
    reading.finish()
    with closing(Store.open(_beside(root, database), create=False)) as opened:
        yield opened


def guard(root: Path) -> Guard:
    """The guard that config/privacy.yaml of a root folder makes, whatever its other files say."""
    reading = Reading(root.resolve(), os.environ)
    found = Guard(service.load_privacy(reading))
    reading.finish()
    return found


def answer(url: str, asked: str, hosts: Sequence[str] = ()) -> bytes:
    """What is found at `url`, to which the address `asked` leads: on the same host, or on one of `hosts`.

    Raises FeedError where nothing is, or where it may not be asked for.
    """
    options = http.Http(url=asked, hosts=tuple(hosts), max_mb=20, retries=1)
    found = http.get(options.allowed(asked).joined(asked, url), options, {})
    return found.body if found else b""


def sniffed(file: Path) -> Sniffed:
    """By which connector a file is read, and with which options; raises FeedError where none reads it."""
    return sniff(file)


def sample(file: Path, connector: str, options: Mapping[str, object]) -> Fetch:
    """What a connector reads of a file; raises FeedError where it cannot."""
    module = plugin.every()[connector]
    found: Fetch = module.fetch(module.Options(path=file, **options), {})
    return found


def database_file(root: Path) -> Path | None:
    """Where the SQLite database of `root` lies; None where a server keeps it."""
    url = _beside(root, settings(root).engine.database)
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None


def at_time(of: World, moment: datetime) -> World:
    """The same world, its clock opened at another moment."""
    return replace(of, clock=clock_from(moment))


def _content(engine: service.Engine, url: str, headers: Mapping[str, str]) -> bytes:
    """What is at an address that the configuration names, asked as feeds are."""
    asked = http.Http(url=url, headers=headers, networks=engine.networks, proxy=engine.proxy, retries=0)
    answer = http.get(url, asked, {})
    assert answer is not None, "without validators there is always an answer"
    return answer.body


def _called(engine: service.Engine, call: Call) -> bytes:
    """What a service answers, asked as feeds are; who waits for it waits in front of a page."""
    asked = http.Http(
        url=call.home, hosts=call.hosts, networks=engine.networks, proxy=engine.proxy, retries=0, timeout=5,
        max_mb=1,
    )  # fmt: skip
    if call.form is not None:
        return http.post(call.url, asked, call.form, call.headers)
    answer = http.get(call.url, asked, {})
    assert answer is not None, "without validators there is always an answer"
    return answer.body


def clock_of(store: Store) -> Clock:
    """The system's clock, or the one that a store's demo lives by."""
    from engine.store import meta

    with store.read() as tx:
        demo = meta.get(tx, "demo")
    return clock_from(datetime.fromisoformat(demo)) if demo else system_clock


def _kept(root: Path, of: Settings) -> Iterator[Path]:
    """Where what is known lies on this machine's disk: the database, and what the file channels write."""
    url = _beside(root, of.engine.database)
    paths = [Path(url.removeprefix("sqlite:///"))] if url.startswith("sqlite:///") else []
    for receiver in of.receivers.values():
        paths += [path for one in receiver.channels if isinstance(path := one.options.get("path"), Path)]
    above = {path.parent for path in paths if of.root in path.parent.parents}
    yield from sorted({*above, *paths, *(Path(f"{path}{end}") for path in paths for end in ("-wal", "-shm"))})


def _beside(root: Path, url: str) -> str:
    """A relative SQLite path is taken from the root folder."""
    prefix = "sqlite:///"
    if not url.startswith(prefix) or url.startswith(prefix + "/") or url == prefix:
        return url
    return f"{prefix}{root.resolve() / url.removeprefix(prefix)}"
