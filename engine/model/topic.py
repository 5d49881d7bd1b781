"""The named risks that rules warn of, and the closed catalogue of what may be done about them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.model.grade import Domain
from engine.model.rule import Measure
from engine.model.text import Text


@dataclass(frozen=True, slots=True)
class Topic:
    """A named risk; warnings are kept per area and topic."""

    id: str
    title: Text
    domain: Domain


class Aim(StrEnum):
    """What a measure is meant to do."""

    TRAFFIC = "traffic"
    MEDICAL = "medical"
    FACILITATION = "facilitation"
    MEDIATION = "mediation"
    PATROL = "patrol"
    RESCUE = "rescue"
    PROTECTION = "protection"
    TECHNICAL = "technical"
    INFORMATION = "information"
    COORDINATION = "coordination"


#: The one topic whose rules may name what is protected; its findings enter no score.
CROWD_TOPIC = "crowd-safety"
#: All that a crowd-safety rule (one that selects a protected category) may ask for.
CROWD_SAFETY = frozenset({Aim.TRAFFIC, Aim.MEDICAL, Aim.FACILITATION, Aim.MEDIATION})


@dataclass(frozen=True, slots=True)
class ListedMeasure(Measure):
    """A measure of the closed catalogue, with the topics and domains whose rules may name it."""

    aim: Aim = Aim.COORDINATION
    topics: frozenset[str] = frozenset()
    domains: frozenset[Domain] = frozenset()
    #: Asked for until it is done, though the warning has ended.
    outlives: bool = False

    def fits(self, topic: str, domain: Domain) -> bool:
        """Whether a rule of `topic` in `domain` may name it; one listed for neither fits all."""
        unbound = not self.topics and not self.domains
        return unbound or topic in self.topics or domain in self.domains
