"""What was known when: incidents as they stood at a moment, what feeds told, and when there was news."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, groupby, pairwise

from sqlalchemy import ColumnElement, FromClause, ScalarSelect, and_, case, exists, func, select, tuple_

from engine.model.feed import Feed
from engine.model.incident import Incident, Precision
from engine.model.indicator import Indicator
from engine.model.told import NEVER
from engine.store import telling
from engine.store.database import Tx
from engine.store.moment import epoch, moment_of, plain
from engine.store.revision import FACTS, KEY, incident_of
from engine.store.tables import incident, twin

#: Another revision of the same incident; made once, because each takes a fraction of a millisecond.
_EARLIER, LATER = incident.alias("earlier"), incident.alias("later")
#: So many moments are asked for in one statement.
_AT_ONCE = 500
#: A correction of what was told longer before is no news any more.
REMEMBERED = timedelta(days=14)


def matching(
    tx: Tx, indicator: Indicator, *, areas: Collection[str] | None = None, since: datetime, until: datetime,
    known_before: datetime, seq: int | None = None,
) -> list[Incident]:  # fmt: skip
    """The incidents that `indicator` counts in `areas`, as known strictly before a moment.

    Those that occurred in [since, until), each in its latest revision then, by occurrence. areas:
    every area wanted, descendants included; None means everywhere. seq: only what was committed up
    to it (replay). What is counted as another feed's incident is not among them.
    """
    number = _same(_EARLIER) & _not_after(_EARLIER)
    if seq is not None:
        number &= _EARLIER.c.seq <= seq
    revision = select(func.count()).select_from(_EARLIER).where(number).scalar_subquery()
    conditions = _known(indicator.categories, since, until, known_before, seq)
    statement = select(*(plain(column) for column in (*KEY[:3], *FACTS)), revision).where(*conditions)
    ordered = statement.order_by(incident.c.occurred_at, *KEY)
    wanted = None if areas is None else frozenset(areas)
    found = (
        incident_of(feed, source_id, known_at, tuple(facts), revision)
        for feed, source_id, known_at, *facts, revision in tx.conn.execute(ordered)
        if wanted is None or not wanted.isdisjoint(facts[3].split("|"))
    )
    matched = [fact for fact in found if indicator.matches(fact)]
    return telling.counted(tx, matched, known_before, seq)


class Sweep:
    """What `indicator` counts of [since, until) in `areas`, every revision of it, read once: what was known
    of a part of it is then asked at moment after moment. Nothing of it counts as another feed's."""

    def __init__(
        self, tx: Tx, indicator: Indicator, *, areas: Collection[str], since: datetime, until: datetime,
        seq: int | None = None,
    ) -> None:  # fmt: skip
        self.since, self.until = since, until
        number = _same(_EARLIER) & _not_after(_EARLIER)
        if seq is not None:
            number &= _EARLIER.c.seq <= seq
        revision = select(func.count()).select_from(_EARLIER).where(number).scalar_subquery()
        columns = (*(plain(column) for column in (*KEY[:3], *FACTS)), revision, until_when(seq))
        statement = select(*columns).where(*_counts(indicator.categories, since, until, seq))
        wanted, found = frozenset(areas), []
        for feed, id_, known_at, *facts, nth, ended in tx.conn.execute(
            statement.order_by(incident.c.occurred_at, *KEY)
        ):
            if not wanted.isdisjoint(facts[3].split("|")):
                one = incident_of(feed, id_, known_at, tuple(facts), nth)
                found.append((one, NEVER if ended is None else moment_of(ended)))
        #: Each revision with when the next one overtook it, by occurrence.
        self.told = [(one, ended) for one, ended in found if indicator.matches(one)]
        self._when = [one.occurred_at for one, _ in self.told]

    def known(self, since: datetime, until: datetime, before: datetime) -> list[Incident]:
        """As `matching` finds it."""
        told = self.told[bisect_left(self._when, since) : bisect_left(self._when, until)]
        return [one for one, ended in told if one.known_at < before <= ended]


def tallied(
    tx: Tx, categories: Collection[str], bounds: Sequence[datetime], known_before: datetime
) -> Iterator[tuple[int, str, str, int]]:
    """(stretch, areas parted by `|`, category, how many) of the incidents of these categories, as known
    strictly before a moment, in no order: counted by the database, for hundreds of thousands of them.

    bounds: where each stretch begins, ascending, and where the last ends.
    """
    conditions = [*_known(categories, bounds[0], bounds[-1], known_before)]
    if telling.any_(tx):
        conditions.append(~telling.as_another(incident, known_before))
    of = select(_stretch(bounds).label("stretch"), incident.c.areas, incident.c.category).where(*conditions)
    each = of.subquery()
    for row in tx.conn.execute(select(*each.c, func.count()).group_by(*each.c)):
        yield row[0], row[1], row[2], row[3]


def _stretch(bounds: Sequence[datetime]) -> ColumnElement[int]:
    """In which of the stretches between these moments an incident occurred: nearly all are equally long, and
    a division says it of as many as follow each other."""
    begins, whens, first = [epoch(one) for one in bounds], [], 0
    occurred_at = plain(incident.c.occurred_at)
    for length, alike in groupby(after - begin for begin, after in pairwise(begins)):
        last = first + len(list(alike))
        whens.append((occurred_at < begins[last], first + (occurred_at - begins[first]) // length))
        first = last
    return case(*whens)


def _known(
    categories: Collection[str], since: datetime, until: datetime, known_before: datetime,
    seq: int | None = None,
) -> Iterator[ColumnElement[bool]]:  # fmt: skip
    """What is true of the revisions that were known of what occurred in [since, until)."""
    yield from _counts(categories, since, until, seq)
    yield incident.c.known_at < known_before
    yield ~exists().where((LATER.c.known_at < known_before) & overtaken(seq))


def _counts(
    categories: Collection[str], since: datetime, until: datetime, seq: int | None
) -> Iterator[ColumnElement[bool]]:
    """What is true of the revisions that count of what occurred in [since, until)."""
    yield incident.c.category.in_(sorted(categories))
    yield incident.c.occurred_at >= since
    yield incident.c.occurred_at < until
    if seq is not None:
        yield incident.c.seq <= seq
    yield incident.c.precision != Precision.UNKNOWN.value
    yield ~incident.c.withdrawn


@dataclass(frozen=True, slots=True)
class Reported:
    """One revision of an incident: when it occurred, where and what, and while it was what was known of it,
    in epoch seconds; until is None while it still is."""

    occurred_at: int
    areas: tuple[str, ...]
    known_at: int
    until: int | None
    category: str
    severity: int
    measures: frozenset[str]
    precision: str


def reported(
    tx: Tx, feed: str, categories: Collection[str], since: datetime, until: datetime, seq: int | None = None
) -> list[Reported]:
    """What a feed told of [since, until), revision by revision, withdrawals and unknown days left out."""
    known = incident.c.feed == feed
    if seq is not None:
        known &= incident.c.seq <= seq
    ended = until_when(seq)
    columns = ("occurred_at", "areas", "known_at", "category", "severity", "measures", "precision")
    statement = select(*(plain(incident.c[name]) for name in columns), ended).where(
        known, incident.c.category.in_(sorted(categories)), incident.c.occurred_at >= since,
        incident.c.occurred_at < until, ~incident.c.withdrawn,
        incident.c.precision != Precision.UNKNOWN.value,
    )  # fmt: skip
    return [
        Reported(at, tuple(areas.split("|")), known_at, until, category, severity, _named(measures), exact)
        for at, areas, known_at, category, severity, measures, exact, until
        in map(tuple, tx.conn.execute(statement))
    ]


def unsaid(
    tx: Tx, feed: Feed, indicator: Indicator, since: datetime, seq: int | None = None
) -> Iterator[int]:
    """When what a feed told of from `since` on occurred, in epoch seconds: of the revisions that do not say
    by what an indicator counts them."""
    known = incident.c.feed == feed.id
    if seq is not None:
        known &= incident.c.seq <= seq
    columns = (plain(incident.c[name]) for name in ("occurred_at", "severity", "measures", "precision"))
    statement = select(*columns).where(
        known, incident.c.category.in_(sorted(indicator.categories & feed.covers.categories)),
        incident.c.occurred_at >= since, ~incident.c.withdrawn,
        incident.c.precision != Precision.UNKNOWN.value,
    )  # fmt: skip
    if indicator.measure == "incidents":
        mute = incident.c.severity <= 0
        if indicator.times is not None:
            mute |= incident.c.precision != Precision.MINUTE.value
        statement = statement.where(mute)
    for at, severity, measures, precision in tx.conn.execute(statement):
        if indicator.misses(feed.severity(severity), _named(measures), moment_of(at), precision):
            yield at


def answered(
    tx: Tx, feed: Feed, indicator: Indicator, since: datetime
) -> list[tuple[datetime, str]]:
    """(when it became known, what it does not say) of what a feed told from `since` on and an indicator may
    count, as it stands; what it does not say is empty where it says all by which it is counted."""
    told = ("known_at", "severity", "measures", "occurred_at", "precision")
    columns = (plain(incident.c[name]) for name in told)
    statement = select(*columns).where(
        incident.c.feed == feed.id, incident.c.known_at >= since, ~incident.c.withdrawn,
        incident.c.category.in_(sorted(indicator.categories & feed.covers.categories)),
        ~exists().where(overtaken()),
    )  # fmt: skip
    return [
        (moment_of(at), indicator.misses(feed.severity(severity), _named(measures), moment_of(when), exact))
        for at, severity, measures, when, exact in tx.conn.execute(statement)
    ]


def values(
    tx: Tx, feed: str, measure: str, most: int, *, since: datetime | None = None,
    before: datetime | None = None,
) -> list[tuple[datetime, float]]:  # fmt: skip
    """(when it occurred, the measure) of a feed's reports as they stand that say it, the latest told first,
    at most so many; since, before: only of what occurred then. Zeros are left out."""
    at = incident.c.known_at
    wanted = [incident.c.feed == feed, incident.c.measures.contains(f'"{measure}":', autoescape=True)]
    wanted += [incident.c.occurred_at >= since] if since is not None else []
    wanted += [incident.c.occurred_at < before] if before is not None else []
    statement = select(incident.c.occurred_at, incident.c.measures).where(
        *wanted, ~incident.c.withdrawn, ~exists().where(overtaken())
    ).order_by(at.desc(), incident.c.occurred_at.desc(), incident.c.source_id).limit(most)  # fmt: skip
    told = ((when, json.loads(measures)[measure]) for when, measures in tx.conn.execute(statement))
    return [(when, float(value)) for when, value in told if value]


def _named(measures: str) -> frozenset[str]:
    """The names of stored measures."""
    return frozenset(json.loads(measures)) if measures else frozenset()


def placed(
    tx: Tx, feed: str, categories: Collection[str], since: datetime, until: datetime, most: int
) -> list[tuple[datetime, tuple[str, ...]]]:
    """(when it became known, its areas) of the reports of [since, until) as they stand, at most so many,
    the newest first."""
    statement = select(incident.c.known_at, incident.c.areas).where(
        incident.c.feed == feed, incident.c.category.in_(sorted(categories)),
        incident.c.known_at >= since, incident.c.known_at < until, ~incident.c.withdrawn,
        ~exists().where(overtaken()),
    ).order_by(incident.c.known_at.desc(), incident.c.source_id).limit(most)  # fmt: skip
    return [(at, tuple(areas.split("|"))) for at, areas in tx.conn.execute(statement)]


def standing(
    tx: Tx, feed: str, categories: Collection[str], moments: Sequence[datetime] = (),
    since: datetime | None = None, until: datetime | None = None,
) -> list[Incident]:  # fmt: skip
    """What a feed's incidents of exactly these moments, or of [since, until], are now, none withdrawn."""
    at = incident.c.occurred_at
    whens: list[ColumnElement[bool]] = [
        at.in_(moments[n : n + _AT_ONCE]) for n in range(0, len(moments), _AT_ONCE)
    ]
    if since is not None and until is not None:
        whens = [and_(at >= since, at <= until)]
    found = []
    for when in whens:
        statement = select(*(plain(column) for column in (*KEY[1:3], *FACTS))).where(
            incident.c.feed == feed, incident.c.category.in_(sorted(categories)), when,
            ~incident.c.withdrawn, ~exists().where(overtaken()),
        )  # fmt: skip
        found += [
            incident_of(feed, source_id, known_at, tuple(facts), 0)
            for source_id, known_at, *facts in tx.conn.execute(statement)
        ]
    return found


def overtaken(seq: int | None = None) -> ColumnElement[bool]:
    """`LATER` is a later revision of the same incident, committed up to a transaction."""
    later = _same(LATER) & ~_not_after(LATER)
    return later if seq is None else later & (LATER.c.seq <= seq)


def until_when(seq: int | None = None) -> ScalarSelect[int]:
    """Until when a revision was what is known, in epoch seconds; nothing while it still is."""
    return select(func.min(plain(LATER.c.known_at))).where(overtaken(seq)).scalar_subquery()


def _same(other: FromClause) -> ColumnElement[bool]:
    return and_(other.c.feed == incident.c.feed, other.c.source_id == incident.c.source_id)


def _not_after(other: FromClause) -> ColumnElement[bool]:
    """The other revision is this one or comes before it."""
    return tuple_(other.c.known_at, other.c.nth) <= tuple_(incident.c.known_at, incident.c.nth)


def moments(
    tx: Tx, categories: Collection[str], after: datetime, until: datetime, holding: Collection[str] = (),
    back: timedelta = REMEMBERED,
) -> dict[datetime, int]:  # fmt: skip
    """When incidents of these categories became known: distinct moments in (after, until], ascending, each
    with the last transaction that told of it. Also when what had been told of one up to `back` before was
    told otherwise. What feeds that are `holding` tell is no news when it is over by `until`; that it was
    taken back is."""
    known_at, ended_at = incident.c.known_at, incident.c.ended_at
    wanted, within = sorted(categories), (known_at > after, known_at <= until)
    over = incident.c.feed.in_(sorted(holding)) & ended_at.is_not(None) & (ended_at <= until)
    last = func.max(incident.c.seq)
    told = select(known_at, last).where(
        incident.c.category.in_(wanted), *within, ~over | incident.c.withdrawn
    ).group_by(known_at)  # fmt: skip
    corrected = select(known_at, last, _EARLIER.c.known_at).join(_EARLIER, _same(_EARLIER)).where(
        _EARLIER.c.category.in_(wanted), _EARLIER.c.known_at > after - back, _EARLIER.c.known_at < known_at,
        *within,
    ).group_by(known_at, _EARLIER.c.known_at)  # fmt: skip
    # What counts as another's from then on, or again as itself.
    counted = select(twin.c.known_at, func.max(twin.c.seq)).join(incident, _same(twin)).where(
        incident.c.category.in_(wanted), twin.c.known_at > after, twin.c.known_at <= until
    ).group_by(twin.c.known_at)  # fmt: skip
    again = ((at, seq) for at, seq, before in tx.conn.execute(corrected) if at - before < back)
    found: dict[datetime, int] = {}
    for at, seq in chain(tx.conn.execute(told), tx.conn.execute(counted), again):
        found[at] = max(seq, found.get(at, 0))
    return dict(sorted(found.items()))
