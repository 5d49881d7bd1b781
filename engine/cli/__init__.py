"""The command line: every command with an example that works on the bundled data."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from engine.cli import backtest, cycles, database, detect, feeds, messages, rules, service, warnings
from engine.cli.place import Place
from engine.errors import EngineError
from engine.logs import configure


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--root", type=click.Path(path_type=Path, file_okay=False), default=Path(), envvar="FOREWARN_ROOT",
    help="The folder that holds config/, rules/ and data/ (default: this one; or FOREWARN_ROOT).",
)  # fmt: skip
@click.option("--log", type=click.Choice(["debug", "info", "warning", "error"]), help="How much to say.")
@click.version_option(package_name="forewarn")
@click.pass_context
def forewarn(context: click.Context, root: Path, log: str | None) -> None:
    """Rule-based early warning: areas and harms in, graded warnings with reasons out."""
    configure(log or "warning")
    context.obj = Place(root, log or "")


for command in (
    service.run, service.demo, service.status, cycles.cycle, cycles.runs, feeds.feeds, feeds.ingest,
    rules.rules, warnings.warnings, warnings.why, messages.notifications, database.db, detect.detect,
    backtest.command,
):  # fmt: skip
    forewarn.add_command(command)


def main() -> None:
    """Run the command; what forewarn itself refuses is one sentence, not a traceback.

    Exit codes: 0 fine, 1 found something, 2 usage, 3 could not.
    """
    try:
        # Without its standalone mode, click returns the code of a command that asked to exit with one.
        sys.exit(forewarn(standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.Abort:
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)
    except EngineError as error:
        click.echo(f"forewarn: {error}", err=True)
        sys.exit(error.exit_code)
