"""Judged at a past cut, a store with everything says what a store with only what was known then says.

Revisions move incidents over midnights, to other areas and categories, and take them back; the clocks change
within the days judged; some of it happened before anybody reported, and feeds fall silent and come back.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.cycle.panels import StorePanels
from engine.ingest.mapping import Mapping
from engine.judge import find, find_immediate
from engine.model.area import Area, AreaTree
from engine.model.feed import Covers, Feed, Subject
from engine.model.grade import Domain, Grade
from engine.model.incident import Incident, Precision
from engine.model.indicator import Indicator
from engine.model.period import Calendar, Cycle
from engine.model.rule import Combine, Correlation, Pattern, Rule, RuleBook, Rung, Scope, Test, Window
from engine.model.text import Text
from engine.model.times import Times
from engine.store import backfill, health, incidents
from engine.store.book import Book
from engine.store.database import Store
from engine.store.fold import fold as pack

CALENDAR = Calendar(ZoneInfo("Europe/Stockholm"))
TREE = AreaTree.of(("country", "county", "town"), [
    Area("X", Text("X"), "country", population=90_000),
    Area("A", Text("A"), "county", "X"), Area("B", Text("B"), "county", "X"),
    *(Area(code, Text(code), "town", code[0], population=20_000) for code in ("A1", "A2", "B1", "B2")),
])  # fmt: skip
FIRE, THEFT = Indicator(frozenset({"fire"})), Indicator(frozenset({"theft"}))
BOTH, GRAVE = Indicator(frozenset({"fire", "theft"})), Indicator(frozenset({"fire"}), min_severity=2)
BURNT = Indicator(frozenset({"fire"}), measure="burnt")
#: On Sundays, on which the clocks change.
NIGHT = Indicator(frozenset({"fire"}), times=Times(str(CALENDAR.zone), 23 * 60, 4 * 60, frozenset({5, 6})))
#: The days on which the clocks go forward and back: 23 and 25 hours long.
CHANGES = (date(2025, 3, 30), date(2025, 10, 26))
DAYS, SINCE = 24, 4
#: Three next to each other, one far off.
POINTS = ((60.001, 15.0), (60.002, 15.0), (60.003, 15.001), (60.5, 15.0), None)
EXACT = Mapping.model_validate({
    "source_id": "id", "occurred_at": "at", "place": {"point": ["y", "x"]}, "category": {"fixed": "fire"},
    "severity": {"fixed": 1}, "keep_point": True, "accuracy": "100m",
})  # fmt: skip
PLACES = (("A1",), ("A1",), ("A2",), ("B1",), ("A",), ("A1", "B2"), ("gone",))


@dataclass(frozen=True)
class Ground:
    """What panels need of the settings."""

    feeds: dict[str, Feed]
    tree: AreaTree = TREE
    calendar: Calendar = CALENDAR


def ground(first: date) -> Ground:
    """One feed on everything, which says exactly where, one on fires in A only; from the fifth day on."""
    covers = {"log": (("X",), {"fire", "theft"}), "brigade": (("A",), {"fire"})}
    return Ground({
        id_: Feed(
            id=id_, title=Text(id_), connector="csv", subject=Subject.INCIDENT, options=None,
            mapping=EXACT if id_ == "log" else None,
            covers=Covers(areas=areas, categories=frozenset(of), since=first + timedelta(days=SINCE)),
            poll=timedelta(hours=1), max_silence=timedelta(hours=30),
        )
        for id_, (areas, of) in covers.items()
    })  # fmt: skip


def rule(id_: str, *tests: Test, **more: object) -> Rule:
    """A daily rule on fires in towns."""
    plain = Rule(
        id=id_, title=Text(id_), domain=Domain.SAFETY, topic=id_, cycle=Cycle.DAILY, level="town",
        indicator=FIRE, window=Window(days=2, baseline=4), rungs=(Rung(Grade.BLUE, tests),), hash=id_,
    )  # fmt: skip
    return replace(plain, **more)


TWO = Test.of("at_least", count=2)
NEAR = Test.of("near_repeat", within="500m", days=2, alpha=0.3, replicates=19)
BELOW = Correlation(
    Combine.ALL, (Pattern("finding", topic="several"), Pattern("incident", indicator=THEFT, level="town")),
    none=(Pattern("finding", rule="grave"),), scope=Scope.BELOW, within=timedelta(days=3),
    rungs=((Grade.YELLOW, 1),),
)  # fmt: skip
RULES = (
    rule("several", TWO),
    rule("rare", Test.of("rare", alpha=0.2), window=Window(days=1, baseline=9, gap=2)),
    rule("ears", Test.of("ears"), window=Window(days=1, baseline=9), level="county"),
    rule("share", Test.of("share_of", share=0.4, of_at_least=2), share_of=BOTH, nowcast=True),
    rule("grave", Test.of("at_least", count=1), indicator=GRAVE),
    rule("burnt", Test.of("at_least", count=3), indicator=BURNT, level="country", nowcast=True),
    rule("night", TWO, indicator=NIGHT),
    rule("near", NEAR, level="county"),
    rule("below", level="county", indicator=None, rungs=(), correlation=BELOW),
)
BOOK = RuleBook({one.id: one for one in RULES})
AT_ONCE = rule("at-once", TWO, cycle=Cycle.IMMEDIATE, window=Window(hours=24))


@st.composite
def moments(draw: st.DrawFn, first: date) -> datetime:
    """Any minute, most often one within two hours of a midnight or of the moment of a cut."""
    day = first + timedelta(days=draw(st.integers(-3, DAYS)))
    edges = (CALENDAR.midnight(day), CALENDAR.cut_at(day), CALENDAR.midnight(day) + timedelta(hours=12))
    edge = draw(st.sampled_from(edges)).astimezone(UTC)
    return edge + timedelta(minutes=draw(st.sampled_from((0, 0, -1, 1, 59, -119, 200))))


@st.composite
def histories(draw: st.DrawFn, first: date) -> list[Incident]:
    """Up to four revisions of up to twelve incidents, in the order in which they became known."""
    told = []
    for number in range(draw(st.integers(3, 12))):
        feed = draw(st.sampled_from(("log", "log", "brigade")))
        for at in sorted(draw(st.lists(moments(first), min_size=1, max_size=4, unique=True))):
            happened = draw(st.sampled_from((at, at, at - timedelta(minutes=90), draw(moments(first)))))
            told.append(Incident(
                feed=feed, source_id=str(number), occurred_at=min(happened, at), known_at=at,
                precision=draw(st.sampled_from((Precision.MINUTE, *Precision))),
                areas=draw(st.sampled_from(PLACES)),
                category=draw(st.sampled_from(("fire", "fire", "theft", "other"))),
                severity=draw(st.integers(0, 3)), point=draw(st.sampled_from(POINTS)),
                measures=draw(st.sampled_from(({}, {"burnt": 2.5}))),
                withdrawn=draw(st.sampled_from((False, False, False, True))),
            ))  # fmt: skip
    return told


@st.composite
def polls(draw: st.DrawFn, first: date, cut: datetime) -> dict[str, list[datetime]]:
    """Every six hours, but for stretches of silence: anywhere or just before the cut, some for good."""
    begin = CALENDAR.midnight(first).astimezone(UTC)
    heard = [begin + timedelta(hours=6 * n) for n in range(-12, 4 * DAYS + 8)]
    found = {}
    for feed in ("log", "brigade"):
        kept = list(heard)
        for _ in range(draw(st.integers(0, 2))):
            start = draw(st.sampled_from((*heard, *(cut - timedelta(hours=n) for n in range(48)))))
            days = draw(st.sampled_from((1, 2, 5, 2 * DAYS)))
            kept = [at for at in kept if not start <= at < start + timedelta(days=days)]
        found[feed] = kept
    return found


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the tables in it, to be copied for every example."""
    path = tmp_path_factory.mktemp("panels") / "empty.db"
    Store.open(f"sqlite:///{path}").close()
    return path


@contextmanager
def panels(
    empty: Path, on: Ground, told: Sequence[Incident], heard: dict[str, list[datetime]], *, fold: bool = False
) -> Iterator[StorePanels]:
    """A store of just these reports and polls."""
    with tempfile.TemporaryDirectory(dir=empty.parent) as folder:
        store = Store.open(f"sqlite:///{shutil.copy(empty, folder)}", migrate=False)
        book = Book(on.tree, BOOK.indicators(), on.calendar)
        with store.begin() as tx:
            backfill.ensure(tx, book)
        with store.begin() as tx:
            incidents.add(tx, told, book)
            for feed, at in heard.items():
                health.record(tx, feed, at, known_at=CALENDAR.midnight(date(2026, 1, 1)))
        if fold:
            with store.begin() as tx:
                pack(tx)
        with store.read() as tx:
            yield StorePanels(tx, on)
        store.close()


@pytest.mark.parametrize("change", CHANGES, ids=str)
@settings(max_examples=25)
@given(data=st.data(), fold=st.booleans())
def test_a_past_cut_says_what_was_known_then(
    change: date, data: st.DataObject, fold: bool, empty: Path
) -> None:
    first = change - timedelta(days=DAYS - 6)
    cuts = [first + timedelta(days=n) for n in range(SINCE, DAYS)]
    at = data.draw(st.integers(0, len(cuts) - 1))
    moment = CALENDAR.cut_at(cuts[at])
    on, told, heard = ground(first), data.draw(histories(first)), data.draw(polls(first, moment))
    ask = partial(find, RULES, book=BOOK)
    with panels(empty, on, told, heard, fold=fold) as everything:
        later = ask(everything, cuts)
    known = [one for one in told if one.known_at < moment]
    spoke = {feed: [poll for poll in of if poll < moment] for feed, of in heard.items()}
    with panels(empty, on, known, spoke) as then:
        (now,) = ask(then, [cuts[at]])
    assert now.sought == later[at].sought
    # As text: equal to the last digit, and NaN where the other is.
    assert repr(now.outcomes) == repr(later[at].outcomes)


@pytest.mark.parametrize("change", CHANGES, ids=str)
@settings(max_examples=25)
@given(data=st.data(), fold=st.booleans())
def test_the_ledger_counts_of_each_hour_what_is_told_of_it(
    change: date, data: st.DataObject, fold: bool, empty: Path
) -> None:
    first = change - timedelta(days=DAYS - 6)
    cut = first + timedelta(days=data.draw(st.integers(SINCE, DAYS)))
    told = data.draw(histories(first))
    since, until = CALENDAR.midnight(first - timedelta(days=5)), CALENDAR.midnight(cut)
    with panels(empty, ground(first), told, {}, fold=fold) as of:
        counted = of.deltas(NIGHT, "country", first.toordinal() - 5, cut.toordinal())
        at_hours = of.incidents(NIGHT, since, until, CALENDAR.cut_at(cut))
        every = of.incidents(FIRE, since, until, CALENDAR.cut_at(cut))
        read = [one for one in of.told(NIGHT, since, until) if one.known < CALENDAR.cut_at(cut).timestamp()]
    expected = [
        one for one in every if one.precision is Precision.MINUTE
        and (local := one.occurred_at.astimezone(CALENDAR.zone)) and "gone" not in one.areas
        and ((local.hour >= 23 and local.weekday() >= 5) or (local.hour < 4 and local.weekday() in (6, 0)))
    ]  # fmt: skip
    assert counted.n.sum() == len(expected)
    assert {one.identity for one in at_hours if "gone" not in one.areas} == {one.identity for one in expected}
    assert {one.identity for one in expected} <= {(one.feed, one.source_id) for one in read}


@pytest.mark.parametrize("change", CHANGES, ids=str)
@settings(max_examples=25)
@given(data=st.data())
def test_what_is_judged_at_once_sees_nothing_of_a_second_later(
    change: date, data: st.DataObject, empty: Path
) -> None:
    first = change - timedelta(days=DAYS - 6)
    told = data.draw(histories(first))
    moment = data.draw(st.sampled_from(told)).known_at
    with panels(empty, ground(first), told, {}) as everything:
        later = find_immediate([AT_ONCE], everything, moment)
    with panels(empty, ground(first), [one for one in told if one.known_at <= moment], {}) as then:
        assert repr(find_immediate([AT_ONCE], then, moment)) == repr(later)
