"""One mistake, one module, one page of documentation.

A check is a module with `NAME`, `LEVEL` and `check`; its docstring is the page docs/checks/NAME.md.
Checks in `EACH` look at one rule: `check(source, context)` yields (place, sentence). Checks in
`TOGETHER` look at all rules at once: `check(sources, context)` yields (source, place, sentence).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import ModuleType

from engine.model.problem import Problem
from engine.rulebook.checks import (
    duplicate_id,
    no_owner,
    no_review_date,
    person_attribute,
    topic_domain,
    unknown_category,
    unknown_feed,
    unknown_level,
    unknown_measure,
    unknown_topic,
)
from engine.rulebook.context import Context
from engine.rulebook.source import Source

_EACH = (
    no_owner, no_review_date, person_attribute, topic_domain, unknown_category, unknown_feed,
    unknown_level, unknown_measure, unknown_topic,
)  # fmt: skip
_TOGETHER = (duplicate_id,)

#: Checks of one rule, and of all rules together, by name.
EACH: dict[str, ModuleType] = {module.NAME: module for module in _EACH}
TOGETHER: dict[str, ModuleType] = {module.NAME: module for module in _TOGETHER}


def run(sources: Sequence[Source], context: Context) -> list[Problem]:
    """Every problem that any check finds, in no particular order."""
    return [*_each(sources, context), *_together(sources, context)]


def _each(sources: Sequence[Source], context: Context) -> Iterator[Problem]:
    for name, module in EACH.items():
        for source in sources:
            for place, sentence in module.check(source, context):
                yield Problem(source.path, source.document.line(*place), sentence, name, module.LEVEL)


def _together(sources: Sequence[Source], context: Context) -> Iterator[Problem]:
    for name, module in TOGETHER.items():
        for source, place, sentence in module.check(sources, context):
            yield Problem(source.path, source.document.line(*place), sentence, name, module.LEVEL)
