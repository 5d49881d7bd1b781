"""A unit that changes at the source: told, and nothing rises or is lifted by what is told in it, until
somebody says what it means."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from engine import app
from engine.cycle import run as running
from engine.cycle.world import World
from tests.story.cases.office import PLAIN, Office

#: Of what is grave all is of the second grade or above; of what is usual nothing.
BOUNDS = [0.5, 0.9]
HEADER = "id,when,area,type,loss\n"
#: So many days are told before the unit changes, and judged after that.
BEFORE, AFTER = 21, 6
#: The judged stretch of the rule's two days holds twelve values from 0.1 to 0.3 in each place.
USUAL, GRAVE = 0.1, 1.0


class Losses:
    """Three burglaries a day in each of two counties, each with its loss; of the county at hand it may be
    greater on some days."""

    def __init__(self, office: Office, cycle: str = "", by: str = "loss") -> None:
        """by: what the rule counts by: the loss, or how severe it was by the loss; `both`: the latter, where
        the loss is a measure too."""
        self.office, self.rows, self.first, self.by = office, "", office.now, by
        path = office.root / "rules/r.yaml"
        text = path.read_text(encoding="utf-8")
        counts = 'count: incidents, where: {severity: ">=2", ' if by != "loss" else "sum: loss, where: {"
        text = text.replace("count: incidents, where: {category: prop", f"{counts}category: prop")
        text = text.replace("1}, yellow: {at_least: 3}, orange: {at_least: 6", "3}, orange: {at_least: 50")
        window = "window: 24h\n    lasts: 24h" if cycle else "window: 2d"
        text = text.replace("window: 7d", window)
        head, _, own = text.partition("public-safety.burglary")
        own = own.replace("cycle: daily", "cycle: immediate") if cycle else own
        path.write_text(f"{head}public-safety.burglary{own}", encoding="utf-8")

    def feed(self, **loss: object) -> None:
        measures = {"measures": {"loss": {"field": "loss", **loss}}} if self.by != "severity" else {}
        graded = {"severity": {"field": "loss", "bounds": BOUNDS, **loss}} if self.by != "loss" else {}
        self.office.feed({"path": "in.csv"}, PLAIN | measures | graded)

    def day(self, n: int, times: float, own: float = USUAL) -> None:
        """What is told of one day; times: in which unit; own: of what size in the county at hand."""
        for area, size in (("01", own), ("02", USUAL)):
            for k in range(3):
                at = self.first + timedelta(days=n, hours=-9 - k)
                told = f"{(1 + k) * size * times:.6g}"
                self.rows += f"r{n}-{k}-{area},{at:%Y-%m-%d %H:%M},{area},burglary,{told}\n"
        self.office.put("in.csv", HEADER + self.rows)

    @contextmanager
    def served(self) -> Iterator[World]:
        with app.world(self.office.root) as world:
            running.prepare(world, self.first - timedelta(seconds=1))
            yield world

    def live(self, world: World, n: int, times: float, own: float = USUAL) -> None:
        """The n-th day: what it brings is polled at noon, and judged in the next morning."""
        self.day(n, times, own)
        for hours in (1, 19, 21):
            self.office.now = self.first + timedelta(days=n, hours=hours)
            running.tick(world)

    @property
    def scaled(self) -> str:
        """What is told in another scale."""
        return "severity" if self.by == "severity" else "loss"

    @property
    def raised(self) -> list[str]:
        """To what the new unit raises both counties, where nobody says that it is one."""
        return ["orange" if self.by == "loss" else "blue"] * 2

    @property
    def grades(self) -> list[str]:
        return [one["grade"] for one in self.office.warnings() if one["topic"] == "burglary"]

    def why(self, n: int) -> str:
        at = f"{self.first + timedelta(days=n + 1):%Y-%m-%d}"
        return " ".join(self.office.call("why", "01", "burglary", "--at", at).stdout.split())


@pytest.fixture(params=["loss", "severity"])
def losses(office: Office, request: pytest.FixtureRequest) -> Losses:
    return told_before(Losses(office, by=request.param))


def told_before(losses: Losses) -> Losses:
    losses.feed()
    for n in range(-BEFORE, 0):
        losses.day(n, 1)
    return losses


@pytest.mark.parametrize("times", [60, 1000])
def test_nothing_rises_by_it(losses: Losses, times: float) -> None:
    with losses.served() as world:
        for n in range(AFTER):
            losses.live(world, n, times if n > 0 else 1)
            assert losses.grades == [], losses.why(n)
    assert f"its {losses.scaled} are of another scale since 2026-03-02" in losses.why(AFTER - 1)
    assert losses.office.told() == ["scale"], "once, and it is not over by becoming usual"
    status = losses.office.call("status")
    assert status.exit_code == 1 and "nothing rises or is lifted by it" in " ".join(status.stdout.split())


@pytest.mark.parametrize("times", [1 / 60, 0.001])
def test_nothing_is_lifted_by_it(losses: Losses, times: float) -> None:
    with losses.served() as world:
        for n in range(AFTER):
            losses.live(world, n, times if n > 0 else 1, own=GRAVE)
    assert losses.office.steps("burglary") == ["issued", "held"]
    (warning,) = [one for one in losses.office.warnings() if one["topic"] == "burglary"]
    assert (warning["area"], warning["confidence"]) == ("01", "low")
    assert losses.office.told() == ["scale"]
    shown = " ".join(losses.office.call("warnings", "show", warning["id"]).stdout.split())
    assert f"its {losses.scaled} are of another scale since 2026-03-02" in shown


def test_where_the_number_is_a_measure_too_it_is_watched_as_that(office: Office) -> None:
    losses = told_before(Losses(office, by="both"))
    with losses.served() as world:
        for n in range(3):
            losses.live(world, n, 1000 if n > 0 else 1)
    assert losses.grades == [] and office.told() == ["scale"]
    assert office.last["r0-0-01"].measures == {"loss": 0.1}
    (fault,) = [one for one in office.rows("status") if one["what"] == "scale"]
    assert "mend `loss`, `severity` in its mapping" in fault["detail"]


def test_without_another_unit_it_rises_and_is_lifted(losses: Losses) -> None:
    """Without which what stands above would mean nothing."""
    with losses.served() as world:
        for n in range(AFTER):
            losses.live(world, n, 1, own=GRAVE if n < 2 else USUAL)
    assert losses.office.steps("burglary") == ["issued", "lifted"]
    assert losses.office.told() == []


def test_a_mapping_that_is_mended_makes_all_of_it_trusted(losses: Losses) -> None:
    """The office writes all it tells in the new unit; read anew, it is as it was."""
    with losses.served() as world:
        for n in range(3):
            losses.live(world, n, 1000 if n > 0 else 1, own=GRAVE)
    assert losses.office.steps("burglary") == ["issued", "held"]
    losses.rows = ""
    for n in range(-BEFORE, 3):
        losses.day(n, 1000, own=GRAVE if n >= 0 else USUAL)
    losses.feed(times=0.001)
    with losses.served() as world:
        for n in range(3, 6):
            losses.live(world, n, 1000)
    assert losses.office.steps("burglary")[-1] == "lifted"
    assert losses.office.told() == ["scale", "over"]
    assert "another scale" not in losses.why(3) and losses.office.status()["state"] == "ok"
    assert "another scale" in losses.why(2), "as it was known that morning"


def test_what_was_told_in_the_other_unit_is_never_trusted_though_the_source_returns(losses: Losses) -> None:
    with losses.served() as world:
        for n in range(5):
            losses.live(world, n, 1000 if n == 1 else 1)
    assert losses.office.told() == ["scale", "over"]
    assert losses.grades == [] and "another scale" in losses.why(2) and "another scale" not in losses.why(4)


def test_a_measure_may_be_said_to_vary(losses: Losses) -> None:
    losses.feed(varies=True)
    with losses.served() as world:
        for n in range(3):
            losses.live(world, n, 1000 if n > 0 else 1)
    assert losses.grades == losses.raised and losses.office.told() == []


def test_it_may_be_said_afterwards_too(losses: Losses) -> None:
    with losses.served() as world:
        for n in range(2):
            losses.live(world, n, 1000 if n > 0 else 1)
    assert losses.grades == []
    losses.feed(varies=True)
    with losses.served() as world:
        losses.live(world, 2, 1000)
    assert losses.grades == losses.raised and losses.office.told() == ["scale", "over"]


def test_an_immediate_rule_raises_nothing_by_it(office: Office) -> None:
    losses = told_before(Losses(office, "immediate"))

    def lived(minutes: int, times: float, many: int) -> None:
        for k in range(many):
            at = losses.first + timedelta(minutes=minutes - 1)
            losses.rows += f"i{minutes}-{k},{at:%Y-%m-%d %H:%M},03,burglary,{0.1 * times * (k + 1):g}\n"
        office.put("in.csv", HEADER + losses.rows)
        for seconds in (0, 2):
            office.now = losses.first + timedelta(minutes=minutes, seconds=seconds)
            running.tick(world)

    with losses.served() as world:
        lived(60, 1, 3)
        lived(120, 1000, 7)
        assert losses.grades == [] and office.told() == ["scale"]
        losses.feed(varies=True)
    with losses.served() as world:
        lived(181, 1000, 7)
        assert losses.grades == ["orange"]

