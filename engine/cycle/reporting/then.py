"""Warnings, changes and acts as they were known at a moment, whatever has happened since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from engine.duty.response import History
from engine.model.act import Act
from engine.model.demand import Demand
from engine.model.grade import Grade
from engine.model.response import Response
from engine.model.warning import Change, RiskWarning, Step
from engine.notify.audience import ASKS
from engine.store import acts, demands, judgement, responses
from engine.store.database import Tx
from engine.warn import past
from engine.warn.past import Span, spans


@dataclass(frozen=True)
class Then:
    """What was known at `at` of every warning that stood at some time from `since` on."""

    since: datetime
    at: datetime
    warnings: Mapping[str, RiskWarning]
    changes: Mapping[str, Sequence[Change]]
    lives: Mapping[str, Sequence[Span]]
    acts: Sequence[Act]
    #: The plans called for and the measures asked for, as they read then.
    begun: Sequence[Response] = ()
    demands: Sequence[Demand] = ()

    @cached_property
    def history(self) -> History:
        changes = [one for id_ in self.warnings for one in self.changes[id_]]
        changes.sort(key=lambda one: one.at)
        begun = [one for one in self.begun if one.warning in self.warnings]
        return History(changes, self.warnings, self.acts, begun, self.demands)

    def grade(self, id_: str, moment: datetime) -> Grade:
        return past.at(self.lives, id_, moment)

    def top(self, id_: str, since: datetime) -> Grade:
        """The highest grade in force at some time from a moment on."""
        grades = (one.grade for one in self.lives[id_] if one.until is None or one.until > since)
        return max(grades, default=Grade.NONE)


def known(tx: Tx, since: datetime, at: datetime) -> Then:
    found = judgement.warnings(tx, lifted_since=since)
    first = min((one.since for one in found), default=at)
    steps: dict[str, list[Change]] = defaultdict(list)
    for change in judgement.changes(tx, since=first):
        if change.at <= at:
            steps[change.warning].append(change)
    warnings = {one.id: _as_it_was(one, steps[one.id]) for one in found if steps[one.id]}
    return Then(
        since=since, at=at, warnings=warnings, changes=steps,
        lives={id_: spans(steps[id_]) for id_ in warnings},
        acts=[one for one in acts.every(tx) if one.at <= at],
        begun=responses.at_hand(tx, since, warnings), demands=demands.of(tx, warnings),
    )  # fmt: skip


def _as_it_was(one: RiskWarning, steps: Sequence[Change]) -> RiskWarning:
    """The warning as its changes until then left it."""
    last = [step for step in steps if step.step not in ASKS]
    asked = next((step for step in reversed(steps) if step.step is not Step.HELD), None)
    waits = asked if asked is not None and asked.step is Step.PROPOSED else None
    grade = last[-1].after if last else Grade.NONE
    over = bool(last) and last[-1].step in (Step.LIFTED, Step.EXPIRED)
    return replace(
        one, grade=grade, lifted_at=last[-1].at if over else None,
        issuer=last[-1].issuer if last else one.issuer, proposed=waits.after if waits else None,
        proposed_at=waits.at if waits else None, proposal=waits.key if waits else "",
        blind_since=None if over else one.blind_since,
    )  # fmt: skip
