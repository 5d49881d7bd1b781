"""Pure numerics on panels: one module per test, found by its name in `TESTS`.

A test is a module with `ID`, `Params`, `past(params, window)` and `model(series, params)`; see
`engine.detect.series` for the shapes.
"""

from __future__ import annotations

from types import ModuleType

from engine.detect import (
    alert,
    at_least,
    at_most,
    chance,
    change,
    cusum,
    during,
    ears,
    forecast,
    new,
    on,
    percentile,
    rare,
    rate_at_least,
    share_of,
    silent,
    trend,
)
from engine.detect.cluster import rung as cluster_rung
from engine.detect.farrington import rung as farrington_rung
from engine.detect.near_repeat import rung as near_repeat_rung

#: The tests a rung may name.
TESTS: dict[str, ModuleType] = {
    module.ID: module
    for module in (
        at_least, at_most, rate_at_least, share_of, change, ears, rare, farrington_rung, cusum, trend,
        forecast, cluster_rung, near_repeat_rung, new, silent, alert, on, chance, percentile,
    )
}  # fmt: skip

#: Every test that is judged: those, and what watch periods add.
JUDGED: dict[str, ModuleType] = {**TESTS, during.ID: during}
#: Those of them that no count decides.
GIVEN = frozenset({alert.ID, on.ID, during.ID})
