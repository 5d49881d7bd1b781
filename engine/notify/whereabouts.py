"""When and where what a finding counted has happened: areas and days, as far as the charter lets be shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from engine.model.area import AreaTree
from engine.model.finding import Finding
from engine.model.incident import Incident


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """How many in each area (its code), the most first; on each local day, the earliest first; and of how
    many each other feed tells too."""

    places: tuple[tuple[str, int], ...] = ()
    days: tuple[tuple[str, int], ...] = ()
    also: tuple[tuple[str, int], ...] = ()


def whereabouts(
    finding: Finding, incidents: Sequence[Incident], tree: AreaTree, zone: tzinfo, *, sums: bool
) -> Whereabouts:
    """Of these incidents; nothing where they are not just what was counted, as where more has become known
    since. sums: a measure of them is added up, which says nothing of how many they are."""
    if not sums and len(incidents) != (finding.trace.reported or finding.trace.observed):
        return Whereabouts()
    places = Counter(_nearest(one, finding.area, tree) for one in incidents)
    days = Counter(one.occurred_at.astimezone(zone).date().isoformat() for one in incidents)
    also = Counter(feed for one in incidents for feed in {feed for feed, _ in one.also})
    return Whereabouts(
        tuple(sorted(places.items(), key=lambda place: (-place[1], place[0]))), tuple(sorted(days.items())),
        tuple(sorted(also.items())),
    )  # fmt: skip


def _nearest(one: Incident, area: str, tree: AreaTree) -> str:
    """The deepest area of the incident's below the finding's."""
    below = [code for code in one.areas if code in tree and area in tree.lineage(code)]
    return max(below, key=lambda code: len(tree.lineage(code)), default=area)
