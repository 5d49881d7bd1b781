"""A title in one language.

Titles are shown to people in English and Chinese.

Wrong: `title: Burglary surge`. Right: `title: {en: Burglary surge, zh: 入室盗窃激增}`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "no-chinese"
LEVEL = Level.WARNING


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    if not source.written.title.zh:
        yield ("title",), "the title has no Chinese: write {en: ..., zh: ...}"
