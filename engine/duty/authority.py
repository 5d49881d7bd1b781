"""Who must let a grade pass before it is issued, and what happens when nobody answers.

A centre proposes, an authority issues: what it may issue itself it issues at once, the rest waits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from engine.model.act import Act, ActKind, Role
from engine.model.grade import RUNGS, Domain, Grade
from engine.model.warning import Issuer, RiskWarning
from engine.warn.call import Call
from engine.warn.passage import Passage

#: What only a leader may issue, whoever it is that asks for it by hand.
GRAVE = frozenset({Grade.ORANGE, Grade.RED})


@dataclass(frozen=True)
class Unanswered:
    """After how long nobody has answered, and whether the grade then goes out all the same, marked."""

    after: timedelta = timedelta(minutes=30)
    issues: bool = False


#: A machine may be late, it may not be silent.
SOON = Unanswered(timedelta(minutes=10), issues=True)


@dataclass(frozen=True)
class Authority:
    """By domain and grade, who issues; what is not named issues itself."""

    issuers: Mapping[tuple[Domain, Grade], Issuer] = field(default_factory=dict)
    unanswered: Mapping[Grade, Unanswered] = field(default_factory=dict)
    #: For findings at once, of whatever grade.
    immediate: Unanswered = SOON

    def issuer(self, domain: Domain, grade: Grade) -> Issuer:
        return self.issuers.get((domain, grade), Issuer.ITSELF)

    def patience(self, grade: Grade) -> Unanswered:
        return self.unanswered.get(grade, SOON if grade is Grade.RED else Unanswered())

    def __call__(
        self, open_: RiskWarning | None, called: Call, acts: Sequence[Act], domain: Domain, at: datetime
    ) -> Passage:
        """What passes of a call, and what waits for somebody."""
        now = open_.grade if open_ else Grade.NONE
        needs = self._needs(open_, called, domain, now)
        if called.grade == now:
            return Passage(now)
        if needs is Issuer.ITSELF:
            return _passed(called)
        if open_ is not None and open_.proposed == called.grade:
            given = approvals(called.act, acts, open_.proposal, at)
            if enough(needs, called.act, given):
                return Passage(called.grade, needs, given[-1].id)
            if called.grade > now and self._overdue(open_, called, at):
                return Passage(called.grade, Issuer.UNANSWERED)
        return Passage(self._meanwhile(called, domain, now), proposed=called.grade, needs=needs)

    def deadlines(self, open_: RiskWarning) -> Iterator[datetime]:
        """The moments at which an open proposal may go out unanswered."""
        if open_.proposed is not None and open_.proposed_at is not None and open_.proposed > open_.grade:
            for patience in (self.patience(open_.proposed), self.immediate):
                if patience.issues:
                    yield open_.proposed_at + patience.after

    def _needs(self, open_: RiskWarning | None, called: Call, domain: Domain, now: Grade) -> Issuer:
        if called.act is not None:
            return self._by_hand(called.act, called.grade, domain, now)
        if called.grade > now:
            return self.issuer(domain, called.grade)
        # Automation takes back by itself only what automation, or the officer on duty, let pass.
        issued = open_.issuer if open_ else Issuer.ITSELF
        return issued if issued in (Issuer.LEADER, Issuer.TWO) else Issuer.ITSELF

    def _by_hand(self, act: Act, grade: Grade, domain: Domain, now: Grade) -> Issuer:
        """Nobody lets their own red pass, nor what takes two people; nor an officer what takes a leader."""
        if grade <= now:
            return Issuer.ITSELF
        wanted = self.issuer(domain, grade)
        if grade is Grade.RED or wanted is Issuer.TWO:
            return Issuer.TWO
        grave = grade in GRAVE or wanted is Issuer.LEADER
        return Issuer.LEADER if grave and act.role is not Role.LEADER else Issuer.ITSELF

    def _overdue(self, open_: RiskWarning, called: Call, at: datetime) -> bool:
        patiences = [self.patience(called.grade), *([self.immediate] if called.immediate else [])]
        asked = open_.proposed_at or at
        return any(one.issues and at >= asked + one.after for one in patiences)

    def _meanwhile(self, called: Call, domain: Domain, now: Grade) -> Grade:
        """What automation may issue itself while the rest waits."""
        if called.act is not None:
            return now
        own = [g for g in RUNGS if now < g < called.grade and self.issuer(domain, g) is Issuer.ITSELF]
        return max(own, default=now)


def approvals(author: Act | None, acts: Sequence[Act], proposal: str, at: datetime) -> list[Act]:
    """The first approval of a proposal by each person, its author's own left out, oldest first."""
    first: dict[str, Act] = {}
    for act in sorted(acts, key=lambda act: act.at):
        own = author is not None and act.person == author.person
        if act.kind is ActKind.ISSUE and act.change == proposal and act.at <= at and not own:
            first.setdefault(act.person, act)
    return list(first.values())


def may(role: Role, needs: Issuer) -> bool:
    """Whether somebody in this office may let pass what needs that authority."""
    return role is Role.LEADER or needs in (Issuer.ITSELF, Issuer.DUTY)


def enough(needs: Issuer, author: Act | None, given: Sequence[Act]) -> bool:
    """Whether these approvals let it pass; whoever asked for it by hand is one of two people."""
    told = [act for act in given if may(act.role, needs)]
    return len(told) + (author is not None) >= 2 if needs is Issuer.TWO else bool(told)


def _passed(called: Call) -> Passage:
    if called.act is None:
        return Passage(called.grade)
    issuer = Issuer.LEADER if called.act.role is Role.LEADER else Issuer.DUTY
    return Passage(called.grade, Issuer.HAND if called.act.until else issuer, called.act.id)
