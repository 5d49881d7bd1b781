"""How feeds, pasts and cycles are at this moment: what `status` and `doctor` both say, each from here, so
that neither says of one thing what the other denies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.cycle import comparable, hearing
from engine.model.feed import Feed
from engine.model.period import Period
from engine.model.text import numbered

#: States that nobody need do anything about; `young`: as it must be while a source is new.
FINE = frozenset({"ok", "young"})


@dataclass(frozen=True)
class Condition:
    """One thing that was looked at: its state (`ok`, or a word for what is the matter), what of it, and since
    when."""

    what: str
    name: str
    state: str = "ok"
    detail: str = ""
    since: datetime | None = None


def feed(of: Feed, heard: hearing.Hearing) -> Condition:
    """How a feed is heard."""
    return Condition("feed", of.id, heard.state, heard.detail, heard.since)


def baseline(of: comparable.Young) -> Condition:
    """Rules whose past is too short yet."""
    return Condition("baseline", numbered(len(of.rules), "rule"), "young", str(of))


def cycles(waiting: Sequence[Period], grace: timedelta, now: datetime) -> Condition:
    """Whether periods are judged in time."""
    behind = any(now - period.due_at > grace for period in waiting)
    said = f"{numbered(len(waiting), 'period')} {'is' if len(waiting) == 1 else 'are'} due"
    said += f", first {waiting[0].cycle} {waiting[0].key}" if waiting else ""
    return Condition(
        "cycles", "due", "behind" if behind else "ok", said, waiting[0].due_at if waiting else None
    )
