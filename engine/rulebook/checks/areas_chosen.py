"""Chosen areas that do not fit the level the rule judges.

A rule judges the areas of one level; `areas` chooses among them: those named and those that lie in them. It
never lets a rule judge another level. An area that lies within one of that level is too small, and what
nothing lies in chooses nothing.

Wrong: `level: county` with `areas: [0180]`, a municipality. Right: `areas: ["01"]`, or `level: municipality`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.resolve import areas_of
from engine.rulebook.language.source import Place, Source

NAME = "areas-chosen"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    written, tree = source.written.areas, context.tree
    named = list(source.areas())
    if written is None or source.written.level not in tree.levels or any(of not in tree for _, of in named):
        return
    level = source.written.level
    judged, wrong = frozenset(tree.at(level)), False
    for place, code in named:
        if judged.isdisjoint(tree.below(code)):
            wrong = True
            above = tree.ancestor_at(code, level)
            mend = f"name '{above}', in which it lies" if above else "name others"
            yield place, f"the rule judges each {level}, and '{code}' neither is one nor holds one: {mend}"
    chosen = areas_of(source.written, context)
    if not chosen and not wrong:
        yield ("areas",), "nothing is left to judge: 'except' takes out all that is named"
    under = _under(source, context)
    for place, code in named:
        if "except" in place and written.under and judged.intersection(tree.below(code)) - under:
            yield place, f"'{code}' is not among those under which the rule judges: take it out of 'except'"


def _under(source: Source, context: Context) -> frozenset[str]:
    written = source.written.areas
    named = (written.under or []) if written else []
    return frozenset(below for code in named for below in context.tree.below(code))
