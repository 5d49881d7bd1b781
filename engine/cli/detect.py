"""`forewarn detect`: any statistic on any series, as CSV."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import click
import numpy as np

from engine.cli.given import FILE
from engine.cli.progress import bars
from engine.detect.detection import LARGEST, Detection
from engine.detect.files.methods import EVENT_METHODS, METHODS
from engine.detect.files.parameter import EventMethod, Method, Positions, read_values
from engine.detect.files.series import Table, read
from engine.detect.series import Floats
from engine.errors import UsageError
from engine.guard import sheet
from engine.model.problem import nearest

#: The names of the columns, and the rows in their order.
Found = tuple[Sequence[str], Iterable[Sequence[Any]]]
COLUMNS = ("series", "t", "y", "expected", "upper", "score", "pvalue", "alarm")


@click.command(epilog="Example: forewarn detect ears counts.csv --param method=C2 --range 270-416")
@click.argument("method", required=False)
@click.argument("file", required=False, type=FILE)
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter; may be repeated.")
@click.option("--range", "span", metavar="A-B", help="Which points to judge: counted from 1, or dates.")
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv", help="CSV or JSON.")
@click.option("--facts", is_flag=True, help="Add the columns that only this method has (dispersion, slope).")
@click.option("--list", "listing", is_flag=True, help="Every method and parameter, and nothing else.")
def detect(
    method: str | None, file: Path | None, params: tuple[str, ...], span: str | None, form: str, facts: bool,
    listing: bool,
) -> None:  # fmt: skip
    """Judge the series of FILE by METHOD.

    FILE is a CSV with the columns t,y or series,t,y; t is a number or a date, a missing y leaves the
    point unjudged, and a column population may be added. The answer has a row per point judged: alarm is
    1 or 0, and empty where the method cannot say. For cluster and near_repeat FILE has a row per event:
    date,x,y and, if it counts several, n (0: a place where nothing happened); a column area names the place,
    and cluster reads population or controls. For nowcast it has date,known.
    """
    if listing:
        _list(form)
        return
    known = METHODS | EVENT_METHODS
    if method is None or file is None:
        raise UsageError("name a method and a file; `forewarn detect --list` shows the methods")
    if method not in known:
        raise UsageError(f"unknown method '{method}'{nearest(method, known)}; known: {', '.join(known)}")
    try:
        given = read_values(known[method].parameters, _pairs(params))
        if method in EVENT_METHODS:
            found = _find(EVENT_METHODS[method], file, given, span)
        else:
            found = _judge(METHODS[method], file, given, span, facts)
        _write(*found, form)
    except UnicodeDecodeError as error:
        raise UsageError(f"{method}: {file} is not text in UTF-8") from error
    except ValueError as error:
        raise UsageError(f"{method}: {error}") from error


def _pairs(params: Sequence[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for param in params:
        name, equals, value = (part.strip() for part in param.partition("="))
        if not equals:
            raise ValueError(f"a parameter is NAME=VALUE, found {param!r}")
        if name in pairs:
            raise ValueError(f"the parameter {name} is given twice")
        pairs[name] = value
    return pairs


def _find(method: EventMethod, file: Path, values: Mapping[str, Any], span: str | None) -> Found:
    if span is not None:
        raise ValueError("a range is for series: leave out the rows of the file that are not meant")
    with file.open(encoding="utf-8-sig", newline="") as lines:
        found = method.run(method.read(lines), values)
    return method.columns, ([_plain(row[name]) for name in method.columns] for row in found)


def _judge(method: Method, file: Path, values: Mapping[str, Any], span: str | None, facts: bool) -> Found:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        table = read(lines)
    parts = _parts(method, table, None if span is None else table.positions(span), values)
    # A parameter that the method refuses is refused before anything is written.
    first = next(parts)
    extra = tuple(first[1].extra) if facts else ()
    rows = (row for part, found in chain([first], parts) for row in _rows(part, found, extra))
    return (*COLUMNS, *extra), rows


def _parts(
    method: Method, table: Table, positions: Positions, values: Mapping[str, Any]
) -> Iterator[tuple[Table, Detection]]:
    """Some series at a time and what the method says of them, so that a large file needs little memory."""
    every = len(table.names)
    chunk = method.chunk or every
    with bars() as progress:
        for start in range(0, every, chunk):
            part = _part(table, slice(start, start + chunk))
            yield part, method.run(part, positions, values)
            progress("series", min(start + chunk, every), every)


def _part(table: Table, rows: slice) -> Table:
    population = None if table.population is None else table.population[rows]
    return replace(table, names=table.names[rows], counts=table.counts[rows], population=population)


def _rows(table: Table, found: Detection, extra: Sequence[str]) -> Iterator[Sequence[Any]]:
    """A row per series and time point, in the order of COLUMNS and the extra ones."""
    after = table.times.size
    labels = [table.label(position) if position < after else "next" for position in found.times.tolist()]
    numbers = (found.expected, found.upper, found.score, found.pvalue)
    for row, name in enumerate(table.names):
        observed = np.append(table.counts[row], math.nan)[found.times]
        known = zip(found.alarm[row].tolist(), found.known[row].tolist(), strict=True)
        yield from zip(
            repeat(name), labels, _plain_all(observed), *(_plain_all(values[row]) for values in numbers),
            [int(alarm) if sure else None for alarm, sure in known],
            *(_plain_all(found.extra[key][row]) for key in extra),
        )  # fmt: skip


def _write(columns: Sequence[str], rows: Iterable[Sequence[Any]], form: str) -> None:
    if form == "csv":
        sheet.write(columns, rows, ends="\n")
        return
    before = "[\n"
    for row in rows:
        plain = dict(zip(columns, map(_finite, row), strict=True))
        sys.stdout.write(before + json.dumps(plain, ensure_ascii=False))
        before = ",\n"
    sys.stdout.write("[]\n" if before == "[\n" else "\n]\n")


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _plain(value: Any) -> Any:
    """A number with every digit it needs; nothing where there is none."""
    if not isinstance(value, float):
        return value
    if math.isnan(value):
        return None
    return int(value) if value.is_integer() else value


def _plain_all(values: Floats) -> list[Any]:
    """`_plain` of many numbers at once."""
    plain = values.astype(object)
    plain[np.isnan(values)] = None
    whole = (np.abs(values) < LARGEST) & (values == np.floor(values))
    plain[whole] = values[whole].astype(np.int64)
    found: list[Any] = plain.tolist()
    return found


def _list(form: str) -> None:
    if form == "json":
        rows = [
            {"method": name, "name": p.name, "type": p.kind, "default": p.default, "meaning": p.meaning}
            for name, method in (METHODS | EVENT_METHODS).items() for p in method.parameters
        ]  # fmt: skip
        click.echo(json.dumps(rows, indent=1))
        return
    for name, method in (METHODS | EVENT_METHODS).items():
        click.echo(f"{name}: {method.what}")
        for parameter in method.parameters:
            default = "" if parameter.default in (None, "") else f" (default {parameter.default})"
            click.echo(f"    {parameter.name:<24}{parameter.meaning}{default}")
