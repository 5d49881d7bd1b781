"""A calendar rule with what only immediate rules have.

`lasts` and `max_age` say how long an immediate finding stands and how old a report may be. A calendar rule
is judged anew every cycle; `hold` and `cool_down` steady it.

Wrong: `cycle: daily` with `lasts: 24h`. Right: `hold: 2`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.period import Cycle
from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "immediate-only"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    rule = source.threshold
    if rule is None or rule.cycle is Cycle.IMMEDIATE:
        return
    for key in ("lasts", "max_age"):
        if key in rule.model_fields_set:
            yield (key,), f"only an immediate rule has '{key}'; a {rule.cycle} one has hold and cool_down"
