"""What the tests of a rule exercise: conditions both ways, rungs, delays and data states.

Only tests that pass count, and of each only the judgement at its own `at`, in the areas of which it
expects something: what a test runs through without asking is not tested.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from engine.judge import Correlate
from engine.model.finding import Held, RungTrace, Signal
from engine.model.grade import Grade
from engine.model.indicator import Take
from engine.model.period import Calendar, Cycle
from engine.model.rule import Correlation, Rule, Status
from engine.notify.audience import FALLS, RISES
from engine.rulebook.context import Context
from engine.rulebook.load import Loaded
from engine.rulebook.trial import combined
from engine.rulebook.trial.replay import PLAIN, Played
from engine.rulebook.trial.trial import plays, verdict

OBSERVED, ZERO, UNMONITORED, LOWER = "observed", "observed zero", "unmonitored", "lower bound"
NO_READING = "no reading"


@dataclass(frozen=True, order=True)
class Point:
    """One thing that a rule's tests should show; `kind` is condition, rung, delay or data state."""

    kind: str
    what: str


@dataclass(frozen=True)
class Coverage:
    """The points of one rule, and those that its tests show."""

    rule: Rule
    points: tuple[Point, ...]
    shown: frozenset[Point] = field(default=frozenset())

    @property
    def missing(self) -> tuple[Point, ...]:
        return tuple(point for point in self.points if point not in self.shown)

    @property
    def percent(self) -> float:
        return 100 * (1 - len(self.missing) / len(self.points))

    @property
    def gated(self) -> bool:
        """Whether the rule warns, so that its coverage may be asked for."""
        return self.rule.status is Status.STABLE


def coverage(
    loaded: Loaded, context: Context, *, calendar: Calendar | None = None,
    judge_correlations: Correlate = PLAIN, only: Collection[str] = (),
) -> tuple[Coverage, ...]:  # fmt: skip
    """The coverage of every loaded rule (or of those named) but the retired, by id; raises ValueError as
    `trial.run` does."""
    shown: dict[str, set[Point]] = defaultdict(set)
    for source, test, played in plays(loaded, context, calendar, only, judge_correlations):
        if verdict(source, test, played).passed:
            for area in test.example.expect:
                shown[source.id] |= set(_shown(played, area))
    rules = loaded.book.rules.values() if loaded.book else ()
    return tuple(
        Coverage(rule, points, frozenset(points) & shown[rule.id])
        for rule in rules if rule.status is not Status.RETIRED and (not only or rule.id in only)
        for points in [tuple(_points(rule))]
    )  # fmt: skip


def _points(rule: Rule) -> Iterator[Point]:
    """Everything that the tests of the rule should show."""
    for condition in combined.conditions(rule.correlation) if rule.correlation else _tests(rule):
        yield Point("condition", f"{condition} holds")
        yield Point("condition", f"{condition} fails alone")
    yield from (Point("rung", rung.grade.word) for rung in rule.rungs)
    for delay in _delays(rule):
        yield Point("delay", f"{delay} waits")
        yield Point("delay", f"{delay} is over")
    yield from (Point("data state", state) for state in _states(rule))


def _states(rule: Rule) -> Iterator[str]:
    """What may be known of the cells it judges. A gauge that reads zero is no other state than one that reads
    more; where it reads nothing, nothing touches an immediate rule. A stock of which anything was missed is
    known by nobody."""
    take = rule.indicator.take if rule.indicator else Take.SUM
    reads = take.reads
    yield OBSERVED
    if rule.cycle is Cycle.IMMEDIATE:
        yield from () if reads else (ZERO,)
        return
    yield NO_READING if reads else ZERO
    yield UNMONITORED
    yield from (LOWER,) if take in (Take.SUM, Take.MAX) else ()


def _tests(rule: Rule) -> Iterator[str]:
    for rung in rule.rungs:
        yield from (_named(rung.grade, test.name) for test in rung.tests)
        yield from (_named(rung.grade, test.name, at) for at, way in enumerate(rung.any) for test in way)


def _named(grade: Grade, test: str, way: int | None = None) -> str:
    """A test of a rung, or of one of its alternatives."""
    return f"{grade.word}: {test}" if way is None else f"{grade.word}: any {way + 1} {test}"


def _delays(rule: Rule) -> Iterator[str]:
    yield from (f"{rung.grade.word} delay_on" for rung in rule.rungs if rung.delay_on > 1)
    if any(rung.delay_off > 1 for rung in rule.rungs):
        yield "hold"
    if rule.cool_down:
        yield "cool_down"
    if rule.cycle is Cycle.IMMEDIATE:
        yield "lasts"


def _shown(played: Played, area: str) -> Iterator[Point]:
    """What one judged area of a test that passed shows."""
    if played.grade(area) is not Grade.NONE:
        yield Point("rung", played.grade(area).word)
    if played.rule.correlation is not None:
        yield from _combined(played, played.rule.correlation, area)
    else:
        yield from _measured(played, area)
    yield from (Point("delay", what) for what in _delayed(played, area))


def _measured(played: Played, area: str) -> Iterator[Point]:
    trace = played.trace(area)
    if trace is None:
        yield from _nothing(played.rule)
        return
    yield Point("data state", trace.data_state)
    for rung in trace.rungs:
        yield from (Point("condition", what) for what in (*_musts(rung), *_ways(rung)))


def _musts(rung: RungTrace) -> Iterator[str]:
    one_of = not rung.any or any(_hold(way) for way in rung.any)
    for signal in rung.signals:
        if signal.held is Held.HELD:
            yield f"{_named(rung.grade, signal.test)} holds"
        elif one_of and _fails_alone(signal, rung.signals):
            yield f"{_named(rung.grade, signal.test)} fails alone"


def _ways(rung: RungTrace) -> Iterator[str]:
    """Of an alternative nothing is seen where another holds, or where something that must does not."""
    for at, way in enumerate(rung.any):
        if not _hold(rung.signals) or any(_hold(other) for other in rung.any if other is not way):
            continue
        for signal in way:
            if _hold(way):
                yield f"{_named(rung.grade, signal.test, at)} holds"
            elif _fails_alone(signal, way):
                yield f"{_named(rung.grade, signal.test, at)} fails alone"


def _combined(played: Played, correlation: Correlation, area: str) -> Iterator[Point]:
    states = combined.states(played, area)
    for condition, held in states.items():
        if held is Held.HELD:
            yield Point("condition", f"{condition} holds")
        elif held is Held.NOT and combined.alone(correlation, condition, states):
            yield Point("condition", f"{condition} fails alone")
    blind = UNMONITORED if played.scene.example.given.unmonitored else LOWER
    state = {Held.HELD: OBSERVED, Held.NOT: ZERO, Held.UNKNOWN: blind}[combined.seen(played, area)]
    yield Point("data state", state)


def _nothing(rule: Rule) -> Iterator[Point]:
    """An immediate rule that nothing touched: only a single test is then seen to fail."""
    yield Point("data state", ZERO)
    for rung in rule.rungs:
        if len(rung.every) == 1:
            yield Point("condition", f"{_named(rung.grade, rung.every[0].name)} fails alone")


def _fails_alone(signal: Signal, among: Sequence[Signal]) -> bool:
    """Whether this test alone keeps them from holding: else the failure shows nothing of it."""
    return signal.held is Held.NOT and _hold([other for other in among if other is not signal])


def _hold(signals: Sequence[Signal]) -> bool:
    return all(signal.held is Held.HELD for signal in signals)


def _delayed(played: Played, area: str) -> Iterator[str]:
    """The delays at whose very edge the judgement stands: a cycle short of it, or just past it."""
    rule, standing = played.rule, played.standing.get(area)
    change = played.changes.get(area)
    step = change.step if change else None
    if rule.cycle is Cycle.IMMEDIATE:
        yield from _lasting(played, area)
    elif standing is not None:
        for rung, on, off in zip(rule.rungs, standing.on, standing.off, strict=True):
            if on == rung.delay_on - 1 and standing.grade < rung.grade:
                yield f"{rung.grade.word} delay_on waits"
            if on == rung.delay_on and step in RISES:
                yield f"{rung.grade.word} delay_on is over"
            if standing.grade >= rung.grade and 0 < off == rung.delay_off - 1:
                yield "hold waits"
        if step in FALLS:
            yield "hold is over"
        if standing.lifted_at is not None and _holds(played, area):
            yield "cool_down waits" if standing.grade is Grade.NONE else "cool_down is over"


def _lasting(played: Played, area: str) -> Iterator[str]:
    if played.grade(area) is not Grade.NONE:
        yield "lasts waits"
    elif played.peaks.get(area, Grade.NONE) is not Grade.NONE:
        yield "lasts is over"


def _holds(played: Played, area: str) -> bool:
    return area in played.outcomes and Held.HELD in played.outcomes[area].held
