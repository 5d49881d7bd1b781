"""What a feed does not say is never read as quiet: silences, old answers, unread reports and lost places.

A county is judged every morning at eight for ten days; what is stored of its feed's polls and rejects says
how well it was heard. No warning is lifted, and none kept from being raised, by what nobody could know.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from engine import app
from engine.cycle import run as running
from engine.cycle import why as explaining
from engine.cycle.world import World
from engine.model.grade import Confidence, Grade
from engine.model.incident import Incident, Reject
from engine.model.warning import Change, RiskWarning, Step
from engine.store import health, incidents, judgement, rejects
from tests.story import county

FIRST, DAYS = county.FIRST, 10
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

RULES = """
rules:
  - id: county.burglary
    title: Burglary
    domain: public-safety
    topic: burglary
    cycle: daily
    level: town
    status: stable
    owner: crime-desk
    review_by: 2029-06-30
    why: Burglaries come in runs.
    indicator: {count: incidents, where: {category: property.burglary}}
    window: 3d
    grades: {blue: {at_least: 3}, yellow: {at_least: 6}}
    measures: [patrols]
"""


def at(day: int, hour: float = 0) -> datetime:
    """That hour of the n-th day."""
    return FIRST + day * DAY + hour * HOUR


def burglaries(day: int, number: int, town: str = "T1", *, known: datetime | None = None) -> list[Incident]:
    """So many at ten in the morning, known at once."""
    when = at(day, 10)
    return [
        Incident(feed="log", source_id=f"{town}-{day}-{one}", occurred_at=when, known_at=known or when,
                 areas=(town,), category="property.burglary")
        for one in range(number)
    ]  # fmt: skip


def hourly(begin: datetime, end: datetime) -> list[datetime]:
    return [begin + n * HOUR for n in range(int((end - begin) / HOUR))]


@dataclass(frozen=True)
class Poll:
    """Polls of one kind: whether they were answered, and how fresh what they told was (None: new)."""

    moments: Sequence[datetime]
    ok: bool = True
    news_at: datetime | None = None


ALWAYS = (Poll(hourly(at(-30), at(DAYS, 9))),)


@dataclass(frozen=True)
class Lived:
    """What became of the ten days."""

    world: World
    changes: Sequence[Change]
    open: dict[str, RiskWarning]

    def steps(self, town: str) -> list[tuple[Step, int]]:
        """The steps of a town's warning, each with the number of its day."""
        own = (one for one in self.changes if one.warning.startswith(f"{town}."))
        return [(one.step, (one.at - at(0)).days) for one in own]

    def why(self, town: str) -> str:
        """All that `why` says of the last morning."""
        (rule,) = explaining.place(self.world, town, "burglary", at(DAYS, 9))["because"]
        return "\n".join(one["say"] for one in rule["because"])


@contextmanager
def lived(
    root: Path, told: Iterable[Incident], polls: Sequence[Poll] = ALWAYS, refused: Iterable[Reject] = (), *,
    max_silence: str = "36h", days: int = DAYS,
) -> Iterator[Lived]:  # fmt: skip
    (county.build(root) / "rules/burglary.yaml").write_text(RULES.lstrip(), encoding="utf-8")
    feeds = county.FILES["config/feeds.yaml"].replace(", polls: polls.csv", "").lstrip()
    (root / "config/feeds.yaml").write_text(feeds.replace("2d", max_silence), encoding="utf-8")
    with app.world(root, clock=lambda: at(days, 9)) as world:
        running.prepare(world, at(0))
        with world.store.begin() as tx:
            incidents.add(tx, list(told), world.ledger)
            rejects.add(tx, list(refused))
            for one in polls:
                health.record(tx, "log", one.moments, ok=one.ok, known_at=at(days), news_at=one.news_at)
        running.catch_up(world, at(days, 9))
        with world.store.read() as tx:
            yield Lived(
                world, judgement.changes(tx),
                {one.area: one for one in judgement.warnings(tx, open_only=True)},
            )  # fmt: skip


def test_a_feed_that_is_heard_and_quiet_lifts_its_warning(tmp_path: Path) -> None:
    """Without which none of what follows would mean anything."""
    with lived(tmp_path, burglaries(1, 3)) as found:
        assert found.steps("T1") == [(Step.ISSUED, 2), (Step.LIFTED, 5)]
        assert "data: observed zero" in found.why("T1") and "confidence high" in found.why("T1")


@pytest.mark.parametrize("max_silence", ["36h", "3d"])
def test_a_file_that_never_changes_again_lifts_nothing(tmp_path: Path, max_silence: str) -> None:
    """It answers at every poll, or says that nothing has changed; it was last written on the second day."""
    frozen = at(1, 11)
    polls = (Poll(hourly(at(-30), frozen)), Poll(hourly(frozen, at(DAYS, 9)), news_at=frozen))
    with lived(tmp_path, burglaries(1, 3), polls, max_silence=max_silence) as found:
        assert found.steps("T1")[0] == (Step.ISSUED, 2)
        assert [step for step, _ in found.steps("T1")] == [Step.ISSUED, Step.HELD]
        assert found.open["T1"].confidence is Confidence.LOW
        assert "log: told nothing new since 2026-03-03 11:00" in found.open["T1"].confidence_cause
        assert "data: lower bound" in found.why("T1")


def test_what_comes_after_an_outage_with_its_own_time_raises(tmp_path: Path) -> None:
    """Silent for 48 hours, then six burglaries of yesterday, known before the cut."""
    polls = (Poll(hourly(at(-30), at(6))), Poll(hourly(at(8, 3), at(DAYS, 9))))
    with lived(tmp_path, burglaries(7, 6, known=at(8, 4)), polls) as found:
        assert found.steps("T1") == [(Step.ISSUED, 8)]
        assert found.open["T1"].grade is Grade.YELLOW
        assert found.open["T1"].confidence_cause == "log: silent from 2026-03-07 23:00 to 2026-03-10 03:00"


def test_what_was_told_before_a_feed_died_counts(tmp_path: Path) -> None:
    """Ten by ten o'clock, dead at noon, judged the next morning."""
    last = at(9, 12)
    polls = (Poll(hourly(at(-30), last)), Poll(hourly(last, at(DAYS, 9)), ok=False))
    with lived(tmp_path, burglaries(9, 10), polls) as found:
        assert found.steps("T1") == [(Step.ISSUED, 10)]
        warning = found.open["T1"]
        assert (warning.grade, warning.confidence) == (Grade.YELLOW, Confidence.LOW)
        assert warning.confidence_cause == "log: nobody listened since 2026-03-11 11:00"


@pytest.mark.parametrize("fails_at, lifted", [(-1, False), (1, True)])
def test_a_feed_that_fails_in_the_night_lifts_nothing_in_the_morning(
    tmp_path: Path, fails_at: int, lifted: bool
) -> None:
    """Whatever silence is allowed: nobody listened after the end of the day that is judged."""
    dead = at(5, fails_at)
    polls = (Poll(hourly(at(-30), dead)), Poll(hourly(dead, at(5, 9)), ok=False))
    with lived(tmp_path, burglaries(1, 3), polls, days=5) as found:
        assert (found.steps("T1")[-1][0] is Step.LIFTED) == lifted


def unread(days: Iterable[int], number: int, **more: object) -> list[Reject]:
    """So many reports of each of these days that named a place nobody knows."""
    return [
        replace(
            Reject(feed="log", seen_at=at(day, 10), place=f"line {one}", reason="no such area", kind="place",
                   record=f"{day} {one}", day=at(day).toordinal(), value="Town the First"), **more,
        )
        for day in days for one in range(number)
    ]  # fmt: skip


def test_a_source_that_renames_a_town_lifts_nothing(tmp_path: Path) -> None:
    """All of its reports are rejected, the others go on."""
    told = [*burglaries(1, 3), *(one for day in range(DAYS) for one in burglaries(day, 3, "T2"))]
    with lived(tmp_path, told, refused=unread(range(2, DAYS), 2)) as found:
        assert found.steps("T1") == [(Step.ISSUED, 2), (Step.HELD, 5)]
        cause = found.open["T1"].confidence_cause
        assert "log: 2 of 5 reports of 2026-03-11 could not be read, nor many of 2 other days" in cause
        assert found.open["T2"].confidence is Confidence.LOW


def test_rejects_of_another_town_or_kind_are_none_of_its(tmp_path: Path) -> None:
    days = range(2, DAYS)
    others = [*unread(days, 2, area="T2"), *unread(days, 3, category="violence.explosion")]
    with lived(tmp_path, burglaries(1, 3), refused=others) as found:
        assert found.steps("T1") == [(Step.ISSUED, 2), (Step.LIFTED, 5)]


def test_once_the_mapping_is_mended_the_days_are_observed(tmp_path: Path) -> None:
    with lived(tmp_path, burglaries(1, 3), refused=unread(range(2, 9), 2)) as found:
        assert found.steps("T1")[-1] == (Step.HELD, 5)
        world = replace(found.world, clock=lambda: at(DAYS + 1, 9))
        with world.store.begin() as tx:
            rejects.settle(tx, [one.id for one in rejects.listing(tx)], at(DAYS, 20))
            health.record(tx, "log", hourly(at(DAYS, 9), at(DAYS + 1, 9)), known_at=at(DAYS + 1, 9))
        running.catch_up(world, at(DAYS + 1, 9))
        with world.store.read() as tx:
            assert judgement.changes(tx)[-1].step is Step.LIFTED


def test_a_source_that_places_everything_in_the_county_lifts_no_town(tmp_path: Path) -> None:
    told = [*burglaries(1, 3), *(one for day in range(2, DAYS) for one in burglaries(day, 2, "C"))]
    with lived(tmp_path, told) as found:
        assert found.steps("T1") == [(Step.ISSUED, 2), (Step.HELD, 5)]
        assert "log: all reports placed only at county level since 2026-03-04" in found.why("T1")
        assert found.open["T1"].confidence is Confidence.LOW


def test_the_same_day_is_a_lower_bound_first_and_observed_later(tmp_path: Path) -> None:
    """As each morning knew it: after the feed had been heard again, its day was what had been told of it."""
    polls = (Poll(hourly(at(-30), at(4, 20))), Poll(hourly(at(5, 12), at(DAYS, 9))))
    with lived(tmp_path, burglaries(1, 3), polls) as found:
        assert found.steps("T1") == [(Step.ISSUED, 2), (Step.HELD, 5), (Step.LIFTED, 6)]
