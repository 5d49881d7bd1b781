"""What messages are called: after their warning, or as GB/T 35965.1-2018 has it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_BEIJING = ZoneInfo("Asia/Shanghai")
#: One digit tells the messages of a second apart.
_MOST = 10
_SECOND = timedelta(seconds=1)


def own(feed: str, warning: str, number: int) -> str:
    """Feed, warning, and the number in its chain: deterministic, never reused."""
    return re.sub(r"[^\w.:-]", "_", f"{feed}.{warning}.{number}")


@dataclass(slots=True)
class Sequence:
    """The identifiers of one body, in order: `ZZZZZZDDDUUUXX_YYYYMMDDhhmmss_N` in Beijing time.

    A second has ten; what is planned beyond them is dated a second later.
    """

    organisation: str
    #: The last one that was given; empty where none was.
    last: str = ""

    def following(self, now: datetime) -> tuple[datetime, str]:
        """The next free one from `now` on, and its moment."""
        at, number = now.replace(microsecond=0), 0
        if self.last:
            then, taken = self._read(self.last)
            if then >= at:
                at, number = (then, taken + 1) if taken + 1 < _MOST else (then + _SECOND, 0)
        self.last = f"{self.organisation}_{at.astimezone(_BEIJING):%Y%m%d%H%M%S}_{number}"
        return at, self.last

    def _read(self, identifier: str) -> tuple[datetime, int]:
        _, moment, number = identifier.split("_")
        return datetime.strptime(moment, "%Y%m%d%H%M%S").replace(tzinfo=_BEIJING), int(number)
