"""Warnings and the steps of their lives; `RiskWarning`, because `Warning` is Python's."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from engine.model.chance import Chance
from engine.model.grade import Confidence, Domain, Grade


class Step(StrEnum):
    """What happened to a warning."""

    PROPOSED = "proposed"
    ISSUED = "issued"
    DECLINED = "declined"
    UPGRADED = "upgraded"
    DOWNGRADED = "downgraded"
    #: A proposal that nothing calls for any more.
    WITHDRAWN = "withdrawn"
    HELD = "held"
    LIFTED = "lifted"
    EXPIRED = "expired"


class Issuer(StrEnum):
    """Who lets a grade pass, by rank."""

    ITSELF = "itself"
    #: Nobody answered in time, and it went out all the same, marked as not yet approved.
    UNANSWERED = "unanswered"
    #: Somebody by hand, until the end that they gave: then automation decides again.
    HAND = "hand"
    DUTY = "duty"
    LEADER = "leader"
    #: Two people, each by an account of their own.
    TWO = "two"


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskWarning:
    """A graded risk of one topic in one area, kept open from cycle to cycle until lifted."""

    #: Deterministic: area, topic and opening period.
    id: str
    area: str
    topic: str
    domain: Domain
    grade: Grade
    score: float
    confidence: Confidence
    confidence_cause: str = ""
    title_en: str
    title_zh: str = ""
    since: datetime
    #: The last run that judged it, and since when it has been held blind (None: it is not).
    judged_at: datetime
    blind_since: datetime | None = None
    lifted_at: datetime | None = None
    #: Rules whose findings stand behind it, the highest first.
    rules: tuple[str, ...] = ()
    #: Who let its grade pass.
    issuer: Issuer = Issuer.ITSELF
    #: The grade that waits for somebody with authority, since when, and the key of its change.
    proposed: Grade | None = None
    proposed_at: datetime | None = None
    proposal: str = ""
    #: How likely what it says is, learned from what its leading rule said before; None: too little is known.
    chance: Chance | None = None

    @property
    def open(self) -> bool:
        return self.lifted_at is None

    @property
    def issued(self) -> bool:
        """Whether anybody was ever told: a warning that was only proposed has no grade yet."""
        return self.grade is not Grade.NONE

    @property
    def waits(self) -> Grade | None:
        """A graver grade than it stands at, which somebody has still to let pass."""
        return self.proposed if self.proposed is not None and self.proposed > self.grade else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One step of a warning's life, with its reason; notification is derived from it."""

    warning: str
    step: Step
    at: datetime
    before: Grade
    after: Grade
    reason: str
    #: The run's key, or the person's act.
    by: str
    #: Who let it pass.
    issuer: Issuer = Issuer.ITSELF

    @property
    def key(self) -> str:
        """Deterministic: the same change has the same key in every history."""
        return f"{self.warning}/{self.by}/{self.step}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What conclude remembers of one rule in one area: counters as judged then.

    rule_hash: the rule's `sense`. `on` and `off` count consecutive holding and not-holding cycles per rung,
    lowest first.
    """

    rule: str
    area: str
    topic: str
    domain: Domain
    rule_hash: str
    on: tuple[int, ...]
    off: tuple[int, ...]
    #: The grade of the finding that stands now, since when there is one, and when it last rose.
    grade: Grade = Grade.NONE
    since: datetime | None = None
    raised_at: datetime | None = None
    #: Of an immediate finding: when each grade ends by itself, lowest first, and the end of the one it is at.
    ends: tuple[tuple[Grade, datetime], ...] = ()
    until: datetime | None = None
    #: The rule's `sense` when the grade was last found.
    found_as: str = ""
    lifted_at: datetime | None = None
    lifted_grade: Grade = Grade.NONE
    confidence: Confidence = Confidence.HIGH
    confidence_cause: str = ""
    #: Since when the rule has been unable to tell.
    blind_since: datetime | None = None
    trial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """0-100 per area and domain: it sorts lists and shades the map, it is never a colour."""

    area: str
    domain: Domain
    value: float
    #: Everything that entered: (rule, area, grade, points).
    parts: tuple[tuple[str, str, str, float], ...] = field(default=())
