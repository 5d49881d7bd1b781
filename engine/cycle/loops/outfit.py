"""A world as a worker opens it: the rules and the configuration in force, and where the database is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
from engine.logs import configure
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

    @classmethod
    def of(cls, world: World) -> Outfit:
        settings = replace(world.settings, texts=dict(world.settings.texts))
        modules = {name: module.__name__ for name, module in world.connectors.items()}
        ahead = world.clock() - system_clock()
        shift = ahead if abs(ahead) > _SAME else timedelta()
        return cls(settings, world.book, world.store.url, modules, shift)

    @contextmanager
    def open(self) -> Iterator[World]:
        configure(self.settings.engine.log)
        with enforced(self.settings.ingest.guard), closing(Store.open(self.url, migrate=False)) as store:
            yield World(
                settings=self.settings, book=self.book, store=store,
                connectors={name: import_module(module) for name, module in self.connectors.items()},
                correlate=partial(correlate, evaluator=reference.evaluate),
                clock=lambda: system_clock() + self.shift, owner="worker",
            )  # fmt: skip
