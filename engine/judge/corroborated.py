"""Two feeds that tell the same without each other are surer than either."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from engine.judge.counted import counted
from engine.judge.panels import Panels
from engine.model.finding import Trace
from engine.model.grade import Confidence
from engine.model.rule import Rule

#: Of the incidents behind a finding, the share that another feed tells too.
_MOST = 0.5
_SAID = "raised, because two feeds tell of most of the incidents"


def corroborated(rule: Rule, panels: Panels, why: Trace, cut: date) -> Trace:
    """The trace, its confidence one step better where most of its incidents are told by two feeds. A lower
    bound stays one: of what nobody told, what was told twice says nothing."""
    whole = why.data_state in ("observed", "observed zero")
    if not panels.linked or not whole or why.confidence is Confidence.HIGH:
        return why
    behind = counted(rule, panels, why, panels.calendar.cut_at(cut))
    if not behind or sum(bool(one.also) for one in behind) <= _MOST * len(behind):
        return why
    better = Confidence(why.confidence + 1)
    return replace(why, confidence=better, confidence_cause=f"{why.confidence_cause}; {_SAID}")
