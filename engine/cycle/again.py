"""A period judged once more because somebody says so: one that was set aside, or judged with what was wrong.

What is done stays done, and what was built on it stands: the new judgement is kept beside it, and says what
it finds otherwise. A period that nobody could judge is judged in its place.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.cycle import run
from engine.cycle.run import Report
from engine.cycle.world import World
from engine.model.finding import Finding
from engine.model.period import Period
from engine.model.run import RunState
from engine.store import aside, judgement, runs
from engine.store.aside import Aside
from engine.store.canonical import canonical

#: What a finding is told by: rule, area, grade.
Told = tuple[str, str, str]


@dataclass(frozen=True)
class Beside:
    """A judgement beside what stands: what it finds, and what the one that stands found."""

    period: Period
    found: frozenset[Told]
    stands: frozenset[Told]

    def lines(self) -> list[str]:
        """What differs, in sentences."""
        new, gone = sorted(self.found - self.stands), sorted(self.stands - self.found)
        return [f"only now: {_said(one)}" for one in new] + [f"no more: {_said(one)}" for one in gone]


def judge(world: World, period: Period) -> Report | Beside:
    """Judge a period of the calendar once more."""
    with world.store.begin() as tx:
        known = runs.find(tx, period)
        if known is not None and known.state is RunState.FAILED:
            runs.reopen(tx, period, world.clock())
    if known is None or known.state is not RunState.DONE:
        return run.judge(world, period)
    _, found, concluded = run.trial(world, period)
    with world.store.begin() as tx:
        before = _told(judgement.findings(tx, run=known.id))
        beside = Beside(period, _told(concluded.findings), before)
        aside.keep(tx, Aside(
            kind=aside.AGAIN, name=f"{period.cycle} {period.key}", cycle=period.cycle, period=period.key,
            due_at=period.due_at, at=world.clock(), rules_hash=world.book.hash,
            config_hash=world.settings.hash, content=canonical(list(concluded.findings)),
            detail="; ".join(beside.lines()) or "it finds the same" + (found.degraded and ", degraded"),
        ))  # fmt: skip
    return beside


def _told(findings: list[Finding] | tuple[Finding, ...]) -> frozenset[Told]:
    return frozenset((one.rule, one.area, one.grade.word) for one in findings)


def _said(one: Told) -> str:
    rule, area, grade = one
    return f"{rule} in {area}, {grade}"
