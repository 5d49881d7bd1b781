"""A severity that no feed says.

`severity: ">=2"` leaves out incidents of unknown severity; where no feed that reports these categories says
how grave an incident is, nothing is left.

Wrong: `severity: ">=2"` on a feed without `severity:` in its mapping. Right: leave it out.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "ungraded-severity"
LEVEL = Level.WARNING


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    for place, where in source.wheres():
        feeds = context.reporting(context.selected(where.categories()), where.feeds())
        if where.severity and feeds and not any(feed.id in context.graded_feeds for feed in feeds):
            names = ", ".join(feed.id for feed in feeds)
            sentence = f"the feed {names} does not say how grave an incident is"
            yield (*place, "severity"), f"{sentence}: nothing would count; take the severity out"
