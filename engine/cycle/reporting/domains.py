"""Each domain: how it stands, and what was reported in it beside other periods."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine.cycle.reporting import reported
from engine.cycle.reporting.frame import DAY, Frame, a_year_before
from engine.cycle.reporting.standing import issued_in
from engine.model.grade import ADVISORY, Domain
from engine.model.period import Cycle
from engine.report.figures import DomainFigures, Line, Ratio, Span, Word, rank
from engine.report.reported import Days, beside, next_of

#: So many earlier periods say what the next one will bring.
EARLIER = {Cycle.DAILY: 28, Cycle.WEEKLY: 26, Cycle.MONTHLY: 12}


@dataclass(frozen=True)
class _Counts:
    """What was reported on the days of the period, beside the one before and, of a month, a year ago."""

    days: Days
    reports: Ratio
    year: Ratio | None
    next: Span | None


def all_of(of: Frame, found: Sequence[Line]) -> Iterator[DomainFigures]:
    """The four in their order."""
    issued = issued_in(of, of.since, of.at)
    before = issued_in(of, of.calendar.period(of.cycle, of.before.start.date() - DAY).due_at, of.since)
    for domain in Domain:
        own = [one for one in found if one.domain == domain.value]
        stand, counts = Counter(one.grade for one in own), _counts(of, domain)
        yield DomainFigures(
            domain=domain.value, advisory=domain in ADVISORY, before=_highest(one.before for one in own),
            grade=_highest(one.grade for one in own), open=_by_grade(stand),
            issued=issued[domain.value], issued_before=before[domain.value], watched=counts is not None,
            unseen=list(counts.days).count(None) if counts else 0, days=tuple(counts.days) if counts else (),
            reports=counts.reports if counts else None, year=counts.year if counts else None,
            next=counts.next if counts else None,
        )  # fmt: skip


def _by_grade(stand: Counter[Word]) -> tuple[tuple[Word, int], ...]:
    found: list[tuple[Word, int]] = [(one, stand[one]) for one in stand if one != "none"]
    return tuple(sorted(found, key=lambda one: -rank(one[0])))


def _highest(words: Iterable[Word]) -> Word:
    return max(words, key=rank, default="none")


def _counts(of: Frame, domain: Domain) -> _Counts | None:
    """None where no feed reports on the domain."""
    length = (of.last - of.first).days + 1
    earlier = of.last - timedelta(days=length * EARLIER[of.cycle] - 1)
    year = a_year_before(of.first) if of.cycle is Cycle.MONTHLY else None
    begin = min(earlier, of.before.start.date(), year or earlier)
    days = reported.by_day(of, domain, begin)
    if days is None:
        return None

    def cut(first: date, last: date) -> Days:
        return days[(first - begin).days : (last - begin).days + 1]

    own = cut(of.first, of.last)
    return _Counts(
        own, beside(own, cut(of.before.start.date(), of.first - DAY)),
        beside(own, cut(year, a_year_before(of.last))) if year else None,
        next_of(cut(earlier, of.last), length),
    )  # fmt: skip


