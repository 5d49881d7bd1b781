"""Warnings into CAP feeds: in a run's own transaction, what has changed and what must be renewed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property

from engine.cycle.world import World
from engine.judge import Conclusion
from engine.model.demand import Demand
from engine.model.finding import Finding
from engine.model.grade import Grade
from engine.model.message import Notification, Receiver, Route
from engine.model.period import CALENDAR, Cycle
from engine.model.warning import Change, RiskWarning, Step
from engine.notify.audience import matches
from engine.notify.cap.chain import Published, unexpired
from engine.notify.cap.identifier import Sequence as Identifiers
from engine.notify.cap.plan import Feed, Subject, following_message, published
from engine.notify.cap.polygon import Ring, rings
from engine.notify.channels import cap
from engine.notify.evidence import evidence, tasks
from engine.notify.message import Story
from engine.notify.reference import Reference
from engine.store import demands, judgement, outbox
from engine.store.database import Tx

#: No message holds longer: a month and its grace.
_LONGEST = timedelta(days=40)
_ENDS = (Step.LIFTED, Step.EXPIRED)


def spoken(receivers: Mapping[str, Receiver]) -> dict[str, Receiver]:
    """The receivers with the channels that carry messages to people: a CAP feed carries warnings."""
    return {
        id_: replace(one, channels=tuple(channel for channel in one.channels if channel.kind != cap.ID))
        for id_, one in receivers.items()
    }


def feeds(receivers: Mapping[str, Receiver]) -> list[Feed]:
    """Every CAP feed that is configured."""
    return [
        Feed(
            receiver=one.id, channel=channel.name, language=one.language,
            publisher=cap.options(channel).publisher,
        )
        for one in receivers.values() for channel in one.channels if channel.kind == cap.ID
    ]  # fmt: skip


def senders(receivers: Mapping[str, Receiver]) -> frozenset[str]:
    """The names that our own messages are sent under."""
    return frozenset(feed.publisher.sender for feed in feeds(receivers))


def publish(
    world: World, tx: Tx, concluded: Conclusion, reference: Reference, at: datetime, cycle: Cycle
) -> list[Notification]:
    """The next messages of every CAP feed.

    at, cycle: when the run was due, and its rhythm. What has not changed is renewed once a day, by the last
    run of the day's cut: in between nothing that was said has run out. While days are caught up, only the
    last one speaks. A silence mutes what is pushed to people; a feed tells what stands, as `forewarn
    warnings` does.
    """
    configured, now = feeds(world.settings.receivers), world.clock()
    calendar = world.settings.calendar
    today = calendar.last_due(Cycle.DAILY, now).due_at
    last = [one for one in CALENDAR if calendar.last_due(one, now).due_at == today][-1]
    if not configured or at < today or (at == today and cycle is not last):
        return []
    if at == today:
        told = judgement.warnings(tx, lifted_since=now - _LONGEST)
    else:
        changed = {change.warning for change in concluded.changes}
        told = [one for one in concluded.warnings if one.id in changed]
    told = [one for one in told if one.issued]  # what is only proposed is nobody's to publish
    telling = _Telling(world, tx, reference, told, now)
    return [one for feed in configured for one in telling.messages(feed)] if told else []


def drilled(
    world: World, tx: Tx, route: Route, warning: RiskWarning, reference: Reference, expires: datetime
) -> list[Notification]:
    """What the feeds that a route leads to publish of a drill: one message, which runs out by itself."""
    telling = _Telling(world, tx, reference, [warning], world.clock())
    if route.asks:
        return []
    return [
        one for feed in feeds(world.settings.receivers) if feed.receiver in route.receivers
        if (one := telling.exercise(feed, warning, route.id, expires)) is not None
    ]  # fmt: skip


@dataclass
class _Telling:
    """What one run tells, and what it looks up for that."""

    world: World
    tx: Tx
    reference: Reference
    warnings: Sequence[RiskWarning]
    now: datetime
    _sequences: dict[str, Identifiers] = field(default_factory=dict)

    def messages(self, feed: Feed) -> Iterator[Notification]:
        chains = _chains(self.tx, feed, [one.id for one in self.warnings])
        sequence = self._sequence(feed)
        for warning in self.warnings:
            chain = chains.get(warning.id, [])
            if not unexpired(chain, self.now) and not (warning.open and self._routed(feed, warning)):
                continue
            message = following_message(feed, chain, self._subject(feed, warning, chain), self.now, sequence)
            if message is not None:
                yield message

    def exercise(
        self, feed: Feed, warning: RiskWarning, name: str, expires: datetime
    ) -> Notification | None:
        marked = replace(feed, publisher=replace(feed.publisher, exercise=feed.publisher.exercise or name))
        of = replace(self._subject(feed, warning, []), expires=expires)
        return following_message(marked, [], of, self.now, self._sequence(feed))

    def _routed(self, feed: Feed, warning: RiskWarning) -> bool:
        change, lineage = _issued(warning), self.reference.lineage(warning.area)
        return any(
            feed.receiver in route.receivers and not route.asks and matches(route, change, warning, lineage)
            for route in self.world.settings.routes
        )

    def _subject(self, feed: Feed, warning: RiskWarning, chain: Sequence[Published]) -> Subject:
        change = _issued(warning) if warning.open else self._end(warning, chain)
        found = [
            one for one in self._findings if (one.area, one.topic) == (warning.area, warning.topic)
        ]  # fmt: skip
        story = Story(
            change=change, warning=warning, evidence=evidence(warning, found, self.reference),
            tasks=tasks(change, warning, self.reference, demands=self._demands.get(warning.id))
            if warning.open else (),
            reference=self.reference, sensitive=self.reference.sensitive(warning.rules),
        )  # fmt: skip
        return Subject(
            story=story, findings=found, cycle=self._cycle(warning), expires=self._expires(feed, warning),
            polygons=self._polygons(warning.area),
        )  # fmt: skip

    @cached_property
    def _demands(self) -> Mapping[str, Sequence[Demand]]:
        """What was asked for under each; a drill's warning is no recorded one."""
        found: dict[str, list[Demand]] = {}
        for one in demands.of(self.tx, [warning.id for warning in self.warnings]):
            found.setdefault(one.warning, []).append(one)
        return found

    @cached_property
    def _findings(self) -> list[Finding]:
        """Behind an invented warning there is no rule, and no finding."""
        places = {(one.area, one.topic) for one in self.warnings if one.rules}
        return judgement.standing_findings(self.tx, places)

    def _end(self, warning: RiskWarning, chain: Sequence[Published]) -> Change:
        """The change that ended it, from the grade that was published last."""
        ends = [one for one in judgement.changes(self.tx, warning.id) if one.step in _ENDS]
        return replace(ends[-1], before=chain[-1].grade)

    def _cycle(self, warning: RiskWarning) -> Cycle:
        book = self.world.book.rules
        return min((book[id_].cycle for id_ in warning.rules if id_ in book), default=Cycle.DAILY,
                   key=lambda cycle: cycle.order)  # fmt: skip

    def _expires(self, feed: Feed, warning: RiskWarning) -> datetime:
        """The next judgement and the grace; what is judged at once is judged again with the day."""
        cycle = max(self._cycle(warning), Cycle.DAILY, key=lambda one: one.order)
        calendar = self.world.settings.calendar
        due = next(calendar.due(cycle, self.now, self.now + timedelta(days=70)))
        return due.due_at + feed.publisher.grace

    def _polygons(self, area: str) -> Sequence[Ring]:
        shape = self.world.settings.gazetteer.polygons.get(area)
        return rings(shape) if shape is not None else ()

    def _sequence(self, feed: Feed) -> Identifiers | None:
        """One for each body, however many feeds it has."""
        body = feed.publisher.organisation
        if not body:
            return None
        if body not in self._sequences:
            given = _identifiers(self.tx, feeds(self.world.settings.receivers), self.now, body)
            self._sequences[body] = Identifiers(body, max(given, default=""))
        return self._sequences[body]


def _issued(warning: RiskWarning) -> Change:
    """The warning told anew, as it stands: whoever joins now must not know what it was before."""
    return Change(
        warning=warning.id, step=Step.ISSUED, at=warning.since, before=Grade.NONE, after=warning.grade,
        reason="", by=cap.ID,
    )  # fmt: skip


def _chains(tx: Tx, feed: Feed, warnings: Sequence[str]) -> dict[str, list[Published]]:
    chains: dict[str, list[Published]] = {}
    for one in outbox.told_by(tx, feed.receiver, feed.channel, warnings):
        chains.setdefault(one.warning, []).append(published(json.loads(one.payload)))
    for chain in chains.values():
        chain.sort(key=lambda message: message.number)
    return chains


def _identifiers(tx: Tx, configured: Iterable[Feed], now: datetime, body: str) -> Iterator[str]:
    """Those of this second and later, by whichever feed."""
    since = now.replace(microsecond=0)
    for feed in configured:
        for one in outbox.told_by(tx, feed.receiver, feed.channel, since=since):
            identifier = str(json.loads(one.payload).get("identifier", ""))
            if identifier.startswith(f"{body}_"):
                yield identifier
