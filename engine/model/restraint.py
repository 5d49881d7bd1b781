"""When a receiver would rather not be told of what is not grave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, slots=True, kw_only=True)
class Restraint:
    """What holds back messages below orange; orange and red always go at once."""

    #: From when to when, by the clocks of the place, nothing comes.
    quiet: tuple[time, time] | None = None
    #: The times of day at which all that came since comes as one.
    digest: tuple[time, ...] = ()
    #: So many a day come by themselves; the others together, at the next digest or when the day is over.
    budget: int | None = None
    #: So many an hour; the others together when the hour is over.
    hourly: int | None = None

    @property
    def counts(self) -> bool:
        """Whether it matters how many have come by themselves."""
        return (self.budget is not None or self.hourly is not None) and not self.digest
