"""Where `find` reads from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from engine.judge.asked import Models
from engine.model.area import AreaTree
from engine.model.incident import Incident
from engine.model.indicator import Indicator
from engine.model.panel import Deltas, Watch
from engine.model.period import Calendar
from engine.model.told import Told


class Panels(Protocol):
    """Where `find` reads: the store's ledger as of a cut, or a draft's rows in memory."""

    tree: AreaTree
    calendar: Calendar
    #: The feeds whose incidents hold only until they end: hazards and advisories.
    holding: frozenset[str]
    #: The feeds of which others tell the same events.
    linked: frozenset[str]
    #: Within how many metres the points of each feed lie of where it was, of the feeds that say so.
    accuracy: Mapping[str, float]
    #: What chances were learned, by what they are asked for.
    models: Models

    def deltas(self, indicator: Indicator, level: str, first: int, cut: int) -> Deltas:
        """Ledger rows of one level with day >= first that the cut may see."""

    def watch(self, indicator: Indicator, level: str, first: int, cut: int) -> Watch:
        """Where and when somebody was looking, as known at the cut."""

    def rescaled(self, indicator: Indicator, at: datetime) -> bool:
        """Whether it was known at a moment that its measure is told in another scale."""

    def incidents(
        self, indicator: Indicator, since: datetime, until: datetime, known_before: datetime
    ) -> Sequence[Incident]:
        """What matches, occurred in [since, until) and was known strictly before `known_before`."""

    def revisions(
        self, indicator: Indicator, since: datetime, until: datetime
    ) -> Sequence[tuple[Incident, datetime]]:
        """Every revision that matches of what occurred in [since, until), by occurrence, and when another one
        overtook it (`model.told.NEVER` where none did)."""

    def told(
        self, indicator: Indicator, since: datetime, until: datetime, *, lasting: bool = False
    ) -> Sequence[Told]:
        """Every revision that matches of what occurred in [since, until), whenever it was known; lasting: of
        what occurred before `until` and had not ended by `since`."""
