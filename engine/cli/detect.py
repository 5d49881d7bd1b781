"""`forewarn detect`: any statistic on any series, as CSV."""

from __future__ import annotations

import csv
import json
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from engine.cli.progress import bars
from engine.detect import eventcsv, longcsv
from engine.detect.detection import Detection
from engine.detect.longcsv import Table
from engine.detect.methods import EVENT_METHODS, METHODS
from engine.detect.parameter import EventMethod, Method, read_values
from engine.errors import UsageError
from engine.model.problem import nearest

COLUMNS = ("series", "t", "y", "expected", "upper", "score", "pvalue", "alarm")


@click.command(epilog="Example: forewarn detect ears counts.csv --param method=C2 --range 270-416")
@click.argument("method", required=False)
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
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
    date,x,y and, if it counts several, n; a column area names the place.
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
            rows, columns = _find(EVENT_METHODS[method], file, given, span)
        else:
            rows, columns = _judge(METHODS[method], file, given, span, facts)
    except ValueError as error:
        raise UsageError(f"{method}: {error}") from error
    _write(rows, columns, form)


def _pairs(params: Sequence[str]) -> dict[str, str]:
    pairs = {}
    for param in params:
        name, equals, value = param.partition("=")
        if not equals:
            raise ValueError(f"a parameter is NAME=VALUE, found {param!r}")
        pairs[name.strip()] = value
    return pairs


def _find(
    method: EventMethod, file: Path, values: Mapping[str, Any], span: str | None
) -> tuple[list[dict[str, Any]], Sequence[str]]:
    if span:
        raise ValueError("a range is for series: leave out the rows of the file that are not meant")
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return method.run(eventcsv.read(lines), values), method.columns


def _judge(
    method: Method, file: Path, values: Mapping[str, Any], span: str | None, facts: bool
) -> tuple[list[dict[str, Any]], Sequence[str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        table = longcsv.read(lines)
    positions = table.positions(span) if span else None
    chunk = method.chunk or len(table.names)
    rows: list[dict[str, Any]] = []
    with bars() as progress:
        for start in range(0, len(table.names), chunk):
            part = _part(table, slice(start, start + chunk))
            found = method.run(part, positions, values)
            rows.extend(_rows(part, found, facts))
            progress("series", min(start + chunk, len(table.names)), len(table.names))
    return rows, [*COLUMNS, *(name for name in found.extra if facts)]


def _part(table: Table, rows: slice) -> Table:
    population = None if table.population is None else table.population[rows]
    return replace(table, names=table.names[rows], counts=table.counts[rows], population=population)


def _rows(table: Table, found: Detection, facts: bool) -> Iterator[dict[str, Any]]:
    after = table.times.size
    for row, name in enumerate(table.names):
        for column, position in enumerate(found.times.tolist()):
            known = bool(found.known[row, column])
            yield {
                "series": name,
                "t": table.label(position) if position < after else "next",
                "y": float(table.counts[row, position]) if position < after else math.nan,
                "expected": float(found.expected[row, column]),
                "upper": float(found.upper[row, column]),
                "score": float(found.score[row, column]),
                "pvalue": float(found.pvalue[row, column]),
                "alarm": int(found.alarm[row, column]) if known else None,
            } | {key: float(values[row, column]) for key, values in found.extra.items() if facts}


def _write(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], form: str) -> None:
    if form == "json":
        plain = [{key: _finite(row[key]) for key in columns} for row in rows]
        click.echo(json.dumps(plain, ensure_ascii=False, indent=1))
        return
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_shown(row[key]) for key in columns] for row in rows)


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _shown(value: Any) -> str:
    """Every digit of a number; nothing where there is none."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


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
