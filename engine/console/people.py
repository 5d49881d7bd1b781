"""What people have to do and did, as the pages show it: read in one transaction with the rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.cycle import clocking, desk
from engine.cycle.world import World
from engine.duty import silence
from engine.duty.answer import Asking
from engine.duty.response import History
from engine.model.act import Act, ActKind
from engine.model.lap import Lap
from engine.model.response import Response
from engine.model.task import Task
from engine.model.warning import RiskWarning
from engine.notify.audience import SILENCES
from engine.store import acts, outbox
from engine.store.database import Tx


@dataclass(frozen=True, kw_only=True)
class People:
    """Everything that somebody still has to do something about, and what was done about what is open."""

    #: The earliest due first.
    tasks: tuple[Task, ...] = ()
    #: Rises that a receiver was told of and has not acknowledged.
    unread: tuple[Lap, ...] = ()
    plans: tuple[Response, ...] = ()
    #: Those that hold.
    silences: tuple[Act, ...] = ()
    #: By open warning: what was done about it, oldest first, and who was told of it.
    acts: Mapping[str, tuple[Act, ...]]
    told: Mapping[str, frozenset[str]]

    def within(self, shows: Callable[[str], bool], found: Mapping[str, RiskWarning]) -> People:
        """As far as it is about what is shown."""
        return People(
            tasks=tuple(one for one in self.tasks if shows(one.area)),
            unread=tuple(one for one in self.unread if one.id in found),
            plans=tuple(one for one in self.plans if shows(one.area)),
            silences=tuple(one for one in self.silences if shows(one.area)),
            acts={id_: done for id_, done in self.acts.items() if id_ in found},
            told={id_: told for id_, told in self.told.items() if id_ in found},
        )


def read(world: World, tx: Tx, now: datetime, past: History) -> People:
    open_ = {id_: one for id_, one in past.warnings.items() if one.open}
    silences = acts.every(tx, SILENCES)
    done = defaultdict(list)
    for act in acts.about_open(tx) if open_ else ():
        done[act.warning].append(act)
    plans = desk.under_way(tx, now, past)
    asked = desk.tasks(world, tx, now, past, plans)
    issued = any(one.issued for one in open_.values())
    return People(
        tasks=tuple(one for one in asked if one.open),
        unread=tuple(clocking.unread(world, tx, now, past, asked)) if issued else (),
        plans=tuple(one for one in plans if one.open),
        silences=tuple(
            one for one in silences
            if one.kind is ActKind.SILENCE and silence.state(one, silences, open_.values(), now) == "holds"
        ),
        acts={id_: tuple(of) for id_, of in done.items()},
        told={id_: frozenset(receivers) for id_, receivers in outbox.told_of_open(tx).items()},
    )  # fmt: skip


def asking(world: World, one: RiskWarning) -> Asking | None:
    """How an answer to a warning is asked for; None where none is."""
    return world.settings.duty.answers.by_grade.get(one.grade)
