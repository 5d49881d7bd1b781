"""A finding of crowd safety used by another rule.

What is protected is counted for the safety of a crowd and for nothing else: a correlation of another topic
may neither look for findings of the topic `crowd-safety`, nor of a rule of that topic, nor for their absence.

Wrong: `finding: {topic: crowd-safety}` in a rule of the topic `disorder`. Right: look for the harm itself,
such as `finding: {topic: fights-threats}`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.model.problem import Level
from engine.model.topic import CROWD_TOPIC
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "protected-finding"
LEVEL = Level.ERROR


def check(sources: Sequence[Source], context: Context) -> Iterator[tuple[Source, Place, str]]:
    ours = {source.id for source in sources if source.written.topic == CROWD_TOPIC}
    for source in sources:
        if source.id in ours:
            continue
        for place, pattern in source.finding_patterns():
            if pattern.topic == CROWD_TOPIC or pattern.rule in ours:
                key = "topic" if pattern.topic else "rule"
                sentence = f"only a rule of the topic '{CROWD_TOPIC}' may look for findings of crowd safety"
                yield source, (*place, key), sentence
