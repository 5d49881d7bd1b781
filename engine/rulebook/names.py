"""Which names each check of names accepts, so that a misspelling with one near name can be mended."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from engine.rulebook.context import Context
from engine.rulebook.language.source import Source

_CONTEXT: dict[str, Callable[[Context], Iterable[str]]] = {
    "unknown-category": lambda context: context.taxonomy.categories,
    "test-category": lambda context: context.taxonomy.categories,
    "unknown-feed": lambda context: context.feeds,
    "test-feed": lambda context: context.feeds,
    "unknown-level": lambda context: context.tree.levels,
    "unknown-measure": lambda context: context.catalogue,
    "unknown-sum": lambda context: context.sums,
    "unknown-topic": lambda context: context.topics,
    "test-receiver": lambda context: context.receivers,
}


def known(check: str, source: Source, context: Context) -> Iterable[str]:
    """The names that the check accepts in this rule; none where it is no check of names."""
    if check == "test-signal":
        return {test.name for _, test in source.conditions()}
    return _CONTEXT[check](context) if check in _CONTEXT else ()
