"""The one judge: `find` what rules say, `conclude` what that changes. Pure; nothing else decides.

`find` is stateless and heavy: it may run outside locks, for many cuts at once. `conclude` is light and
runs inside the committing transaction. The live cycle, the immediate path, the backtest, the rule tests
and every what-if call these two.
"""

from __future__ import annotations

from engine.judge.explain import trace_of
from engine.judge.find import Correlate, Found, find
from engine.judge.immediate import find_immediate
from engine.judge.ladder import ladder
from engine.judge.panels import Panels
from engine.warn.conclude import Before, Conclusion, Terms, conclude

__all__ = [
    "Before",
    "Conclusion",
    "Correlate",
    "Found",
    "Panels",
    "Terms",
    "conclude",
    "find",
    "find_immediate",
    "ladder",
    "trace_of",
]
