"""What one shift passes to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from engine.model.act import Act
from engine.model.lap import Lap
from engine.model.response import Response
from engine.model.task import Task
from engine.model.warning import Change, RiskWarning


@dataclass(frozen=True, kw_only=True)
class Handover:
    """The note at the end of a shift; every listing the gravest or the earliest first."""

    begins: datetime
    ends: datetime
    #: Whose shift it was; empty where none was asked for.
    rota: str = ""
    team: tuple[str, ...] = ()
    open: Sequence[RiskWarning] = ()
    #: The open warnings with a proposal that waits for somebody.
    waiting: Sequence[RiskWarning] = ()
    #: Rises that a receiver was told of and has not acknowledged.
    unanswered: Sequence[Lap] = ()
    overdue: Sequence[Task] = ()
    plans: Sequence[Response] = ()
    #: Feeds that are not heard well: (feed, state, what to do).
    blind: Sequence[tuple[str, str, str]] = ()
    changes: Sequence[Change] = ()
    acts: Sequence[Act] = ()
    #: Silences in force, which end in the next shift or later.
    silences: Sequence[Act] = field(default=())
