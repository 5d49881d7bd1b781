"""Incidents that go by several ids become one, under the id by which it was first known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.model.incident import Incident


@dataclass(frozen=True)
class Resolved:
    """A batch under its incidents' first ids, and what was learned from it."""

    incidents: list[Incident]
    #: The id that each of these is stored under, where that is new.
    names: dict[str, str]
    #: Stored incidents that turned out to be one with an earlier: (the later's id, the first's).
    merged: list[tuple[str, str]]


def resolve(
    batch: Sequence[Incident], known: Mapping[str, str], stored: Mapping[str, int]
) -> Resolved:
    """Pure. `known` says what ids of the batch are stored under, `stored` in which order the incidents of
    these ids, and of the batch's, came.

    Which id the source prefers today changes nothing: the first that was stored stays, else the first of
    the batch.
    """
    groups = _Groups()
    for incident in batch:
        groups.join((incident.source_id, *incident.aliases))
    for name, id_ in known.items():
        groups.join((name, id_))
    told = dict.fromkeys(incident.source_id for incident in batch)
    came = {id_: (1, place) for place, id_ in enumerate(told)}
    came |= {id_: (0, seq) for id_, seq in stored.items()}
    names: dict[str, str] = {}
    merged: list[tuple[str, str]] = []
    for group in groups.all():
        first = min((id_ for id_ in group if id_ in came), key=lambda id_: (came[id_], id_))
        names |= dict.fromkeys(group, first)
        merged += [
            (id_, first) for id_ in sorted(group)
            if id_ in stored and id_ != first and known.get(id_) != first
        ]  # fmt: skip
    renamed = [
        replace(one, source_id=names[one.source_id]) if names[one.source_id] != one.source_id else one
        for one in batch
    ]
    return Resolved(renamed, {one: id_ for one, id_ in names.items() if known.get(one) != id_}, merged)


class _Groups:
    """Ids that are one incident's, directly or by way of others."""

    def __init__(self) -> None:
        self._group: dict[str, list[str]] = {}

    def join(self, ids: Iterable[str]) -> None:
        """These are one incident's."""
        home: list[str] | None = None
        for id_ in ids:
            group = self._group.setdefault(id_, [id_])
            if home is None:
                home = group
            elif group is not home:
                home += group
                self._group |= dict.fromkeys(group, home)

    def all(self) -> list[list[str]]:
        return list({id(group): group for group in self._group.values()}.values())
