"""What an edit of the rules changes: two histories of the same time, laid side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from engine.backtest.history import History, Place, Span, Spell
from engine.backtest.match import Against, Track, match
from engine.backtest.replay import relive
from engine.backtest.shard import Source, find_all
from engine.ingest.truth import Event, Truth
from engine.judge import Conclusion, Terms
from engine.model.grade import Grade
from engine.model.period import Period
from engine.model.rule import Rule, RuleBook, Status

#: (shards done, shards in all).
Progress = Callable[[int, int], None]


class Effect(StrEnum):
    """What an edit does to a warning."""

    ADDED = "added"
    DROPPED = "dropped"
    RAISED = "raised"
    LOWERED = "lowered"
    #: As grave as before, but at other times.
    MOVED = "moved"


@dataclass(frozen=True)
class Shift:
    """Warnings of one place that overlap in time, before and after the edit; at least one side is there.

    right: whether those of the side that warns (after, or before where they are dropped) met an
    event; None: nobody knows.
    """

    effect: Effect
    place: Place
    before: tuple[Spell, ...]
    after: tuple[Spell, ...]
    right: bool | None = None

    @property
    def since(self) -> datetime:
        return min(spell.opened for spell in (*self.before, *self.after))


@dataclass(frozen=True)
class Side:
    """One edition of the rules of some topics, and what it would have warned of."""

    book: RuleBook
    history: History

    def track(self, topic: str, against: Against, span: Span) -> Track:
        """The warnings of a topic, over all areas in which it is judged."""
        rules = [rule for rule in self.book.rules.values() if rule.topic == topic and rule.stands]
        rules.sort(key=lambda rule: rule.level)
        areas = dict.fromkeys(area for rule in rules for area in rule.places(against.tree))
        places = [(area, topic) for area in areas]
        return Track.of(places, self.history.warnings, span, self.book.ahead(topic))


@dataclass(frozen=True)
class Diff:
    """The effects of an edit on the warnings of the topics it touches.

    won, lost: events that are warned of only after, or only before, the edit; untold: touched topics
    of which the truth says nothing.
    """

    topics: tuple[str, ...]
    shifts: tuple[Shift, ...]
    won: tuple[Event, ...] = ()
    lost: tuple[Event, ...] = ()
    untold: tuple[str, ...] = ()

    def count(self, effect: Effect) -> int:
        return sum(shift.effect is effect for shift in self.shifts)


def touched(old: RuleBook, new: RuleBook) -> frozenset[str]:
    """The topics whose warnings the edit can change: those of rules that differ, and of correlations
    that look for them."""
    ids = {id_ for id_ in {*old.rules, *new.rules} if _text(old, id_) != _text(new, id_)}
    rules = [rule for book in (old, new) for rule in book.rules.values()]
    topics = {rule.topic for rule in rules if rule.id in ids}
    while True:
        further = {rule.topic for rule in rules if _looks_for(rule, topics, ids)}
        if further <= topics:
            return frozenset(topics)
        topics |= further
        ids |= {rule.id for rule in rules if _looks_for(rule, topics, ids)}


def promoted(book: RuleBook, ids: Iterable[str] | None = None) -> RuleBook:
    """The book as if these drafts and rules on trial (None: all of them) warned already."""
    chosen = frozenset(book.rules if ids is None else ids)
    rules = {
        id_: replace(rule, status=Status.STABLE)
        if id_ in chosen and rule.status in (Status.DRAFT, Status.TRIAL) else rule
        for id_, rule in book.rules.items()
    }  # fmt: skip
    return RuleBook(rules, book.hash)


def part(book: RuleBook, topics: Iterable[str]) -> RuleBook:
    """The book's judged rules of these topics: warnings of other topics do not depend on them."""
    wanted = frozenset(topics)
    rules = {id_: rule for id_, rule in book.rules.items() if rule.topic in wanted and rule.judged}
    return RuleBook(rules, book.hash)


def live_through(
    book: RuleBook, topics: Iterable[str], source: Source, span: Span, *, terms: Terms,
    moments: Iterable[datetime] = (), executor: Executor | None = None, progress: Progress | None = None,
) -> Iterator[tuple[Period, Conclusion]]:  # fmt: skip
    """What the book's rules of these topics would have concluded, period by period."""
    own = part(book, topics)
    found = find_all(
        source, book, own.rules, span.begin, span.until, moments=moments, terms=terms, executor=executor,
        progress=progress,
    )  # fmt: skip
    return relive(own, found, terms, span.until)


def compare(
    old: Side, new: Side, topics: Iterable[str], span: Span, against: Against | None = None
) -> Diff:
    """The difference of two editions that lived through the same time."""
    named = tuple(sorted(topics))
    found = _shifts(old.history.warnings, new.history.warnings)
    shifts = tuple(sorted(found, key=lambda one: (one.since, one.place)))
    if against is None:
        return Diff(named, shifts)
    told = [topic for topic in named if against.truth.speaks_of(topic, against.domains.get(topic, ""))]
    before, after = (_hit(side, told, against, span) for side in (old, new))
    ahead = {topic: max(side.book.ahead(topic) for side in (old, new)) for topic in named}
    right = (_right(shift, told, against, span, ahead[shift.place[1]]) for shift in shifts)
    return Diff(
        named, tuple(replace(shift, right=one) for shift, one in zip(shifts, right, strict=True)),
        won=tuple(event for event in after if event not in before),
        lost=tuple(event for event in before if event not in after),
        untold=tuple(topic for topic in named if topic not in told),
    )  # fmt: skip


def _text(book: RuleBook, id_: str) -> tuple[str, Status] | None:
    rule = book.rules.get(id_)
    return (rule.hash, rule.status) if rule else None


def _looks_for(rule: Rule, topics: Iterable[str], ids: Iterable[str]) -> bool:
    if rule.correlation is None:
        return False
    return any(
        (pattern.topic and pattern.topic in topics) or (pattern.rule and pattern.rule in ids)
        for pattern in (*rule.correlation.of, *rule.correlation.none)
    )


def _shifts(old: Iterable[Spell], new: Iterable[Spell]) -> Iterator[Shift]:
    """Every group of overlapping spells of one place that is not the same on both sides."""
    places: dict[Place, list[tuple[Spell, bool]]] = defaultdict(list)
    for spells, is_new in ((old, False), (new, True)):
        for spell in spells:
            places[spell.place].append((spell, is_new))
    for place, own in places.items():
        for group in _groups(own):
            before = tuple(spell for spell, is_new in group if not is_new)
            after = tuple(spell for spell, is_new in group if is_new)
            if before != after:
                yield Shift(_effect(before, after), place, before, after)


def _groups(spells: Iterable[tuple[Spell, bool]]) -> Iterator[list[tuple[Spell, bool]]]:
    """Spells that overlap, directly or through others."""
    group: list[tuple[Spell, bool]] = []
    end: datetime | None = None
    for spell, is_new in sorted(spells, key=lambda one: (one[0].opened, one[1])):
        if group and end is not None and spell.opened >= end:
            yield group
            group, end = [], None
        if not group:
            end = spell.closed
        elif end is not None:
            end = None if spell.closed is None else max(end, spell.closed)
        group.append((spell, is_new))
    if group:
        yield group


def _effect(before: tuple[Spell, ...], after: tuple[Spell, ...]) -> Effect:
    was, is_ = peak(before), peak(after)
    if not before or not after:
        return Effect.DROPPED if before else Effect.ADDED
    if was == is_:
        return Effect.MOVED
    return Effect.RAISED if is_ > was else Effect.LOWERED


def peak(spells: Iterable[Spell]) -> Grade:
    """The gravest grade that any of them reached."""
    return max((spell.peak for spell in spells), default=Grade.NONE)


def _right(shift: Shift, told: Iterable[str], against: Against, span: Span, ahead: int) -> bool | None:
    if shift.place[1] not in told:
        return None
    track = Track.of([shift.place], shift.after or shift.before, span, ahead)
    right = match(track, against, span).right
    return True if (right == 1).any() else False if (right == 0).all() else None


def _hit(side: Side, topics: Iterable[str], against: Against, span: Span) -> list[Event]:
    """The events that were warned of."""
    hit: dict[Event, None] = {}
    for topic in topics:
        track = side.track(topic, against, span)
        for event in against.about(topic, span):
            alone = replace(against, truth=Truth((event,), frozenset({event.topic})))
            if match(track, alone, span).warned.any():
                hit[event] = None
    return list(hit)
