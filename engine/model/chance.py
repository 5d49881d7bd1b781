"""What a warning claims: how often such warnings came true, and so how likely this one is to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.model.text import numbered

#: What tells factors among the facts of a signal.
ODDS = "odds by "


@dataclass(frozen=True, slots=True)
class Chance:
    """What is known of earlier judgements alike: of `told` of them `came` came true within `days` days.

    chance: what follows for the next one, 0 to 1, with the ends of its 95 % interval. It is not came / told
    alone: what was seen seldom is drawn toward what rules alike have seen, and no grade claims less than a
    lesser one.
    """

    chance: float
    low: float
    high: float
    came: int
    told: int
    days: int

    @property
    def sentence(self) -> str:
        """In plain words, with the numbers it comes from."""
        days = numbered(self.days, "day")
        return f"{self.came} of {self.told} such warnings came true within {days}"

    @property
    def sentence_zh(self) -> str:
        return f"此类预警 {self.told} 次中有 {self.came} 次在 {self.days} 天内应验"

    @property
    def percent(self) -> str:
        return f"{percent(self.chance)} ({percent(self.low)} to {percent(self.high)})"


def raised(facts: Mapping[str, float | str]) -> list[tuple[str, float]]:
    """Of the facts of a signal, what raised its odds and then what lowered them, by how much: the most
    first."""
    found = [(name.removeprefix(ODDS), float(of)) for name, of in facts.items() if name.startswith(ODDS)]
    return sorted(found, key=lambda one: (-one[1], one[0]))


def percent(share: float) -> str:
    """Two digits and no more: nobody knows a chance any better."""
    return f"{100 * share:.2g} %" if share < 0.995 else "over 99 %"
