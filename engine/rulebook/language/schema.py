"""The rule language as strict models: what a rule file may say, and its JSON schema."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, PlainValidator, StringConstraints, TypeAdapter, WithJsonSchema, model_validator

from engine.model.grade import Domain
from engine.model.indicator import Take
from engine.model.period import Cycle
from engine.model.rule import Scope, See, Status
from engine.model.text import Text
from engine.model.times import EVERY_DAY, WHOLE_DAY, Times
from engine.rulebook.language.example import Example, Line
from engine.rulebook.language.notation import (
    Blocks,
    CalendarMonth,
    Day,
    Duration,
    Horizon,
    Hours,
    Severity,
    Weekdays,
    WindowSpan,
)
from engine.rulebook.language.rung import Grades, Strict, TestsOnly

_MONTH_ON_THE_WHOLE = timedelta(days=365.25 / 12)
_WORD = "[a-z0-9]+(-[a-z0-9]+)*"
_ID = rf"^{_WORD}(\.{_WORD})+$"

Whole = Annotated[int, Field(strict=True, ge=1, le=1000)]
GradeWord = Literal["blue", "yellow", "orange", "red"]
Prose = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=1000)]


def _rule_id(written: Any) -> str:
    if isinstance(written, str) and len(written) > 80:
        raise ValueError("an id has at most 80 letters")
    if isinstance(written, str) and re.match(_ID, written):
        return written
    raise ValueError("an id is written as domain.name in small letters, digits and hyphens")


RuleId = Annotated[str, PlainValidator(_rule_id), WithJsonSchema({"type": "string", "pattern": _ID})]


class Words(Strict):
    """A text shown to people: `{en: ..., zh: ...}`, or English alone."""

    short: ClassVar = {"type": "string"}

    en: Prose
    zh: Annotated[str, StringConstraints(strict=True, strip_whitespace=True, max_length=1000)] = ""

    @property
    def text(self) -> Text:
        return Text(self.en, self.zh)

    @classmethod
    def unfold(cls, written: Any) -> Any:
        if isinstance(written, dict) and (odd := [key for key, value in written.items() if value is None]):
            raise ValueError(f"'{odd[0]}' is no language; a text with a comma in it needs quotes")
        return {"en": written} if isinstance(written, str) else written


class Where(Strict):
    """Which incidents count: keys are AND, lists are OR, a category includes what lies below it."""

    instead: ClassVar = {
        **dict.fromkeys(
            ("time", "times", "night", "time_of_day", "between"),
            "hours of the day are written as hours: 22:00-06:00",
        ),
        **dict.fromkeys(
            ("day", "days", "day_of_week", "dow"),
            "weekdays are written as weekdays: fri-sun; holidays and the like are the test 'on' of a rung",
        ),
        **dict.fromkeys(
            ("text", "title", "keyword", "keywords", "contains"),
            "words of a text are read where a feed's mapping gives the category, and never by a rule",
        ),
    }

    category: Line | Annotated[list[Line], Field(min_length=1)]
    severity: Severity | None = None
    feed: Line | Annotated[list[Line], Field(min_length=1)] | None = None
    hours: Hours | None = Field(None, description="hours of the day, over midnight too: 22:00-06:00")
    weekdays: Weekdays | None = Field(None, description="on which the hours begin: fri-sun, or a list")

    def categories(self) -> list[str]:
        return [self.category] if isinstance(self.category, str) else self.category

    def feeds(self) -> list[str]:
        if self.feed is None:
            return []
        return [self.feed] if isinstance(self.feed, str) else self.feed

    def times(self, zone: str) -> Times | None:
        """The hours and weekdays by the clocks of a zone; None where it names none."""
        if self.hours is None and self.weekdays is None:
            return None
        return Times(zone, *(self.hours or WHOLE_DAY), self.weekdays or EVERY_DAY)


class ShareOf(Strict):
    """The whole that `share_of` compares the indicator with."""

    where: Where


class Indicator(Strict):
    """A count of incidents, or what is made of one of their measures: a sum, the greatest, the last."""

    count: Literal["incidents"] | None = None
    sum: Line | None = Field(None, description="a measure of the incidents, such as burnt_area")
    max: Line | None = Field(None, description="the greatest reading of a measure, such as customers_out")
    last: Line | None = Field(None, description="the last reading of a measure")
    stock: Literal["open", "change"] | None = Field(
        None, description="how many are open at the end of a window, or how many more than at its beginning"
    )
    older_than: Duration | None = Field(None, description="of a stock only what has been open for longer")
    holds: Duration | None = Field(None, description="how long the last reading stands in for the next")
    where: Where
    share_of: ShareOf | None = None

    @model_validator(mode="after")
    def _one_measure(self) -> Indicator:
        if sum(of is not None for of in (self.count, self.sum, self.max, self.last, self.stock)) != 1:
            raise ValueError(
                "an indicator has exactly one of 'count: incidents' and 'sum:', 'max:' or 'last: <measure>',"
                " or 'stock: open' or 'change'"
            )
        if self.older_than is not None and self.stock is None:
            raise ValueError("'older_than' goes with 'stock'")
        if self.older_than is not None and not self.older_than:
            raise ValueError("'older_than' says for how long, as in 14d; without it everything open counts")
        if self.holds is not None and (self.last is None or not self.holds):
            raise ValueError("'holds' goes with 'last', and says how long, as in 6h")
        if (self.stock or self.last) and self.where.times("UTC") is not None:
            raise ValueError(
                "'hours' and 'weekdays' choose among what happens: what is open and a last reading have none"
            )
        if self.share_of is not None and self.take is not Take.SUM:
            raise ValueError("a share is of counts or sums, not of readings or stocks: take 'share_of' out")
        return self

    @property
    def measure(self) -> str:
        """The measure it adds up or reads; empty where it counts."""
        return self.sum or self.max or self.last or ""

    @property
    def take(self) -> Take:
        if self.stock:
            return Take(self.stock)
        return Take.MAX if self.max else Take.LAST if self.last else Take.SUM


class MeasureChoice(Strict):
    """A measure of the catalogue, for this rule from `grade` up and within another time."""

    short: ClassVar = {"type": "string", "description": "a code of the catalogue"}

    code: Line
    grade: GradeWord | None = None
    within: Duration | None = None

    @classmethod
    def unfold(cls, written: Any) -> Any:
        return {"code": written} if isinstance(written, str) else written


Codes = Annotated[list[Line], Field(min_length=1)]


class Areas(Strict):
    """Which areas of its level a rule judges: those that are, or lie in, the ones named, but for others."""

    short: ClassVar = {"type": "array", "items": {"type": "string"}, "minItems": 1}
    instead: ClassVar = {
        **dict.fromkeys(("in", "of", "within", "only", "areas"), "name them under: [...]"),
        **dict.fromkeys(("not", "but", "without", "excluding", "exclude"), "name them as except: [...]"),
    }

    under: Codes | None = Field(None, description="in these; without it in all")
    except_: Codes | None = Field(None, alias="except", description="but not in these")

    @model_validator(mode="after")
    def _some(self) -> Areas:
        if not (self.under or self.except_):
            raise ValueError("name the areas: a list of codes, or under: [...] and except: [...]")
        return self

    @classmethod
    def unfold(cls, written: Any) -> Any:
        return {"under": written} if isinstance(written, list) else written


class Rule(Strict):
    """What every rule says of itself."""

    instead: ClassVar = {
        **dict.fromkeys(
            ("under", "except", "area", "place", "places", "region", "regions"),
            "a rule that judges some areas alone names them: areas: [...], or {under: [...], except: [...]}",
        ),
        **dict.fromkeys(
            ("hours", "weekdays"), "hours and weekdays are of what is counted: write them in 'where'"
        ),
    }

    id: RuleId
    title: Words
    domain: Domain
    topic: Line
    cycle: Cycle
    level: Line = Field(description="which level of the area tree is judged")
    areas: Areas | None = Field(None, description="only these of the level, and those that lie in them")
    status: Status
    owner: Line | None = None
    review_by: Day | None = None
    why: Words | None = None
    false_alarms: Words | None = Field(None, description="what makes it fire although nothing is amiss")
    references: list[Line] = Field(default_factory=list, description="where its idea is written down")
    for_: Horizon = Field(
        timedelta(0), alias="for", description="within which time it says that something will happen"
    )
    hold: Whole = Field(1, description="quiet cycles before it falls")
    cool_down: Duration = Field(timedelta(0), description="after a lift, no re-raise at the same grade")
    measures: list[MeasureChoice] = Field(default_factory=list)
    tests: list[Example] = Field(default_factory=list)


class ThresholdRule(Rule):
    """A rule on one indicator: a ladder of rungs, one for each grade."""

    indicator: Indicator
    window: WindowSpan
    baseline: Blocks = 0
    gap: Duration = timedelta(0)
    lasts: Duration = Field(timedelta(hours=24), description="how long an immediate finding stands")
    max_age: Duration = Field(timedelta(hours=48), description="older reports raise nothing at once")
    fdr: Annotated[float, Field(strict=True, ge=0, lt=1)] = Field(
        0.0, description="false-discovery rate across the areas of one cycle"
    )
    nowcast: Annotated[bool, Field(strict=True)] = Field(
        False, description="complete the last days by past reporting delays"
    )
    grades: Grades

    def blocks(self) -> int:
        """How many whole windows cover the baseline: it is never shorter than written."""
        if isinstance(self.baseline, int):
            return self.baseline
        window = _MONTH_ON_THE_WHOLE if isinstance(self.window, CalendarMonth) else self.window
        return -(-self.baseline // window) if window else 0


class FindingPattern(Strict):
    """A finding of a topic or a rule, from `grade` up, or under a test of its own."""

    topic: Line | None = None
    rule: Line | None = None
    grade: GradeWord = "blue"
    test: TestsOnly | None = None
    see: See = Field(See.STANDING, description="what stands, or (raw) what was judged, without delays")
    level: Line | None = None

    @model_validator(mode="after")
    def _one_source(self) -> FindingPattern:
        if (self.topic is None) is (self.rule is None):
            raise ValueError("a finding is named by either 'topic' or 'rule'")
        if self.test is not None and "grade" in self.model_fields_set:
            raise ValueError("a finding has either a 'grade' or a 'test' of its own")
        if self.test is not None and self.see is See.STANDING and "see" in self.model_fields_set:
            raise ValueError("a 'test' of its own knows no delays, so it is raw: leave 'see' out")
        return self


class IncidentPattern(Strict):
    """Incidents: areas that saw at least `count` of them."""

    where: Where
    count: Whole = 1
    level: Line | None = None


class Pattern(Strict):
    """One thing a correlation looks for: `finding:` or `incident:`."""

    finding: FindingPattern | None = None
    incident: IncidentPattern | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Pattern:
        if (self.finding is None) is (self.incident is None):
            raise ValueError("a pattern is either a 'finding' or an 'incident'")
        return self


Patterns = Annotated[list[Pattern], Field(min_length=1)]


class Correlate(Strict):
    """Patterns in a scope and within a time: all of them, any, at least so many, and none of others."""

    instead: ClassVar = {
        **dict.fromkeys(
            ("then", "followed_by", "before", "sequence", "order", "within_after"),
            "one thing after another is written as all: [first, second] with after: 72h (or ordered: true)",
        ),
        **dict.fromkeys(("not", "without", "absent"), "what must not be there is written as none: [...]"),
        **dict.fromkeys(("or", "either"), "of which one is enough: write any: [...]"),
        **dict.fromkeys(("and", "both"), "what must all be there is written as all: [...]"),
    }

    within: Duration
    scope: Scope
    all_: Patterns | None = Field(None, alias="all")
    any_: Patterns | None = Field(None, alias="any")
    at_least: Whole | None = None
    of: Patterns | None = None
    none: Patterns | None = Field(None, description="proven absence; never alone")
    ordered: Annotated[bool, Field(strict=True)] = False
    after: Duration | None = Field(None, description="with `all`: each within so long after the one before")
    level: Line | None = Field(None, description="the level at which patterns are looked for")

    @model_validator(mode="after")
    def _one_combination(self) -> Correlate:
        given = [key for key, value in (("all", self.all_), ("any", self.any_), ("of", self.of)) if value]
        if len(given) != 1:
            found = f"found {' and '.join(given)}" if given else "found none of them"
            raise ValueError(f"a correlation has exactly one of 'all', 'any' and 'of'; {found}")
        if self.at_least is not None and self.of is None:
            raise ValueError("'at_least' goes with 'of'")
        if self.ordered and self.all_ is None:
            raise ValueError("'ordered' goes with 'all'")
        if self.after is not None and (self.all_ is None or not self.after):
            raise ValueError("'after' goes with 'all', and says how soon each comes after the one before")
        if self.after is not None and self.after > self.within:
            raise ValueError("'after' is longer than 'within', how far back is looked: lengthen 'within'")
        return self

    def key(self) -> str:
        """Which of all, any and of is written."""
        return "all" if self.all_ else "any" if self.any_ else "of"

    def patterns(self) -> list[Pattern]:
        return self.all_ or self.any_ or self.of or []


class CorrelationRule(Rule):
    """A rule on findings and incidents together, with its own domain, topic and grade."""

    correlate: Correlate
    grade: GradeWord | None = None
    grades: dict[GradeWord, Whole] | None = Field(
        None, description="per grade: how many matches of `of` it takes"
    )

    @model_validator(mode="after")
    def _graded(self) -> CorrelationRule:
        counted = self.correlate.of is not None
        if (self.grade is None) is (not self.grades):
            raise ValueError("a correlation has either 'grade' or 'grades' (a number of matches per grade)")
        if self.grades and not counted:
            raise ValueError("'grades' counts matches of 'of'; with all and any give one 'grade'")
        if self.grades and self.correlate.at_least is not None:
            raise ValueError("'at_least' and 'grades' both say how many; keep one of them")
        if self.grade and counted and self.correlate.at_least is None:
            raise ValueError("'of' needs 'at_least', or 'grades' with a number per grade")
        return self


class RuleFile(Strict):
    """Several rules in one file."""

    rules: Annotated[list[ThresholdRule | CorrelationRule], Field(min_length=1)]


def json_schema() -> dict[str, Any]:
    """The JSON schema (2020-12) of a rule file, for completion in editors."""
    return titled("rule file", TypeAdapter(ThresholdRule | CorrelationRule | RuleFile))


def titled(what: str, of: TypeAdapter[Any]) -> dict[str, Any]:
    """The JSON schema of one kind of file with its title."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **of.json_schema(by_alias=True),
        "title": f"forewarn {what}",
    }
