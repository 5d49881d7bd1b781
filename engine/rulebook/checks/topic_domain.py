"""A rule in another domain than its topic.

A topic belongs to one domain (`config/topics.yaml`); its rules stand in the same one, correlations too.

Wrong: `topic: burglary` with `domain: cyber`. Right: `domain: public-safety`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "topic-domain"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    topic = context.topics.get(source.written.topic)
    if topic is not None and topic.domain is not source.written.domain:
        yield ("domain",), f"the topic '{topic.id}' belongs to another domain: write domain: {topic.domain}"
