"""At each tick: who has not answered is reminded, the next are told, and what a silence held back is told."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from engine.cycle import bundling, dispatch, publish, roster
from engine.cycle.records import records
from engine.cycle.world import World
from engine.duty.answer import Told, due, saw
from engine.model.act import Act, ActKind
from engine.model.message import Notification
from engine.model.warning import Change, RiskWarning, Step
from engine.notify import plan
from engine.notify.audience import FALLS, RISES, SILENCES, silenced, silencing
from engine.store import acts, judgement, outbox
from engine.store.database import Tx

_ANSWERS = (ActKind.ACKNOWLEDGE, ActKind.UNACKNOWLEDGE)


def ask(world: World, tx: Tx, now: datetime) -> int:
    """Plan what has become due; how many messages are new."""
    silences, duty = acts.every(tx, SILENCES), world.settings.duty
    if not silences and not duty.answers.by_grade and duty.situations is None:
        return 0
    open_ = {one.id: one for one in judgement.warnings(tx, open_only=True)}
    planned = [*_held_back(world, tx, open_, silences, now)]
    if duty.answers.by_grade:
        planned += _due(world, tx, open_, silences, now)
    planned += bundling.bundled(world, tx, now)
    return dispatch.post(world, tx, planned)


def _due(
    world: World, tx: Tx, open_: dict[str, RiskWarning], silences: Sequence[Act], now: datetime
) -> Iterator[Notification]:
    settings, looked_up = world.settings, dispatch.reference(world)
    asked = _asked(open_.values(), judgement.latest(tx, RISES | {Step.PROPOSED}), judgement.latest(tx, RISES))
    told = [Told(one.change, one.receiver, one.at, one.ask) for one in outbox.addressed(tx) if not one.waits]
    over = silencing(silences)
    answers = _answers(tx, asked, now)
    wanted = [
        (change, ask) for change, ask in due(open_.values(), asked, told, answers, settings.duty.answers, now)
        if not silenced(replace(change, at=now), open_[change.warning], over(open_[change.warning]))
    ]  # fmt: skip
    places = {(open_[change.warning].area, open_[change.warning].topic) for change, _ in wanted}
    findings = judgement.standing_findings(tx, places) if places else []
    receivers, stored = publish.spoken(roster.present(world, tx)), records(world, tx)
    for change, ask in wanted:
        yield from plan.ask(
            change, ask, open_[change.warning], receivers, looked_up, at=now, findings=findings,
            records=stored,
        )  # fmt: skip


def _answers(tx: Tx, asked: Mapping[str, Change], now: datetime) -> list[Act]:
    """What was said of that which is asked about, by those who saw it."""
    found = acts.every(tx, _ANSWERS, since=min((one.at for one in asked.values()), default=now))
    about = [one for one in found if one.warning in asked]
    lives = judgement.lives(tx, {one.warning for one in about})
    return [one for one in about if saw(one, asked[one.warning].key, lives.get(one.warning, ()))]


def _asked(
    open_: Collection[RiskWarning], last: dict[str, Change], rises: dict[str, Change]
) -> dict[str, Change]:  # fmt: skip
    """By warning: the proposal that waits, or else the rise at which it stands."""
    found: dict[str, Change] = {}
    for one in open_:
        change = last.get(one.id)
        waits = change is not None and change.step is Step.PROPOSED and change.key == one.proposal
        chosen = change if waits else rises.get(one.id)
        if chosen is not None:
            found[one.id] = chosen
    return found


def _held_back(
    world: World, tx: Tx, open_: dict[str, RiskWarning], silences: Sequence[Act], now: datetime
) -> Iterator[Notification]:
    """What stands and was muted when it came, and is muted no more: told as it would have been."""
    over = silencing(silences)
    muted = {id_: own for id_, one in open_.items() if (own := over(one))}
    if not muted:
        return
    changes = [
        change for id_, change in judgement.latest(tx, RISES | FALLS).items()
        if id_ in muted and silenced(change, open_[id_], muted[id_])
        and not silenced(replace(change, at=now), open_[id_], muted[id_])
    ]  # fmt: skip
    if changes:
        yield from dispatch.planned(world, tx, changes, open_, now)
