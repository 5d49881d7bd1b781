"""Every file of a kit, as it is written into a new folder."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from engine.kits.kit import Kit
from engine.kits.sample import DAYS
from engine.kits.sources import SOURCES

#: In a kit's files: the first day its made-up sources report on.
_FROM = b"{{from}}"


def files(kit: Kit, now: datetime) -> dict[str, bytes]:
    """The kit's files by their paths below the new folder; what its own folder holds goes first."""
    zone, sources = SOURCES[kit.name]
    found = dict(_bundled(kit)) | dict(_tree(resources.files(__package__) / kit.name, ""))
    found |= dict(_tree(resources.files(__package__) / "deploy", "deploy/"))
    first = f"{(now.astimezone(zone) - timedelta(days=DAYS)).date()}".encode()
    found = {path: body.replace(_FROM, first) for path, body in found.items()}
    return found | sources(_names(found["config/areas.csv"], kit), now.astimezone(zone).replace(tzinfo=None))


def _tree(folder: Traversable, above: str) -> Iterator[tuple[str, bytes]]:
    for one in folder.iterdir():
        if one.is_dir():
            yield from _tree(one, f"{above}{one.name}/")
        elif not one.name.endswith((".py", ".pyc")):
            yield f"{above}{one.name}", one.read_bytes()


def bundled() -> Traversable:
    """Where the bundled configuration lies: in the package, or beside it in a checkout."""
    inside = resources.files(__package__) / "bundled"
    return inside if inside.is_dir() else Path(__file__).parents[2]


def _bundled(kit: Kit) -> Iterator[tuple[str, bytes]]:
    root = bundled()
    for name in kit.config:
        yield f"config/{name}", _here((root / "config" / name).read_bytes())
    for name in kit.plans:
        yield f"config/plans/{name}.yaml", _here((root / "config/plans" / f"{name}.yaml").read_bytes())
    if kit.areas:
        yield "config/areas.csv", _areas((root / "config" / "areas.csv").read_text(encoding="utf-8"), kit)


def _here(body: bytes) -> bytes:
    """A bundled file with its schema beside it."""
    return body.decode("utf-8").replace("docs/schema/", "schema/").encode()


def _areas(text: str, kit: Kit) -> bytes:
    """The rows of the bundled table that the kit takes; a country takes no municipalities."""
    rows = list(csv.DictReader(io.StringIO(text)))
    kept = [
        row for row in rows
        if row["code"].startswith(kit.areas) and (kit.areas != ("",) or row["level"] != "municipality")
    ]  # fmt: skip
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(kept)
    return out.getvalue().encode()


def _names(table: bytes, kit: Kit) -> dict[str, Sequence[str]]:
    """The names of the areas by level, as the kit's sources write them."""
    found: dict[str, list[str]] = {}
    for row in csv.DictReader(io.StringIO(table.decode("utf-8"))):
        name = row["zh"] if kit.name.endswith("-cn") else row["name"]
        found.setdefault(row["level"], []).append(name)
    return {level: tuple(names) for level, names in found.items()}
