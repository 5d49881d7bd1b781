"""A test about a feed that is not configured.

Wrong: `down: [{feed: se-polise, ...}]`. Right: `feed: se-police`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level, nearest
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, RuleTest, Source

NAME = "test-feed"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    for test in source.tests:
        for place, feed in _named(test):
            if feed is not None and feed not in context.feeds:
                yield (*test.place, *place), f"unknown feed '{feed}'{nearest(feed, context.feeds)}"


def _named(test: RuleTest) -> Iterator[tuple[Place, str | None]]:
    given = test.example.given
    yield from ((("given", "incidents", n, "feed"), of.feed) for n, of in enumerate(given.incidents))
    yield from ((("given", "alerts", n, "feed"), of.feed) for n, of in enumerate(given.alerts))
    yield from ((("given", "down", n, "feed"), of.feed) for n, of in enumerate(given.down))
