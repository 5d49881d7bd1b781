"""What a command is given to read is a file: nothing waits for a pipe, nothing reads a device for ever."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from connectors.csv import Options, fetch
from engine.cli import forewarn
from engine.cli.given import FILE
from engine.errors import FeedError, StoreError
from engine.store.backup import copy

ROOT = Path(__file__).parents[2]
COMMANDS = (
    "feeds guess FILE", "ingest se-police FILE", "privacy scan FILE", "detect ears FILE", "areas import FILE",
    "cap validate FILE", "cap validate tests/data/cap/valid.xml --trust FILE",
    "backtest --from 2025-01-01 --to 2025-01-02 --truth FILE",
    "backtest --from 2025-01-01 --to 2025-01-02 --expect FILE", "rules check FILE",
)  # fmt: skip


@pytest.fixture(params=["a pipe", "a device"])
def endless(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.param == "a device":
        return Path("/dev/zero")
    os.mkfifo(tmp_path / "pipe.csv")
    return tmp_path / "pipe.csv"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_refuses_what_is_no_file(command: str, endless: Path):
    words = [str(endless) if word == "FILE" else word for word in command.split()]
    done = CliRunner().invoke(forewarn, ["--root", str(ROOT), *words])
    assert done.exit_code in (1, 2, 3)
    assert "this is a pipe or a device: give a file" in done.output + str(done.exception)


def test_every_file_that_must_be_there_is_looked_at():
    unlooked = [
        (command.name, param.name)
        for command in _every(forewarn) for param in command.params
        if isinstance(param.type, click.Path) and param.type.exists and param.type.file_okay
        and param.type is not FILE
    ]  # fmt: skip
    assert not unlooked


def _every(command: click.Command) -> Iterator[click.Command]:
    yield command
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            below = command.get_command(click.Context(command), name)
            assert below is not None
            yield from _every(below)


def test_no_database_is_restored_from_it(endless: Path, tmp_path: Path):
    with pytest.raises(StoreError, match="this is a pipe or a device"):
        copy(endless, tmp_path / "forewarn.db")


def test_a_feed_that_leads_to_none_fails_at_once(endless: Path):
    with pytest.raises(FeedError, match="there is no such file"):
        fetch(Options(path=endless), {})
    with pytest.raises(FeedError, match=r"there is no such file|this is a pipe or a device"):
        fetch(Options(path=ROOT / "config/areas.csv", polls=endless), {})
