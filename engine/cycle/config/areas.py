"""config/areas.yaml: the time zone, the levels, and where the table and the polygons of the areas are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, Field

from engine.charter.area import LEAST_RESIDENTS
from engine.cycle.config.reading import Reading
from engine.cycle.config.written import Name, Strict
from engine.errors import ConfigError
from engine.ingest.areas import load_areas
from engine.ingest.gazetteer import Gazetteer
from engine.model.area import AreaTree
from engine.yamlfile import Document


def _zone(value: object) -> ZoneInfo:
    try:
        return value if isinstance(value, ZoneInfo) else ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("not a time zone; write a name such as Europe/Stockholm or Asia/Shanghai") from None


class AreasFile(Strict):
    """The whole file; both data files lie beside it."""

    zone: Annotated[ZoneInfo, BeforeValidator(_zone)]
    levels: Annotated[tuple[Name, ...], Field(min_length=1)]
    table: Path
    geometry: Path | None = None
    #: How many residents every area of a level has at least, where the table does not give each its own.
    least_residents: dict[Name, Annotated[int, Field(strict=True, ge=LEAST_RESIDENTS)]] = Field(
        default_factory=dict
    )


@dataclass(frozen=True)
class Places:
    """The areas, and the time by which they live."""

    zone: ZoneInfo
    tree: AreaTree
    gazetteer: Gazetteer


def inside(reading: Reading, document: Document, file: AreasFile) -> bool:
    """Whether both data files lie below the root; if not, a problem."""
    named = {"table": file.table, "geometry": file.geometry}
    kept = [reading.inside(document, (key,), path, "config") for key, path in named.items() if path]
    return all(kept)


def load(reading: Reading) -> Places | None:
    """The areas, or None where the files cannot be used."""
    read = reading.file("areas.yaml", AreasFile, required=True)
    if read is None:
        return None
    document, file = read
    if len(set(file.levels)) < len(file.levels):
        reading.note(document, ("levels",), "a level stands here twice", "duplicate-level")
        return None
    for level in file.least_residents:
        reading.known(document, ("least_residents", level), "level", level, file.levels)
    if not inside(reading, document, file):
        return None
    table = reading.root / "config" / file.table
    geometry = reading.root / "config" / file.geometry if file.geometry else None
    try:
        tree, gazetteer = load_areas(table, geometry, file.levels, file.least_residents)
    except ConfigError as error:
        reading.problems += [
            replace(problem, path=problem.path.removeprefix(f"{reading.root}/"))
            for problem in error.problems
        ]
        return None
    for path in filter(None, (file.table, file.geometry)):
        reading.bytes(f"config/{path}")
    return Places(file.zone, tree, gazetteer)
