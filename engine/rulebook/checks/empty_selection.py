"""A filter that selects nothing.

A parent stands for what lies below it, but activities, protected leaves and what is not judged are never
among it; a category that is `judged: false` is kept for the record only.

Wrong: `category: notice.summary`. Right: a category that is judged.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.model.taxonomy import Measures
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "empty-selection"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    taxonomy = context.taxonomy
    for place, code in source.selectors():
        if code not in taxonomy:
            continue
        if not taxonomy[code].judged:
            yield place, f"'{code}' is counted by nobody (judged: false): choose a category that is judged"
        elif _nothing_left(context, code):
            yield place, f"nothing below '{code}' counts: it is all activity, protected or not judged"


def _nothing_left(context: Context, code: str) -> bool:
    """Whether a parent has children, and not one of them counts."""
    below = [context.taxonomy[child] for child in context.taxonomy.below(code) if child != code]
    counts = (c.judged and not c.protected and c.measures is Measures.HARM for c in below)
    protected = all(child.protected for child in below)
    return bool(below) and not any(counts) and not protected
