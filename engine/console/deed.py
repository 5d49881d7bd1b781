"""An act from what a visitor sent to the engine's own functions: looked at, done, and written down.

What lies out of somebody's reach, or takes a right that they have not, is not there: NotThere. What may not
be done now is ActRefused, with the engine's sentence. Either is in the audit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from engine.console.scene import Scene
from engine.cycle import acting, desk
from engine.cycle.world import World
from engine.errors import ActRefused
from engine.model.act import Act, ActKind, Verdict
from engine.model.grade import Grade
from engine.model.staff import Entry, Visitor
from engine.model.warning import RiskWarning
from engine.staff.rights import answers_for, needed
from engine.store import audit, judgement

TASKS = (ActKind.TASK_ACCEPT, ActKind.TASK_DONE, ActKind.TASK_DECLINE, ActKind.TASK_FEEDBACK)
PLANS = (ActKind.PLAN_START, ActKind.STEP_DONE, ActKind.STEP_FAILED, ActKind.STAND_DOWN)
#: A reason is a sentence or a few.
LONGEST = 2000


class NotThere(Exception):
    """No such act, or nothing that this visitor may do it on."""


@dataclass(frozen=True)
class Deed:
    """What a visitor wants: the kind, on what (a warning, a task, a plan, a step, a silence), and the rest as
    it was written."""

    kind: ActKind
    on: str
    said: Mapping[str, str]

    def word(self, name: str) -> str:
        return self.said.get(name, "").strip()[:LONGEST]


def kind_of(word: str) -> ActKind:
    """The act of this name; NotThere where there is none."""
    try:
        return ActKind(word)
    except ValueError:
        raise NotThere from None


def perform(world: World, scene: Scene, visitor: Visitor, deed: Deed) -> Act:
    """Do it. Raises NotThere, ActRefused."""
    try:
        wish = _wish(world, scene, visitor, deed)
        done = _do(world, wish, deed)
    except NotThere:
        note(world, visitor, deed, "not theirs, or not there")
        raise
    except ActRefused as refused:
        note(world, visitor, deed, str(refused))
        raise
    note(world, visitor, deed)
    return done


def note(world: World, visitor: Visitor, deed: Deed, refused: str = "") -> None:
    with world.store.lasting() as tx:
        audit.add(tx, Entry(
            at=world.clock(), who=visitor.name, what=deed.kind.value, via=visitor.via, about=deed.on[:200],
            refused=refused,
        ))  # fmt: skip


def _do(world: World, wish: Act, deed: Deed) -> Act:
    if wish.kind in TASKS:
        return desk.answer(world, wish)
    if wish.kind in PLANS:
        return desk.do(world, wish)
    return acting.do(world, wish, seen=deed.word("seen")).act


def _wish(world: World, scene: Scene, visitor: Visitor, deed: Deed) -> Act:
    """The act as the engine takes it; what it is about must be there for this visitor."""
    grade = _grade(deed.word("grade"))
    wish = Act(
        kind=deed.kind, area="", topic="", at=world.clock(), by=visitor.name, role=visitor.role,
        via=visitor.via, reason=deed.word("why"), grade=grade, until=_moment(world, deed.word("until")),
        receiver=deed.word("receiver"), verdict=_verdict(deed.word("verdict")),
        outcome=_day(deed.word("outcome")),
    )  # fmt: skip
    if deed.kind is ActKind.RAISE:
        wish = replace(wish, area=_area(scene, deed.word("area")), topic=_topic(world, deed.word("topic")))
    elif deed.kind in TASKS or deed.kind in PLANS:
        wish = replace(wish, target=_target(scene, deed))
    elif deed.kind is ActKind.UNSILENCE:
        silence = next((one for one in scene.people.silences if one.id == deed.on), None)
        if silence is None:
            raise NotThere
        wish = replace(
            wish, target=silence.id, warning=silence.warning, area=silence.area, topic=silence.topic,
        )  # fmt: skip
        grade = silence.grade
    else:
        warning = warning_of(world, scene, deed.on)
        wish = replace(wish, warning=warning.id)
        grade = warning.proposed if deed.kind is ActKind.ISSUE else grade or warning.grade
        if deed.kind is ActKind.CLOSE and not warning.open:
            wish = replace(wish, kind=ActKind.VERDICT)
    return _allowed(visitor, wish, grade or Grade.NONE)


def _allowed(visitor: Visitor, wish: Act, grade: Grade) -> Act:
    """Within somebody's rights, for a receiver of theirs."""
    if not visitor.may(needed(wish.kind, grade)):
        raise NotThere
    if wish.receiver and not answers_for(visitor, wish.receiver):
        raise NotThere
    own = wish.kind in (*TASKS, ActKind.ACKNOWLEDGE, ActKind.UNACKNOWLEDGE) and not wish.receiver
    return replace(wish, receiver=visitor.receivers[0]) if own and len(visitor.receivers) == 1 else wish


def warning_of(world: World, scene: Scene, id_: str) -> RiskWarning:
    """A warning that is there for who sees the scene; NotThere where it is not."""
    with world.store.read() as tx:
        found = judgement.warning(tx, id_)
    if found is None or not scene.shows(found.area):
        raise NotThere
    return found


def _target(scene: Scene, deed: Deed) -> str:
    """A task, a plan under way or a step of one that is shown; or a plan to begin by hand."""
    known = {task.id for task in scene.people.tasks} | {plan.id for plan in scene.people.plans}
    known |= {move.id for plan in scene.people.plans for move in plan.moves}
    if deed.on not in known:
        raise NotThere
    return deed.on


def _area(scene: Scene, code: str) -> str:
    if code not in scene.world.settings.tree or not scene.shows(code):
        raise NotThere
    return code


def _topic(world: World, id_: str) -> str:
    if id_ not in world.settings.topics:
        raise ActRefused("no risk of this name is watched")
    return id_


def _grade(word: str) -> Grade | None:
    try:
        return Grade.named(word) if word else None
    except KeyError:
        raise ActRefused(f"'{word[:20]}' is no grade") from None


def _verdict(word: str) -> Verdict | None:
    try:
        return Verdict(word) if word else None
    except ValueError:
        raise ActRefused(f"'{word[:20]}' is no verdict") from None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ActRefused("this is no day; write 2026-03-11") from None


def _moment(world: World, text: str) -> datetime | None:
    """A moment as a page or a program writes it; without an offset it is local."""
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        raise ActRefused("this is no moment; write 2026-03-11T18:00") from None
    zone = world.settings.calendar.zone
    return found.replace(tzinfo=zone) if found is not None and found.tzinfo is None else found


