"""The small county's reports, made once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.cycle.reporting.keep import made
from engine.cycle.world import World
from engine.model.period import Cycle, Period
from engine.report.document import Report
from tests.console.conftest import judged
from tests.story import county


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with judged(county.build(tmp_path_factory.mktemp("county"))) as opened:
        yield opened


def last(world: World, cycle: Cycle) -> Period:
    return world.settings.calendar.last_due(cycle, county.END)


@pytest.fixture(scope="session")
def daily(world: World) -> Report:
    return made(world, last(world, Cycle.DAILY), "C")


@pytest.fixture(scope="session")
def weekly(world: World) -> Report:
    return made(world, last(world, Cycle.WEEKLY), "C")


@pytest.fixture(scope="session")
def monthly(world: World) -> Report:
    """Of the month that has not ended: as it would be made at its end."""
    return made(world, world.settings.calendar.period(Cycle.MONTHLY, county.FIRST.date()), "C")
