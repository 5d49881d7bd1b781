"""Reads the area tree and its gazetteer from a table and a file of polygons."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import orjson
import shapely
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from engine.charter import area as charter
from engine.errors import ConfigError, RecordError
from engine.ingest.gazetteer import Gazetteer
from engine.ingest.shape import read_shapes
from engine.model.area import Area, AreaTree
from engine.model.problem import Problem, nearest
from engine.model.regular import regular
from engine.model.text import Text

COLUMNS = ("code", "name", "zh", "level", "parent", "population", "aliases", "kind")


def load_areas(
    table: Path, geometry: Path | None, levels: Sequence[str], least: Mapping[str, int] | None = None
) -> tuple[AreaTree, Gazetteer]:
    """The tree with centroids and neighbours, and the gazetteer over it.

    table: a CSV with `COLUMNS`, aliases parted by `|`; geometry: GeoJSON whose features' property
    `code` names an area; least: how many residents every area of a level has at least, where that is
    declared. Raises ConfigError with every mistake of both files.
    """
    problems: list[Problem] = []
    areas = {area.code: area for area in _rows(table, levels, least or {}, problems)}
    if problems:
        raise ConfigError(problems)
    polygons = _polygons(geometry, areas, problems) if geometry else {}
    if problems:
        raise ConfigError(problems)
    touching = neighbours(areas, polygons)
    for code, polygon in polygons.items():
        areas[code] = replace(areas[code], centroid=_inside(polygon), neighbours=touching[code])
    tree = AreaTree(tuple(levels), areas)
    return tree, Gazetteer(tree, polygons)


def _rows(
    table: Path, levels: Sequence[str], least: Mapping[str, int], problems: list[Problem]
) -> Iterator[Area]:
    try:
        with regular(table).open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            rows = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        problems.append(Problem(str(table), 1, f"the area table cannot be read: {error}", "areas"))
        return
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        sentence = f"the area table needs the columns {', '.join(COLUMNS)}; missing: {', '.join(missing)}"
        problems.append(Problem(str(table), 1, sentence, "areas"))
        return
    lines = {row["code"]: line for line, row in reversed(rows)}
    by_code = {row["code"]: row for _, row in rows}
    for line, row in rows:
        wrong = [Problem(str(table), line, sentence, "areas") for sentence in
                 _mistakes(line, row, lines, levels, by_code)]  # fmt: skip
        if not wrong:
            wrong = [Problem(str(table), line, sentence, "charter") for sentence in _refused(row, least)]
        problems += wrong
        if not wrong:
            yield _area(row)


def _mistakes(
    line: int, row: Mapping[str, str], lines: Mapping[str, int], levels: Sequence[str],
    rows: Mapping[str, Mapping[str, str]],
) -> Iterator[str]:  # fmt: skip
    code, level, parent = row["code"], row["level"], row["parent"]
    if None in row or None in row.values():
        yield f"this line has not {len(COLUMNS)} values as the first line says"
        return
    if not code or not row["name"]:
        yield "an area needs a code and a name"
    if lines[code] != line:
        yield f"the area '{code}' stands here again; it is already on line {lines[code]}"
    if level not in levels:
        yield f"'{level}' is not one of the levels {', '.join(levels)}{nearest(level, levels)}"
    elif parent and parent not in rows:
        yield f"the parent '{parent}' of '{code}' is not in the table{nearest(parent, rows)}"
    elif parent and rows[parent]["level"] in levels[levels.index(level) :] and not row["kind"]:
        yield f"'{code}' ({level}) lies in '{parent}', which is not of a higher level"
    elif parent and (rows[parent]["kind"] or parent == code):
        yield f"'{parent}' is a facility or the area itself; nothing lies in it"
    if row["population"] and not (row["population"].isascii() and row["population"].isdigit()):
        yield f"the population '{row['population']}' is not a whole number; leave it empty where unknown"


def _refused(row: Mapping[str, str], least: Mapping[str, int]) -> Iterator[str]:
    names = (row["code"], row["name"], row["zh"], *row["aliases"].split("|"))
    yield from charter.refused(names, row["kind"], row["population"], least.get(row["level"]))


def _area(row: Mapping[str, str]) -> Area:
    return Area(
        code=row["code"],
        name=Text(row["name"], row["zh"]),
        level=row["level"],
        parent=row["parent"] or None,
        aliases=tuple(alias for alias in row["aliases"].split("|") if alias),
        population=int(row["population"]) if row["population"] else None,
        kind=row["kind"] or None,
    )


def _polygons(path: Path, areas: Mapping[str, Area], problems: list[Problem]) -> dict[str, BaseGeometry]:
    try:
        features = orjson.loads(regular(path).read_bytes())["features"]
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError) as error:
        sentence = f"not readable as a GeoJSON FeatureCollection: {error}"
        problems.append(Problem(str(path), 1, sentence, "areas"))
        return {}
    parts: dict[str, list[BaseGeometry]] = {}
    for index, feature in enumerate(features):
        code = str((feature.get("properties") or {}).get("code"))
        if code not in areas:
            sentence = f"feature {index + 1} has the code '{code}', which is no area{nearest(code, areas)}"
            problems.append(Problem(str(path), 1, sentence, "areas"))
            continue
        try:
            parts.setdefault(code, []).extend(read_shapes(feature.get("geometry")))
        except RecordError as error:
            problems.append(Problem(str(path), 1, f"feature {index + 1} ('{code}'): {error}", "areas"))
    return {code: shapely.union_all(shapes) for code, shapes in parts.items() if shapes}


def neighbours(
    areas: Mapping[str, Area], polygons: Mapping[str, BaseGeometry]
) -> dict[str, frozenset[str]]:
    """For every area with a polygon, the areas of its level whose polygons touch it."""
    if not polygons:
        return {}
    codes = sorted(polygons)
    shapes = [polygons[code] for code in codes]
    found: dict[str, set[str]] = {code: set() for code in codes}
    for one, other in STRtree(shapes).query(shapes, predicate="intersects").T:
        if one != other and areas[codes[one]].level == areas[codes[other]].level:
            found[codes[one]].add(codes[other])
    return {code: frozenset(touching) for code, touching in found.items()}


def _inside(polygon: BaseGeometry) -> tuple[float, float]:
    """(latitude, longitude) of a point that surely lies inside, near the middle."""
    middle = polygon.centroid if polygon.contains(polygon.centroid) else polygon.point_on_surface()
    return middle.y, middle.x
