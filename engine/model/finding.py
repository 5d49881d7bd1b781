"""What judging finds: signals, the findings they make, and the tree that explains them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import IntEnum
from math import isfinite

from engine.model.grade import Confidence, Domain, Grade


class Held(IntEnum):
    """A test's outcome; nobody who was not looking has seen nothing."""

    UNKNOWN = -1
    NOT = 0
    HELD = 1


@dataclass(frozen=True, slots=True)
class Signal:
    """One test of one indicator in one area.

    `needed` is the smallest observed value at which the test holds; None where no value would do.
    """

    test: str
    held: Held
    observed: float
    expected: float | None = None
    needed: float | None = None
    pvalue: float | None = None
    #: The parameters and whatever else the test wants to show, sorted by name.
    facts: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RungTrace:
    """One rung of the ladder with the outcome of each test that must hold, and of those of alternatives."""

    grade: Grade
    held: Held
    signals: tuple[Signal, ...]
    #: How many more of the indicator would make this rung hold; None where it holds or cannot.
    missing: float | None = None
    any: tuple[tuple[Signal, ...], ...] = ()

    @property
    def every(self) -> tuple[Signal, ...]:
        """All its tests, those of alternatives too."""
        return (*self.signals, *(signal for way in self.any for signal in way))

    @property
    def behind(self) -> tuple[Signal, ...]:
        """What it rests on: the tests that hold, but for those of alternatives that do not as a whole."""
        ways = (signal for way in self.any if _held(way) for signal in way)
        return tuple(signal for signal in (*self.signals, *ways) if signal.held is Held.HELD)

    @property
    def alerted(self) -> bool:
        """Whether it rests on an alert that is in force or ahead."""
        return any(signal.test == "alert" for signal in self.behind)

    @property
    def needed(self) -> float | None:
        """From which count it holds, as far as a count decides: the strictest of its tests, the easiest of
        its alternatives."""
        if any(_held(way) and not counted(way) for way in self.any):
            ways = []  # it holds by no count
        else:
            ways = [_strictest(way) for way in self.any if counted(way)]
        musts = [signal.needed for signal in self.signals if counted([signal])]
        found = [one for one in (*musts, *([min(ways)] if ways else ())) if one is not None]
        return max(found, default=None)


def counted(signals: Sequence[Signal]) -> bool:
    """Whether of each of these it can be said from which count it holds."""
    return all(signal.needed is not None and isfinite(signal.needed) for signal in signals)


def _held(signals: Sequence[Signal]) -> bool:
    return all(signal.held is Held.HELD for signal in signals)


def _strictest(signals: Sequence[Signal]) -> float:
    return max(signal.needed for signal in signals if signal.needed is not None)


@dataclass(frozen=True, slots=True)
class MatchTrace:
    """One pattern of a correlation: where it matched, or that it did not."""

    pattern: str
    held: Held
    areas: tuple[str, ...] = ()
    #: (area, moment) of each match, oldest first.
    at: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Trace:
    """Why one rule judged one area as it did: the tree behind every sentence shown."""

    rule: str
    rule_hash: str
    area: str
    #: The first day and the one after the last; moments where the window is of hours.
    window: tuple[str, str]
    observed: float
    #: The baseline blocks, oldest first; NaN where nobody was looking.
    baseline: tuple[float, ...] = ()
    data_state: str = "observed"
    #: Of the baseline blocks of which only a part was seen: how much, the least first.
    partly: tuple[float, ...] = ()
    #: As reported by then, where `observed` is an estimate of what will have been reported (nowcast).
    reported: float | None = None
    rungs: tuple[RungTrace, ...] = ()
    matches: tuple[MatchTrace, ...] = ()
    confidence: Confidence = Confidence.HIGH
    confidence_cause: str = ""

    @property
    def stretch(self) -> tuple[str, str]:
        """The first day of the window and its last, as people say it; or its moments."""
        start, end = self.window
        if "T" in end:
            return start, end
        return start, (date.fromisoformat(end) - timedelta(days=1)).isoformat()

    @property
    def when(self) -> str:
        """The stretch in words."""
        first, last = self.stretch
        return f"on {first}" if first == last else f"from {first} to {last}"


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that fired in an area for a period."""

    rule: str
    rule_hash: str
    area: str
    topic: str
    domain: Domain
    cycle: str
    period: str
    #: When the period was due: the finding's place in time.
    at: datetime
    grade: Grade
    trace: Trace
    trial: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one rule came out in one area, before delays: the input of `conclude`.

    `held` has one value per rung, lowest first; a correlation has one rung per grade. The trace is
    there wherever a rung holds; elsewhere it is made when somebody asks.
    """

    rule: str
    rule_hash: str
    area: str
    held: tuple[Held, ...]
    trace: Trace | None = None
    #: Why nobody could tell, where a rung is unknown.
    doubt: str = ""
    #: Of an immediate rule whose news took something back: for each rung when the last judgement was due at
    #: which it held by what still counts; None where none did.
    rests_on: tuple[datetime | None, ...] | None = None
