"""What the store says stood when, for the correlations of one period."""

from __future__ import annotations

from collections.abc import Sequence

from engine.cycle.world import World
from engine.judge import Correlator, Ground, Past, looked_back, parts
from engine.model.period import Period
from engine.model.rule import Rule
from engine.store import standing
from engine.store.database import Tx


def correlator(world: World, tx: Tx, rules: Sequence[Rule], period: Period) -> Correlator:
    """What judges the correlations among `rules` at a period, upon what stood by then."""
    settings, seen = world.settings, [part.id for part in parts(rules, world.book)]
    since = period.due_at - looked_back(rules)
    past = Past(standing.past(tx, seen, since, period) if seen else ())
    ground = Ground(settings.tree, world.terms.stale_after)
    return Correlator(world.book, settings.tree, settings.calendar, world.correlate, past, ground)
