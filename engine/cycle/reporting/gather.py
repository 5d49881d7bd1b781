"""The figures of one report: one period, one area and what lies below it, as it was known when it was due."""

from __future__ import annotations

from datetime import datetime

from engine.cycle.reporting import answers, domains, sources, standing
from engine.cycle.reporting.frame import Frame
from engine.cycle.reporting.lines import lines
from engine.cycle.world import World
from engine.model.period import Period
from engine.report.figures import Figures
from engine.store import meta


def figures(world: World, period: Period, area: str) -> Figures:
    """What the report on a period says of an area. Nothing that became known after it was due is in it."""
    with world.store.read() as tx:
        of = Frame.of(world, tx, period, area)
        found = lines(of.behind, list(of.then.warnings.values()))
        mark = meta.get(tx, "judge_from")
        begun = datetime.fromisoformat(mark) if mark else None
        issued, year = standing.issued(of, begun)
        return Figures(
            cycle=period.cycle.value,  # type: ignore[arg-type]  # what is judged at once has no report
            area=area, place=world.settings.tree[area].name, period=period.key, first=of.first,
            last=of.last, begins=of.local(of.since), at=of.local(of.at), next_at=of.local(of.after.due_at),
            judged_since=of.local(begun) if begun else None, lines=tuple(found),
            situations=tuple(standing.bundled(of)), domains=tuple(domains.all_of(of, found)),
            issued=issued, issued_year=year, watch=tuple(standing.watched(of)), late=tuple(answers.late(of)),
            blind=tuple(sources.blind(of)), measures=answers.measures(of), verdicts=answers.verdicts(of),
            spots=tuple(standing.spots(of)), rules=tuple(sources.rules(of)), ahead=tuple(sources.ahead(of)),
            demo=meta.get(tx, "demo") is not None,
        )  # fmt: skip
