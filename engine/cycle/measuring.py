"""One rule lives through the last days once more: how much it warned, how much chance would, how well."""

from __future__ import annotations

from engine.backtest.history import Span
from engine.backtest.match import Against
from engine.backtest.run import backtest
from engine.backtest.shard import selected
from engine.backtest.skill import Row
from engine.backtest.warm import warmed
from engine.cycle.draft import DraftSource, moments
from engine.cycle.world import World


def measured(world: World, rule: str, span: Span) -> Row:
    """The rule's figures (`skill.FIGURES`), held against config/truth.csv where there is one. Nothing is
    written."""
    settings, tried = world.settings, selected(world.book, [rule])
    against = Against(settings.truth, settings.tree, settings.domains) if settings.truth else None
    done = backtest(
        world.book, DraftSource.of(world, world.book), settings.tree, settings.topics, span, rules=[rule],
        moments=moments(world, [tried], warmed(span, tried).begin, span.until), terms=world.terms,
        against=against, progress=world.progress,
    )  # fmt: skip
    return next(row for row in done.assessment.rules if row["rule"] == rule)
