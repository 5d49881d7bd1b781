"""A running service takes up changed rules and configuration between two ticks: all of them, or none.

Files are read again when their stamps differ from those of the last reading. What was still being
written before, while or after it was read is left for the next tick, so that a set is either as
somebody left it or not taken at all. A set with a mistake is refused whole: the old one stays in
force, and the log and `forewarn status` say so until the files are mended.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from loguru import logger

from engine.cycle import run
from engine.cycle.settings import Settings
from engine.cycle.world import World
from engine.errors import ConfigError
from engine.guard.exit import enforce
from engine.model.problem import Level
from engine.model.rule import RuleBook
from engine.store import meta
from engine.store.database import Tx

FOLDERS = ("config", "rules", "packs")
#: Files that changed must then rest for so long (seconds): an edit of several files is one edit.
SETTLE = 2.0
_KEY = "reload"

#: Of every file: path, size, moments of its content's and its entry's last change, and identity.
Stamps = frozenset[tuple[str, int, int, int, int]]


class Home(Protocol):
    """What a root folder's files say together."""

    @property
    def settings(self) -> Settings: ...
    @property
    def book(self) -> RuleBook: ...


@dataclass
class Live:
    """The world of a service, exchanged for what its files say now.

    load: reads them all; raises ConfigError with every mistake. settle: see `SETTLE`.
    """

    world: World
    load: Callable[[], Home]
    settle: float = SETTLE
    #: Of the last reading; there is none yet, because the files may have changed since the world opened.
    _read: Stamps | None = field(default=None, init=False)

    def refresh(self) -> None:
        """Take up the files as they are now, if they are whole, at rest, and not read already."""
        now = stamps(self.world.settings.root)
        if now == self._read:
            return
        if self._read is not None:
            time.sleep(self.settle)
        if stamps(self.world.settings.root) != now:
            return
        try:
            home, problems = self.load(), []
        except ConfigError as error:
            home, problems = None, mistakes(error)
        except (OSError, UnicodeError) as error:  # taken away or half written since it was listed
            home, problems = None, [str(error)]
        if stamps(self.world.settings.root) != now:
            return
        if home is None:
            _refuse(self.world, problems)
        else:
            self._take(home)
        self._read = now

    def _take(self, home: Home) -> None:
        old, new = self.world, replace(self.world, settings=home.settings, book=home.book)
        if (new.book.hash, new.settings.hash) != (old.book.hash, old.settings.hash):
            run.prepare_ledger(new)
            logger.info(
                "taken up: rules {} (before: {}), configuration {:.16} (before: {:.16})",
                new.book.hash, old.book.hash, new.settings.hash, old.settings.hash,
            )  # fmt: skip
        if new.settings.engine != old.settings.engine or new.settings.cycles.tick != old.settings.cycles.tick:
            logger.warning("engine.yaml and the tick of cycles.yaml take effect at the next start")
        with new.store.begin() as tx:
            meta.drop(tx, _KEY)
        enforce(new.settings.ingest.guard)
        self.world = new


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Files that were not taken up, and why; since when and by which service, where one is running."""

    problems: tuple[str, ...]
    at: datetime | None = None
    owner: str = ""

    def __str__(self) -> str:
        more = f" (and {len(self.problems) - 1} more)" if len(self.problems) > 1 else ""
        return f"the set before stays in force until this is mended: {self.problems[0]}{more}"


def mistakes(error: ConfigError) -> list[str]:
    """What keeps files from being used; warnings and hints do not."""
    return [str(problem) for problem in error.problems if problem.level is Level.ERROR]


def refused(tx: Tx) -> Refusal | None:
    """The last reading of the files, where it was refused."""
    text = meta.get(tx, _KEY)
    if text is None:
        return None
    kept = json.loads(text)
    at, owner = datetime.fromisoformat(kept["at"]), kept["owner"]
    return Refusal(problems=tuple(kept["problems"]), at=at, owner=owner)


def stamps(root: Path) -> Stamps:
    """What tells one state of the files from another without reading them."""
    found = set()
    for folder in FOLDERS:
        for above, _, names in os.walk(root / folder):
            for name in names:
                path = Path(above, name)
                try:
                    is_ = path.stat()
                except FileNotFoundError:
                    continue  # taken away since it was listed: the next look says so too
                found.add((str(path), is_.st_size, is_.st_mtime_ns, is_.st_ctime_ns, is_.st_ino))
    return frozenset(found)


def _refuse(world: World, problems: Sequence[str]) -> None:
    with world.store.begin() as tx:
        before = refused(tx)
        since = before.at if before and before.at else world.clock()
        kept = {"at": since.isoformat(), "owner": world.owner, "problems": list(problems)}
        meta.put(tx, _KEY, json.dumps(kept, ensure_ascii=False))
    logger.error("{}", Refusal(problems=tuple(problems)))
