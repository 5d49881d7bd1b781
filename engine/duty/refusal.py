"""Why an act is refused: the thing has moved, the office does not reach, or it makes no sense now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from engine.duty.authority import GRAVE, approvals, may
from engine.duty.said import unsaid
from engine.model.act import Act, ActKind, Role, Verdict
from engine.model.grade import Grade
from engine.model.warning import Change, Issuer, RiskWarning

#: What a warning was about has happened at most so long before it began.
EARLIEST = timedelta(days=92)
#: For how long a silence may last, by grade; red is never silenced.
LIMITS: Mapping[Grade, timedelta] = {
    Grade.BLUE: timedelta(days=30), Grade.YELLOW: timedelta(days=7), Grade.ORANGE: timedelta(hours=24),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Sight:
    """What a person acts on, as it is at that moment."""

    #: None: nothing is open there, and nothing was meant that is over.
    warning: RiskWarning | None = None
    #: Its last change, and the open proposal's.
    last: Change | None = None
    proposal: Change | None = None
    #: What was done about it so far, and by whom a proposal by hand was made.
    acts: Sequence[Act] = ()
    author: Act | None = None
    #: Who was told of it.
    told: Set[str] = frozenset()
    #: The local day.
    today: date
    limits: Mapping[Grade, timedelta] = field(default_factory=lambda: LIMITS)

    @property
    def answered(self) -> bool:
        """Whether a task asked for under it was done before its end."""
        end = self.warning.lifted_at if self.warning else None
        return any(act.kind in _DOING and (end is None or act.at <= end) for act in self.acts)

    @property
    def rises(self) -> Change | None:
        """The proposal to raise it, where one is open."""
        one = self.proposal
        return one if one is not None and one.after > one.before else None


#: What says that a measure was done: the department that was asked, or the command of a plan.
_DOING = frozenset({ActKind.TASK_DONE, ActKind.STEP_DONE})


def refused(act: Act, sight: Sight, seen: str = "") -> str:
    """The sentence that refuses it; empty where it may be done.

    seen: the change or the grade that the person saw; empty: what stands now.
    """
    mute = unsaid(act)
    if mute:
        return mute
    if act.kind in _REASONED and not act.reason:
        return f"to {act.kind.value} needs a reason; say --why"
    if act.until is not None and act.until <= act.at:
        return f"it would end at {_at(act.until)}, which is over; give a later --until"
    return next(_refusals(act, sight, seen), "")


_REASONED = frozenset(
    {
        ActKind.DECLINE, ActKind.REGRADE, ActKind.LIFT, ActKind.CLOSE, ActKind.RAISE, ActKind.SILENCE,
        ActKind.COMMENT,
    }
)  # fmt: skip
_LEADERS = frozenset({ActKind.LIFT, ActKind.DECLINE})
#: What answers a proposal, and what puts another grade in its place.
_SETTLING = frozenset({ActKind.ISSUE, ActKind.DECLINE})
_REPLACING = frozenset({ActKind.REGRADE, ActKind.LIFT, ActKind.CLOSE})
#: What may be said of a warning that is over.
_AFTER = frozenset({ActKind.COMMENT, ActKind.VERDICT})


def _refusals(act: Act, sight: Sight, seen: str) -> Iterator[str]:
    warning = sight.warning
    if act.kind is ActKind.RAISE:
        yield from _raise(act, sight)
        return
    if warning is None:
        if act.kind is ActKind.SILENCE:
            yield from _silence(act, sight)
        elif act.kind is not ActKind.UNSILENCE:
            yield "there is no such warning"
        return
    yield from _moved(act, sight, seen)
    if not warning.open and act.kind not in _AFTER:
        yield f"{warning.id} is over since {_at(warning.lifted_at)}"
    if act.kind in _OWN:
        yield from _OWN[act.kind](act, sight)
    if act.kind in _LEADERS and act.role is not Role.LEADER and not _small(act, sight):
        yield f"to {act.kind.value} takes a leader; say --as leader where you are one"


def _moved(act: Act, sight: Sight, seen: str) -> Iterator[str]:
    """An act is never applied to another grade than the person saw."""
    warning, last = sight.warning, sight.last
    assert warning is not None
    if seen and last is not None and seen != last.key and seen not in _seeable(act, sight):
        if seen not in _WORDS and "/" not in seen:  # as every change's key has one
            yield f"'{seen}' is no grade, and no change of {warning.id}; say --seen as `warnings show` has it"
        now = f"{last.step.value} to {last.after.word} at {_at(last.at)} ({last.reason}); {last.key}"
        yield f"it has moved since {seen} was seen: {now}"


_WORDS = frozenset(grade.word for grade in Grade)


def _seeable(act: Act, sight: Sight) -> set[str]:
    """The grades on which it may be done: whoever settles a proposal, or puts another grade in the place of a
    graver one that waits, has seen that; anything else may be said of either."""
    assert sight.warning is not None
    stands, waits = sight.warning.grade, sight.warning.proposed
    if waits is None:
        return {stands.word}
    only = act.kind in _SETTLING or (act.kind in _REPLACING and waits > stands)
    return {waits.word} if only else {stands.word, waits.word}


def _small(act: Act, sight: Sight) -> bool:
    """What the officer on duty may decline: proposals that they could let pass."""
    return act.kind is ActKind.DECLINE and sight.proposal is not None and may(act.role, sight.proposal.issuer)


def _acknowledge(act: Act, sight: Sight) -> Iterator[str]:
    assert sight.warning is not None
    if not sight.warning.issued:
        yield "it is only proposed: nobody has been told of it yet"
    yield from _receiver(act, sight)


def _receiver(act: Act, sight: Sight) -> Iterator[str]:
    told = ", ".join(sorted(sight.told)) or "nobody"
    if not act.receiver:
        yield f"for which receiver? Told of it: {told}; say --for"
    elif act.receiver not in sight.told:
        yield f"'{act.receiver}' was not told of it and has nothing to acknowledge; told: {told}"


def _unacknowledge(act: Act, sight: Sight) -> Iterator[str]:
    yield from _receiver(act, sight)
    own = [one for one in sight.acts if one.receiver == act.receiver and one.kind in _ANSWERS]
    if not own or own[-1].kind is not ActKind.ACKNOWLEDGE:
        yield f"'{act.receiver}' has not acknowledged it"


_ANSWERS = (ActKind.ACKNOWLEDGE, ActKind.UNACKNOWLEDGE)


def standing_already(act: Act, sight: Sight) -> Act | None:
    """The acknowledgement for the receiver of one, where it answers what that asks about: it was not taken
    back, and nothing has changed since."""
    own = [one for one in sight.acts if one.receiver == act.receiver and one.kind in _ANSWERS]
    if act.kind is not ActKind.ACKNOWLEDGE or not own or own[-1].kind is not ActKind.ACKNOWLEDGE:
        return None
    return own[-1] if sight.last is None or sight.last.at <= own[-1].at else None


def _issue(act: Act, sight: Sight) -> Iterator[str]:
    proposal = sight.proposal
    if proposal is None:
        yield "no proposal waits for anybody"
        return
    if sight.author is not None and sight.author.person == act.person:
        yield f"{act.by} asked for {proposal.after.word} by hand, and somebody else must let it pass"
    if not may(act.role, proposal.issuer):
        yield f"{proposal.after.word} needs {_whom(proposal.issuer)}; say --as leader where you are one"
    if act.person in {one.person for one in approvals(sight.author, sight.acts, proposal.key, act.at)}:
        yield f"{act.by} has let it pass already; it needs another person"


def _whom(needs: Issuer) -> str:
    return {"leader": "a leader", "two": "two people, each a leader"}.get(needs.value, "the officer on duty")


def _decline(act: Act, sight: Sight) -> Iterator[str]:
    if sight.proposal is None:
        yield "no proposal waits for anybody; what stands is closed, lifted or regraded"


def _regrade(act: Act, sight: Sight) -> Iterator[str]:
    assert sight.warning is not None
    grade = act.grade or Grade.NONE
    if grade is Grade.NONE:
        yield "to take it back altogether, lift or close it"
    if grade == sight.warning.grade:
        yield f"it stands at {grade.word} already"
    if grade < sight.warning.grade and act.role is not Role.LEADER:
        yield "to lower a warning takes a leader; say --as leader where you are one"
    if sight.rises is not None and grade < sight.rises.after:
        yield from _overruled(act, sight)


def _close(act: Act, sight: Sight) -> Iterator[str]:
    yield from _verdict(act, sight)
    assert sight.warning is not None
    if sight.warning.grade in GRAVE and act.role is not Role.LEADER:
        yield f"to close what stands at {sight.warning.grade.word} takes a leader; say --as leader"
    yield from _overruled(act, sight)


def _overruled(act: Act, sight: Sight) -> Iterator[str]:
    """What takes a graver proposal away declines it, and takes whoever may let it pass."""
    if sight.rises is not None and not may(act.role, sight.rises.issuer):
        word = sight.rises.after.word
        yield f"{word} is proposed, and to do with less takes a leader; say --as leader where you are one"


def _verdict(act: Act, sight: Sight) -> Iterator[str]:
    assert sight.warning is not None
    words = ", ".join(verdict.value for verdict in Verdict)
    if act.verdict is None:
        yield f"what was it in the end? Say --verdict: {words}"
    if act.verdict is Verdict.CONFIRMED and act.outcome is None:
        yield "on which day did it happen? Say --outcome"
    if act.verdict is Verdict.AVERTED and not sight.answered:
        yield "averted means that something was done: no task asked for under it was done before its end"
    if act.outcome is not None and act.outcome > sight.today:
        yield f"the day of the outcome, {act.outcome}, has not come yet"
    if act.outcome is not None and act.outcome < sight.warning.since.date() - EARLIEST:
        yield (
            f"the day of the outcome, {act.outcome}, lies more than {EARLIEST.days} days before the warning"
            f" began ({sight.warning.since:%Y-%m-%d})"
        )


def _raise(act: Act, sight: Sight) -> Iterator[str]:
    if not act.grade:
        yield "a warning by hand needs a grade"
    if sight.warning is not None and sight.warning.open:
        yield f"{sight.warning.id} is open there already: regrade it, or issue what is proposed"


def _silence(act: Act, sight: Sight) -> Iterator[str]:
    grade = act.grade if act.grade is not None else sight.warning.grade if sight.warning else Grade.NONE
    if grade is Grade.RED or grade not in sight.limits:
        yield f"{grade.word} is never silenced"
        return
    if grade in GRAVE and act.role is not Role.LEADER:
        yield f"to silence {grade.word} takes a leader; say --as leader where you are one"
    longest = sight.limits[grade]
    if act.until is not None and act.until - act.at > longest:
        latest = act.at + longest
        yield f"{grade.word} is silenced until {_at(latest)} at the latest"


_OWN: Mapping[ActKind, Callable[[Act, Sight], Iterator[str]]] = {
    ActKind.ACKNOWLEDGE: _acknowledge, ActKind.UNACKNOWLEDGE: _unacknowledge, ActKind.ISSUE: _issue,
    ActKind.DECLINE: _decline, ActKind.REGRADE: _regrade, ActKind.CLOSE: _close, ActKind.VERDICT: _verdict,
    ActKind.SILENCE: _silence,
}  # fmt: skip


def _at(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M %Z}" if moment else "a moment nobody knows"
