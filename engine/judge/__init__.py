"""The one judge: `find` what rules say, `conclude` what that changes. Pure; nothing else decides.

`find` is stateless and heavy: it may run outside locks, for many cuts at once. `conclude` is light and
runs inside the committing transaction. The live cycle, the immediate path, the backtest, the rule tests
and every what-if call these two.
"""

from __future__ import annotations

from engine.judge.correlator import Correlate, Correlator, looked_back, parts
from engine.judge.counted import counted
from engine.judge.explain import trace_of
from engine.judge.find import Found, find
from engine.judge.immediate import find_immediate
from engine.judge.ladder import ladder
from engine.judge.panels import Panels
from engine.judge.past import Past
from engine.warn.conclude import Before, Conclusion, Terms, conclude, reconsider
from engine.warn.lasting import next_end
from engine.warn.settle import Ground

__all__ = [
    "Before",
    "Conclusion",
    "Correlate",
    "Correlator",
    "Found",
    "Ground",
    "Panels",
    "Past",
    "Terms",
    "conclude",
    "counted",
    "find",
    "find_immediate",
    "ladder",
    "looked_back",
    "next_end",
    "parts",
    "reconsider",
    "trace_of",
]
