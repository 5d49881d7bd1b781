"""Who has answered, who is asked again, and who is told in the place of those who do not answer.

Every message is derived from what is stored and the time: asked twice, the same comes out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from engine.model.act import Act, ActKind
from engine.model.grade import Grade
from engine.model.message import Ask
from engine.model.warning import Change, RiskWarning, Step


@dataclass(frozen=True)
class Asking:
    """How an answer to a grade is asked for: within what time before the next of the chain is told, and
    after 1, 2, 4, 8 times which step the same one is reminded, so many times at most."""

    within: timedelta
    remind: timedelta
    repeats: int = 4


@dataclass(frozen=True)
class Terms:
    """What the configuration says: by grade (one that is not named asks for no answer), how long an
    acknowledgement lasts, and whom to tell after a receiver, in order."""

    by_grade: Mapping[Grade, Asking] = field(default_factory=dict)
    lasts: timedelta = timedelta(hours=24)
    chains: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    """A message that somebody got: of which change, when, and if it was no first one, which ask."""

    change: str
    receiver: str
    at: datetime
    ask: str = ""


def due(
    warnings: Iterable[RiskWarning], asked: Mapping[str, Change], told: Iterable[Told],
    acts: Sequence[Act], terms: Terms, at: datetime,
) -> list[tuple[Change, Ask]]:  # fmt: skip
    """What is to be asked now, oldest first: of each receiver at most the latest that became due.

    warnings: the open ones; asked: by warning, the rise at which it stands, or the proposal that waits.
    """
    sent: dict[str, dict[tuple[str, str], datetime]] = {}
    for one in told:
        heard = sent.setdefault(one.change, {})
        key = (one.receiver, one.ask)
        heard[key] = min(one.at, heard.get(key, one.at))
    done: dict[str, list[Act]] = {}
    for act in acts:
        if act.kind in _ANSWERS:
            done.setdefault(act.warning, []).append(act)
    found: list[tuple[Change, Ask]] = []
    for warning in warnings:
        change = asked.get(warning.id)
        asking = terms.by_grade.get(_grade(warning, change)) if change else None
        if change is not None and asking is not None and change.key in sent:
            rounds = _Rounds(change, asking, terms, sent[change.key], done.get(warning.id, ()))
            found += ((change, ask) for ask in rounds.due(at))
    return sorted(found, key=lambda one: (one[1].at, one[0].key, one[1].receiver, one[1].key))


def saw(act: Act, change: str, life: Sequence[str]) -> bool:
    """Whether somebody who acted had a change before their eyes, which may be dated earlier and judged later.
    life: the keys of the changes of the warning, in the order in which they were recorded."""
    if act.change not in life or change not in life:
        return True  # then the moments decide
    return life.index(act.change) >= life.index(change)


_ANSWERS = frozenset({ActKind.ACKNOWLEDGE, ActKind.UNACKNOWLEDGE})


def _grade(warning: RiskWarning, change: Change) -> Grade:
    """What is asked about: the grade that waits, or the one at which the warning stands now."""
    return max(change.before, change.after) if change.step is Step.PROPOSED else warning.grade


@dataclass(frozen=True)
class Round:
    """One asking: from when on, and the act whose end began it (empty: the first)."""

    since: datetime
    mark: str = ""


def open_round(
    since: datetime, group: Sequence[str], acts: Iterable[Act], lasts: timedelta, at: datetime
) -> Round | None:
    """The asking that is open at a moment, of a receiver with its chain; None where somebody answered."""
    own = sorted((act for act in acts if act.receiver in group and act.at <= at), key=lambda act: act.at)
    found = Round(since)
    while True:
        ack = next(
            (act for act in own if act.kind is ActKind.ACKNOWLEDGE and act.at >= found.since), None
        )  # fmt: skip
        if ack is None:
            return found
        found = _after(ack, own, lasts)
        if found.since > at:
            return None


def _after(ack: Act, own: Sequence[Act], lasts: timedelta) -> Round:
    """The asking that begins where an answer ends: when it is taken back, or nobody has renewed it."""
    for act in own[own.index(ack) + 1 :]:
        if act.at >= ack.at + lasts:
            break
        if act.kind is ActKind.ACKNOWLEDGE:
            ack = act
        elif act.receiver == ack.receiver:
            return Round(act.at, act.id)
    return Round(ack.at + lasts, ack.id)


@dataclass(frozen=True)
class _Rounds:
    """The askings of one change: who got which of its messages when, and who answered."""

    change: Change
    asking: Asking
    terms: Terms
    sent: Mapping[tuple[str, str], datetime]
    acts: Sequence[Act]

    def due(self, at: datetime) -> Iterator[Ask]:
        first = {receiver: when for (receiver, ask), when in self.sent.items() if not ask}
        for receiver, when in sorted(first.items()):
            chain = () if self.change.step is Step.PROPOSED else self.terms.chains.get(receiver, ())
            group = (receiver, *(name for name in chain if name not in first))
            # Who read of it elsewhere, before its message arrived, has answered too.
            opened = open_round(
                self.change.at, (receiver, *chain), self._since_change, self.terms.lasts, at
            )  # fmt: skip
            if opened is not None:
                opened = replace(opened, since=max(opened.since, when) if opened.mark else when)
                for level, member in enumerate(group):
                    yield from self._of(member, receiver, level, opened, at)

    @property
    def _since_change(self) -> list[Act]:
        """An answer to what stood before a rise is none to the rise."""
        return [act for act in self.acts if act.at >= self.change.at]

    def _of(self, member: str, receiver: str, level: int, opened: Round, at: datetime) -> Iterator[Ask]:
        """What is due for one of the chain: told in the place of another, asked anew, or reminded."""
        begins = opened.since + level * self.asking.within
        if begins > at:
            return
        mark = f"/{opened.mark}" if opened.mark else ""
        if level or opened.mark:
            first = Ask(
                receiver=member, key=f"{'instead' if level else 'again'}{mark}", at=begins,
                of=receiver if level else "", since=opened.since,
            )  # fmt: skip
            if (member, first.key) not in self.sent:
                yield first
                return
            begins = max(begins, self.sent[member, first.key])
        passed = [n for n in range(self.asking.repeats) if begins + 2**n * self.asking.remind <= at]
        if passed:
            last = passed[-1]
            yield Ask(
                receiver=member, key=f"remind-{last + 1}{mark}", at=begins + 2**last * self.asking.remind,
                of=receiver if level else "", since=opened.since, number=last + 1,
            )  # fmt: skip
