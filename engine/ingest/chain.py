"""Alerts to records: what each message of a chain tells, and what it takes back of those before it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from engine.guard.guard import Guard
from engine.ingest.alert import Said, legible, said
from engine.ingest.graph import Graph, Step, steps
from engine.ingest.normalise import Context, Normaliser
from engine.model.alert import Alert, Key, Kind, Member
from engine.model.feed import Broken, Feed, Fetch, Record

#: A digest of a name is so long: it tells messages apart, and says nothing of who sent them.
_DIGEST = 32


def digest(name: str) -> str:
    """What the graph keeps of `sender,identifier`: a sender is often somebody's address."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST]


def names(alerts: Iterable[Alert]) -> set[str]:
    """The messages that these are or name, as the graph keeps them."""
    told_ = [name for one in alerts for name in (one.name, *(named.name for named in one.references))]
    return {digest(name) for name in told_}


def identifiers(alerts: Iterable[Alert], guard: Guard) -> set[str]:
    """What incidents may come to be called after these messages."""
    members = [one for alert in alerts for one in (_member(alert, guard), *_named(alert, guard))]
    return {member.identifier for member in members}


def followed(fetch: Fetch, feed: Feed, context: Context, graph: Graph) -> Fetch:
    """The fetch with the records of its alerts, and of what they take back; the graph takes them in."""
    if not fetch.alerts:
        return fetch
    normaliser = Normaliser(feed.id, feed.mapping, context)
    whole = joined(fetch.alerts)
    records, silent = list[Record | Broken](), 0
    for one in _chains(whole, graph, normaliser, context.guard):
        records += one.records()
        silent += one.silent
    return replace(
        fetch, records=[*fetch.records, *records], lost=dict(normaliser.lost), passed=fetch.passed + silent,
        repeated=len(fetch.alerts) - len(whole),
    )  # fmt: skip


def joined(alerts: Iterable[Alert]) -> list[Alert]:
    """Each message once, with all that is said under its name and moment: an index has one entry for each
    area of an alert, or leads to it once for each language."""
    found: dict[Key, Alert] = {}
    for alert in alerts:
        key = digest(alert.name), alert.sent
        found[key] = _both(found[key], alert) if key in found else alert
    return list(found.values())


def _both(first: Alert, more: Alert) -> Alert:
    infos = tuple(info for info in more.infos if info not in first.infos)
    ends = [one.expires for one in (first, more) if one.expires is not None]
    return replace(
        first, infos=first.infos + infos, expires=max(ends) if len(ends) == 2 else None,
        references=tuple(dict.fromkeys(first.references + more.references)),
    )  # fmt: skip


def _chains(alerts: Iterable[Alert], graph: Graph, normaliser: Normaliser, guard: Guard) -> Iterator[_Chain]:
    """What these messages hang together in.

    An incident is called after the first message of its chain, and is carried on by whatever message
    stands in its place. Told of a message that others have overtaken, only a mapping that says when a
    record became known can tell it where it belongs.
    """
    fresh: dict[Key, Alert] = {}
    torn: dict[Key, list[Broken]] = {}
    for alert in sorted(alerts, key=lambda alert: alert.sent):
        member = graph.enter(_member(alert, guard))
        for named in _named(alert, guard):
            graph.name(member, named)
        fresh[member.key] = alert
        if normaliser.shapes:
            fresh[member.key], torn[member.key], lost = legible(alert, normaliser)
            normaliser.lost.update({"polygon or circle": lost} if lost else {})
    for chain in graph.chains(graph.members[key] for key in fresh):
        read = {member.key: fresh[member.key] for member in chain if member.key in fresh}
        yield _Chain(chain, read, torn, graph, normaliser)


def _member(alert: Alert, guard: Guard) -> Member:
    return Member(name=digest(alert.name), sent=alert.sent, identifier=guard.key(alert.identifier),
                  kind=alert.kind, expires=alert.expires)  # fmt: skip


def _named(alert: Alert, guard: Guard) -> list[Member]:
    return [
        Member(name=digest(one.name), sent=one.sent, identifier=guard.key(one.name.partition(",")[2]))
        for one in alert.references
    ]


class _Chain:
    """One chain, and what was just read of it."""

    def __init__(
        self, members: Sequence[Member], fresh: Mapping[Key, Alert], torn: Mapping[Key, Sequence[Broken]],
        graph: Graph, normaliser: Normaliser,
    ) -> None:  # fmt: skip
        #: So many of its messages that were just read come to no record.
        self.silent = 0
        self._members = members
        self._fresh = fresh
        self._torn = torn
        self._normaliser = normaliser
        own = {member.key for member in members}
        others = [one for one in graph.members.values() if one.chain and one.key not in own]
        self._foreign = {name for one in others for name in (one.chain, one.identifier)}
        self._base = next((member.chain for member in members if member.chain), "") or self._free(members[0])
        for member in members:
            if member.chain != self._base:
                member.chain = self._base
                graph.changed[member.key] = member

    def _free(self, member: Member) -> str:
        """What the message is called, and who sent it where another chain is called so."""
        if member.identifier not in self._foreign:
            return member.identifier
        told = digest(member.name + member.sent.isoformat())
        return member.identifier + "~" + told[:8]

    def _called(self, member: Member) -> str:
        """An alert's incidents are called after itself, those that are told later after the chain."""
        return self._base if member.names else self._free(member)

    def _broken(self) -> Iterator[Broken]:
        """What of the messages could not be placed, under the name of the chain."""
        for key in self._fresh:
            for one in self._torn.get(key, ()):
                yield replace(one, fields={**one.fields, "id": self._base})

    def records(self) -> Iterator[Record | Broken]:
        """What its messages come to, in their order."""
        yield from self._broken()
        says = {key: self._said(alert) for key, alert in self._fresh.items()}
        skipped = {key: [one for one in those if self._skips(one)] for key, those in says.items()}
        counted = {key: [one for one in those if not self._skips(one)] for key, those in says.items()}
        digests = {key: [one.digest for one in those] for key, those in counted.items()}
        done = list(steps(self._members, digests, self._called))
        last, moments = _last(done), _moments(self._members)
        for step in done:
            key, at = step.by.key, moments[step.by.key]
            taken = [self._withdrawal(step, name, by, at) for name, by in self._takes(step, last)]
            named = [*zip(step.tells, counted[key], strict=True)] if key in self._fresh else []
            told = [
                self._record(key, name, one, at) for name, one in named
                if self._normaliser.dated or last.get(name) == key
            ]  # fmt: skip
            left = [self._record(key, self._base, one, at) for one in skipped.get(key, ())]
            self.silent += key in self._fresh and not (taken or told or left)
            yield from (*taken, *told, *left)

    def _said(self, alert: Alert) -> list[Said]:
        return [] if alert.kind is Kind.CANCEL else said(alert, self._normaliser)

    def _skips(self, one: Said) -> bool:
        """What the mapping skips is no incident: it stands in no other's place."""
        return self._normaliser.skips(one.fields)

    def _takes(self, step: Step, last: Mapping[str, Key]) -> Iterator[tuple[str, Member]]:
        """What to tell of what is taken back: the message that does, or that had told it, was just read."""
        for name, teller in step.takes:
            read = step.by.key in self._fresh or teller.key in self._fresh
            if read and (self._normaliser.dated or name not in last):
                yield name, teller

    def _withdrawal(self, step: Step, name: str, teller: Member, at: datetime) -> Record:
        alert = self._fresh.get(step.by.key)
        place = alert.place if alert else f"the {step.by.kind} {step.by.identifier}"
        fields = {"id": name, "identifier": teller.identifier, "sent": at.isoformat()}
        return Record(fields, place, withdrawn=True)

    def _record(self, key: Key, name: str, one: Said, at: datetime) -> Record:
        alert = self._fresh[key]
        later = {"sent": at.isoformat()} if at > alert.sent else {}
        return Record({**one.fields, **later, "id": name}, alert.place, one.areas)


def _last(done: Sequence[Step]) -> dict[str, Key]:
    """The message that each incident in force was last told by."""
    last: dict[str, Key] = {}
    for step in done:
        for name, _ in step.takes:
            last.pop(name, None)
        last.update(dict.fromkeys(step.tells, step.by.key))
    return last


def _moments(members: Sequence[Member]) -> dict[Key, datetime]:
    """When each message takes effect: when it was sent, and not before one that it names."""
    moments: dict[Key, datetime] = {}
    for member in members:
        before = [moments[key] for key in member.names if key in moments]
        moments[member.key] = max([member.sent, *before])
    return moments
