"""A political rule fed by words.

A feed that tells categories by keywords finds texts, and texts are opinions: it may not feed rules of the
political domain. Name a feed that classifies by codes, or count the harm elsewhere.

Wrong: a political rule on a category that only a keyword feed reports. Right:
`where: {category: officials.violence, feed: se-police}`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.grade import Domain
from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "keyword-political"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    if source.written.domain is not Domain.POLITICAL:
        return
    for place, where in source.wheres():
        chosen = context.selected(where.categories())
        for feed in context.reporting(chosen, where.feeds()):
            if feed.id in context.keyword_feeds:
                sentence = f"the feed '{feed.id}' goes by keywords and may not feed a political rule"
                yield place, f"{sentence}: name the feeds that are meant with feed:"
