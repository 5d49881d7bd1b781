"""The incidents behind a finding: what its rule counted, as known when it was judged."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from engine.judge.panels import Panels
from engine.model.finding import Trace
from engine.model.incident import Incident
from engine.model.period import Cycle
from engine.model.rule import Rule


def counted(rule: Rule, panels: Panels, trace: Trace, due_at: datetime) -> list[Incident]:
    """The incidents of the judged window below the area, oldest first, as known strictly before the run was
    due. A correlation counts none of its own."""
    if rule.indicator is None:
        return []
    since, until = (_moment(panels, text) for text in trace.window)
    if rule.cycle is Cycle.IMMEDIATE:
        until += timedelta(days=1)
    found = (
        one for one in panels.incidents(rule.indicator, since, until, due_at)
        if any(trace.area in panels.tree.lineage(code) for code in one.areas)
    )  # fmt: skip
    return sorted(found, key=lambda one: (one.occurred_at, *one.identity))


def _moment(panels: Panels, text: str) -> datetime:
    if len(text) == 10:
        return panels.calendar.midnight(date.fromisoformat(text))
    return datetime.fromisoformat(text)
