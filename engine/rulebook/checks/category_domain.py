"""A category of another domain.

A rule warns in one domain; counting what the taxonomy keeps under another makes the domain's score say
something else than its name. A correlation may join domains on purpose and is not asked.

Wrong: `domain: cyber` with `category: property.theft`. Right: `domain: public-safety`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "category-domain"
LEVEL = Level.WARNING


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    if source.threshold is None:
        return
    for place, code in source.selectors():
        if place[:2] == ("indicator", "share_of") or not context.selected([code]):
            continue
        if context.taxonomy[code].protected:
            continue
        domain, own = context.taxonomy[code].domain, source.written.domain
        if domain is not None and domain is not own:
            yield place, f"'{code}' belongs to the domain {domain}: is this rule one of {own}?"
