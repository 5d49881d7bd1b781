"""`forewarn rules`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import click

from engine import app
from engine.cli import Commands, names
from engine.cli.language import language_option, read, say, word
from engine.cli.listing import format_option, show
from engine.cli.place import Place, pass_place, rule_of
from engine.cli.problems import checked_format_option, show_edits, show_problems, show_verdicts
from engine.cli.progress import bars
from engine.cli.schemas import SCHEMAS, schema_text
from engine.cli.schemas import write as write_schemas
from engine.cycle import gaps
from engine.cycle.config.plan.checks import reviews
from engine.errors import ConfigError
from engine.model.problem import Level
from engine.model.rule import RuleBook
from engine.rulebook import load, watch
from engine.rulebook.context import Context, Ledger
from engine.rulebook.language import reading
from engine.rulebook.mend.mend import mend
from engine.rulebook.trial import routing
from engine.rulebook.trial.coverage import coverage as covered
from engine.rulebook.trial.trial import run as run_tests
from engine.rulebook.words.explain import explain as in_words

paths_argument = click.argument("paths", nargs=-1, type=click.Path(path_type=Path))


#: The commands that read the store as well, and where they are written.
WRITTEN = {
    "diff": "diff:diff",
    "trial": "workshop:trial",
    "promote": "workshop:promote",
    "scorecard": "scorecard:scorecard",
    "mutate": "mutate:mutate",
    "packs": "packs:packs",
}


@click.group(cls=Commands, written=WRITTEN)
def rules() -> None:
    """What analysts write: check it, test it, read it in plain words."""


@rules.command(epilog="Example: forewarn rules check rules/public-safety --fix")
@paths_argument
@click.option("--fix", is_flag=True, help="First mend what is certain, and show each line that changed.")
@click.option("--data", is_flag=True, help="Hold rungs against what the database has counted, too.")
@checked_format_option
@pass_place
def check(place: Place, paths: Sequence[Path], fix: bool, data: bool, form: str) -> None:
    """Every mistake in every file at once: file, line, what is wrong and the nearest right name.

    PATHS: rule files or folders of which it is told, while all of rules/ is looked at (default: rules/ and
    config/). Exit 1 where there is an error.
    """
    try:
        settings = app.settings(place.root)
    except ConfigError as error:
        # Without the names of the configuration only the form of a rule can be checked.
        problems = [*error.problems, *reading.sources(_where(place, paths))[1]]
        show_problems(problems, 0, "rule", form, "rules check")
        raise click.exceptions.Exit(1) from None
    context = app.context(settings, _today())
    edits = list(mend(lambda: _read(place, paths, context))) if fix else []
    loaded = _read(place, paths, context)
    if data and loaded.book is not None:
        loaded = _with_data(place, paths, context, loaded.book)
    problems = list(loaded.problems)
    if not paths:
        problems += routing.read(place.root / routing.FILE, context)[1]
        problems += [*settings.problems, *gaps.problems(settings.rotas, _today())]
        problems += reviews(settings.plans.values(), _today())
        problems += watch.problems(loaded.book, settings.watches, settings.tree) if loaded.book else []
    if form == "text":
        show_edits(edits)
    show_problems(problems, len(loaded.sources), "rule", form, "rules check")
    if any(problem.level is Level.ERROR for problem in problems):
        raise click.exceptions.Exit(1)


@rules.command(epilog="Example: forewarn rules test rules/public-safety")
@paths_argument
@checked_format_option
@pass_place
def test(place: Place, paths: Sequence[Path], form: str) -> None:
    """Run the tests that stand beside the rules and the routes; says why where one fails.

    PATHS: rule files or folders (default: rules/ and config/routes.test.yaml). Exit 1 where one fails.
    """
    settings = app.settings(place.root)
    context = app.context(settings, _today())
    with bars():
        results = run_tests(_sound(place, paths, context), context, calendar=settings.calendar)
        if not paths:
            results += routing.run(_routing(place, context), context)
    show_verdicts(results, form)
    if not all(result.passed for result in results):
        raise click.exceptions.Exit(1)


@rules.command(epilog="Example: forewarn rules coverage --fail-under 100")
@paths_argument
@click.option("--fail-under", type=click.FloatRange(0, 100), default=0.0, metavar="N",
              help="Exit 1 where a stable rule has less than N percent.")  # fmt: skip
@format_option
@pass_place
def coverage(place: Place, paths: Sequence[Path], fail_under: float, form: str) -> None:
    """What the tests beside the rules exercise: conditions both ways, rungs, delays, data states."""
    settings = app.settings(place.root)
    context = app.context(settings, _today())
    loaded = _sound(place, paths, context)
    named = [source.id for source in loaded.sources] if paths else ()
    with bars():
        found = covered(loaded, context, calendar=settings.calendar, only=named)
    if form == "text":
        for one in found:
            status = "" if one.gated else f" ({word(one.rule.status.value)})"
            click.echo(f"{one.percent:5.1f} %  {one.rule.id}{status}")
            for point in one.missing:
                told = say("{kind} not tested: {what}", kind=word(point.kind), what=read(point.what))
                click.echo(f"         {told}")
    else:
        columns = ("rule", "status", "kind", "what", "tested")
        rows = [
            {"rule": one.rule.id, "status": one.rule.status, "kind": point.kind, "what": point.what,
             "tested": point in one.shown}
            for one in found for point in one.points
        ]  # fmt: skip
        show(rows, columns, form)
    short = [one.rule.id for one in found if one.gated and one.percent < fail_under]
    if short:
        told = say("under {percent} %: {names}", percent=f"{fail_under:g}", names=", ".join(short))
        click.echo(told, err=True)
        raise click.exceptions.Exit(1)


@rules.command(epilog="Example: forewarn rules schema routes > routes.schema.json")
@click.argument("name", type=click.Choice(sorted(SCHEMAS)), default="rule")
@click.option("--write", "folder", type=click.Path(path_type=Path, file_okay=False),
              help="Write every schema into this folder instead.")  # fmt: skip
def schema(name: str, folder: Path | None) -> None:
    """The exact grammar of a rule file, or of another NAME, as a JSON schema for editors."""
    if folder is None:
        click.echo(schema_text(name), nl=False)
    else:
        write_schemas(folder)


@rules.command("list", epilog="Example: forewarn rules list --format csv")
@format_option
@pass_place
def list_(place: Place, form: str) -> None:
    """The rules in force."""
    home = app.home(place.root, _today())
    book = home.book
    names.remember(home.settings)
    columns = (
        "id", "domain", "topic", "cycle", "level", "status", "owner", "review_by", "hash", "pack", "title",
    )  # fmt: skip
    rows = [
        {key: str(getattr(rule, key)) for key in columns} | {"title": rule.title}
        for rule in book.rules.values()
    ]  # fmt: skip
    show(rows, columns, form)


@rules.command(epilog="Example: forewarn rules explain public-safety.burglary-surge --language zh")
@click.argument("id")
@language_option
@pass_place
def explain(place: Place, id: str, language: str) -> None:
    """One rule in plain words."""
    home = app.home(place.root, _today())
    click.echo(in_words(rule_of(home.book, id), language, home.context))


def _read(place: Place, paths: Sequence[Path], context: Context) -> load.Loaded:
    """The rules named, as they stand among all others."""
    rules = place.root / "rules"
    return load.among(rules, paths, context) if paths else load.read_whole(rules, context)


def _where(place: Place, paths: Sequence[Path]) -> Path | Sequence[Path]:
    return paths or place.root / "rules"


def _with_data(place: Place, paths: Sequence[Path], context: Context, book: RuleBook) -> load.Loaded:
    """The same rules read again, with the store's counts up to the last cut at hand."""
    from engine.cycle.draft import DraftSource

    with place.world() as world:
        calendar = world.settings.calendar
        cut = calendar.local_day(world.clock())
        with DraftSource.of(world, book).open() as (panels, _):
            return _read(place, paths, replace(context, ledger=Ledger(panels, cut)))


def _sound(place: Place, paths: Sequence[Path], context: Context) -> load.Loaded:
    """The rules named among all others, without an error; raises ConfigError with every problem else."""
    loaded = _read(place, paths, context)
    if loaded.book is None:
        raise ConfigError(loaded.problems or _read(place, (), context).problems)
    return loaded


def _routing(place: Place, context: Context) -> routing.Routing:
    """The tests of the routes; raises ConfigError where there is a mistake in them."""
    found, problems = routing.read(place.root / routing.FILE, context)
    if problems:
        raise ConfigError(problems)
    return found


def _today() -> date:
    return datetime.now(UTC).date()
