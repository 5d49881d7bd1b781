"""Where a feed goes on reading, tied to what reads it: a mapping that was mended reads everything anew."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from engine.cycle.world import World
from engine.model.feed import Feed

#: The cursor's own entries; connectors never see them, and have none that begin so.
_NAME, TOLD = "engine/reader", "engine/told"
#: The files that decide what becomes of a record.
_READING = ("config/taxonomy", "config/areas", "config/privacy")


def signed(cursor: Mapping[str, str], world: World, feed: Feed, told: str = "") -> dict[str, str]:
    """The cursor with the hash of what read up to it, and with what operators were told of the source."""
    return {**cursor, _NAME: _hash(world, feed), TOLD: told}


def unsigned(cursor: Mapping[str, str], world: World, feed: Feed) -> dict[str, str]:
    """The cursor as the connector left it; empty where something else reads now."""
    if cursor.get(_NAME) != _hash(world, feed):
        return {}
    return {name: value for name, value in cursor.items() if name not in (_NAME, TOLD)}


def _hash(world: World, feed: Feed) -> str:
    files = {name: text for name, text in world.settings.texts.items() if name.startswith(_READING)}
    parts = [feed.mapping, feed.options, sorted(files.items()), _places(world)]
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _places(world: World) -> list[tuple[object, ...]]:
    """The area tree as it is, wherever it was read from."""
    return [(area.code, area.parent, area.name, area.level) for area in world.settings.tree.areas.values()]
