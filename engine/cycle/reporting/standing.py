"""What was issued, what hangs together, what was watched, and where it came again and again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from engine.cycle.reporting.frame import DAY, Frame, a_year_before
from engine.cycle.reporting.lines import word
from engine.duty.situation import situations
from engine.model.grade import Grade
from engine.model.period import Cycle
from engine.model.warning import Step
from engine.report.figures import Ratio, Situation, Spot, Watched
from engine.report.ratio import compare
from engine.store import judgement
from engine.store import situations as record

YEAR = timedelta(days=365)
#: A place that was warned of so often within a year is told by name.
OFTEN = 3


def issued_in(of: Frame, since: datetime, until: datetime) -> Counter[str]:
    """How many warnings were issued after a moment and by another, by domain."""
    domains = {one.id: one.domain.value for one in judgement.warnings(of.tx) if one.area in of.below}
    return Counter(
        domains[one.warning] for one in judgement.changes(of.tx, since=since)
        if one.step is Step.ISSUED and since < one.at <= until and one.warning in domains
    )  # fmt: skip


def issued(of: Frame, begun: datetime | None) -> tuple[Ratio | None, Ratio | None]:
    """What was issued beside the period before and, of a month, beside that of a year ago; None where the
    engine did not judge all of that. begun: since when it judges."""
    own = of.calendar.period(of.cycle, of.before.start.date() - DAY).due_at
    beside = _beside(of, own, of.since, begun)
    if of.cycle is not Cycle.MONTHLY:
        return beside, None
    year = of.calendar.period(Cycle.MONTHLY, a_year_before(of.first))
    before = of.calendar.period(Cycle.MONTHLY, year.start.date() - DAY)
    return beside, _beside(of, before.due_at, year.due_at, begun)


def _beside(of: Frame, since: datetime, until: datetime, begun: datetime | None) -> Ratio | None:
    if begun is None or begun > since:
        return None
    now, then = (issued_in(of, *stretch).total() for stretch in ((of.since, of.at), (since, until)))
    return compare(now, then, _days(of.at - of.since), _days(until - since))


def _days(of: timedelta) -> int:
    return round(of / DAY)


def bundled(of: Frame) -> Iterator[Situation]:
    """The situations that stand."""
    past = record.of(of.tx, list(of.then.warnings), until=of.at)
    for one in situations(of.then.warnings.values(), of.world.settings.tree, past):
        lines = tuple(line.id for line in one.lines if line.open)
        yield Situation(id=one.id, risk=of.reference.topic(one.lead), lead=one.lead.id, lines=lines)


def watched(of: Frame) -> Iterator[Watched]:
    """The blue lines as they stood when the report before was made, in the order of the codes."""
    for one in sorted(of.then.warnings.values(), key=lambda one: (one.area, one.topic)):
        if of.then.grade(one.id, of.since) is Grade.BLUE:
            yield Watched(
                id=one.id, place=of.reference.area(one.area), risk=of.reference.topic(one),
                grade=word(one.grade), ended=of.local(one.lifted_at) if one.lifted_at else None,
            )  # fmt: skip


def spots(of: Frame) -> Iterator[Spot]:
    """Places with a warning in the month that were warned of its risk again and again within a year."""
    if of.cycle is not Cycle.MONTHLY:
        return
    lately = {(one.area, one.topic): one for one in of.then.warnings.values()}
    past = judgement.warnings(of.tx, lifted_since=of.at - YEAR)
    counted = Counter((one.area, one.topic) for one in past if one.since <= of.at)
    for place, one in sorted(lately.items()):
        if counted[place] >= OFTEN:
            yield Spot(
                area=one.area, place=of.reference.area(one.area), risk=of.reference.topic(one),
                warnings=counted[place],
            )  # fmt: skip
