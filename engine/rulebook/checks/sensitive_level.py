"""A sensitive category judged too low.

Small numbers are people: sexual and domestic violence, harm to minors and suicide are never judged below
county level, directly or through a parent; a parent's other children stay.

Wrong: `level: municipality` with `category: violence.sexual`. Right: `level: county`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "sensitive-level"
LEVEL = Level.ERROR


#: The lowest level at which a sensitive category may be judged, where the tree has it.
LOWEST = "county"


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    levels = context.tree.levels
    for place, where, level in source.filters():
        if level not in levels or levels.index(level) <= lowest(levels):
            continue
        chosen = context.selected(where.categories())
        sensitive = sorted(code for code in chosen if context.taxonomy[code].sensitive)
        if sensitive:
            named, floor = ", ".join(sensitive), levels[lowest(levels)]
            sentence = f"{named} is sensitive and never judged below {floor}: leave it out"
            yield (*place, "category"), sentence


def lowest(levels: tuple[str, ...]) -> int:
    """The position of the county level, or of the second level where none is called so."""
    return levels.index(LOWEST) if LOWEST in levels else min(1, len(levels) - 1)
