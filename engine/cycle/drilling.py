"""Drills: an invented change, or a plan started for nothing, through the real chain, outside every figure.

A drill is an act, and what it says begins with `exercise/`. It opens no warning: its messages go over the
real routes, rotas and channels, its tasks to the real departments, and the answers are kept beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from engine.cycle import beginning, desk, dispatch, publish, roster
from engine.cycle.world import World
from engine.duty.answer import Told, due
from engine.duty.response import named
from engine.duty.said import said, unsaid
from engine.errors import ActRefused, UsageError
from engine.model.act import Act, ActKind
from engine.model.grade import Confidence, Grade
from engine.model.message import Notification, Route
from engine.model.problem import nearest
from engine.model.response import EXERCISE
from engine.model.text import Text
from engine.model.warning import Change, Issuer, RiskWarning, Step
from engine.notify import plan
from engine.notify.exercise import marked
from engine.store import acts, outbox
from engine.store.database import Tx

#: No plan's id can hold a colon: the drill of a route is never taken for one of a plan.
_ROUTE = "route:"
#: What the drill of a route asks to be answered.
_MESSAGE = Text("message", "消息")
#: For so long the drill of a route asks for answers.
LASTS = timedelta(hours=24)


@dataclass(frozen=True)
class Answer:
    """What one receiver was told of in a drill, and when it answered."""

    receiver: str
    what: Text
    told_at: datetime
    delivered_at: datetime | None
    answered_at: datetime | None
    by: str = ""


def start(world: World, what: str, area: str, who: str, grade: Grade | None = None) -> str:
    """Begin the drill of a plan, of a route, or of one receiver alone (`@ID`); the drill's id. Its messages
    are in the outbox then."""
    plans, routes = world.settings.plans, _routes(world)
    if what in plans and what in routes:
        raise UsageError(f"'{what}' is a plan and a route; rename one of them in config/")
    if what not in plans and what not in routes:
        raise UsageError(f"there is no plan or route '{what}'{nearest(what, [*plans, *routes])}")
    with world.store.lasting() as tx:
        return begin(world, tx, what, area, who, grade)


def begin(
    world: World, tx: Tx, what: str, area: str, who: str, grade: Grade | None = None, via: str = "cli"
) -> str:
    """The same of what is known to be there, within a transaction."""
    now = world.clock().astimezone(UTC).replace(microsecond=0)
    plan_ = what in world.settings.plans
    drill = named(what if plan_ else f"{_ROUTE}{what}", area, now, exercise=True)
    if acts.every(tx, [ActKind.PLAN_START], target=drill):
        raise ActRefused(f"'{drill}' has begun this very second; wait for the next one")
    act = Act(
        kind=ActKind.PLAN_START, area=area, topic="", at=now, target=drill, by=who, grade=grade, via=via
    )
    _recorded(tx, act)
    if plan_:
        beginning.start(world, tx, act)
        desk.tell(world, tx, now)
    else:
        outbox.enqueue(tx, list(_messages(world, tx, drill, _routes(world)[what], area, grade, now)))
    return drill


def alone(receiver: str) -> str:
    """The route to one receiver and nobody else, as drills call it."""
    return f"@{receiver}"


def _routes(world: World) -> dict[str, Route]:
    receivers = (Route(id=alone(id_), receivers=(id_,)) for id_ in world.settings.receivers)
    return {route.id: route for route in (*receivers, *world.settings.routes)}


def drills(tx: Tx) -> list[Act]:
    """The acts by which drills began, oldest first."""
    return [act for act in acts.every(tx, [ActKind.PLAN_START]) if act.target.startswith(EXERCISE)]


def remind(world: World, tx: Tx, now: datetime) -> int:
    """Ask again, and tell the next of the chain, where nobody answers the drill of a route, as of a warning;
    how many messages are new."""
    if not world.settings.duty.answers.by_grade:
        return 0
    begun = [act for act in drills(tx) if _is_route(act.target) and now - act.at < LASTS]
    return outbox.enqueue(tx, [one for act in begun for one in _reminders(world, tx, act, now)])


def _reminders(world: World, tx: Tx, act: Act, now: datetime) -> Iterator[Notification]:
    name = act.target.removeprefix(f"{EXERCISE}{_ROUTE}").partition("/")[0]
    route = next((one for one in world.settings.routes if one.id == name), None)
    if route is None:
        return
    warning, change = _invented(world, act.target, route, act.area, act.grade or route.grade, act.at)
    told = [Told(one.change, one.receiver, one.at, one.ask) for one in outbox.addressed(tx, about=act.target)]
    asked = due(
        [warning], {warning.id: change}, told, acts.of(tx, [act.target]), world.settings.duty.answers, now
    )
    receivers, looked_up = publish.spoken(roster.present(world, tx)), dispatch.reference(world)
    for _, ask in asked:
        for one in plan.ask(change, ask, warning, receivers, looked_up, at=now):
            yield marked(one, receivers[one.receiver].language)


def answer(world: World, drill: str, receiver: str, who: str) -> Act:
    """A receiver's answer to the drill of a route; that of a plan is answered by its tasks."""
    with world.store.lasting() as tx:
        told = {one.receiver for one in report(world, tx, drill)}
        if not _is_route(drill):
            raise ActRefused(f"'{drill}' is the drill of a plan: answer its tasks, `forewarn tasks list`")
        if receiver not in told:
            raise ActRefused(
                f"'{receiver}' was not told in '{drill}'; told: {', '.join(sorted(told)) or 'nobody'}"
            )
        now = world.clock().astimezone(UTC).replace(microsecond=0)
        act = Act(
            kind=ActKind.ACKNOWLEDGE,
            area="",
            topic="",
            at=now,
            warning=drill,
            receiver=receiver,
            by=who,
            via="cli",
        )
        return _recorded(tx, act)


def _recorded(tx: Tx, wish: Act) -> Act:
    act = said(wish)
    if unsaid(act):
        raise ActRefused(unsaid(act))
    return desk.recorded(tx, act)


def report(world: World, tx: Tx, drill: str) -> list[Answer]:
    """Who was told when, and who answered when; the earliest told first."""
    if drill not in {act.target for act in drills(tx)}:
        known = [act.target for act in drills(tx)]
        raise UsageError(f"there is no drill '{drill}'{nearest(drill, known)}; `forewarn drills list`")
    found = _of_route(tx, drill) if _is_route(drill) else _of_plan(world, tx, drill)
    return sorted(found, key=lambda one: (one.told_at, one.receiver, one.what.en))


def _is_route(drill: str) -> bool:
    return drill.startswith(f"{EXERCISE}{_ROUTE}")


def _of_route(tx: Tx, drill: str) -> Iterator[Answer]:
    said: dict[str, Act] = {}
    for act in acts.of(tx, [drill]):
        said.setdefault(act.receiver, act)
    for receiver, told, delivered in outbox.sent(tx, f"{drill}/"):
        act_ = said.get(receiver)
        yield Answer(receiver, _MESSAGE, told, delivered, act_.at if act_ else None, act_.by if act_ else "")


def _of_plan(world: World, tx: Tx, drill: str) -> Iterator[Answer]:
    tasks = [one for one in desk.tasks(world, tx, world.clock()) if one.response == drill]
    for task in tasks:
        sent = {receiver: (told, at) for receiver, told, at in outbox.sent(tx, f"task/{task.id}/")}
        for receiver in task.receivers or ("",):
            told, delivered = sent.get(receiver, (task.asked_at, None))
            said = task.accepted_at or task.ended_at
            yield Answer(receiver, task.what, told, delivered, said, task.by)


def _messages(
    world: World, tx: Tx, drill: str, route: Route, area: str, grade: Grade | None, now: datetime
) -> Iterator[Notification]:
    """What the route would carry of an invented rise, marked."""
    receivers = publish.spoken(roster.present(world, tx))
    warning, change = _invented(world, drill, route, area, grade or route.grade, now)
    for one in plan.plan(
        [change], {warning.id: warning}, [route], receivers, dispatch.reference(world), at=now, heard={}
    ):
        yield marked(one, receivers[one.receiver].language)
    yield from publish.drilled(world, tx, route, warning, dispatch.reference(world), now + LASTS)


def _invented(
    world: World, drill: str, route: Route, area: str, grade: Grade, now: datetime
) -> tuple[RiskWarning, Change]:
    fitting = [
        one for one in world.settings.topics.values()
        if one.id in (route.topics or (one.id,)) and one.domain in (route.domains or (one.domain,))
    ]  # fmt: skip
    if not fitting:
        raise UsageError(f"the route '{route.id}' carries no topic there is: nothing can be drilled")
    topic = fitting[0]
    warning = RiskWarning(
        id=drill, area=area, topic=topic.id, domain=topic.domain, grade=grade, score=0.0,
        confidence=Confidence.HIGH, title_en=topic.title.en, title_zh=topic.title.zh, since=now,
        judged_at=now,
    )  # fmt: skip
    issuer = min(route.asks, default=Issuer.ITSELF)
    change = Change(
        warning=drill, step=Step.PROPOSED if route.asks else Step.ISSUED, at=now, before=Grade.NONE,
        after=grade, reason="exercise", by="drill", issuer=issuer,
    )  # fmt: skip
    return warning, change
