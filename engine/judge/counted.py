"""The incidents behind a finding: what its rule counted, as known when it was judged."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from engine.judge.panels import Panels
from engine.model.finding import Trace
from engine.model.incident import Incident
from engine.model.indicator import Take
from engine.model.period import Cycle
from engine.model.rule import Rule

#: Nothing that is open was opened before.
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


def counted(rule: Rule, panels: Panels, trace: Trace, due_at: datetime) -> list[Incident]:
    """The incidents of the judged window below the area, oldest first, as known strictly before the run was
    due; of a stock all that are open at its end. A correlation counts none of its own."""
    if rule.indicator is None:
        return []
    since, until = (_moment(panels, text) for text in trace.window)
    if rule.cycle is Cycle.IMMEDIATE:
        until += timedelta(days=1)
    if rule.indicator.take is Take.OPEN:
        before = panels.incidents(rule.indicator, _EVER, until - rule.indicator.older, due_at)
        told = [one for one in before if one.ended_at is None or one.ended_at > until]
    else:
        told = list(panels.incidents(rule.indicator, since, until, due_at))
    found = (one for one in told if any(trace.area in panels.tree.lineage(code) for code in one.areas))
    return sorted(found, key=lambda one: (one.occurred_at, *one.identity))


def _moment(panels: Panels, text: str) -> datetime:
    if len(text) == 10:
        return panels.calendar.midnight(date.fromisoformat(text))
    return datetime.fromisoformat(text)
