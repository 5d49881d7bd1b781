"""What a poll's incidents are to those stored before: the same by another id, another by the same id, back
in the list, or gone from it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from engine.cycle import dispatch
from engine.cycle.world import World
from engine.errors import RecordError
from engine.ingest import alias
from engine.ingest.identity import Identity
from engine.ingest.reuse import Apart
from engine.model.feed import Broken, Feed, Fetch, Record
from engine.model.incident import Incident
from engine.model.text import numbered
from engine.notify.notice import Notice, Trouble
from engine.store import incidents, listing
from engine.store.database import Tx


class Current:
    """One poll of one feed. Its records pass through `watched`, its batches through `settled`, and
    `close` ends it in the transaction that books the poll as good."""

    def __init__(self, world: World, feed: Feed, fetch: Fetch, now: datetime) -> None:
        self._world = world
        self._feed = feed
        self._fetch = fetch
        self._now = now
        self._identity = Identity(feed.mapping, world.context.guard)
        # What is foretold, and what lasts as long as it is listed, may well move on.
        moves = feed.holds or feed.mapping.gone_after
        ahead = None if moves else feed.mapping.ahead
        self._apart = Apart(world.settings.tree, world.context.zone, ahead)
        #: Neither a file read in the feed's stead nor a historical extract lists what is in force.
        live = feed == world.settings.feeds.get(feed.id) and not fetch.polls
        self._gone_after: int | None = feed.mapping.gone_after if live else None
        self._whole = not fetch.kept
        #: The graph of references says already which incident is meant, and which is over.
        self._chained = bool(fetch.alerts)
        #: By its id as the source has it: the other ids of every record, whether or not it can be read.
        self._told: dict[str, tuple[str, ...]] = {}
        self._listed: set[str] = set()

    def watched(self) -> Iterable[Record | Broken]:
        """The records of the fetch, the ids of all of them noted on the way."""
        return self._fetch.records if self._gone_after is None else self._noted()

    def _noted(self) -> Iterator[Record | Broken]:
        for record in self._fetch.records:
            try:
                if isinstance(record, Broken):
                    self._whole = False
                else:
                    self._told[self._identity.of(record.fields)] = self._identity.aliases(record.fields)
            except (RecordError, RecursionError):
                self._whole = False  # it may be any of those that seem to be missing
            yield record

    def settled(self, tx: Tx, batch: list[Incident]) -> list[Incident]:
        """The batch under the ids it is to be stored under, with the withdrawals that follow from it."""
        raw = {incident.source_id for incident in batch}
        withdrawn: list[Incident] = []
        if self._feed.mapping.aliases:
            batch, withdrawn = self._one(tx, batch)
        known = {} if self._chained else self._known(tx, {incident.source_id for incident in batch})
        if not self._chained:
            batch = self._apart.tell(batch, known)
            listing.reuse(tx, self._feed.id, self._apart.found)
        if self._gone_after is not None:
            last = {one.source_id: one for found in known.values() for one in found}
            batch = [self._back(incident, last.get(incident.source_id)) for incident in batch]
            self._listed |= {incident.source_id for incident in batch}
            self._told = {id_: others for id_, others in self._told.items() if id_ not in raw}
        return batch + withdrawn

    def _one(self, tx: Tx, batch: list[Incident]) -> tuple[list[Incident], list[Incident]]:
        """The batch under its incidents' first ids, and the withdrawals of what was stored twice."""
        feed = self._feed.id
        ids = {id_ for incident in batch for id_ in (incident.source_id, *incident.aliases)}
        known = listing.aliases(tx, feed, ids)
        resolved = alias.resolve(batch, known, incidents.order(tx, feed, ids | {*known.values()}))
        for later, first in resolved.merged:
            listing.rename(tx, feed, later, first)
        listing.name(tx, feed, resolved.names)
        return resolved.incidents, self._withdrawn(tx, [later for later, _ in resolved.merged])

    def _known(self, tx: Tx, ids: Collection[str]) -> dict[str, list[Incident]]:
        """The stored incidents of these ids, those of ids that were given again too."""
        reused = listing.reused(tx, self._feed.id, ids)
        names = {id_: [id_, *reused.get(id_, ())] for id_ in ids}
        last = incidents.latest(tx, self._feed.id, {one for found in names.values() for one in found})
        known = {id_: [last[one] for one in found if one in last] for id_, found in names.items()}
        return {id_: found for id_, found in known.items() if found}

    def _back(self, incident: Incident, last: Incident | None) -> Incident:
        """What a list of what is in force shows is in force now, whenever its feed says it was told: where
        it was withdrawn since, it is known anew from this poll on."""
        overtaken = last is not None and last.withdrawn and incident.known_at <= last.known_at
        return replace(incident, known_at=self._now) if overtaken and not incident.withdrawn else incident

    def close(self, tx: Tx) -> int:
        """Count what is missing from the list, withdraw what is gone from it (how many), and tell the
        operators of ids that were given again."""
        if self._apart.found:
            detail = (
                f"{numbered(len(self._apart.found), 'id')} came again for another day, place and kind, or for"
                " what happened after they were told; the later incident is kept apart as ID@DAY. Where"
                " numbers start anew, add the year to source_id"
            )
            dispatch.notify_operators(
                self._world, tx, Notice(Trouble.REUSED, self._feed.id, detail, self._now)
            )
        if self._gone_after is None or self._fetch.unseen:
            return 0
        gone = self._withdrawn(tx, self._gone(tx, self._gone_after))
        incidents.add(tx, gone, self._world.ledger)
        return len(gone)

    def _gone(self, tx: Tx, limit: int) -> list[str]:
        """The ids that are missing now from `limit` good and whole polls in a row."""
        feed, missed = self._feed.id, listing.missed(tx, self._feed.id)
        if self._fetch.unchanged:
            listed = {id_ for id_, count in missed.items() if not count}
        else:
            listed = self._listed | self._unread(tx)
        counts = dict.fromkeys(listed - missed.keys() | {id_ for id_ in listed if missed.get(id_)}, 0)
        if self._whole:
            counts |= {id_: count + 1 for id_, count in missed.items() if id_ not in listed}
        gone = [id_ for id_, count in counts.items() if count >= limit]
        listing.put(tx, feed, counts)
        listing.forget(tx, feed, gone)
        return gone

    def _unread(self, tx: Tx) -> set[str]:
        """What the incidents of records that did not become incidents may be stored under."""
        ids = {one for id_, others in self._told.items() for one in (id_, *others)}
        known = listing.aliases(tx, self._feed.id, ids)
        reused = listing.reused(tx, self._feed.id, ids)
        return {*ids, *known.values(), *(one for found in reused.values() for one in found)}

    def _withdrawn(self, tx: Tx, ids: Collection[str]) -> list[Incident]:
        """Withdrawals, known from this poll on, of those of the incidents that still stand."""
        last = incidents.latest(tx, self._feed.id, ids) if ids else {}
        return [
            replace(one, known_at=self._now, withdrawn=True) for one in last.values() if not one.withdrawn
        ]
