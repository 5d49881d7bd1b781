"""The graph of references: which messages of a feed hang together, and what each tells and takes back."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from engine.model.alert import Key, Member

#: A moment copied without its offset is at most so far away.
_COPIED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Step:
    """What one message does: it tells incidents anew, and takes back what it says no more, with the
    message that had told it."""

    by: Member
    tells: tuple[str, ...]
    takes: tuple[tuple[str, Member], ...]


class Graph:
    """The messages of the chains touched by one poll; those that are new or changed are in `changed`."""

    def __init__(self, members: Iterable[Member] = ()) -> None:
        self.members: dict[Key, Member] = {}
        self.changed: dict[Key, Member] = {}
        #: Messages that only their name was known of, and that stand under another moment now.
        self.gone: set[Key] = set()
        self._named: dict[str, list[Member]] = {}
        for member in members:
            self._add(member)

    def _add(self, member: Member) -> Member:
        self.members[member.key] = member
        self._named.setdefault(member.name, []).append(member)
        return member

    def enter(self, told: Member) -> Member:
        """Take in a message that tells itself what it is: anew, or in the place that others keep for it."""
        known = self.members.get(told.key) or self._kept_for(told)
        if known is None:
            known = self._add(told)
        elif known.key != told.key:
            self._move(known, told.key)
        unheard = known is told or known.kind is None
        known.kind, known.expires, known.identifier = told.kind, told.expires, told.identifier
        self.changed[known.key] = known
        if unheard:
            self._continue(known)
        return known

    def _kept_for(self, told: Member) -> Member | None:
        found = self.find(told.key)
        return found if found is not None and found.kind is None else None

    def _move(self, member: Member, key: Key) -> None:
        """To the moment at which it says it was sent: those who name it are mostly, not always, exact."""
        old = member.key
        del self.members[old]
        self.gone.add(old)
        self.changed.pop(old, None)
        member.name, member.sent = key
        self.members[key] = member
        for other in self.members.values():
            if old in other.names:
                other.names = [key if name == old else name for name in other.names]
                self.changed[other.key] = other

    def _continue(self, member: Member) -> None:
        """A message sent again under its own identifier, while it holds, is another edition of it."""
        for other in self._named[member.name]:
            earlier, later = sorted((member, other), key=lambda one: one.sent)
            holds = earlier.expires is None or earlier.expires >= later.sent
            if other is not member and holds and earlier.key not in later.names:
                later.names.append(earlier.key)
                self.changed[later.key] = later

    def name(self, member: Member, named: Member) -> None:
        """Note that a message names another, of which perhaps nothing else is known yet."""
        found = self.find(named.key)
        if found is None:
            found = self.changed[named.key] = self._add(named)
        if found is not member and found.key not in member.names:
            member.names.append(found.key)
            self.changed[member.key] = member

    def find(self, key: Key) -> Member | None:
        """The message of that name sent then, or nearest to it: an identifier names one message, and
        moments are not always copied with care."""
        editions = self._named.get(key[0], ())
        nearest = min(editions, key=lambda one: abs(one.sent - key[1]), default=None)
        return nearest if nearest is not None and abs(nearest.sent - key[1]) <= _COPIED else None

    def chains(self, fresh: Iterable[Member]) -> list[list[Member]]:
        """The chains of these messages, each in the order in which its messages follow each other."""
        beside: dict[Key, set[Key]] = {key: set() for key in self.members}
        for member in self.members.values():
            for key in member.names:
                beside[member.key].add(key)
                beside[key].add(member.key)
        found, seen = [], set[Key]()
        for member in fresh:
            if member.key not in seen:
                together = _reached([member.key], beside)
                seen |= together
                found.append(self._ordered(together))
        return found

    def _ordered(self, keys: set[Key]) -> list[Member]:
        """By when they were sent, but none before one that it names: clocks differ."""
        order: dict[Key, None] = {}
        entered = set[Key]()
        stack = [(key, False) for key in sorted(keys, key=lambda key: (key[1], key[0]), reverse=True)]
        while stack:
            key, named = stack.pop()
            if named:
                order[key] = None
            elif key not in entered:
                entered.add(key)
                stack.append((key, True))
                stack += [(name, False) for name in self.members[key].names if name not in entered]
        return [self.members[key] for key in order]


def line(member: Member, chain: Sequence[Member]) -> set[Key]:
    """What a message is about: those it names, what those named, and what had followed on any of them by
    the time it was sent."""
    names = {one.key: set(one.names) for one in chain}
    above = _reached(member.names, names)
    follows: dict[Key, set[Key]] = {one.key: set() for one in chain}
    for one in chain:
        for key in one.names:
            if one.sent < member.sent:
                follows[key].add(one.key)
    return (above | _reached(member.names, follows)) - {member.key}


def _reached(start: Iterable[Key], leads: dict[Key, set[Key]]) -> set[Key]:
    found = set[Key]()
    waiting = list(start)
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting += leads[key]
    return found


def steps(
    chain: Sequence[Member], says: Mapping[Key, Sequence[str]], called: Callable[[Member], str]
) -> Iterator[Step]:
    """What each message of a chain does, in its order.

    says: of the messages just read, the digests of what each tells; which incidents those are is put
    into their `tells`, in that order. called: what the first new incident of a message is called.
    """
    names = _Names(chain)
    carried: dict[str, Member] = {}
    for at, member in enumerate(chain):
        about = line(member, chain) if member.names else set()
        replaced = [told for told, by in carried.items() if by.key in about]
        if member.key in says:
            following = (told for one in chain[at + 1 :] for told in one.tells if told not in carried)
            free = dict.fromkeys([*member.tells, *replaced, *following])
            member.tells = names.match(member, says[member.key], free, carried, called(member))
        tells = tuple(told for told, digest in member.tells.items() if digest)
        takes = [(told, carried.pop(told)) for told in replaced if told not in tells]
        takes += [(told, member) for told in member.tells if told not in tells and told not in carried]
        carried.update(dict.fromkeys(tells, member))
        yield Step(member, tells, tuple(takes))


class _Names:
    """Which incident of a chain is meant: the one that said the same, else one whose place is free, else
    a new one."""

    def __init__(self, chain: Sequence[Member]) -> None:
        self._taken = {told for member in chain for told in member.tells}
        self._last = {told: digest for one in chain for told, digest in one.tells.items() if digest}

    def match(
        self, member: Member, digests: Sequence[str], free: Iterable[str], carried: Container[str], base: str
    ) -> dict[str, str]:
        """Incident -> digest, in the order of `digests`; then, without one, what the message had told and
        tells no more. What others have `carried` on is theirs."""
        known = {**self._last, **{told: digest for told, digest in member.tells.items() if digest}}
        open_ = dict.fromkeys([*free, *(told for told in known if told not in carried)])
        same: dict[int, str] = {}
        for nth, digest in enumerate(digests):
            found = next((told for told in open_ if known.get(told) == digest), None)
            if found is not None:
                same[nth] = found
                del open_[found]
        left = [told for told in free if told in open_]
        told = {
            same.get(nth) or (left.pop(0) if left else self._new(base)): digest
            for nth, digest in enumerate(digests)
        }
        self._last.update(told)
        return {**told, **{gone: "" for gone in member.tells if gone not in told}}

    def _new(self, base: str) -> str:
        name, number = base, 1
        while name in self._taken:
            number += 1
            name = f"{base}#{number}"
        self._taken.add(name)
        return name
