"""Rules to try, judged from the ledger: what it does not count for them is counted in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from engine.backtest.match import Against
from engine.backtest.models import Relearned
from engine.cycle.source import LedgerSource
from engine.cycle.world import World
from engine.judge import Correlate, Panels
from engine.judge.asked import Models
from engine.model.incident import Incident
from engine.model.indicator import Indicator
from engine.model.panel import Deltas, Watch
from engine.model.period import Calendar, Cycle
from engine.model.rule import RuleBook
from engine.model.told import Told
from engine.store import draft, known
from engine.store.book import Book
from engine.store.draft import Counts


@dataclass(frozen=True)
class DraftSource:
    """A store's ledger with what drafts count beside it; picklable, and never written to."""

    ledger: LedgerSource
    drafts: Mapping[str, Counts] = field(default_factory=dict)

    @classmethod
    def of(cls, world: World, *books: RuleBook, against: Against | None = None) -> DraftSource:
        """The world's store as it is now, for the rules of these books; against: see `LedgerSource.of`."""
        source, settings = LedgerSource.of(world, against), world.settings
        wanted = {key: one for book in books for key, one in book.indicators().items()}
        with world.store.read() as tx:
            new = draft.lacking(tx, Book(settings.tree, wanted, settings.calendar))
            if not new:
                return cls(source)
            return cls(source, draft.count(tx, Book(settings.tree, new, settings.calendar), source.seq))

    @property
    def calendar(self) -> Calendar:
        return self.ledger.calendar

    @contextmanager
    def open(self) -> Iterator[tuple[Panels, Correlate]]:
        with self.ledger.open() as (panels, correlate):
            yield DraftedPanels(panels, self.drafts, self.ledger.against), correlate


class DraftedPanels:
    """A ledger's panels, and those of the indicators that only exist in memory."""

    def __init__(self, panels: Panels, drafts: Mapping[str, Counts], against: Against | None) -> None:
        self.tree, self.calendar, self.holding = panels.tree, panels.calendar, panels.holding
        self.linked, self.accuracy = panels.linked, panels.accuracy
        # What is learned is learned from what drafts count, too.
        self.models: Models = Relearned(self, against)
        self._panels, self._drafts = panels, drafts

    def deltas(self, indicator: Indicator, level: str, first: int, cut: int) -> Deltas:
        counts = self._drafts.get(indicator.key)
        if counts is None:
            return self._panels.deltas(indicator, level, first, cut)
        return counts.deltas(self.tree.at(level), first, cut - 1, cut)

    def watch(self, indicator: Indicator, level: str, first: int, cut: int) -> Watch:
        return self._panels.watch(indicator, level, first, cut)

    def rescaled(self, indicator: Indicator, at: datetime) -> bool:
        return self._panels.rescaled(indicator, at)

    def incidents(
        self, indicator: Indicator, since: datetime, until: datetime, known_before: datetime
    ) -> Sequence[Incident]:
        return self._panels.incidents(indicator, since, until, known_before)

    def revisions(
        self, indicator: Indicator, since: datetime, until: datetime
    ) -> Sequence[tuple[Incident, datetime]]:
        return self._panels.revisions(indicator, since, until)

    def told(
        self, indicator: Indicator, since: datetime, until: datetime, *, lasting: bool = False
    ) -> Sequence[Told]:
        return self._panels.told(indicator, since, until, lasting=lasting)


def moments(world: World, books: Sequence[RuleBook], since: datetime, until: datetime) -> list[datetime]:
    """When something became known in (since, until] that an immediate rule of these books may judge."""
    rules = [rule for book in books for rule in book.of(Cycle.IMMEDIATE)]
    categories = {code for rule in rules if rule.indicator for code in rule.indicator.categories}
    if not categories:
        return []
    back = max(rule.window.lasts + timedelta(hours=rule.window.hours) for rule in rules)
    with world.store.read() as tx:
        return list(known.moments(tx, categories, since, until, back=back))
