"""Rows as a file: CSV, a workbook, or features on a map. No cell of any can be a formula."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from engine.cycle.exporting.rows import EXPORTS, Row
from engine.cycle.world import World
from engine.errors import extra
from engine.guard import sheet
from engine.guard.exit import guarded

#: What a browser calls each form.
TYPES = {
    "csv": "text/csv; charset=utf-8", "geojson": "application/geo+json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip


def formed(world: World, what: str, rows: Sequence[Row], form: str) -> bytes:
    """The rows of one kind in one form."""
    return _FORMS[form](world, what, rows)


def _csv(world: World, what: str, rows: Sequence[Row]) -> bytes:
    columns = EXPORTS[what].columns
    return sheet.document(columns, ([_plain(row[key]) for key in columns] for row in rows))


def _xlsx(world: World, what: str, rows: Sequence[Row]) -> bytes:
    with extra("office"):
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell
    book = Workbook(write_only=True)
    page = book.create_sheet(what)
    page.freeze_panes = "A2"
    columns = EXPORTS[what].columns
    for row in (dict(zip(columns, columns, strict=True)), *rows):
        cells = []
        for key in columns:
            value = _excel(row[key])
            cell = WriteOnlyCell(page, value)
            if isinstance(value, str):
                cell.data_type = "s"  # a text, whatever it begins with
            cells.append(cell)
        page.append(cells)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _geojson(world: World, what: str, rows: Sequence[Row]) -> bytes:
    """Each row where its area is; one whose area has no shape has no geometry, and is told all the same."""
    shapes = {area: _geometry(world, area) for area in {row["area"] for row in rows}}
    features = [
        {
            "type": "Feature", "geometry": shapes[row["area"]],
            "properties": {key: _plain(value) for key, value in row.items()},
        }
        for row in rows
    ]  # fmt: skip
    return guarded(
        json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    ).encode()


def _geometry(world: World, area: str) -> Mapping[str, Any] | None:
    from shapely.geometry import mapping

    shape = world.settings.gazetteer.polygons.get(area)
    if shape is not None:
        found: Mapping[str, Any] = mapping(shape)
        return found
    tree = world.settings.tree
    centre = tree[area].centroid if area in tree else None
    return {"type": "Point", "coordinates": [centre[1], centre[0]]} if centre else None


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value


def _excel(value: Any) -> Any:
    """Excel knows no offsets: moments are local."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return sheet.cell(value)


_FORMS: Mapping[str, Callable[[World, str, Sequence[Row]], bytes]] = {
    "csv": _csv, "xlsx": _xlsx, "geojson": _geojson,
}  # fmt: skip
