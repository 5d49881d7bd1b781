"""What a model of chances is learned for, and where the judge finds it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Protocol

from engine.chance.model import Lack, Model
from engine.detect import alert, chance
from engine.detect.evaluate import params
from engine.model.indicator import Indicator
from engine.model.period import Cycle
from engine.model.rule import Rule


@dataclass(frozen=True)
class Asked:
    """What one model is learned for; rungs and rules that ask the same share it."""

    topic: str
    domain: str
    level: str
    cycle: Cycle
    indicator: Indicator
    params: chance.Params

    @classmethod
    def by(cls, rule: Rule, params: chance.Params) -> Asked:
        assert rule.indicator is not None
        topic, domain = ("", "") if params.of else (rule.topic, rule.domain.value)
        return cls(topic, domain, rule.level, rule.cycle, rule.indicator, params.asked)

    @property
    def ahead(self) -> int:
        return self.params.ahead

    @cached_property
    def key(self) -> str:
        """SHA-256 (16 digits) of all of it: a changed cut changes nothing, a changed filter all."""
        of, params = self.indicator, self.params
        days = [sorted(params.days.days), params.days.first, params.days.last] if params.days else None
        said = [
            self.topic, self.level, self.cycle.value, of.key, of.take.value, params.ahead, params.of,
            sorted(params.categories), params.calendar, days,
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]

    @property
    def alerts(self) -> alert.Params | None:
        return alert.Params(self.params.categories) if self.params.categories else None


def asks(rule: Rule) -> set[Asked]:
    """What models the rungs of a rule need."""
    return {Asked.by(rule, params(test)) for rung in rule.rungs for test in rung.every
            if test.name == chance.ID}  # fmt: skip


@dataclass(frozen=True)
class Kept:
    """A model with the morning on which it was learned, and what it takes to make its columns.

    pace: what is counted a day on average, the unit of the rates.
    """

    model: Model
    morning: date
    pace: float = 1.0


class Models(Protocol):
    """Where the judge finds what was learned."""

    def of(self, asked: Asked, cut: date) -> Kept | Lack | None:
        """What was in force at a cut; None where nobody has learned it yet."""


class Unlearned:
    """Where nothing is learned."""

    def of(self, asked: Asked, cut: date) -> Kept | Lack | None:
        return None
