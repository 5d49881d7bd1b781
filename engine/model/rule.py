"""A rule, as the engine judges it: everything resolved, nothing left to look up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar, TypeVar

from engine.model.area import AreaTree
from engine.model.grade import Domain, Grade
from engine.model.indicator import Indicator
from engine.model.period import Cycle
from engine.model.text import Text

T = TypeVar("T")

#: Of a field that came later: a rule that does not use it has the fingerprint that it had without it.
LATER = {"later": True}
#: Of a test's parameter that is looked up, and never written.
RESOLVED = {"resolved": True}


class Status(StrEnum):
    """Only a stable rule warns; a trial rule is judged and shown to analysts."""

    DRAFT = "draft"
    TRIAL = "trial"
    STABLE = "stable"
    RETIRED = "retired"


class Scope(StrEnum):
    """Where a correlation looks for its patterns, seen from the area it judges."""

    SAME = "same"
    NEIGHBOURS = "neighbours"
    PARENT = "parent"
    ANCESTORS = "ancestors"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Test:
    """One named test with its parameters, as written: `rare: {alpha: 0.01}`."""

    #: Test runners collect classes by this name; it is none of theirs.
    __test__: ClassVar[bool] = False

    name: str
    #: Hashable, sorted pairs of parameter and value.
    params: tuple[tuple[str, object], ...] = ()

    @classmethod
    def of(cls, name: str, **params: object) -> Test:
        return cls(name, tuple(sorted(params.items())))


@dataclass(frozen=True, slots=True)
class Rung:
    """What must hold for one grade: all of `tests`, and of alternatives (`any`) all tests of one."""

    grade: Grade
    tests: tuple[Test, ...]
    delay_on: int = 1
    delay_off: int = 1
    any: tuple[tuple[Test, ...], ...] = field(default=(), metadata=LATER)

    @property
    def every(self) -> tuple[Test, ...]:
        """All its tests: those that must hold, then those of each alternative."""
        return (*self.tests, *(test for way in self.any for test in way))

    @property
    def ways(self) -> tuple[tuple[Test, ...], ...]:
        """The sets of tests of which each, wholly held, makes it hold."""
        return tuple((*self.tests, *way) for way in self.any) or (self.tests,)

    def parted(self, of: Sequence[T]) -> tuple[tuple[T, ...], tuple[tuple[T, ...], ...]]:
        """What is given for `every` test, as those that must hold and those of each alternative."""
        given = iter(of)
        musts = tuple(next(given) for _ in self.tests)
        return musts, tuple(tuple(next(given) for _ in way) for way in self.any)


@dataclass(frozen=True, slots=True)
class Measure:
    """A catalogue entry: what to do, which kind of department, within how long, from which grade."""

    code: str
    what: Text
    department: str
    within: timedelta
    grade: Grade = Grade.BLUE


@dataclass(frozen=True, slots=True)
class Window:
    """Blocks of `days`: the last one ends at the cut, `baseline` earlier ones end `gap` days before
    it begins. Immediate rules give `hours` instead and read incidents."""

    days: int = 1
    baseline: int = 0
    gap: int = 0
    hours: int = 0
    #: Blocks are calendar months, of which `days` is no more than the usual length.
    month: bool = field(default=False, metadata=LATER)
    #: How long an immediate finding stands.
    lasts: timedelta = timedelta(hours=24)
    #: An immediate rule ignores what became known longer than this after it happened.
    max_age: timedelta = timedelta(hours=48)


class See(StrEnum):
    """What of a rule a pattern looks at: what stands after delays and holds, or what was judged at a cut."""

    STANDING = "standing"
    RAW = "raw"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One thing a correlation looks for: findings of a topic (or a rule), or incidents.

    For `finding`: `topic` or `rule`, from `grade` up, as it stands or as judged at each cut (`see`), or
    under the pattern's own tests `tests` instead of the rule's rungs. For `incident`: `indicator`, counted
    in areas that saw at least `count`.
    """

    kind: str
    topic: str = ""
    rule: str = ""
    grade: Grade = Grade.BLUE
    tests: tuple[Test, ...] = ()
    see: See = See.STANDING
    indicator: Indicator | None = None
    count: int = 1
    #: Areas of this level are looked at; empty means the level of the rule that finds, or the
    #: correlation's own.
    level: str = ""

    @property
    def standing(self) -> bool:
        """Whether it looks at what stands; tests of its own know no delays."""
        return self.kind == "finding" and self.see is See.STANDING and not self.tests


class Combine(StrEnum):
    """How a correlation combines its patterns."""

    ALL = "all"
    ANY = "any"
    AT_LEAST = "at_least"


@dataclass(frozen=True, slots=True)
class Correlation:
    """Patterns, how they combine, and where and how far back they are looked for."""

    combine: Combine
    of: tuple[Pattern, ...]
    none: tuple[Pattern, ...] = ()
    within: timedelta = timedelta(days=1)
    scope: Scope = Scope.SAME
    ordered: bool = False
    #: Of patterns in order: how long after the one before each comes at most; zero is at any time after.
    after: timedelta = field(default=timedelta(0), metadata=LATER)
    #: For each grade, how many pattern matches it takes (`at_least`); else the single grade.
    rungs: tuple[tuple[Grade, int], ...] = ()


#: How many days ahead a rule speaks that does not say so.
AHEAD = {Cycle.IMMEDIATE: 1, Cycle.DAILY: 1, Cycle.WEEKLY: 7, Cycle.MONTHLY: 30}
#: The longest `hold` with which a warning still falls in time.
LONGEST_HOLD = {Cycle.DAILY: 14, Cycle.WEEKLY: 8, Cycle.MONTHLY: 3, Cycle.IMMEDIATE: 1000}


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule; exactly one of `indicator` and `correlation` is given."""

    id: str
    title: Text
    domain: Domain
    topic: str
    cycle: Cycle
    level: str
    #: Of the areas of its level those that it judges; None is all.
    areas: frozenset[str] | None = field(default=None, metadata=LATER)
    status: Status = Status.STABLE
    owner: str = ""
    review_by: date | None = None
    why: Text = Text("")
    #: What makes it fire although nothing is amiss, and where its idea is written down.
    false_alarms: Text = Text("")
    references: tuple[str, ...] = ()
    indicator: Indicator | None = None
    #: The denominator of `share_of`.
    share_of: Indicator | None = None
    window: Window = Window()
    rungs: tuple[Rung, ...] = ()
    correlation: Correlation | None = None
    cool_down: timedelta = timedelta(0)
    #: Within which time it says that something will happen; zero is one period of its cycle.
    horizon: timedelta = timedelta(0)
    measures: tuple[Measure, ...] = ()
    #: False-discovery rate across the areas of one cycle (Benjamini-Hochberg); 0 is off.
    fdr: float = 0.0
    #: Judge the last days by what will have been reported of them, estimated from past delays.
    nowcast: bool = False
    #: SHA-256 (16 digits) of the rule's canonical text with everything resolved.
    hash: str = ""
    #: The same of what decides its findings alone: a title or a measure may change and it stays.
    meaning: str = ""
    #: Where it was written.
    path: str = ""
    line: int = 0
    #: The pack that it comes from, with its version; empty for a rule of the centre's own.
    pack: str = ""

    def judges(self, area: str) -> bool:
        """Whether an area of its level is one of those that it judges."""
        return self.areas is None or area in self.areas

    def places(self, tree: AreaTree) -> tuple[str, ...]:
        """The areas that it judges, in the order of its level."""
        return tuple(area for area in tree.at(self.level) if self.judges(area))

    @property
    def sense(self) -> str:
        """Findings under an equal one were judged alike."""
        return self.meaning or self.hash

    @property
    def ahead(self) -> int:
        """How many days ahead it speaks."""
        return self.horizon.days or AHEAD[self.cycle]

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """Everything it counts or adds up."""
        of = [self.indicator, self.share_of]
        if self.correlation is not None:
            of += [pattern.indicator for pattern in (*self.correlation.of, *self.correlation.none)]
        return tuple(indicator for indicator in of if indicator is not None)

    @property
    def counted(self) -> frozenset[str]:
        """Every category among them."""
        return frozenset(code for indicator in self.indicators for code in indicator.categories)

    @property
    def stands(self) -> bool:
        """Whether its findings become warnings."""
        return self.status is Status.STABLE

    @property
    def judged(self) -> bool:
        return self.status in (Status.STABLE, Status.TRIAL)


@dataclass(frozen=True)
class RuleBook:
    """The rules in force together, by id, with one hash over all of them."""

    rules: Mapping[str, Rule] = field(default_factory=dict)
    hash: str = ""

    def of(self, cycle: Cycle) -> tuple[Rule, ...]:
        """The judged rules of one cycle, by id."""
        return tuple(
            self.rules[id_] for id_ in sorted(self.rules)
            if self.rules[id_].cycle is cycle and self.rules[id_].judged
        )  # fmt: skip

    @property
    def urgent(self) -> frozenset[str]:
        """The categories of which nothing waits for the end of a day."""
        rules = self.of(Cycle.IMMEDIATE)
        return frozenset(code for rule in rules if rule.indicator for code in rule.indicator.categories)

    def ahead(self, topic: str) -> int:
        """How many days ahead the warnings of a topic speak: as far as any rule behind them."""
        rules = [rule for rule in self.rules.values() if rule.topic == topic and rule.stands]
        return max((rule.ahead for rule in rules), default=1)

    def indicators(self) -> dict[str, Indicator]:
        """Every indicator the ledger must keep, by key."""
        return {
            indicator.key: indicator for rule in self.rules.values() for indicator in rule.indicators
        }
