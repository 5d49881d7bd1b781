"""`forewarn backtest`: what rules would have done, before they go live."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from engine.backtest import expect, output
from engine.backtest.history import Span
from engine.backtest.listing import COLUMNS
from engine.backtest.run import Backtest
from engine.backtest.shard import pool, selected
from engine.cli.given import FILE
from engine.cli.place import Place, pass_place, rule_of
from engine.cli.span import against_of, first_option, last_option, span_of, truth_option
from engine.cycle.measuring import lived_again
from engine.cycle.world import World
from engine.errors import UsageError
from engine.guard import private, sheet


def as_csv(done: Backtest, verdicts: Sequence[expect.Verdict] = ()) -> str:
    """The warnings alone, with a header: the one table of which a sheet can hold every row."""
    table = io.StringIO()
    sheet.write(COLUMNS, ([row[name] for name in COLUMNS] for row in done.listed), ends="\n", to=table)
    return table.getvalue().rstrip("\n")


FORMATS = {**output.FORMATS, "csv": as_csv}
SUFFIX = {**output.SUFFIX, "csv": "csv"}

#: Days times rules below which starting processes takes longer than they save: each imports the engine anew,
#: which takes as long as a rule takes for a year.
SHORT = 730


@click.command(
    "backtest",
    epilog="Example: forewarn backtest --from 2024-09-01 --to 2025-02-28 --rules x.bomb-chain",
)
@first_option
@last_option
@click.option("--rules", "rules", multiple=True, metavar="ID...", help="Only these rules.")
@click.argument("more", nargs=-1, metavar="")
@truth_option
@click.option("--expect", "expect_", type=FILE, help="What is expected, as YAML; exit 1 where it is broken.")
@click.option("--format", "form", type=click.Choice([*FORMATS]), default="text", help="The form.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Write into this folder.")
@pass_place
def command(
    place: Place, first: datetime, last: datetime, rules: tuple[str, ...], more: tuple[str, ...],
    truth_: Path | None, expect_: Path | None, form: str, out: Path | None,
) -> None:  # fmt: skip
    """Replay every cycle of a stretch of time, each as known then, and measure the warnings.

    Every run due on a day from --from to --to is judged again from the ledger, by the live judge;
    nothing is written to it. A draft named by --rules is tried as if it were on trial.
    """
    if more and not rules:
        raise UsageError(f"'{more[0]}' stands alone; name rules after --rules")
    with place.world() as world:
        span, settings = span_of(world, first.date(), last.date()), world.settings
        expected = expect.read(expect_, world.book, settings.tree, settings.topics) if expect_ else None
        done = _run(world, span, (*rules, *more), truth_)
    verdicts = expect.judge(expected, done) if expected else []
    _tell(FORMATS[form](done, verdicts), form, out)
    if not all(verdict.held for verdict in verdicts):
        raise click.exceptions.Exit(1)


def _run(world: World, span: Span, rules: tuple[str, ...], truth_: Path | None) -> Backtest:
    for id_ in rules:
        rule_of(world.book, id_)
    truth = against_of(world, truth_)
    tried = len(rules) or len(selected(world.book, ()).rules)
    with pool(1 if span.days * tried < SHORT else None) as executor:
        return lived_again(world, rules, span, truth, executor)


def _tell(text: str, form: str, out: Path | None) -> None:
    if out is None:
        click.echo(text)
        return
    path = private.folder(out) / f"backtest.{SUFFIX[form]}"
    private.written(path, text + "\n")
    click.echo(str(path))
