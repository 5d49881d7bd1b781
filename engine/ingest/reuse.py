"""Ids that a source gives again: the same number, and another day, another place and another kind, or what
happened after the number was told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from engine.model.area import AreaTree
from engine.model.feed import FEW, GRAVE
from engine.model.incident import Incident, Precision

_TIMED = (Precision.MINUTE, Precision.DAY)


@dataclass
class Apart:
    """Tells the incidents of one feed apart that go by one id.

    A correction of the day, or of the place, or of the kind leaves the two others; what shares none of
    them with what is known under its id is another incident, and is stored under the id with its day. So is
    what happened on a later day than that on which the other was told: nobody reports what has not happened.
    And so are two days under one id in one answer that does not say which of them was told later.

    ahead: how far after it became known something may lie; None where feeds foretell.
    """

    tree: AreaTree
    zone: ZoneInfo
    ahead: timedelta | None = None
    #: The source does not say when it knew: all of one answer is told at once.
    at_once: bool = False
    #: (the id that was given again, what the later incident is stored under), where that is new.
    found: list[tuple[str, str]] = field(default_factory=list)
    #: Of which day this answer has told, by the id that it is stored under.
    _days: dict[str, date] = field(default_factory=dict)
    #: The first that this answer has told of an id; of how many reports it has told of each day, and how many
    #: of these go by the id of one of another moment, and of another place or kind.
    _firsts: dict[str, Incident] = field(default_factory=dict)
    _told: Counter[date] = field(default_factory=Counter)
    _mixed: Counter[date] = field(default_factory=Counter)

    def mixed(self, since: date) -> tuple[date, int, int] | None:
        """The first day from `since` on of whose reports in this answer too many go by the ids of others, how
        many do, and of how many: these ids tell nothing apart, and each report hides the one before."""
        for day in sorted(day for day in self._mixed if day >= since):
            many, of = self._mixed[day], self._told[day]
            if many >= FEW and many >= GRAVE * of:
                return day, many, of
        return None

    def tell(self, batch: Sequence[Incident], known: Mapping[str, Sequence[Incident]]) -> list[Incident]:
        """The batch under the ids it is to be stored under; `known` are the stored incidents of each of
        its ids, in their last revisions."""
        latest = {id_: list(incidents) for id_, incidents in known.items()}
        return [self._noted(self._named(one, latest.setdefault(one.source_id, []))) for one in batch]

    def _noted(self, told: Incident) -> Incident:
        if self.at_once and self.ahead is not None and told.precision in _TIMED:
            self._days[told.source_id] = self._day(told)
            self._compare(told)
        return told

    def _compare(self, told: Incident) -> None:
        if told.withdrawn or not told.areas:
            return
        first = self._firsts.setdefault(told.source_id, told)
        alike = self._one_place(told.areas, first.areas) and _one_kind(told.category, first.category)
        self._told[self._day(told)] += 1
        self._mixed[self._day(told)] += told.occurred_at != first.occurred_at and not alike

    def _day(self, one: Incident) -> date:
        return one.occurred_at.astimezone(self.zone).date()

    def _twice(self, one: Incident, other: Incident) -> bool:
        """Whether this answer has told already of another day under the other's id."""
        day = self._days.get(other.source_id) if one.precision in _TIMED and one.category else None
        return day is not None and day != self._day(one)

    def _named(self, incident: Incident, candidates: list[Incident]) -> Incident:
        if not candidates:
            candidates.append(incident)
            return incident
        first = candidates[0]
        alike = len(candidates) == 1 and incident.category == first.category
        if alike and not self._untold(incident, first) and not self._twice(incident, first):
            candidates[0] = incident  # nearly all of what a feed repeats
            return incident
        place, best = max(
            enumerate(candidates), key=lambda one: (self._shared(incident, one[1]), one[1].occurred_at)
        )
        if self._shared(incident, best):
            named = replace(incident, source_id=best.source_id) if len(candidates) > 1 else incident
            if named.category:
                candidates[place] = named
            return named
        stored_as = f"{incident.source_id}@{incident.occurred_at.astimezone(self.zone):%Y-%m-%d}"
        self.found.append((incident.source_id, stored_as))
        candidates.append(replace(incident, source_id=stored_as))
        return candidates[-1]

    def _shared(self, one: Incident, other: Incident) -> int:
        """How much of day, place and kind the two have in common; what one does not say is no
        difference."""
        if not (one.category and other.category and one.areas and other.areas):
            return 1
        if self._untold(one, other) or self._twice(one, other):
            return 0
        timed = one.precision in _TIMED and other.precision in _TIMED
        days = {self._day(incident) for incident in (one, other)}
        same_day = not timed or len(days) == 1
        return same_day + self._one_place(one.areas, other.areas) + _one_kind(one.category, other.category)

    def _untold(self, one: Incident, other: Incident) -> bool:
        """Whether one of the two happened on a day after the other had been told."""
        first, last = sorted((one, other), key=lambda of: of.occurred_at)
        if self.ahead is None or not (one.category and other.category) or last.precision not in _TIMED:
            return False
        if last.occurred_at <= first.known_at + self.ahead or first.precision not in _TIMED:
            return False
        return self._day(last) > first.known_at.astimezone(self.zone).date()

    def _one_place(self, areas: Iterable[str], others: Iterable[str]) -> bool:
        """Whether an area of the one is, or holds, or lies in an area of the other."""
        return any(
            one in self._lineage(other) or other in self._lineage(one) for one in areas for other in others
        )

    def _lineage(self, area: str) -> tuple[str, ...]:
        return self.tree.lineage(area) if area in self.tree else (area,)


def _one_kind(category: str, other: str) -> bool:
    return f"{category}.".startswith(f"{other}.") or f"{other}.".startswith(f"{category}.")
