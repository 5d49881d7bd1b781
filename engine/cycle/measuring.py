"""Rules live through a stretch of days once more: how much they warned, how much chance would, how well."""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import Executor
from dataclasses import dataclass

from engine.backtest.history import Span
from engine.backtest.match import Against
from engine.backtest.run import Backtest, backtest
from engine.backtest.shard import selected
from engine.backtest.skill import Row
from engine.backtest.warm import warmed
from engine.cycle.draft import DraftSource, moments
from engine.cycle.world import World


def lived_again(
    world: World, rules: Collection[str], span: Span, truth: Against | None, executor: Executor | None = None
) -> Backtest:
    """What these rules (none: all that are judged) would have done, each day as known then. Nothing is
    written."""
    settings, tried = world.settings, selected(world.book, rules)
    return backtest(
        world.book, DraftSource.of(world, world.book, against=truth), settings.tree, settings.topics, span,
        rules=rules,
        moments=moments(world, [tried], warmed(span, tried).begin, span.until), terms=world.terms,
        against=truth, executor=executor, progress=world.progress,
    )  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """One rule's figures (`skill.FIGURES`), and how it does beside each of its rivals."""

    figures: Row
    rivals: tuple[Row, ...]


def measured(world: World, rule: str, span: Span) -> Measured:
    done = lived_again(world, [rule], span, world.against())
    figures = next(row for row in done.assessment.rules if row["rule"] == rule)
    return Measured(figures, tuple(row for row in done.contested if row["rule"] == rule))
