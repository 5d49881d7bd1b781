"""A test of alerts that no feed would tell.

Alerts are told by feeds whose `subject` is a hazard or an advisory. Where none of those reports any of the
categories (or the feed named does not), nobody can ever tell whether one is in force: it stays unknown. Nor
is anything heard of what begins later than a feed's mapping lets it (`ahead`, 1h where it says nothing).

Wrong: `alert: {category: traffic.crash}` where only the police log reports crashes. Right:
`alert: {category: nature.storm}` beside a feed of weather warnings that covers it.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.notation import written_duration
from engine.rulebook.language.source import Place, Source

NAME = "alert-unfed"
LEVEL = Level.WARNING
#: What makes the whole test blind.
UNTOLD = "no feed of hazards or advisories tells of these: what is in force stays unknown"


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    for place, alert in source.alerts() if source.judged else ():
        chosen = context.selected(alert.categories)
        told = [feed for feed in context.reporting(chosen, alert.feeds) if feed.holds]
        if chosen and not told and all(feed in context.feeds for feed in alert.feeds):
            yield place, UNTOLD
            return
        longest = max((feed.mapping.ahead for feed in told), default=alert.soon)
        if longest < alert.soon:
            most, asked = written_duration(longest), written_duration(alert.soon)
            feeds = ", ".join(feed.id for feed in told)
            yield place, (
                f"the feed {feeds} takes nothing that begins more than {most} after it is told, and this "
                f"looks {asked} ahead: set `ahead: {asked}` in its mapping"
            )
            return
