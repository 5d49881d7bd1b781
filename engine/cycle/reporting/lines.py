"""The warnings that a report tells of: how each stood, why, and what is proposed for it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from engine.cycle import clocking, desk, dispatch, worth
from engine.cycle.reporting.then import Then
from engine.cycle.world import World
from engine.duty.review import agenda
from engine.model.act import Act
from engine.model.chance import Chance
from engine.model.finding import Finding
from engine.model.grade import ADVISORY, Grade
from engine.model.period import Cycle
from engine.model.review import Review
from engine.model.task import Task, TaskState
from engine.model.text import Text
from engine.model.warning import RiskWarning, Standing
from engine.notify import sentence
from engine.notify.evidence import evidence
from engine.notify.reference import Reference
from engine.report.figures import Line, Word, rank
from engine.store import acts, judgement, standing
from engine.store.database import Tx
from engine.warn.call import RULING

Place = tuple[str, str]
T = TypeVar("T", Finding, Standing, Act)


@dataclass(frozen=True)
class Behind:
    """What is looked up of every warning at once."""

    then: Then
    reference: Reference
    findings: Mapping[Place, Sequence[Finding]]
    stands: Mapping[Place, Sequence[Standing]]
    reviews: Mapping[str, Review]
    chances: Mapping[tuple[str, Grade], Chance]
    unread: Mapping[str, int]
    tasks: Sequence[Task]
    acts: Mapping[str, int]


def behind(world: World, tx: Tx, then: Then, cycle: Cycle) -> Behind:
    open_ = [one for one in then.warnings.values() if one.open]
    places = {(one.area, one.topic) for one in open_}
    stands = _by_place(one for one in standing.then(tx, then.at) if not one.trial)
    ruled = _by_place(one for one in acts.in_force(tx, then.at, RULING) if one.at <= then.at)
    found = judgement.last_found(tx, then.at)
    tasks = desk.tasks(world, tx, then.at, then.history)
    reviews = agenda(open_, stands, ruled, found, cycle, then.at) if cycle is not Cycle.DAILY else ()
    return Behind(
        then=then, reference=dispatch.reference(world),
        findings=_by_place(judgement.findings_then(tx, places, then.at) if places else ()),
        stands=stands, reviews={one.warning.id: one for one in reviews},
        chances=worth.in_force(tx, then.at), unread=_unread(world, tx, then, tasks),
        tasks=[one for one in tasks if not one.exercise],
        acts=Counter(one.warning for one in then.acts if one.at > then.since and one.warning),
    )  # fmt: skip


def _unread(world: World, tx: Tx, then: Then, tasks: Sequence[Task]) -> Mapping[str, int]:
    """How many were asked for an answer to each warning and have given none."""
    asked = world.settings.duty.answers.by_grade
    if not asked:
        return {}
    laps = clocking.unread(world, tx, then.at, then.history, tasks)
    return Counter(lap.id for lap in laps if lap.grade in asked)


def lines(of: Behind, warnings: Sequence[RiskWarning]) -> list[Line]:
    """A line for each warning that stood in between or is proposed, the gravest first, then by its area."""
    then = of.then
    told = [one for one in warnings if then.top(one.id, then.since) or one.proposed is not None]
    found = [_line(of, one) for one in told]
    return sorted(found, key=lambda one: (-rank(one.grade), -rank(one.top), one.area, one.topic, one.id))


def _line(of: Behind, one: RiskWarning) -> Line:
    then, place = of.then, (one.area, one.topic)
    rules = [stand for stand in of.stands.get(place, ()) if stand.grade]
    leader = max(rules, key=lambda stand: (stand.grade, stand.rule), default=None) if one.open else None
    review = of.reviews.get(one.id)
    return Line(
        id=one.id, area=one.area, place=of.reference.area(one.area), topic=one.topic,
        risk=of.reference.topic(one), domain=one.domain.value, advisory=one.domain in ADVISORY,
        before=word(then.grade(one.id, then.since)), grade=word(one.grade),
        top=word(then.top(one.id, then.since)),
        proposed=word(one.proposed) if one.proposed is not None else None,
        since=_local(of, one.since), ended=_local(of, one.lifted_at) if one.lifted_at else None,
        why=_why(of, one) if one.open else Text(""),
        chance=of.chances.get((leader.rule, leader.grade)) if leader else None,
        combined=any(_combines(of.reference, stand.rule) for stand in rules),
        unread=of.unread.get(one.id, 0), acts=of.acts.get(one.id, 0),
        overdue=sum(task.warning == one.id and task.state is TaskState.OVERDUE for task in of.tasks),
        decision=review.decision.value if review else "", to=word(review.to) if review else "none",
        ground=_named(of.reference, review.why) if review else Text(""),
    )  # fmt: skip


def _why(of: Behind, one: RiskWarning) -> Text:
    """The gravest finding of a rule that stands."""
    place = (one.area, one.topic)
    stands = {stand.rule for stand in of.stands.get(place, ())}
    told = evidence(one, [f for f in of.findings.get(place, ()) if f.rule in stands], of.reference)
    return Text(*(sentence.short(told, of.reference, language) for language in ("en", "zh")))


def _named(reference: Reference, why: Text) -> Text:
    """A rule by its title: whoever decides reads no ids."""
    for id_, rule in reference.rules.items():
        if id_ in why.en:
            named = Text(f'"{rule.title.en}"', f"“{rule.title.say('zh')}”")
            why = Text(why.en.replace(id_, named.en), why.zh.replace(id_, named.zh))
    return why


def _combines(reference: Reference, rule: str) -> bool:
    return rule in reference.rules and reference.rules[rule].correlation is not None


def _local(of: Behind, moment: datetime) -> datetime:
    return moment.astimezone(of.reference.zone)


def word(grade: Grade) -> Word:
    """As figures say it."""
    return grade.word  # type: ignore[return-value]  # made of a member's name, which is one of the words


def _by_place(rows: Iterable[T]) -> dict[Place, list[T]]:
    found: dict[Place, list[T]] = defaultdict(list)
    for one in rows:
        found[one.area, one.topic].append(one)
    return found

