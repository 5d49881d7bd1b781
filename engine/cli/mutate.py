"""`forewarn rules mutate`: would the tests notice if a rule were changed by mistake?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache, partial
from pathlib import Path

import click

from engine import app
from engine.backtest.shard import pool
from engine.cli.language import say, word
from engine.cli.listing import format_option, show
from engine.cli.mutants import named
from engine.cli.place import Place, pass_place
from engine.cli.progress import bars
from engine.cycle.settings import Settings
from engine.errors import ConfigError, UsageError
from engine.model.rule import Status
from engine.rulebook import load
from engine.rulebook.context import Context, Ledger
from engine.rulebook.language.source import Source
from engine.rulebook.mutate import alike, written
from engine.rulebook.mutate.examine import Examined, Fate, by_data, examine
from engine.rulebook.trial.trial import run as run_tests

_COLUMNS = ("rule", "status", "fate", "mutant", "test")


@click.command(epilog="Example: forewarn rules mutate rules/cyber --fail-under 90")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--fail-under", type=click.FloatRange(0, 100), default=0.0, metavar="N",
              help="Exit 1 where the tests of a stable rule kill less than N percent.")  # fmt: skip
@click.option("--data", is_flag=True, help="Look in the database for days that tell what no scene tells.")
@click.option("--write", is_flag=True, help="Add the tests that would kill what survives to NAME.test.yaml.")
@format_option
@pass_place
def mutate(
    place: Place, paths: Sequence[Path], fail_under: float, data: bool, write: bool, form: str
) -> None:  # fmt: skip
    """Change each rule by one step at a time, and see whether its tests notice.

    A step is one more or less of a threshold, three times or a third of a chance, a block, day or hour longer
    or shorter, a category more or less. What no test notices survives, and is listed with a test that would
    notice, to be read and pasted; what no scene and no day of the data tells from the rule is left out of the
    score. PATHS: rule files or folders (default: rules/, without what packs bring).
    """
    settings, context, every = _read(place.root)
    named = [one.id for one in load.among(place.root / "rules", paths, context).sources] if paths else None
    if every.book is None:
        raise ConfigError(every.problems)
    chosen = [
        source for source in every.sources
        if (not source.pack if named is None else source.id in named)
        and every.book.rules[source.id].status is not Status.RETIRED
    ]  # fmt: skip
    verdicts = run_tests(every, context, calendar=settings.calendar, rules=[one.id for one in chosen])
    for one in verdicts:
        if not one.passed:
            raise UsageError(f"{one.path}:{one.line}: '{one.name}' fails: mend the tests first")
    found: list[Examined] = []
    with pool(settings.engine.workers) as executor, bars() as progress:
        judge = partial(_examined, place.root)
        for examined in (executor.map if executor else map)(judge, [source.id for source in chosen]):
            found.append(examined)
            progress("rules", len(found), len(chosen))
    if data:
        found = list(_by_data(place, every, found))
    _show(found, form)
    if write:
        _write(chosen, found)
    short = [one.rule for one in found if one.status is Status.STABLE and (one.score or 100.0) < fail_under]
    if short:
        told = say("under {percent} %: {names}", percent=f"{fail_under:g}", names=", ".join(short))
        click.echo(told, err=True)
        raise click.exceptions.Exit(1)


@lru_cache(1)
def _read(root: Path) -> tuple[Settings, Context, load.Loaded]:
    """The configuration and the rules; each process reads them once, because written rules cannot be sent."""
    settings = app.settings(root)
    context = app.context(settings, datetime.now(UTC).date())
    return settings, context, load.read_whole(root / "rules", context)


def _examined(root: Path, id_: str) -> Examined:
    settings, context, every = _read(root)
    source = next(source for source in every.sources if source.id == id_)
    assert every.book is not None
    return examine(source, every.book, context, settings.calendar)


def _by_data(place: Place, loaded: load.Loaded, found: Sequence[Examined]) -> Iterator[Examined]:
    """The same with what was found alike on made-up scenes held against what the database has counted."""
    from engine.cycle.draft import DraftSource

    assert loaded.book is not None
    with place.world() as world:
        cut = world.settings.calendar.local_day(world.clock())
        with DraftSource.of(world, loaded.book).open() as (panels, _):
            same = alike.on(Ledger(panels, cut))
            for one in found:
                yield by_data(one, loaded.book.rules[one.rule], same)


def _show(found: Sequence[Examined], form: str) -> None:
    if form != "text":
        rows = [
            {"rule": one.rule, "status": one.status, "fate": result.fate, "mutant": result.what,
             "test": result.pasted}
            for one in found for result in one.results
        ]  # fmt: skip
        show(rows, _COLUMNS, form)
        return
    for one in found:
        status = "" if one.status is Status.STABLE else f" ({word(one.status)})"
        killed, many = len(one.of(Fate.KILLED)), len(one.results) - len(one.of(Fate.ALIKE))
        score = "    -" if one.score is None else f"{one.score:5.1f}"
        told = say("{id}: {n} of {m} noticed", id=f"{one.rule}{status}", n=killed, m=many)
        click.echo(f"{score} %  {told}")
        for result in one.of(Fate.SURVIVED):
            click.echo(f"         {say('not noticed: {what}', what=named(result.what))}")
            click.echo("".join(f"           {line}\n" for line in result.pasted.splitlines()), nl=False)


def _write(chosen: Sequence[Source], found: Sequence[Examined]) -> None:
    files = [source.path for source in chosen]
    for source, one in zip(chosen, found, strict=True):
        path = written.write(source, one, alone=files.count(source.path) == 1)
        if path is not None:
            told = say("{path}: {n} {n:test|tests} added", path=path, n=len(written.tests(one)))
            click.echo(told, err=True)
