"""What messages look up of a warning in the store: its changes, and the incidents behind its findings."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from engine.cycle.panels import StorePanels
from engine.cycle.world import World
from engine.judge import counted
from engine.model.demand import Demand
from engine.model.finding import Finding
from engine.model.incident import Incident
from engine.model.period import Cycle
from engine.model.warning import Change
from engine.notify.records import Records
from engine.store import demands, judgement, runs
from engine.store.database import Tx


def records(world: World, tx: Tx) -> Records:
    """As this transaction sees them."""

    @cache
    def panels(seq: int | None) -> StorePanels:
        return StorePanels(tx, world.settings, seq)

    def behind(finding: Finding) -> Sequence[Incident]:
        rule = world.book.rules.get(finding.rule)
        if rule is None:
            return ()
        seq = runs.seq_of(tx, Cycle(finding.cycle), finding.period)
        return counted(rule, panels(seq), finding.trace, finding.at)

    def changes(warning: str) -> Sequence[Change]:
        return judgement.changes(tx, warning)

    def asked(warning: str) -> Sequence[Demand]:
        return demands.of(tx, [warning])

    return Records(counted=behind, changes=changes, demands=asked)
