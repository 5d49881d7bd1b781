"""What stands behind warnings, read when somebody looks at them: of thousands a page shows some dozens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from engine.cycle.world import World
from engine.model.finding import Finding
from engine.model.warning import RiskWarning
from engine.notify.evidence import Evidence, evidence
from engine.notify.reference import Reference
from engine.store import judgement

#: Of so many at once what stands behind them is read in one statement.
AT_ONCE = 200


class Behind:
    """The evidence of open warnings, the gravest first; of others there is none."""

    def __init__(self, world: World, reference: Reference, warnings: Mapping[str, RiskWarning]) -> None:
        self._world, self._reference, self._warnings = world, reference, warnings
        self._told: dict[str, tuple[Evidence, ...]] = {}

    def of(self, id_: str) -> tuple[Evidence, ...]:
        self.look_up([id_])
        return self._told.get(id_, ())

    def look_up(self, ids: Iterable[str]) -> None:
        """Before many of them are shown: read together what would be read one by one."""
        wanted = [
            self._warnings[id_] for id_ in dict.fromkeys(ids)
            if id_ not in self._told and id_ in self._warnings and self._warnings[id_].open
        ]  # fmt: skip
        for first in range(0, len(wanted), AT_ONCE):
            self._read(wanted[first : first + AT_ONCE])

    def _read(self, warnings: list[RiskWarning]) -> None:
        standing: dict[tuple[str, str], list[Finding]] = defaultdict(list)
        with self._world.store.read() as tx:
            for finding in judgement.standing_findings(tx, {(one.area, one.topic) for one in warnings}):
                standing[finding.area, finding.topic].append(finding)
        for one in warnings:
            self._told[one.id] = evidence(one, standing[one.area, one.topic], self._reference)
