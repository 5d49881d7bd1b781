"""Connectors of others: an installed package names them under the entry point `forewarn.connectors`."""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType

from connectors import CONNECTORS
from engine.errors import UsageError

GROUP = "forewarn.connectors"
#: What each has, as ours do.
_PARTS = ("ID", "Options", "fetch")


@cache
def every() -> dict[str, ModuleType]:
    """Ours and those of installed packages, by name; UsageError for one that cannot be used."""
    found = dict(CONNECTORS)
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        if point.name in found:
            raise UsageError(f"{_whose(point)} is called as another is: let its package take another name")
        found[point.name] = _loaded(point)
    return found


def _loaded(point: EntryPoint) -> ModuleType:
    try:
        module: ModuleType = point.load()
    except Exception as error:  # whatever somebody else's package does when it is imported
        raise UsageError(f"{_whose(point)} cannot be loaded: {type(error).__name__}: {error}") from error
    lacking = [part for part in _PARTS if not hasattr(module, part)]
    if lacking or point.name != module.ID:
        said = f"lacks {', '.join(lacking)}" if lacking else f"calls itself '{module.ID}'"
        raise UsageError(f"{_whose(point)} {said}: docs/extending.md shows what a connector has")
    return module


def _whose(point: EntryPoint) -> str:
    package = f" of the package {point.dist.name}" if point.dist else ""
    return f"the connector '{point.name}'{package}"
