"""A rule about persons or opinions.

The charter: forewarn judges places and harms. Names, sex, age, ethnicity, religion, origin, petitioning,
assembly, speech, opinion and the like are refused as keys of a filter, as a summed measure, and in the
id, the titles, the reasons, the owner and the tests' names of a rule, in every language and spelling that
`docs/charter.md` lists. A rule of the topic `crowd-safety` may say whose crowd it is about. A number of
people harmed is a harm and may be summed.

Wrong: `where: {category: property, ethnicity: x}`, `sum: age`, `title: Surge of protests`. Right:
`where: {category: property}`, `sum: injured`, `title: Surge of burglaries`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.charter import reach
from engine.charter.judgement import PROMISE, Kind, refusals
from engine.model.problem import Level
from engine.rulebook import persons
from engine.rulebook.context import Context
from engine.rulebook.language.source import TWIN, Place, Source

NAME = "charter"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    yield from reach.refused("rule", source.document.data)
    yield from _sum(source)
    for test in source.tests:
        if test.place[:1] == (TWIN,):
            for sentence in refusals(Kind.TITLE, test.example.name, reach.lawful(source.written.topic)):
                yield (*test.place, "name"), sentence


def _sum(source: Source) -> Iterator[tuple[Place, str]]:
    measure = source.threshold.indicator.measure if source.threshold else ""
    if measure and persons.summed(measure):
        yield source.measured, f"'{measure}' is an attribute of persons; {PROMISE}"
