"""A measure of other topics.

The catalogue says for which topics and domains a measure is meant.

Wrong: `measures: [road-treatment]` in a burglary rule. Right: `measures: [patrol-evening]`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "measure-topic"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    written = source.written
    if written.topic not in context.topics:
        return
    fitting = [m.code for m in context.catalogue.values() if m.fits(written.topic, written.domain)]
    for number, choice in enumerate(written.measures):
        measure = context.catalogue.get(choice.code)
        if measure is not None and not measure.fits(written.topic, written.domain):
            sentence = f"'{choice.code}' is not meant for the topic '{written.topic}'"
            yield ("measures", number), f"{sentence}: choose from {', '.join(sorted(fitting)) or 'none'}"
