"""A store's ledger as another process opens it: an address and what of the settings panels need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial

from engine.backtest.match import Against
from engine.backtest.models import Relearned
from engine.cycle.panels import StorePanels
from engine.cycle.world import World
from engine.infer.correlate import correlate
from engine.infer.worker import Worker
from engine.judge import Correlate, Panels
from engine.model.area import AreaTree
from engine.model.feed import Feed
from engine.model.period import Calendar
from engine.store.database import Store


@dataclass(frozen=True)
class LedgerSource:
    """Everything committed up to `seq`, whoever opens it and whenever; picklable.

    seconds: how long the inference process may take over one judgement; against: the truth that chances are
    learned from, anew, as a service would have learned them.
    """

    url: str = field(repr=False)
    tree: AreaTree
    calendar: Calendar
    feeds: Mapping[str, Feed]
    seq: int
    seconds: float
    against: Against | None = None

    @classmethod
    def of(cls, world: World, against: Against | None = None) -> LedgerSource:
        """The world's store as it is now; without a truth, its own is learned from."""
        settings = world.settings
        with world.store.read() as tx:
            seq = tx.horizon()
        seconds = settings.engine.inference_timeout.total_seconds()
        return cls(
            world.store.url, settings.tree, settings.calendar, dict(settings.feeds), seq, seconds,
            against or world.against(),
        )  # fmt: skip

    @contextmanager
    def open(self) -> Iterator[tuple[Panels, Correlate]]:
        with closing(Store.open(self.url, migrate=False)) as store, store.read() as tx, Worker(
            seconds=self.seconds
        ) as worker:  # fmt: skip
            panels = StorePanels(tx, self, self.seq, sweeps=True)
            panels.models = Relearned(panels, self.against)
            yield panels, partial(correlate, evaluator=worker.evaluate)
