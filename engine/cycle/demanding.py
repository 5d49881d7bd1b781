"""Which measures runs and people ask for: kept as they read at that moment, in the transaction that asks.

A rule that is edited or taken away meanwhile, and a catalogue that names another department, change nothing
that was asked; what they say now is asked for where the rule finds something again, from then on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from engine.cycle.world import World
from engine.duty.task import demanded
from engine.judge import Conclusion
from engine.model.demand import Demand
from engine.model.rule import Measure
from engine.model.warning import Change, RiskWarning
from engine.store import demands, judgement, meta
from engine.store.database import Tx

#: Set once what was asked for before measures were kept has been.
_KEPT = "measures kept"


def ask(world: World, tx: Tx, concluded: Conclusion, run: int | None) -> None:
    """What a run, or an act between runs, asks for: by its changes, and by what it found of open warnings;
    its time runs from when whoever is asked learns of it."""
    found: dict[tuple[str, str], set[str]] = {}
    for finding in concluded.findings:
        if not finding.trial:
            found.setdefault((finding.area, finding.topic), set()).add(finding.rule)
    changed = {change.warning for change in concluded.changes}
    behind = {
        one: {*one.rules, *found.get((one.area, one.topic), ())}
        for one in concluded.warnings if one.id in changed or (one.area, one.topic) in found
    }  # fmt: skip
    asked = _asked(world, tx, concluded.changes, behind)
    demands.add(tx, run, [replace(one, at=world.told_at(one.at)) for one in asked])


def adopt(world: World, tx: Tx) -> None:
    """Once: what was asked for by a version that kept no measures, as the rules read now."""
    if meta.get(tx, _KEPT) is None:
        warnings = judgement.warnings(tx)
        if warnings:
            found = judgement.rules_behind(tx, min(one.since for one in warnings))
            behind = {
                one: {*one.rules, *(
                    rule for rule, last in found.get((one.area, one.topic), {}).items() if last >= one.since
                )}
                for one in warnings
            }  # fmt: skip
            demands.add(tx, None, _asked(world, tx, judgement.changes(tx), behind))
        meta.put(tx, _KEPT, "yes")


def _asked(
    world: World, tx: Tx, changes: Sequence[Change], behind: dict[RiskWarning, set[str]]
) -> list[Demand]:
    """What was not asked for before."""
    wanted = [(one, measures) for one, rules in behind.items() if (measures := _measures(world, rules))]
    if not wanted:
        return []
    known = demands.known(tx, [one.id for one, _ in wanted])
    outlive = {code for code, one in world.settings.catalogue.items() if one.outlives}
    return demanded(changes, wanted, known, outlive)


def _measures(world: World, rules: Iterable[str]) -> list[Measure]:
    known = world.book.rules
    return [measure for id_ in sorted(rules) if id_ in known for measure in known[id_].measures]
