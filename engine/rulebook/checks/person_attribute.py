"""A rule about persons or opinions.

The charter: forewarn judges places and harms. Names, sex, age, ethnicity, religion, origin, petitioning,
opinion and the like are refused as keys of a filter, as a summed measure, and in the names of rules
and topics, in English and in Chinese. A number of people harmed is a harm and may be summed.

Wrong: `where: {category: property, ethnicity: x}`, `sum: age`. Right: `where: {category: property}`,
`sum: injured`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.rulebook import persons
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "person-attribute"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    written = source.written
    for place, word in ((("id",), written.id), (("topic",), written.topic)):
        if persons.named(word):
            yield place, f"'{word}' speaks of persons; {persons.CHARTER}: name the harm"
    if source.threshold and source.threshold.indicator.sum:
        measure = source.threshold.indicator.sum
        if persons.summed(measure):
            yield ("indicator", "sum"), f"'{measure}' is an attribute of persons; {persons.CHARTER}"
