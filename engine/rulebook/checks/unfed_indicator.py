"""An indicator that no feed can fill.

No configured feed reports any of the categories (or the feed named does not), so the rule's panel is
unmonitored for ever and it can only say *unknown*.

Wrong: `where: {category: flood}` where no feed covers floods. Right: configure the feed first, or keep the
rule a draft.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "unfed-indicator"
LEVEL = Level.WARNING


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    if not source.judged:
        return
    for place, where in source.wheres():
        chosen = context.selected(where.categories())
        known = [feed for feed in where.feeds() if feed in context.feeds]
        if chosen and len(known) == len(where.feeds()) and not context.reporting(chosen, known):
            feeds = f"the feed {', '.join(known)}" if known else "any feed"
            yield (*place, "category"), f"nothing counted here is reported by {feeds}: the rule stays blind"
