"""The command line: every command with an example that works on the bundled data."""

from __future__ import annotations

import gc
import os
import re
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from engine.cli.language import chinese, read, say, spoken_option
from engine.errors import ActRefused, ConfigError, EngineError
from engine.guard.exit import guarded_terminal, report_crashes
from engine.logs import configure

#: Every command, and where it is written: only the one that is called is imported.
COMMANDS = {
    "init": "init:command",
    "doctor": "doctor:command",
    "run": "service:run",
    "demo": "service:demo",
    "status": "status:status",
    "faults": "faults:faults",
    "console": "console:command",
    "account": "accounts:account",
    "token": "accounts:token",
    "cycle": "cycles:cycle",
    "runs": "cycles:runs",
    "feeds": "feeds:feeds",
    "ingest": "feeds:ingest",
    "incidents": "incidents:incidents",
    "rules": "rules:rules",
    "warnings": "warnings:warnings",
    "why": "warnings:why",
    "silence": "silences:silence",
    "notifications": "messages:notifications",
    "message": "messages:message",
    "links": "links:links",
    "rota": "rota:rota",
    "plans": "plans:plans",
    "tasks": "tasks:tasks",
    "clock": "clock:clock",
    "handover": "handover:handover",
    "report": "report:report",
    "export": "export:export",
    "drill": "drill:drill",
    "drills": "drill:drills",
    "route": "route:route",
    "db": "database:db",
    "privacy": "privacy:privacy",
    "detect": "detect:detect",
    "backtest": "backtest:command",
    "areas": "areas:areas",
    "cap": "cap:cap",
}


class Commands(click.Group):
    """A group that imports the commands `written` elsewhere when they are called or listed."""

    def __init__(self, *args: Any, written: Mapping[str, str], **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.written = written

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*self.commands, *self.written})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.written:
            return super().get_command(ctx, cmd_name)
        module, name = self.written[cmd_name].split(":")
        found: click.Command = getattr(import_module(f"engine.cli.{module}"), name)
        return found


class Forewarn(Commands):
    """All commands: what one refuses is put into the reader's language while that is known."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except EngineError as error:
            error.told = _said(error)
            raise


@click.group(cls=Forewarn, written=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--root", type=click.Path(path_type=Path, exists=True, file_okay=False), default=Path(),
    envvar="FOREWARN_ROOT",
    help="The folder that holds config/, rules/ and data/ (default: this one; or FOREWARN_ROOT).",
)  # fmt: skip
@spoken_option
@click.option("--log", type=click.Choice(["debug", "info", "warning", "error"]), help="How much to say.")
@click.version_option(package_name="forewarn")
@click.pass_context
def forewarn(context: click.Context, root: Path, language: str | None, log: str | None) -> None:
    """Rule-based early warning: areas and harms in, graded warnings with reasons out."""
    # With it comes the engine, of which `--version` and a misspelt command need nothing.
    from engine.cli.place import Place

    configure(log or "warning")
    context.obj = Place(root, log or "")


def main() -> None:
    """Run the command; what forewarn itself refuses is one sentence, not a traceback.

    Exit codes: 0 fine, 1 found something, 2 usage, 3 could not.
    """
    os.umask(0o077)  # what a command makes is its owner's, whoever may add to what it makes
    # What is imported and read stays until the end: to look through it for garbage again and again took an
    # eighth of the time of `rules check`.
    gc.set_threshold(50_000, 20, 20)
    report_crashes()
    with guarded_terminal():
        _call()


def _call() -> None:
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
    except MemoryError:
        click.echo(f"forewarn: {say('this takes more memory than there is; give it less at once')}", err=True)
        sys.exit(EngineError.exit_code)
    except EngineError as error:
        click.echo(f"forewarn: {error.told or error}", err=True)
        sys.exit(error.exit_code)


def _said(error: EngineError) -> str:
    """What is refused; to whoever reads in Chinese, an act by its Chinese and the options that are asked."""
    if isinstance(error, ConfigError):
        return _mistakes(error)
    if not chinese():
        return str(error)
    if not isinstance(error, ActRefused):
        return read(str(error))
    from engine.console.refusals import refusal

    options = " ".join(re.findall(r"--[a-z]+(?: leader)?", str(error)))
    return refusal(str(error), "zh") + (f"（{options}）" if options else "")


def _mistakes(error: ConfigError) -> str:
    """What keeps the files from being used, on lines of their own; what does not is only counted."""
    from engine.cli.problems import told
    from engine.model.problem import Level

    errors = [one for one in error.problems if one.level is Level.ERROR]
    others = len(error.problems) - len(errors)
    beside = [say("{n} {n:warning or hint|warnings and hints} beside: forewarn rules check", n=others)]
    lines = [say("the files hold {n} {n:error|errors}; nothing was done", n=len(errors)), *map(told, errors)]
    return "\n".join((*lines, *(beside if others else ())))
