"""Two editions of the rules live through the same days: what the newer would have changed."""

from __future__ import annotations

from concurrent.futures import Executor
from functools import partial

from engine.backtest import diff
from engine.backtest.diff import Diff, Side
from engine.backtest.history import History, Span
from engine.backtest.match import Against
from engine.backtest.warm import warmed
from engine.cycle.draft import DraftSource, moments
from engine.cycle.world import World
from engine.model.rule import RuleBook


def compared(
    world: World, old: RuleBook, new: RuleBook, span: Span, *, against: Against | None = None,
    executor: Executor | None = None, names: tuple[str, str] = ("before", "after"),
) -> Diff:  # fmt: skip
    """The effects of an edit on the warnings of the topics that it touches, with what was known then. Nothing
    is written. names: of the editions, for whoever watches."""
    topics = diff.touched(old, new)
    span = warmed(span, *(diff.part(book, topics) for book in (old, new)))
    source = DraftSource.of(world, old, new, against=against)
    known = moments(world, [old, new], span.begin, span.until)
    before, after = (
        Side(
            diff.part(book, topics),
            History.of(
                diff.live_through(
                    book, topics, source, span, terms=world.terms, moments=known, executor=executor,
                    progress=partial(world.progress, name),
                ),
                span.since,
            ),
        )
        for name, book in zip(names, (old, new), strict=True)
    )  # fmt: skip
    return diff.compare(before, after, topics, span, against)
