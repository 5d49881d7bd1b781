"""Where a correlation looks, seen from what it finds.

Matches are few and areas many, so scopes are walked backwards: from the area where a pattern
matched to the areas that are judged by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from engine.model.area import AreaTree
from engine.model.rule import Scope


def viewers(tree: AreaTree, scope: Scope, level: str) -> Callable[[str], Iterable[str]]:
    """A function from an area to the areas of `level` that have it in their scope.

    Only `same` includes the judged area itself: `neighbours` are those around it, `parent` the one
    above, `ancestors` all above, `below` all under it.
    """
    if scope is Scope.NEIGHBOURS:
        around: dict[str, list[str]] = {}
        for code in tree.at(level):
            for neighbour in sorted(tree[code].neighbours):
                around.setdefault(neighbour, []).append(code)
        return lambda code: around.get(code, ())
    candidates: Callable[[str], Iterable[str]] = {
        Scope.SAME: lambda code: (code,),
        Scope.PARENT: tree.children,
        Scope.ANCESTORS: lambda code: list(tree.below(code))[1:],
        Scope.BELOW: lambda code: tree.lineage(code)[1:],
    }[scope]
    return lambda code: [seen for seen in candidates(code) if tree[seen].level == level]
