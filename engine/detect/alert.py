"""`alert`: an alert is in force, or begins soon, whatever is counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from engine.detect.given import Given
from engine.detect.series import Past, Series
from engine.model.period import duration
from engine.model.rule import Window
from engine.model.severity import at_least

ID = "alert"


@dataclass(frozen=True, slots=True)
class Params:
    """category: which alerts, a category or a list, each with what lies below it; severity: `">=severe"`, as
    in `where`; ahead: also those that begin within so long (`12h`) of the judgement; feed: of these feeds.
    Alerts are told by feeds whose subject is a hazard or an advisory. Where none is in force, and one of the
    feeds that would tell of it was not heard, nobody can tell."""

    category: str | tuple[str, ...]
    severity: str = ""
    ahead: str = "0h"
    feed: str | tuple[str, ...] = ""

    def __post_init__(self) -> None:
        if not self.categories:
            raise ValueError("alert needs a category, or a list of them")
        if self.severity:
            at_least(self.severity)
        if self.soon > timedelta(days=30):
            raise ValueError("alert looks ahead 30 days at most")

    @property
    def categories(self) -> tuple[str, ...]:
        return (self.category,) if isinstance(self.category, str) else self.category

    @property
    def feeds(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.feed,))) if isinstance(self.feed, str) else self.feed

    @property
    def least(self) -> int:
        """The least severity, 0 for any."""
        return at_least(self.severity) if self.severity else 0

    @property
    def soon(self) -> timedelta:
        return duration(self.ahead)

    @property
    def compared(self) -> dict[str, Any]:
        """The parameters as they are compared: which is the stricter."""
        hours = self.soon / timedelta(hours=1)
        return {"category": self.categories, "severity": self.least, "ahead": hours, "feed": self.feeds}


def past(params: Params, window: Window) -> Past:
    return Past(0)


def model(series: Series, params: Params) -> Given:
    """As the series' context says; without one nobody can tell."""
    found = series.context.get(params)
    return found if isinstance(found, Given) else Given.nobody_knows(series)
