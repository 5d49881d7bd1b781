"""How many warnings each receiver would hear of in a week, and whether that is more than it can take."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.backtest.history import Span
from engine.judge import Conclusion
from engine.model.area import AreaTree
from engine.model.message import Route
from engine.model.period import Period
from engine.notify.audience import hearings

#: When each receiver first heard of each warning.
Heard = Mapping[str, Sequence[datetime]]


@dataclass(frozen=True)
class Ways:
    """Who hears of what: the routes, the tree they refer to, and whether the worse mutes the lesser."""

    routes: Sequence[Route]
    tree: AreaTree
    inhibit: bool = False


@dataclass(frozen=True, kw_only=True)
class Load:
    """How many warnings one receiver hears of in some weeks, before and after a rule is promoted.

    allowed: how many its budget allows in that time, None where it has none; busiest: the most in one
    ISO week after.
    """

    receiver: str
    before: int
    after: int
    allowed: float | None
    busiest: int

    @property
    def over(self) -> bool:
        """Whether the promotion, and not something else, asks too much of the receiver."""
        return self.allowed is not None and self.after > self.allowed and self.after > self.before


def heard(
    lived: Iterable[tuple[Period, Conclusion]], ways: Ways, since: datetime | None = None
) -> Heard:
    """Follow every warning along the routes; a warning counts once, whatever becomes of it, and none that
    was heard of by `since`."""
    told: dict[str, set[str]] = {}
    found: dict[str, list[datetime]] = defaultdict(list)
    for _, concluded in lived:
        warnings = {warning.id: warning for warning in concluded.warnings}
        for change, hearing in hearings(
            concluded.changes, warnings, ways.routes, ways.tree.lineage, told, inhibit=ways.inhibit
        ):
            for receiver in sorted(hearing - told.get(change.warning, set())):
                if since is None or change.at > since:
                    found[receiver].append(change.at)
    return found


def loads(
    before: Heard, after: Heard, rest: Heard, budget: Mapping[str, float], span: Span
) -> tuple[Load, ...]:
    """The receivers that hear more after than before.

    before, after: of the warnings that the promotion can change; rest: of all the others; budget:
    warnings a week by receiver.
    """
    found = []
    for receiver in sorted(after):
        was, is_, others = (len(part.get(receiver, ())) for part in (before, after, rest))
        if is_ > was:
            moments = [*after[receiver], *rest.get(receiver, ())]
            weekly = budget.get(receiver)
            found.append(
                Load(
                    receiver=receiver, before=was + others, after=is_ + others,
                    allowed=None if weekly is None else weekly * span.weeks, busiest=_busiest(moments, span),
                )
            )  # fmt: skip
    return tuple(found)


def _busiest(moments: Iterable[datetime], span: Span) -> int:
    weeks = Counter(moment.astimezone(span.calendar.zone).isocalendar()[:2] for moment in moments)
    return max(weeks.values(), default=0)
