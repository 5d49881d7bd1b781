"""What stands, its findings and people's decisions, as an agenda; each weekly and monthly run sends it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from engine.cycle import publish, roster, situating
from engine.cycle.dispatch import reference
from engine.cycle.world import World
from engine.duty.review import agenda, matters
from engine.model.act import Act
from engine.model.period import Cycle, Period
from engine.model.review import Matter, Review
from engine.model.warning import Standing
from engine.notify.audience import covered
from engine.notify.reference import Reference
from engine.notify.review import message
from engine.store import acts, judgement, outbox, standing
from engine.store.database import Tx
from engine.warn.call import RULING, Place

#: The cycles at which somebody looks at everything that stands.
CYCLES = (Cycle.WEEKLY, Cycle.MONTHLY)

T = TypeVar("T", Act, Standing)


def reviewed(tx: Tx, cycle: Cycle, at: datetime) -> tuple[Review, ...]:
    """What the cycle proposes for each open warning at a moment."""
    open_ = judgement.warnings(tx, open_only=True)
    places = {(one.area, one.topic) for one in open_}
    stands = _by_place(standing.at(tx, places).values()) if places else {}
    done, found = _by_place(acts.in_force(tx, at, RULING)), judgement.last_found(tx)
    return agenda(open_, stands, done, found, cycle, at)


def named(world: World, tx: Tx, now: datetime) -> dict[str, str]:
    """The situation of every warning that is in one."""
    return {line.id: one.id for one in situating.current(world, tx, now) for line in one.lines}


def proposed(world: World, tx: Tx, cycle: Cycle) -> tuple[Matter, ...]:
    """What the cycle proposes now for each open situation."""
    now = world.clock().astimezone(world.settings.calendar.zone)
    return matters(reviewed(tx, cycle, now), named(world, tx, now))


def tell(world: World, tx: Tx, period: Period) -> int:
    """Send the agenda of the period that was just judged; how many messages are new. Of periods that are
    caught up only the last is told: what stands now is no agenda of weeks ago."""
    now = world.clock().astimezone(world.settings.calendar.zone)
    if period.cycle not in CYCLES or world.settings.calendar.last_due(period.cycle, now) != period:
        return 0
    lines, words = reviewed(tx, period.cycle, now), reference(world)
    present, of = publish.spoken(roster.present(world, tx)), named(world, tx, now)
    return outbox.enqueue(tx, [
        note for id_, own in _whose(world, lines, words) if id_ in present
        for note in message(matters(own, of), period, present[id_], words, now)
    ])  # fmt: skip


def _whose(
    world: World, lines: Sequence[Review], words: Reference
) -> Iterator[tuple[str, list[Review]]]:
    """Each receiver with the lines that it may decide on: all of them for whom `reviews` names, else those of
    which the routes that ask would ask it."""
    settings = world.settings
    if settings.duty.reviews:
        yield from ((id_, list(lines)) for id_ in settings.duty.reviews if lines)
        return
    asking = [route for route in settings.routes if route.asks]
    found: dict[str, list[Review]] = {}
    for line in lines:
        lineage = words.lineage(line.warning.area)
        grade = max(line.warning.grade, line.to)
        led = [route for route in asking if covered(route, line.warning, grade, lineage)]
        for id_ in {id_ for route in led for id_ in route.receivers}:
            found.setdefault(id_, []).append(line)
    yield from sorted(found.items())


def _by_place(rows: Iterable[T]) -> dict[Place, list[T]]:
    found: dict[Place, list[T]] = {}
    for one in rows:
        found.setdefault((one.area, one.topic), []).append(one)
    return found
