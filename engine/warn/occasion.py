"""When a place is looked at anew, and what that is called: a run, a person's act, or the hour itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from engine.model.act import Act
from engine.model.period import Period


@dataclass(frozen=True)
class Occasion:
    """name: in the keys of changes; code: in the ids of the warnings it opens; act: the act that it is."""

    at: datetime
    name: str
    code: str
    act: str = ""

    @classmethod
    def of_run(cls, period: Period) -> Occasion:
        code = f"{period.cycle[0]}{re.sub('[-:]', '', period.key)}"
        return cls(period.due_at, f"{period.cycle}/{period.key}", code)

    @classmethod
    def of_act(cls, act: Act) -> Occasion:
        return cls(act.at, f"act/{_short(act.at)}", f"h{_short(act.at)}", act.id)

    @classmethod
    def of_clock(cls, at: datetime) -> Occasion:
        return cls(at, f"clock/{_short(at)}", f"c{_short(at)}")

    def by(self, act: str) -> str:
        """The author of a change that an act makes: where the act was done earlier, with the occasion,
        because one act may decide the same more than once."""
        return act if act == self.act else f"{act}@{self.code}"


def _short(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%S}"
