"""What a worker puts on: a world, by the rules and the configuration in force and where the database is, or
nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from importlib import import_module

from engine.cycle.settings import Settings
from engine.cycle.world import World, system_clock
from engine.guard.exit import enforced
from engine.infer import reference
from engine.infer.correlate import correlate
from engine.logs import configure, configured
from engine.model.rule import RuleBook
from engine.store.database import Store

#: A clock that differs by less from the machine's is the machine's.
_SAME = timedelta(seconds=1)


@dataclass(frozen=True, eq=False)
class Outfit:
    """What a worker is sent: not where the files lie, which may be edited meanwhile, but what they said."""

    settings: Settings
    book: RuleBook
    url: str
    #: The module of each kind of feed, by the kind's name.
    connectors: Mapping[str, str]
    #: How far the world's clock is from the machine's (the demo's is).
    shift: timedelta
    #: See `World.fetch`.
    fetch: Callable[[str, Mapping[str, str]], bytes]
    log: str

    @classmethod
    def of(cls, world: World) -> Outfit:
        settings = replace(world.settings, texts=dict(world.settings.texts))
        modules = {name: module.__name__ for name, module in world.connectors.items()}
        ahead = world.clock() - system_clock()
        shift = ahead if abs(ahead) > _SAME else timedelta()
        return cls(settings, world.book, world.store.url, modules, shift, world.fetch, configured())

    @contextmanager
    def open(self) -> Iterator[World]:
        configure(self.log)
        with enforced(self.settings.ingest.guard), self.world() as world:
            yield world

    @contextmanager
    def world(self) -> Iterator[World]:
        """The world alone, in a process that guards its words and writes its log already."""
        with closing(Store.open(self.url, migrate=False)) as store:
            yield World(
                settings=self.settings, book=self.book, store=store,
                connectors={name: import_module(module) for name, module in self.connectors.items()},
                correlate=partial(correlate, evaluator=reference.evaluate),
                clock=lambda: system_clock() + self.shift, owner="worker", fetch=self.fetch,
            )  # fmt: skip

    def rest(self, world: World) -> None:
        """Between two exchanges nothing is held: neither a server's connection nor a file that may go."""
        world.store.close()


@dataclass(frozen=True, eq=False)
class Bare:
    """For exchanges that need no world."""

    log: str

    @contextmanager
    def open(self) -> Iterator[None]:
        configure(self.log)
        yield None

    def rest(self, world: None) -> None:
        """There is nothing to let go."""
