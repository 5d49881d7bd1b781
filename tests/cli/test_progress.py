"""What takes long shows on a terminal that it goes on; what is quick shows nothing; no listing is lost."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from engine import app
from engine.cli import forewarn, progress
from engine.cycle import run as running
from tests.story import county


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = county.build(tmp_path / "county")
    with app.world(root, clock=lambda: county.END) as world:
        running.prepare(world, county.FIRST)
    return root


@pytest.mark.parametrize(("patience", "shown"), [(0.0, True), (3600.0, False)])
def test_a_listing_goes_where_it_is_piped_whatever_the_terminal_shows(
    root: Path, monkeypatch: pytest.MonkeyPatch, patience: float, shown: bool
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr(progress, "PATIENCE", patience)
    done = CliRunner().invoke(forewarn, ["--root", str(root), "feeds", "list", "--format", "json"])
    assert [row["id"] for row in json.loads(done.stdout)] == ["log"]
    assert ("feeds list" in done.stderr) is shown


def test_the_command_gives_way_to_what_it_tells_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr(progress, "PATIENCE", 0.0)

    @click.command()
    def judging() -> None:
        with progress.bars() as tell:
            tell("judge", 1, 3)

    done = CliRunner().invoke(judging, prog_name="forewarn judging")
    assert "1/3" in done.stderr and done.stdout == ""
