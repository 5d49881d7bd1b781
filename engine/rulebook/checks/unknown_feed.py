"""A feed that is not configured.

`feed:` in a filter names a feed of `config/feeds.yaml`.

Wrong: `feed: se-polise`. Right: `feed: se-police`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level, nearest
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "unknown-feed"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    for place, feed in source.feeds():
        if feed not in context.feeds:
            yield place, f"unknown feed '{feed}'{nearest(feed, context.feeds)}"
