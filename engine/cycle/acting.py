"""A person's act from wish to message, in one transaction; and what time alone decides between runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from engine.cycle import demanding, dispatch, worth
from engine.cycle.grounds import unfit
from engine.cycle.world import World
from engine.duty.refusal import Sight, refused, standing_already
from engine.duty.said import said
from engine.errors import ActRefused
from engine.judge import Before, Conclusion, Terms, reconsider
from engine.model.act import Act, ActKind
from engine.model.grade import Grade
from engine.model.period import Cycle
from engine.model.warning import Change, RiskWarning
from engine.store import acts, judgement, meta, outbox, standing
from engine.store.database import Tx
from engine.warn.call import RULING, Place, ruling
from engine.warn.occasion import Occasion

#: What decides at which grade a place stands.
DECIDING = RULING | {ActKind.ISSUE}
#: What is dated later than so far from now was dated by a clock that was ahead.
AHEAD = timedelta(minutes=5)
#: Up to when what time decides has been looked at.
_SETTLED = "settled"


@dataclass(frozen=True)
class Done:
    """An act as it was recorded, on what it was done, and what it changed."""

    act: Act
    on: RiskWarning | None
    last: Change | None
    changes: tuple[Change, ...]
    #: The acknowledgement for the same receiver that stood already: this one only renews it.
    already: Act | None = None


def terms(world: World, tx: Tx, at: datetime) -> Terms:
    """What the live service concludes by: as a backtest, by the authority of people, and with what it had
    learned by then of the worth of its warnings."""
    authority = world.settings.grades.authority
    return replace(world.terms, authorise=authority, chances=worth.in_force(tx, at))


def before(tx: Tx, at: datetime, *, known: datetime | None = None) -> Before:
    """The open warnings, and what people did that decides at a moment; known: what was done by then counts,
    though a run was due earlier."""
    return Before(
        warnings={(one.area, one.topic): one for one in judgement.warnings(tx, open_only=True)},
        acts=acts.in_force(tx, at, DECIDING, known=known), acted=known, proposals=judgement.proposed(tx),
    )  # fmt: skip


def do(world: World, wish: Act, *, seen: str = "") -> Done:
    """Record an act and let it work at once. wish: without id and moment, on `warning` or on a place.

    seen: the change or the grade that the person saw; empty: what stands now. Raises ActRefused.
    """
    with world.store.lasting() as tx:
        tx.seq()  # whoever acts or concludes takes turns, and sees what the one before has done
        settle(world, tx, world.clock())
        act, sight = _placed(world, tx, said(wish))
        stands = sight.warning.grade if sight.warning else Grade.NONE
        why = refused(act, sight, seen) or unfit(act, stands)
        if why:
            raise ActRefused(why)
        act = act.named()
        acts.add(tx, [act])
        changes: tuple[Change, ...] = ()
        if act.kind in DECIDING:
            changes = _reconsidered(world, tx, Occasion.of_act(act), {(act.area, act.topic)})
        return Done(act, sight.warning, sight.last, changes, standing_already(act, sight))


def settle(world: World, tx: Tx, now: datetime) -> None:
    """What time alone decides up to now, oldest first: proposals nobody answered, decisions that end."""
    text = meta.get(tx, _SETTLED)
    mark = datetime.fromisoformat(text) if text else None
    since = min(mark, now) if mark else now
    moved = mark is not None and mark > now + AHEAD  # by a clock that was ahead
    due = sorted(_due(world, tx, since, now))
    for at in sorted({at for at, _ in due}):
        places = {place for moment, place in due if moment == at}
        _reconsidered(world, tx, Occasion.of_clock(at), places)
    if due or moved or not mark:
        meta.put(tx, _SETTLED, now.astimezone(UTC).isoformat())


def _due(world: World, tx: Tx, since: datetime, now: datetime) -> Iterator[tuple[datetime, Place]]:
    authority = world.settings.grades.authority
    for one in judgement.waiting(tx):
        for deadline in authority.deadlines(one):
            if deadline <= now:
                yield deadline, (one.area, one.topic)
    for act in acts.ended(tx, since, now, RULING):
        if act.until is not None:
            yield act.until.astimezone(UTC) + timedelta(seconds=1), (act.area, act.topic)


def _reconsidered(world: World, tx: Tx, occasion: Occasion, places: Set[Place]) -> tuple[Change, ...]:
    """Look at some places anew, save what that changes and plan its messages."""
    tx.seq()
    was = replace(before(tx, occasion.at), standing=standing.at(tx, places))
    concluded = reconsider(world.book, occasion, places, was, terms(world, tx, occasion.at))
    if concluded.changes:
        judgement.save_warnings(tx, concluded.warnings)
        judgement.add_changes(tx, None, concluded.changes)
        now = {one.id: one for one in (*was.warnings.values(), *concluded.warnings)}
        whole = Conclusion(warnings=tuple(now.values()), changes=concluded.changes)
        demanding.ask(world, tx, whole, None)
        dispatch.enqueue(world, tx, whole, occasion.at, Cycle.IMMEDIATE)
    return concluded.changes


def _placed(world: World, tx: Tx, wish: Act) -> tuple[Act, Sight]:
    """The wish with its moment, its place and what was seen of it; and what it is done on."""
    now = world.clock().astimezone(UTC).replace(microsecond=0)
    warning = judgement.warning(tx, wish.warning) if wish.warning else _open_at(tx, (wish.area, wish.topic))
    place = (warning.area, warning.topic) if warning else (wish.area, wish.topic)
    about = acts.of(tx, [warning.id]) if warning else []
    lately = acts.in_force(tx, now, DECIDING, known=now + AHEAD)
    deciding = [one for one in lately if (one.area, one.topic) == place]
    at = after(now, (one.at for one in (*about, *deciding)))
    changes = judgement.changes(tx, warning.id) if warning else []
    sight = Sight(
        warning=warning, last=changes[-1] if changes else None, acts=about,
        proposal=next((one for one in changes if warning and one.key == warning.proposal), None),
        author=_author(warning, ruling(deciding, at)),
        told=outbox.heard(tx, [warning.id])[warning.id] if warning else set(),
        today=world.settings.calendar.local_day(now), limits=world.settings.duty.silences,
    )  # fmt: skip
    return _completed(wish, at, place, sight, _grade_seen(tx, warning, place)), sight


def after(now: datetime, done: Iterable[datetime]) -> datetime:
    """When somebody acts now on what was acted on before: two acts keep their order, but one that a clock
    dated ahead draws none after it."""
    last = max((at for at in done if at <= now + AHEAD), default=None)
    return max(now, last + timedelta(seconds=1)) if last else now


def _completed(wish: Act, at: datetime, place: Place, sight: Sight, seen: Grade) -> Act:
    """With what follows from what it is done on, where the person did not say it."""
    act, warning = replace(wish, at=at, area=place[0], topic=place[1], seen=seen), sight.warning
    if warning is not None and not (act.kind is ActKind.SILENCE and not wish.warning):
        act = replace(act, warning=warning.id, change=sight.last.key if sight.last else "")
    if act.kind in (ActKind.ACKNOWLEDGE, ActKind.UNACKNOWLEDGE) and not act.receiver:
        act = replace(act, receiver=next(iter(sight.told)) if len(sight.told) == 1 else "")
    if act.kind in (ActKind.ISSUE, ActKind.DECLINE) and warning is not None:
        act = replace(act, change=warning.proposal, grade=warning.proposed)
    if act.kind is ActKind.DECLINE and warning is not None:
        week = at + DECLINED if act.grade is not None and act.grade < warning.grade else None
        act = replace(act, grade=warning.grade, until=act.until or week)
    if act.kind is ActKind.SILENCE and act.until is None:
        grade = act.grade if act.grade is not None else warning.grade if warning else Grade.NONE
        act = replace(act, grade=grade, until=at + sight.limits.get(grade, timedelta(days=1)))
    return act


#: A lowering that was declined is asked for again after so long.
DECLINED = timedelta(days=7)


def _open_at(tx: Tx, place: Place) -> RiskWarning | None:
    found = judgement.warnings(tx, open_only=True)
    return next((one for one in found if (one.area, one.topic) == place), None)


def _author(warning: RiskWarning | None, act: Act | None) -> Act | None:
    """The act by which somebody asked by hand for what is proposed."""
    asked = warning is not None and act is not None and act.grade == warning.proposed
    return act if asked and act is not None and act.kind is not ActKind.DECLINE else None


def _grade_seen(tx: Tx, warning: RiskWarning | None, place: Place) -> Grade:
    """The highest that stood before their eyes: of the warning, what is proposed, and what was found."""
    stands = [one.grade for one in standing.at(tx, {place}).values() if not one.trial]
    own = [warning.grade, warning.proposed or Grade.NONE] if warning is not None and warning.open else []
    return max([*stands, *own], default=Grade.NONE)
