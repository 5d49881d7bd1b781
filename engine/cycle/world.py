"""Everything a run needs, handed in: settings, rules, store, clock and evaluators. No globals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from types import ModuleType
from typing import TYPE_CHECKING

from engine.cycle.settings import Settings
from engine.errors import FeedError
from engine.ingest.batch import Context
from engine.judge import Correlate, Terms
from engine.model.call import Call
from engine.model.message import PUNCTUAL
from engine.model.rule import RuleBook

if TYPE_CHECKING:
    from engine.backtest.match import Against
    from engine.ingest.truth import Truth
    from engine.store.book import Book
    from engine.store.database import Store

Clock = Callable[[], datetime]

#: (what, done, of how many): long work tells whoever watches.
Progress = Callable[[str, int, int], None]


def system_clock() -> datetime:
    return datetime.now(UTC)


def clock_from(moment: datetime, real: Clock = system_clock) -> Clock:
    """A clock that stands at `moment` now and runs on from there (the demo's)."""
    started = real()
    return lambda: moment + (real() - started)


def silent(what: str, done: int, total: int) -> None:
    """Nobody watches."""


def unreachable(url: str, headers: Mapping[str, str]) -> bytes:
    """Nothing is asked over the network."""
    raise FeedError(f"{url} cannot be asked here")


def uncalled(call: Call) -> bytes:
    """The same for services that are more than looked at."""
    return unreachable(call.url, call.headers)


def never() -> bool:
    """Nobody asks us to stop."""
    return False


@dataclass(frozen=True, kw_only=True)
class World:
    """One configured forewarn: a service, a command or a test."""

    settings: Settings
    book: RuleBook
    store: Store
    connectors: Mapping[str, ModuleType]
    correlate: Correlate
    clock: Clock = system_clock
    #: Names this process in leases.
    owner: str = "forewarn"
    progress: Progress = field(default=silent)
    #: The content at an address, asked for with these headers; raises FeedError.
    fetch: Callable[[str, Mapping[str, str]], bytes] = unreachable
    #: What a service answers; raises FeedError.
    call: Callable[[Call], bytes] = uncalled
    #: Whether somebody asked us to stop: long work then ends after the step it is at.
    stopped: Callable[[], bool] = never
    #: Whether its past is lived through again, each period as if it were judged when it was due.
    relived: bool = False

    @cached_property
    def ledger(self) -> Book:
        """How incidents book: the tree, the indicators of the rules in force, the calendar."""
        from engine.store.book import Book

        settings = self.settings
        return Book(settings.tree, self.book.indicators(), settings.calendar, settings.alike)

    @cached_property
    def context(self) -> Context:
        """What turns raw records into incidents, hashing ids with the store's own secret."""
        from engine.store.identity import keyed

        ingest = self.settings.ingest
        return replace(ingest, guard=keyed(self.store, ingest.guard))

    def against(self, told: Truth | None = None) -> Against | None:
        """What rules are measured by: a truth, or that of config/truth.csv; None where there is neither."""
        from engine.backtest.match import Against

        known = told or self.settings.truth
        return Against(known, self.settings.tree, self.settings.domains) if known else None

    def told_at(self, at: datetime) -> datetime:
        """When whoever must act learns of what was decided for a moment: then, or now, where it is judged so
        late that answers and measures would have been due before anybody was asked."""
        now = at if self.relived else self.clock()
        return now.astimezone(UTC).replace(microsecond=0) if now - at > PUNCTUAL else at

    @property
    def terms(self) -> Terms:
        settings = self.settings
        sensitive = frozenset(code for code, one in settings.taxonomy.categories.items() if one.sensitive)
        return Terms(
            settings.scoring, settings.cycles.stale_after, sensitive, settings.tree, settings.topics
        )
