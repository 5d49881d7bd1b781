"""Ready mappings of published formats: what a feed with a `preset` begins from, and may say otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from engine import yamlfile
from engine.model.problem import nearest

FOLDER = Path(__file__).parent / "presets"
#: What is taken over key by key: the rest of an entry stands in the place of the preset's.
_WITHIN = ("options", "map")


def names() -> tuple[str, ...]:
    """Every preset there is."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


@cache
def read(name: str) -> Mapping[str, Any]:
    """A preset as it is written; ValueError for a name that none has."""
    if name not in names():
        raise ValueError(f"there is no preset '{name}'{nearest(name, names())}; known: {', '.join(names())}")
    path = FOLDER / f"{name}.yaml"
    document, problems = yamlfile.read(path, shown=path.name)
    assert document is not None and not problems, problems
    data: Mapping[str, Any] = document.data
    return data


def begun(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The entry upon its preset. A file of one's own stands in the place of the source's address."""
    preset = deepcopy(dict(read(str(entry["preset"]))))
    for key in _WITHIN:
        own = entry.get(key) or {}
        if isinstance(own, Mapping):
            preset[key] = {**preset.get(key, {}), **own}
    if "path" in preset["options"]:
        preset["options"].pop("url", None)
    return {**preset, **{key: value for key, value in entry.items() if key not in _WITHIN}}
