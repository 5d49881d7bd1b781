"""Which receiver stands for a department somewhere: the narrowest territory that holds it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.model.message import Receiver


def responsible(department: str, lineage: Sequence[str], receivers: Iterable[Receiver]) -> tuple[str, ...]:
    """The receivers of a department for an area, by id: those of the nearest territory above it, or else
    those that name no territory and stand for it everywhere.

    lineage: the area and those above it, nearest first.
    """
    own = [one for one in receivers if one.department == department]
    for area in lineage:
        found = sorted(one.id for one in own if area in one.territory)
        if found:
            return tuple(found)
    return tuple(sorted(one.id for one in own if not one.territory))
