"""A topic that is not listed.

Topics are listed in `config/topics.yaml`; a rule has one, and a pattern may look for the findings of one.

Wrong: `topic: burglery`. Right: `topic: burglary`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level, nearest
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "unknown-topic"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    named: list[tuple[Place, str]] = [(("topic",), source.written.topic)]
    named += [((*place, "topic"), of.topic) for place, of in source.finding_patterns() if of.topic]
    for place, topic in named:
        if topic not in context.topics:
            yield place, f"unknown topic '{topic}'{nearest(topic, context.topics)}"
