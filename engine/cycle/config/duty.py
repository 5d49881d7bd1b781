"""config/duty.yaml: how long a silence may last, and how answers are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from engine.cycle.config.reading import Reading
from engine.cycle.config.written import Duration, GradeWord, Name, Strict
from engine.duty.answer import Asking, Terms
from engine.duty.clock import Limits
from engine.duty.flapping import Limit
from engine.duty.refusal import LIMITS
from engine.model.grade import RUNGS, Grade
from engine.model.lap import Beat
from engine.model.message import Receiver

#: Grades that may be silenced at all.
Quiet = Literal["blue", "yellow", "orange"]


class AnswerEntry(Strict):
    """How an answer to one grade is asked for."""

    #: So long after it was told, the next of the chain is told too.
    within: Duration
    #: Reminders come after 1, 2, 4, 8 times this, so many at most.
    remind: Duration
    repeats: Annotated[int, Field(ge=0, le=8)] = 4


class SituationsEntry(Strict):
    """How often a receiver hears of what folded, at most."""

    every: Duration = timedelta(hours=2)


class FlappingEntry(Strict):
    """A rule that turns more often in one area within so long is named to its owner."""

    times: Annotated[int, Field(ge=2, le=100)] = 4
    within: Duration = timedelta(days=28)


class SupervisionEntry(Strict):
    """Who is told of what stays overdue, so long after its limit, from which grade up."""

    after: Duration
    grade: GradeWord = "yellow"
    receivers: Annotated[tuple[Name, ...], Field(min_length=1)]


#: The steps that have a limit here; a task says itself by when it is to be done.
Limited = Literal["judged", "issued", "told", "read", "accepted", "reported", "reviewed"]


class DutyFile(Strict):
    """The whole file."""

    #: The longest silence, by grade; red is never silenced.
    silences: dict[Quiet, Duration] = Field(default_factory=dict)
    #: How an answer to each grade is asked for; a grade that is not named asks for none.
    answers: dict[GradeWord, AnswerEntry] = Field(default_factory=dict)
    #: How long an acknowledgement lasts.
    ack_lasts: Duration = timedelta(hours=24)
    #: Absent: every line of a situation is told by itself.
    situations: SituationsEntry | None = None
    #: How long each step may take: for every grade, or by grade; what is not named has no clock.
    limits: dict[Limited, Duration | dict[GradeWord, Duration]] = Field(default_factory=dict)
    supervision: SupervisionEntry | None = None
    flapping: FlappingEntry = FlappingEntry()
    #: Who gets the weekly and the monthly agenda; absent: whom the routes that ask would ask.
    reviews: tuple[Name, ...] = ()


@dataclass(frozen=True)
class Supervision:
    """Who is told of what stays overdue."""

    after: timedelta
    grade: Grade
    receivers: tuple[str, ...]


@dataclass(frozen=True)
class Duty:
    """What the file says, with what it leaves out as usual."""

    silences: Mapping[Grade, timedelta]
    answers: Terms
    limits: Limits
    #: How often updates of situations come at most; None: nothing folds.
    situations: timedelta | None = None
    supervision: Supervision | None = None
    flapping: Limit = Limit()
    #: Who gets the weekly and the monthly agenda; nobody named: whom the routes that ask would ask.
    reviews: tuple[str, ...] = ()


def load(reading: Reading, receivers: Mapping[str, Receiver]) -> Duty:
    read = reading.file("duty.yaml", DutyFile, required=False)
    file = read[1] if read else DutyFile()
    watch = file.supervision
    if read is not None and receivers:
        for index, name in enumerate(watch.receivers if watch else ()):
            reading.known(read[0], ("supervision", "receivers", index), "receiver", name, receivers)
        for index, name in enumerate(file.reviews):
            reading.known(read[0], ("reviews", index), "receiver", name, receivers)
    by_grade = {
        Grade.named(word): Asking(one.within, one.remind, one.repeats) for word, one in file.answers.items()
    }
    chains = {name: one.chain for name, one in receivers.items() if one.chain}
    return Duty(
        silences={**LIMITS, **{Grade.named(word): most for word, most in file.silences.items()}},
        answers=Terms(by_grade, file.ack_lasts, chains),
        situations=file.situations.every if file.situations else None,
        limits=Limits({Beat(word): _by_grade(limit) for word, limit in file.limits.items()}),
        supervision=Supervision(watch.after, Grade.named(watch.grade), watch.receivers) if watch else None,
        flapping=Limit(file.flapping.times, file.flapping.within), reviews=file.reviews,
    )


def _by_grade(limit: timedelta | Mapping[GradeWord, timedelta]) -> Mapping[Grade, timedelta]:
    if isinstance(limit, timedelta):
        return dict.fromkeys(RUNGS, limit)
    return {Grade.named(word): length for word, length in limit.items()}
