"""One listing in three forms: a table for people, one array of flat objects, or CSV."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

import click

from engine.cli.cells import plain
from engine.cli.language import chinese
from engine.guard import sheet

Rows = Sequence[Mapping[str, Any]]

_NO_HEADS: Mapping[str, str] = {}

format_option = click.option(
    "--format", "form", type=click.Choice(["text", "json", "csv"]), default="text",
    help="A table, one JSON array of flat objects, or CSV.",
)  # fmt: skip


def show(
    rows: Rows, columns: Sequence[str], form: str, *, empty: str = "nothing", zone: tzinfo | None = None,
    heads: Mapping[str, str] = _NO_HEADS,
) -> None:  # fmt: skip
    """Print the rows; `columns` are the keys, in order. zone: whose clocks moments are shown by; heads: what
    stands above a column in Chinese, where it is not what stands above its like elsewhere."""
    rows = [{key: _local(row.get(key), zone) for key in columns} for row in rows]
    if form == "json":
        told = [{key: plain(value) for key, value in row.items()} for row in rows]
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    elif form == "csv":
        sheet.write(columns, ([plain(value) for value in row.values()] for row in rows))
    elif chinese():
        _in_chinese(rows, columns, empty, heads)
    elif not rows:
        click.echo(empty)
    else:
        _draw(rows, columns)


def _in_chinese(rows: Rows, columns: Sequence[str], empty: str, heads: Mapping[str, str]) -> None:
    # Whoever reads English need not wait for the words.
    from engine.cli import inwords

    if not rows:
        click.echo(inwords.phrase(empty))
        return
    named = {key: heads.get(key) or inwords.heading(key) for key in columns}
    told = [{named[key]: inwords.cell(key, value) for key, value in row.items()} for row in rows]
    _draw(told, list(named.values()))


def _draw(rows: Rows, columns: Sequence[str]) -> None:
    # Whoever wants no table need not wait for what draws one.
    from engine.cli.table import table

    table(rows, columns)


def _local(value: Any, zone: tzinfo | None) -> Any:
    return value.astimezone(zone) if zone and isinstance(value, datetime) else value
