"""Which columns say where: codes and names of the centre's areas, points within their polygons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from engine.errors import RecordError
from engine.ingest import angle
from engine.ingest.gazetteer import Gazetteer
from engine.ingest.guess.column import Column
from engine.ingest.guess.headings import headings
from engine.ingest.guess.part import Part, share
from engine.ingest.mapping import PLAIN, Numbers, Place
from engine.ingest.place import PROJECTED, locator

_LATITUDE, _LONGITUDE, _POINT, _CODED, _METRES = (
    headings()[name] for name in ("latitude", "longitude", "point", "coded", "metres")
)
#: No degrees are so many; the metres of a grid are.
_FAR = 1000
_COMMA = {"decimal": ","}
#: So many records are placed, and so many of their values decide whether a column is of places at all.
_TRIED = 400
_LEAST, _SOME = 0.5, 0.05
_REACH = 10


@dataclass(frozen=True)
class _Attempt:
    """One way of placing a record, how many of the sample it places, and at which levels."""

    written: dict[str, Any]
    placed: int
    tried: int
    levels: Counter[str]

    def said(self) -> str:
        first = next(iter(self.written.values()))
        what = " and ".join(first) if isinstance(first, list) else first
        at = ", ".join(f"{level} {many}" for level, many in self.levels.most_common())
        return f"{what}: {share(self.placed, self.tried)} placed ({at})"


def proposed(
    columns: Sequence[Column], records: Sequence[dict[str, Any]], gazetteer: Gazetteer, root: str,
    timed: Collection[str] = (),
) -> list[Part]:
    """`place`: the attempts that place something, best first, and the whole territory behind them; `numbers`
    where coordinates have a decimal comma. timed: the columns of moments, whose days are no codes of areas.
    """
    columns = [column for column in columns if column.path not in timed]
    sample = records[:: max(1, len(records) // _TRIED)][:_TRIED]
    remarks: list[str] = []
    found = [*_codes(columns, sample, gazetteer), *_names(columns, sample, gazetteer)]
    found += _points(columns, sample, gazetteer, remarks)
    depth = {level: at for at, level in enumerate(gazetteer.tree.levels)}
    found.sort(key=lambda one: (-round(one.placed / one.tried, 1), -_depth(one, depth)))
    kept = found[:3]
    remarks = [*(one.said() for one in kept), *remarks]
    if not kept:
        remarks.append("nothing names one of the areas of config/areas.csv: all lies in the whole of it")
    elif kept[0].placed < kept[0].tried:
        remarks.append("the last attempt puts what is not placed into the whole: leave it out to refuse it")
    fixed = (
        [] if kept and kept[0].placed == kept[0].tried and len(records) <= len(sample) else [{"fixed": root}]
    )
    place = Part("place", [*(one.written for one in kept), *fixed], tuple(remarks))
    comma = any("point" in one.written for one in kept) and _comma(columns)
    return [place, *([Part("numbers", _COMMA, ("coordinates have a decimal comma",))] if comma else [])]


def _depth(one: _Attempt, depth: dict[str, int]) -> float:
    return sum(depth[level] * many for level, many in one.levels.items()) / max(1, one.placed)


def _try(
    written: dict[str, Any], sample: Sequence[dict[str, Any]], gazetteer: Gazetteer, numbers: Numbers = PLAIN
) -> _Attempt:
    locate, levels, placed = locator(Place(**written), gazetteer, numbers), Counter[str](), 0
    for record in sample:
        try:
            found = locate(record)
        except RecordError:
            continue
        if found:
            placed += 1
            levels.update({gazetteer.tree[found[0]].level: 1})
    return _Attempt(written, placed, len(sample), levels)


def _codes(
    columns: Sequence[Column], sample: Sequence[dict[str, Any]], gazetteer: Gazetteer
) -> Iterator[_Attempt]:
    widths = sorted({len(code) for code in gazetteer.tree.areas})
    for column in columns:
        written = _coded(column, widths, gazetteer)
        if written is not None:
            yield _try(written, sample, gazetteer)


def _coded(column: Column, widths: Sequence[int], gazetteer: Gazetteer) -> dict[str, Any] | None:
    """How the column's values are codes of areas; None where they are not."""
    texts, named = list(column.counts)[:_TRIED], column.named(_CODED)
    if not texts or (column.numeric and not named and len(texts) < 5):
        return None
    ways: list[dict[str, int]] = [{}]
    if named and all(text.isdigit() for text in texts):
        longest = max(map(len, texts))
        ways += [{"width": width} for width in widths if width >= longest]
        ways += [{"width": longest, "cut": width} for width in reversed(widths) if width < longest]
    for way in ways:
        codes = [text.zfill(way.get("width", 0))[: way.get("cut")] for text in texts]
        if sum(code in gazetteer.tree for code in codes) >= (0.9 if way else 0.6) * len(codes):
            return {"code": column.path, **way}
    return None


def _names(
    columns: Sequence[Column], sample: Sequence[dict[str, Any]], gazetteer: Gazetteer
) -> Iterator[_Attempt]:
    called = {column.path: _called(column, gazetteer) for column in columns if not column.numeric}
    fit = [path for path, (hits, _) in called.items() if hits >= _LEAST]
    for path in fit:
        plain = _try({"name": path}, sample, gazetteer)
        holders = [other for other in fit if other != path] if called[path][1] else []
        tried = [_try({"name": path, "within": other}, sample, gazetteer) for other in holders]
        best = max([plain, *tried], key=lambda one: one.placed)
        if best.placed >= _SOME * best.tried:
            yield best


def _called(column: Column, gazetteer: Gazetteer) -> tuple[float, bool]:
    """How many of its values are names of areas, and whether one is the name of several."""
    texts = list(column.counts)[:_TRIED]
    found = [gazetteer.called(text) for text in texts]
    return sum(map(bool, found)) / max(1, len(found)), any(len(codes) > 1 for codes in found)


def _points(
    columns: Sequence[Column], sample: Sequence[dict[str, Any]], gazetteer: Gazetteer, remarks: list[str]
) -> list[_Attempt]:
    names = _coordinates(columns)
    if names is None:
        if metres := _projected(columns):
            remarks.append(f"the coordinates in {' and '.join(metres)} cannot be read: {PROJECTED}")
        return []
    swapped = names[::-1] if len(names) == 2 else None
    by_path = {column.path: column for column in columns}
    if swapped and _beyond(by_path[names[0]]):
        remarks.append(f"the column {names[0]} holds longitudes: the two are swapped at the source")
        names, swapped = swapped, None
    if not gazetteer.polygons:
        remarks.append(f"coordinates stand in {' and '.join(names)}, and no area has a polygon")
        return []
    numbers = Numbers.model_validate(_COMMA) if _comma(columns) else PLAIN
    best = _try({"point": list(names)}, sample, gazetteer, numbers)
    if swapped:
        other = _try({"point": list(swapped)}, sample, gazetteer, numbers)
        if other.placed > best.placed:
            remarks.append(f"more points lie in the areas with {swapped[0]} as latitude: they are swapped")
            best = other
    if best.placed < _SOME * best.tried:
        remarks.append(f"of the points in {' and '.join(names)} hardly one lies in an area")
        return []
    return [best]


def _coordinates(columns: Sequence[Column]) -> tuple[str, ...] | None:
    """The columns of latitude and longitude, or the one that holds both."""
    by = [_degrees(columns, words) for words in (_LATITUDE, _LONGITUDE)]
    if by[0] and by[1]:
        return by[0], by[1]
    paths = {column.path for column in columns}
    for column in columns:
        above, _, last = column.path.rpartition(".")
        if last == "0" and f"{above}.1" in paths and column.numeric and "coordinates" in above:
            return f"{above}.1", column.path
        if column.named(_POINT) and column.filled and _is_pair(column.filled[0]):
            return (column.path,)
    return None


def _degrees(columns: Sequence[Column], words: frozenset[str]) -> str | None:
    return next(
        (column.path for column in columns if column.named(words) and column.filled
         and all(_is_angle(column, value) for value in column.counts)), None,
    )  # fmt: skip


def _is_angle(column: Column, value: str) -> bool:
    if angle.is_sexagesimal(value):
        return True
    return (column.numeric or column.comma) and abs(_number(value)) <= 180


def _number(value: str) -> float:
    return float(value.replace(",", "."))


def _comma(columns: Sequence[Column]) -> bool:
    """Whether coordinates are written with a decimal comma."""
    return any(column.comma for column in columns if column.named(_LATITUDE | _LONGITUDE))


def _projected(columns: Sequence[Column]) -> list[str]:
    """The two columns of a map's metres, where there are such: both named as coordinates, and far too great
    for degrees."""
    named = [column for column in columns if column.named(_LATITUDE | _LONGITUDE | _METRES)]
    far = [column.path for column in named if column.filled and (column.numeric or column.comma)
           and all(abs(_number(value)) > _FAR for value in column.counts)]  # fmt: skip
    return far[:2] if len(far) > 1 else []


def _is_pair(text: str) -> bool:
    parts = text.replace(";", ",").split(",")
    try:
        return len(parts) == 2 and all(abs(float(part)) <= 180 for part in parts)
    except ValueError:
        return False


def _beyond(column: Column) -> bool:
    """Whether no latitude is meant."""
    values = [_number(value) for value in column.filled if not angle.is_sexagesimal(value)]
    return sum(abs(value) > 90 for value in values) > 0.01 * len(column.filled)
