"""One listing in three forms: a table for people, one array of flat objects, or CSV."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from enum import Enum
from typing import Any, TextIO, cast

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from engine.guard import sheet
from engine.guard.exit import Cells, guarded
from engine.model.text import Text as Words

Rows = Sequence[Mapping[str, Any]]

#: The colours of the four grades, as near as a terminal has them.
COLOURS = {"red": "bold red", "orange": "bold dark_orange", "yellow": "yellow", "blue": "dodger_blue1"}
COLOURS |= {"红色": "bold red", "橙色": "bold dark_orange", "黄色": "yellow", "蓝色": "dodger_blue1"}

format_option = click.option(
    "--format", "form", type=click.Choice(["text", "json", "csv"]), default="text",
    help="A table, one JSON array of flat objects, or CSV.",
)  # fmt: skip

#: Whoever reads in Chinese says so once: the same variable turns what acts are refused with.
LANGUAGE = "FOREWARN_LANGUAGE"
language_option = click.option(
    "--language", type=click.Choice(["en", "zh"]), default="en", envvar=LANGUAGE, show_default=True,
    show_envvar=True,
)  # fmt: skip


def chinese() -> bool:
    """Whether the command that runs is to speak Chinese: as it was told, or else as the environment says."""
    context = click.get_current_context(silent=True)
    asked = context.params.get("language") if context else None
    return (asked or os.environ.get(LANGUAGE)) == "zh"


def said(en: str, zh: str) -> str:
    """A sentence in the reader's language."""
    return zh if chinese() else en


def named(code: str, text: Words, language: str) -> str:
    """What a program calls it, or its Chinese."""
    return text.say("zh") if language == "zh" else code


def show(
    rows: Rows, columns: Sequence[str], form: str, *, empty: str = "nothing", zone: tzinfo | None = None
) -> None:
    """Print the rows; `columns` are the keys, in order. zone: whose clocks moments are shown by."""
    rows = [{key: _local(row.get(key), zone) for key in columns} for row in rows]
    if form == "json":
        plain = [{key: _plain(value) for key, value in row.items()} for row in rows]
        click.echo(json.dumps(plain, ensure_ascii=False, indent=1))
    elif form == "csv":
        sheet.write(columns, ([_plain(value) for value in row.values()] for row in rows))
    elif chinese():
        _in_chinese(rows, columns, empty)
    elif not rows:
        click.echo(empty)
    else:
        _table(rows, columns)


def _in_chinese(rows: Rows, columns: Sequence[str], empty: str) -> None:
    # Whoever reads English need not wait for the words.
    from engine.cli import inwords

    if not rows:
        click.echo(inwords.phrase(empty))
        return
    named = [{inwords.heading(key): inwords.cell(key, value) for key, value in row.items()} for row in rows]
    _table(named, [inwords.heading(key) for key in columns])


def _table(rows: Rows, columns: Sequence[str]) -> None:
    """Whole words on a wide screen, folded ones on a narrow one; whole lines where nobody watches."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(guarded(column), overflow="fold")
    for row in rows:
        table.add_row(*(_cell(key, value) for key, value in row.items()))
    out = cast("TextIO", Cells(sys.stdout))
    Console(file=out, width=None if sys.stdout.isatty() else 400).print(table)


#: The columns that hold grades, whose colours they are printed in.
_GRADES = frozenset({"grade", "before", "after", "级别", "变化前", "变化后"})


def _cell(key: str, value: Any) -> Text:
    if isinstance(value, datetime):
        return Text(f"{value:%Y-%m-%d %H:%M}")
    word = guarded(str(_plain(value) if value is not None else ""))
    return Text(word, style=COLOURS.get(word, "") if key in _GRADES else "")


def _local(value: Any, zone: tzinfo | None) -> Any:
    return value.astimezone(zone) if zone and isinstance(value, datetime) else value


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, Enum):
        return value.name.lower() if isinstance(value.value, int) else value.value
    if isinstance(value, float):
        return round(value, 1)
    return value
