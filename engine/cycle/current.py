"""What a poll's incidents are to those stored before: the same by another id, another by the same id, back
in the list, or gone from it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from engine.cycle import dispatch
from engine.cycle.world import World
from engine.errors import RecordError
from engine.ingest import alias, renumber
from engine.ingest.identity import Identity
from engine.ingest.reuse import Apart
from engine.model.feed import GRAVE, Broken, Feed, Fetch, Record
from engine.model.incident import Incident
from engine.model.text import numbered
from engine.notify.notice import Notice, Trouble
from engine.store import health, incidents, listing
from engine.store import known as stored
from engine.store.database import Tx

#: One that equals another says nothing; how often two of a source's do is looked up so far back.
_TOGETHER, _USUAL = 2, timedelta(days=28)
#: So many taken back at once, and so large a part of the feed's reports of that time, are worth a word.
_AT_ONCE = 10
#: Ids that told nothing apart longer ago are history.
_LATELY = timedelta(days=7)


class Current:
    """One poll of one feed. Its records pass through `watched`, its batches through `settled`, and
    `close` ends it in the transaction that books the poll as good."""

    def __init__(self, world: World, feed: Feed, fetch: Fetch, now: datetime) -> None:
        self._world = world
        self._feed = feed
        self._fetch = fetch
        self._now = now
        self._identity = Identity(feed.mapping, world.context.guard)
        #: What is foretold, and what lasts as long as it is listed, may well move on, and end.
        self._moves = bool(feed.holds or feed.mapping.gone_after)
        ahead = None if self._moves else feed.mapping.ahead
        at_once = not feed.mapping.known_at and not fetch.polls
        self._apart = Apart(world.settings.tree, world.context.zone, ahead, at_once)
        #: Neither a file read in the feed's stead nor a historical extract lists what is in force.
        live = feed == world.settings.feeds.get(feed.id) and not fetch.polls
        self._gone_after: int | None = feed.mapping.gone_after if live else None
        self._whole = not (fetch.kept or fetch.more)
        #: The graph of references says already which incident is meant, and which is over.
        self._chained = bool(fetch.alerts)
        #: By its id as the source has it: the other ids of every record, whether or not it can be read.
        self._told: dict[str, tuple[str, ...]] = {}
        self._listed: set[str] = set()
        #: So many came again under other ids.
        self._anew = 0
        #: So many of those that stood are taken back by the source's own mark.
        self._taken_back = 0

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
        elif listing.named(tx, self._feed.id):
            batch = self._under(batch, listing.aliases(tx, self._feed.id, raw))
        known = {} if self._chained else self._known(tx, {incident.source_id for incident in batch})
        if not self._chained:
            batch = self._under(batch, self._again(tx, batch, known))
            batch = self._apart.tell(batch, known)
            listing.reuse(tx, self._feed.id, self._apart.found)
        last = {one.source_id: one for found in known.values() for one in found}
        self._taken_back += sum(self._lately(last.get(one.source_id)) for one in batch if one.withdrawn)
        if self._gone_after is not None:
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

    def _again(self, tx: Tx, batch: list[Incident], known: Collection[str]) -> dict[str, str]:
        """The ids of what the source told before and numbers anew, and the old ones, which stand from now on
        for the new. What it brings first of all was never told."""
        feed, categories = self._feed.id, self._feed.covers.categories
        fresh = [one for one in batch if one.source_id not in known and renumber.comparable(one)]
        if len(fresh) < _TOGETHER or not health.answered(tx, feed):
            return {}
        still, moments = {one.source_id for one in batch}, sorted({one.occurred_at for one in fresh})
        before = [one for one in stored.standing(tx, feed, categories, moments) if one.source_id not in still]
        pairs = renumber.pairs(fresh, before)
        if len(pairs) < _TOGETHER:
            return {}
        last = moments[-1]
        usual = stored.standing(tx, feed, categories, since=last - _USUAL, until=last)
        if not renumber.telling(len(pairs), len(fresh), usual):
            return {}
        listing.name(tx, feed, pairs)
        self._anew += len(pairs)
        return pairs

    def _under(self, batch: list[Incident], names: Mapping[str, str]) -> list[Incident]:
        """The batch under the ids that stand for its own."""
        return [
            replace(one, source_id=names[one.source_id]) if one.source_id in names else one for one in batch
        ]

    def _known(self, tx: Tx, ids: Collection[str]) -> dict[str, list[Incident]]:
        """The stored incidents of these ids, those of ids that were given again too."""
        reused = listing.reused(tx, self._feed.id, ids)
        names = {id_: [id_, *reused.get(id_, ())] for id_ in ids}
        last = incidents.latest(tx, self._feed.id, {one for found in names.values() for one in found})
        known = {id_: [last[one] for one in found if one in last] for id_, found in names.items()}
        return {id_: found for id_, found in known.items() if found}

    def _lately(self, last: Incident | None) -> bool:
        """Whether it is a report of late that still stands."""
        return last is not None and not last.withdrawn and last.occurred_at >= self._now - _USUAL

    def _back(self, incident: Incident, last: Incident | None) -> Incident:
        """What a list of what is in force shows is in force now, whenever its feed says it was told: where
        it was withdrawn since, it is known anew from this poll on."""
        overtaken = last is not None and last.withdrawn and incident.known_at <= last.known_at
        return replace(incident, known_at=self._now) if overtaken and not incident.withdrawn else incident

    def mixed(self) -> str:
        """What to say of an answer whose ids tell its reports of late not apart; empty where they do."""
        since = self._world.settings.calendar.local_day(self._now - _LATELY)
        if (found := self._apart.mixed(since)) is None:
            return ""
        day, many, of = found
        return (
            f"{many} of {numbered(of, 'report')} of {day} go by the id of another moment, and of another"
            " place or kind; what else there is is taken; make `source_id` of what tells them apart, or ask"
            " the source"
        )

    def close(self, tx: Tx) -> int:
        """Count what is missing from the list, withdraw what is gone from it (how many), and tell the
        operators of ids that were given again."""
        if self._apart.found:
            detail = (
                f"{numbered(len(self._apart.found), 'id')} came again for another day, place and kind, for"
                " what happened after they were told, or for two days in one answer; the later incident is"
                " kept apart as ID@DAY. Where numbers start anew, add the year or the day to source_id"
            )
            dispatch.notify_operators(
                self._world, tx, Notice(Trouble.REUSED, self._feed.id, detail, self._now)
            )
        if self._anew:
            detail = (
                f"{numbered(self._anew, 'incident')} came again under other ids, with the moment, the place"
                " and the kind that they had; they count once, and what the new ids tell is kept under the"
                " old. Ask the source for ids that last, or make one of what does (`source_id: [..]`)"
            )
            dispatch.notify_operators(
                self._world, tx, Notice(Trouble.RENUMBERED, self._feed.id, detail, self._now)
            )
        if not self._moves and self._taken_back >= _AT_ONCE:
            self._ask_back(tx)
        if self._gone_after is None or self._fetch.unseen:
            return 0
        gone = self._withdrawn(tx, self._gone(tx, self._gone_after))
        incidents.add(tx, gone, self._world.ledger)
        return len(gone)

    def _ask_back(self, tx: Tx) -> None:
        """Tell the operators where much of what was told of late is taken back at once: it is believed, and
        what stood on it is lifted."""
        feed = self._feed
        still = stored.standing(
            tx, feed.id, feed.covers.categories, since=self._now - _USUAL, until=self._now
        )
        of = self._taken_back + len(still)
        if self._taken_back >= GRAVE * of:
            detail = (
                f"{self._taken_back} of its {numbered(of, 'report')} of the last"
                f" {numbered(_USUAL.days, 'day')} are taken back at once by its own mark, and what stood on"
                " them is lifted; ask it whether it means that, or whether the mark (`withdrawn` in its"
                " mapping) means something else by now"
            )
            dispatch.notify_operators(self._world, tx, Notice(Trouble.TAKEN_BACK, feed.id, detail, self._now))

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
