"""Days lived through once more: the same warnings as a service would have had, beside the folder's own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine.cli import forewarn as command
from engine.cli.place import Place
from engine.cli.stopping import Stop
from engine.cli.story import Dial, play, told
from engine.cycle.world import World
from engine.store import judgement, outbox
from tests.console.conftest import judged
from tests.story import county

DAYS = county.FIRST.date(), county.FIRST.date() + timedelta(days=county.DAYS)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return county.build(tmp_path_factory.mktemp("county"))


@pytest.fixture(scope="module")
def over(root: Path) -> Iterator[tuple[World, Dial]]:
    """The county's days, lived through."""
    stop = Stop()
    with told(Place(root), DAYS, stop) as (world, dial):
        play(world, dial, DAYS, 0, stop)
        yield world, dial


def test_what_stands_at_the_end_is_what_a_service_would_have(over: tuple[World, Dial], tmp_path: Path):
    world, dial = over
    assert dial().date() == DAYS[1]
    with judged(county.build(tmp_path / "other")) as other, other.store.read() as tx:
        expected = {(one.id, one.grade, one.since) for one in judgement.warnings(tx)}
    with world.store.read() as tx:
        found = {(one.id, one.grade, one.since) for one in judgement.warnings(tx)}
    assert found >= expected and expected


def test_the_folder_keeps_its_own_and_nothing_leaves_the_machine(over: tuple[World, Dial], root: Path):
    world, _ = over
    assert not (root / "data" / "forewarn.db").exists() and not (root / "data" / "outbox").exists()
    with world.store.read() as tx:
        assert outbox.listing(tx), "what was told was told into files beside the copy"


def forewarn(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(command, ["--root", str(root), "demo", *arguments])


def test_a_story_of_two_days_is_two_lines(root: Path, over: object):
    said = forewarn(root, "--story", "2026-03-06..2026-03-07", "--pace", "0", "--once").output
    assert "2026-03-06: " in said and "2026-03-07: " in said and "2026-03-08" not in said
    assert "orange" in said


@pytest.mark.parametrize(
    ("story", "fragment"),
    [
        ("2026-03-06", "is no stretch of days"), ("2026-03-06..x", "is no stretch of days"),
        ("2026-03-06..2026-03-05", "lies before the first"),
        ("2020-01-01..2020-01-02", "nothing is known of 2020-01-01"),
    ],
)  # fmt: skip
def test_days_that_are_none_are_refused(root: Path, over: object, story: str, fragment: str):
    done = forewarn(root, "--story", story, "--once")
    assert done.exit_code != 0 and fragment in done.output + str(done.exception)
