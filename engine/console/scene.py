"""What the pages need of the store, read in one transaction and kept while the store stays as it is."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from engine.console import people
from engine.console.behind import Behind
from engine.console.people import People
from engine.cycle import desk, dispatch, flapping, handing, hearing, run
from engine.cycle.hearing import Hearing
from engine.cycle.reload import Refusal, refused
from engine.cycle.world import World
from engine.duty.answer import saw
from engine.model.act import ActKind
from engine.model.fault import Fault
from engine.model.grade import Domain
from engine.model.rota import Stretch
from engine.model.run import Run, RunState
from engine.model.warning import Change, RiskWarning, Step
from engine.notify.reference import Reference
from engine.staff.rights import reaches
from engine.store import faults, meta, outbox, runs
from engine.store.outbox import Lost
from engine.warn.past import Span, spans

#: So far back the pages look by themselves.
BACK = timedelta(days=31)
#: What failed for good longer ago is history.
RECENT = timedelta(days=7)
_RISES = (Step.ISSUED, Step.UPGRADED)
#: A state that does not change is read again after so long: feeds fall silent by the clock alone.
FRESH = timedelta(seconds=15)
#: For those who only look a scene is read at most one part in so many of the time, and so seldom (seconds).
SPARE, LEAST = 20, 0.5


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Everything shown at one moment."""

    at: datetime
    #: Rises with every writing transaction.
    state: int
    world: World
    reference: Reference
    #: Open, or lifted within `BACK`.
    warnings: Mapping[str, RiskWarning]
    changes: Mapping[str, tuple[Change, ...]]
    lives: Mapping[str, tuple[Span, ...]]
    #: What stands behind each open warning.
    evidence: Behind
    feeds: Mapping[str, Hearing]
    #: Periods that are due and not judged, oldest first, as (cycle, key, due).
    due: tuple[tuple[str, str, datetime], ...]
    judged: tuple[Run, ...]
    undelivered: tuple[Lost, ...]
    people: People
    refusal: Refusal | None
    demo: bool
    #: What is wrong with the engine itself.
    faults: tuple[Fault, ...] = ()
    #: Whose duty it is now, of each rota.
    duty: tuple[Stretch, ...] = ()
    #: The top of what is shown: "" the whole tree.
    top: str = ""

    @cached_property
    def open(self) -> list[RiskWarning]:
        """The gravest first, then the newest."""
        found = [one for one in self.warnings.values() if one.open]
        return sorted(found, key=lambda one: (-one.grade, -one.since.timestamp(), one.id))

    @property
    def last_run(self) -> Run | None:
        return next((one for one in self.judged if one.state is RunState.DONE), None)

    def shows(self, area: str) -> bool:
        """Whether an area lies in what is shown."""
        tree = self.world.settings.tree
        return reaches(self.top, tree.lineage(area) if area in tree else (area,))

    def tells(self, one: Fault) -> bool:
        """Whether a fault is of the engine as a whole, or of an area that is shown."""
        _, area = flapping.about(one)
        return not area or self.shows(area)

    def within(self, top: str) -> Scene:
        """As far as it lies below an area."""
        whole = replace(self, top=top)
        found = {id_: one for id_, one in self.warnings.items() if whole.shows(one.area)}
        return replace(
            whole, warnings=found, changes={id_: self.changes.get(id_, ()) for id_ in found},
            lives={id_: self.lives[id_] for id_ in found},
            undelivered=tuple(one for one in self.undelivered if one.warning in found),
            people=self.people.within(whole.shows, found), faults=tuple(filter(whole.tells, self.faults)),
        )  # fmt: skip

    def unanswered(self, one: RiskWarning) -> list[str]:
        """Who was told of a warning and has not acknowledged it since it last rose."""
        life = self.changes.get(one.id, ())
        keys = [change.key for change in life]
        rose = next((change for change in reversed(life) if change.step in _RISES), None)
        lasts = self.world.settings.duty.answers.lasts
        last = {
            act.receiver: act for act in self.people.acts.get(one.id, ())
            if act.kind in (ActKind.ACKNOWLEDGE, ActKind.UNACKNOWLEDGE)
            and act.at >= (rose.at if rose else one.since) and (rose is None or saw(act, rose.key, keys))
        }  # fmt: skip
        read = {
            receiver for receiver, act in last.items()
            if act.kind is ActKind.ACKNOWLEDGE and self.at - act.at < lasts
        }  # fmt: skip
        return sorted(self.people.told.get(one.id, frozenset()) - read)

    def reporting(self, domain: Domain) -> list[Hearing]:
        """The feeds that report what the rules in force in a domain count."""
        rules = [rule for rule in self.world.book.rules.values() if rule.stands and rule.domain is domain]
        counted = frozenset().union(*(rule.counted for rule in rules))
        feeds = self.world.settings.feeds.values()
        return [self.feeds[feed.id] for feed in feeds if feed.covers.categories & counted]


def read(world: World) -> Scene:
    """The scene as the store has it now."""
    looked_up = dispatch.reference(world)
    with world.store.read() as tx:
        state = tx.horizon()
        now = desk.now(world, tx)
        past = desk.history(tx, now)
        feeds = {feed.id: hearing.of(world, tx, feed) for feed in world.settings.feeds.values()}
        judged = tuple(runs.listing(tx, 60))
        undelivered = tuple(outbox.lost(tx, now - RECENT))
        doing = people.read(world, tx, now, past)
        refusal, demo = refused(tx), meta.get(tx, "demo") is not None
        wrong = tuple(faults.listing(tx))
        duty = tuple(handing.shift(tx, one, now) for one in world.settings.rotas.values())
    found = {
        id_: one for id_, one in past.warnings.items() if one.lifted_at is None or one.lifted_at >= now - BACK
    }
    changes = _changes(past.changes)
    lives = {id_: spans(changes.get(id_, ())) for id_ in found}
    return Scene(
        at=now, state=state, world=world, reference=looked_up, warnings=found, changes=changes, lives=lives,
        evidence=Behind(world, looked_up, found), feeds=feeds, judged=judged,
        due=tuple((p.cycle.value, p.key, p.due_at) for p in run.due(world, now)),
        undelivered=undelivered, people=doing, refusal=refusal, demo=demo, faults=wrong,
        duty=duty,
    )  # fmt: skip


def _changes(rows: Sequence[Change]) -> dict[str, tuple[Change, ...]]:
    of: dict[str, list[Change]] = defaultdict(list)
    for change in rows:
        of[change.warning].append(change)
    return {id_: tuple(steps) for id_, steps in of.items()}


class Scenes:
    """The latest scene of a world that may be exchanged under it; safe from several threads.

    However often the store is written to and however many look, at most one part in `SPARE` of the time is
    spent on reading for those who only look: they bear that their scene is as old as that makes it.
    """

    def __init__(self) -> None:
        self._read_at, self._rest = float("-inf"), 0.0
        self._lock = threading.Lock()
        self._last: Scene | None = None
        self._parts: dict[str, Scene] = {}

    def state(self, world: World) -> int:
        """Of the scene that those who only look are shown."""
        with self._lock:
            return self._eased(world).state

    def of(self, world: World, top: str = "", *, eased: bool = False) -> Scene:
        """The scene now, as far as it lies below `top`: the one before where nothing was written since and
        it is fresh. eased: for somebody who only looks."""
        with self._lock:
            whole = self._eased(world) if eased else self._whole(world)
            if not top:
                return whole
            if top not in self._parts:
                self._parts[top] = whole.within(top)
            return self._parts[top]

    def _eased(self, world: World) -> Scene:
        last = self._last
        if last is not None and last.world is world and time.monotonic() - self._read_at < self._rest:
            return last
        return self._whole(world)

    def _whole(self, world: World) -> Scene:
        last = self._last
        if last is not None and last.world is world and world.clock() - last.at < FRESH:
            with world.store.read() as tx:
                if tx.horizon() == last.state:
                    return last
        begun = time.monotonic()
        self._last, self._parts = read(world), {}
        self._read_at = time.monotonic()
        self._rest = max(LEAST, SPARE * (self._read_at - begun))
        return self._last
