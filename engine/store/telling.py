"""Which incidents are counted as others, and which others tell the same event, as it was known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, FromClause, exists, func, select

from engine.model.incident import Incident
from engine.store.among import among
from engine.store.database import Tx
from engine.store.moment import epoch, moment_of, plain
from engine.store.pairing import Identity, Pair
from engine.store.tables import twin, twin_ruling


@dataclass(frozen=True, slots=True)
class Ruling:
    """What somebody says of two incidents: they are two events (apart), or may be one again."""

    at: datetime
    apart: bool
    by: str
    why: str


def counted(tx: Tx, found: Sequence[Incident], before: datetime, seq: int | None) -> list[Incident]:
    """Those of the incidents that count as themselves, as known before a moment, with the others that tell
    the same event. What counts again because another was taken back is news of that moment."""
    if not found or not any_(tx):
        return list(found)
    identities, at = [one.identity for one in found], epoch(before)
    as_others = steps(tx, identities, before=at, seq=seq)
    others = tellers(tx, identities, before=at, seq=seq)
    return list(_counted(found, as_others, others))


def _counted(
    found: Sequence[Incident],
    as_others: dict[Identity, list[tuple[int, Identity | None]]],
    others: dict[Identity, list[Identity]],
) -> Iterator[Incident]:
    for one in found:
        moments = as_others.get(one.identity, [])
        if moments and moments[-1][1] is not None:
            continue
        since = max(one.known_at, _again(moments) or one.known_at)
        yield replace(one, known_at=since, also=tuple(others.get(one.identity, ())))


def _again(moments: Sequence[tuple[int, Identity | None]]) -> datetime | None:
    """When it began to count again; None where it always has."""
    hidden, again = False, None
    for at, other in moments:
        if hidden and other is None:
            again = moment_of(at)
        hidden = other is not None
    return again


def any_(tx: Tx) -> bool:
    """Whether anything was ever counted as something else."""
    return bool(tx.conn.execute(select(exists(select(twin.c.feed)))).scalar_one())


def as_another(of: FromClause, before: datetime) -> ColumnElement[bool]:
    """Whether an incident was counted as another, as known before a moment: the last that was said of it."""
    said = twin.alias()
    last = select(said.c.as_feed).where(
        said.c.feed == of.c.feed, said.c.source_id == of.c.source_id, said.c.known_at < before
    ).order_by(said.c.known_at.desc(), said.c.seq.desc()).limit(1).scalar_subquery()  # fmt: skip
    return func.coalesce(last, "") != ""


def steps(
    tx: Tx, identities: Iterable[Identity], *, before: int | None = None, seq: int | None = None
) -> dict[Identity, list[tuple[int, Identity | None]]]:
    """From when on each of these was counted as another, as known before a moment and up to a transaction;
    nothing of what never was."""
    columns = (twin.c.source_id, plain(twin.c.known_at), twin.c.as_feed, twin.c.as_id)
    found: dict[Identity, dict[int, Identity | None]] = defaultdict(dict)
    for feed, ids in by_feed(identities).items():
        statement = select(*columns).where(twin.c.feed == feed, twin.c.source_id.in_(among(tx, ids)))
        if before is not None:
            statement = statement.where(twin.c.known_at < moment_of(before))
        if seq is not None:
            statement = statement.where(twin.c.seq <= seq)
        for source_id, at, as_feed, as_id in tx.conn.execute(
            statement.order_by(twin.c.source_id, twin.c.known_at, twin.c.seq)
        ):
            found[feed, source_id][at] = (as_feed, as_id) if as_feed else None
    return {identity: list(moments.items()) for identity, moments in found.items()}


def tellers(
    tx: Tx, identities: Iterable[Identity], *, before: int | None = None, seq: int | None = None
) -> dict[Identity, list[Identity]]:
    """Which others were counted as each of these, as known then."""
    ever: set[Identity] = set()
    for feed, ids in by_feed(identities).items():
        mine = (twin.c.as_feed == feed) & twin.c.as_id.in_(among(tx, ids))
        ever |= {tuple(row) for row in tx.conn.execute(select(twin.c.feed, twin.c.source_id).where(mine))}
    found: dict[Identity, list[Identity]] = {}
    for identity, moments in sorted(steps(tx, ever, before=before, seq=seq).items()):
        if (other := moments[-1][1]) is not None:
            found.setdefault(other, []).append(identity)
    return found


def event(tx: Tx, identity: Identity) -> set[Identity]:
    """An incident with those that tell the same event now."""
    moments = steps(tx, [identity]).get(identity, [])
    first = (moments[-1][1] if moments else None) or identity
    return {identity, first, *tellers(tx, [first]).get(first, [])}


def standing(tx: Tx) -> Iterator[tuple[Identity, Identity, datetime]]:
    """(an incident, the one that it is counted as now, since when), the latest first."""
    last = select(twin.c.feed, twin.c.source_id, func.max(twin.c.known_at)).group_by(
        twin.c.feed, twin.c.source_id
    )
    order = last.order_by(func.max(twin.c.known_at).desc(), twin.c.feed, twin.c.source_id)
    identities = [(feed, source_id) for feed, source_id, _ in tx.conn.execute(order)]
    found = steps(tx, identities)
    for identity in identities:
        at, other = found[identity][-1]
        if other is not None:
            yield identity, other, moment_of(at)


def rulings(tx: Tx, about: Collection[Identity] | None = None) -> Iterator[tuple[Pair, Ruling]]:
    """Everything that people have said, oldest first; about: of pairs of these."""
    statement = select(twin_ruling).order_by(twin_ruling.c.id)
    if about is not None:
        ids = sorted({source_id for _, source_id in about})
        statement = statement.where(twin_ruling.c.source_id.in_(among(tx, ids)))
    for row in tx.conn.execute(statement):
        both = (row.feed, row.source_id), (row.other_feed, row.other_id)
        if about is None or (both[0] in about and both[1] in about):
            yield both, Ruling(row.at, bool(row.apart), row.by, row.why)


def by_feed(identities: Iterable[Identity]) -> dict[str, list[str]]:
    by: dict[str, list[str]] = {}
    for feed, source_id in sorted(identities):
        by.setdefault(feed, []).append(source_id)
    return by
