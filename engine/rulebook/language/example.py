"""The grammar of a rule's tests: what is given, when it is judged, what is expected."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, StringConstraints, model_validator

from engine.rulebook.language.notation import BlockSeries, ChanceSeries, Day, Far, PerDays, Point, Time, When
from engine.rulebook.language.rung import Strict

Line = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=200)]
Count = Annotated[int, Field(strict=True, ge=1, le=10_000)]

#: `unknown`: nothing stands and nobody can tell; `none`: nothing stands and everybody can.
Expected = Literal["none", "unknown", "blue", "yellow", "orange", "red"]
Changed = Literal["none", "issued", "upgraded", "downgraded", "held", "lifted", "expired"]


class Expectation(Strict):
    """What must come of one area; what is not written is not asked."""

    short: ClassVar = {"enum": ["none", "unknown", "blue", "yellow", "orange", "red"]}

    grade: Expected | None = Field(None, description="what stands after the judgement at `at`")
    change: Changed | None = Field(None, description="what the judgement at `at` did to the warning")
    signals: list[Line] | None = Field(
        None, description="the tests that held then: of the highest rung that held, else of the lowest"
    )
    notified: list[Line] | None = Field(None, description="the receivers that the routes tell of the change")

    @model_validator(mode="after")
    def _something(self) -> Expectation:
        if not self.model_fields_set:
            raise ValueError("nothing is expected: give a grade, or keys such as {change: issued}")
        return self

    @classmethod
    def unfold(cls, written: Any) -> Any:
        return {"grade": written} if isinstance(written, str) else written


class GivenIncident(Strict):
    """Incidents of one category in one area: `each` of them on every day of `on`."""

    area: Line
    category: Line
    on: When
    time: Time | None = Field(None, description='at what time of each day, such as "23:30"')
    each: Count = 1
    severity: Annotated[int, Field(strict=True, ge=0, le=4)] = 0
    feed: Line | None = None
    known: Day | None = Field(None, description="reported late: the day on which it became known")
    until: When | None = Field(None, description="when it ended or was closed, a moment or a day's midnight")
    measures: dict[Line, Annotated[float, Field(strict=True)]] = Field(default_factory=dict)
    point: Point | None = Field(None, description="latitude and longitude, as exact as its feed says")

    @model_validator(mode="after")
    def _one_time(self) -> GivenIncident:
        if self.time is not None and self.on.moment is not None:
            raise ValueError("'on' names a time already: take 'time' out")
        return self


class GivenAlert(Strict):
    """An alert that is in force from `on` up to `until`, and known since it begins, or since `known`."""

    area: Line
    category: Line
    on: When
    until: When | None = Field(None, description="its end; an alert without one is in force for a day")
    severity: Annotated[int, Field(strict=True, ge=0, le=4)] = 0
    feed: Line | None = None
    known: When | None = Field(None, description="when it became known, where that is not when it begins")


class GivenBackground(Strict):
    """What always happens: a pace that fills the baseline and goes on up to the judgement."""

    area: Line
    each: PerDays
    category: Line | None = Field(None, description="by default the first one the rule counts")
    apart: Far | None = Field(None, description="each lies so far from the next and from all else: 2km")


class GivenUnmonitored(Strict):
    """An area that no feed reported on, for ever or up to and with the day `until`."""

    area: Line
    until: Day | None = None


class GivenDown(Strict):
    """A feed that was silent on the days of `on`; without `feed`, every feed."""

    on: When
    feed: Line | None = None


class Given(Strict):
    """What was known; a day that is not given is observed, and zero."""

    incidents: list[GivenIncident] = Field(default_factory=list)
    alerts: list[GivenAlert] = Field(default_factory=list)
    background: list[GivenBackground] = Field(default_factory=list)
    series: dict[Line, BlockSeries] = Field(
        default_factory=dict, description="per area: one value per window, the last one ending at `at`"
    )
    chance: dict[Line, ChanceSeries] = Field(
        default_factory=dict, description="per area: what a learned model says; without it there is none"
    )
    unmonitored: list[GivenUnmonitored] = Field(default_factory=list)
    down: list[GivenDown] = Field(default_factory=list)
    population: dict[Line, Annotated[int, Field(strict=True, ge=1)]] = Field(
        default_factory=dict, description="inhabitants of a made-up area (100,000 unless given)"
    )


class Example(Strict):
    """One rule test: the rule is judged at every cut up to the one that opens `at`."""

    name: Line
    given: Given = Given()
    at: When
    expect: dict[Line, Expectation] = Field(min_length=1)

    def grades(self) -> dict[str, str]:
        """The grade word expected of each area of which one is."""
        return {area: one.grade for area, one in self.expect.items() if one.grade is not None}


class TwinExample(Example):
    """A test in a twin file, which says whose it is where NAME.yaml holds several rules."""

    rule: Line | None = None


class TwinFile(Strict):
    """NAME.test.yaml beside NAME.yaml."""

    tests: list[TwinExample] = Field(min_length=1)
