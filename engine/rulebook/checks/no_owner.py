"""A rule without an owner.

Somebody must answer for every rule: whom to ask why it warned, and who reviews it.

Wrong: no `owner:`. Right: `owner: crime-desk`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "no-owner"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    if not source.written.owner:
        yield ("id",), "'owner' is missing: say which desk answers for this rule"
