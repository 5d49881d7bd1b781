"""What the desk and the wall show of a scene: what needs somebody, what stands, and where."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from engine.console.scene import Scene
from engine.cycle.hearing import Hearing
from engine.model.feed import Feed
from engine.model.grade import ADVISORY, RUNGS, Domain, Grade, Mark
from engine.model.warning import Change, RiskWarning
from engine.warn import past

DAY = timedelta(days=1)
#: Faults that feeds, periods and messages tell themselves.
_TOLD = frozenset({"down", "silent", "quiet", "delayed", "unsaid"})
#: Columns of the scrubber, today's included.
DAYS = 30
#: So many open warnings of one risk are told together; of their blue ones more than so many fold into a line.
TOGETHER, FOLDED = 3, 3
#: Rows of the desk, of a fold, and of what has ended; of what is beyond them it says how many.
ROWS, FOLD, ENDED = 60, 30, 20


@dataclass(frozen=True, slots=True)
class Tile:
    """One domain: its highest grade now and a day ago, how many stand at each, and the feeds that are blind
    where nobody sees it."""

    domain: Domain
    grade: Grade
    before: Grade
    counts: tuple[tuple[Grade, int], ...]
    blind: tuple[Hearing, ...]
    #: Somebody looks: a rule judges it, a feed reports on it, and it was judged.
    watched: bool = True

    @property
    def advisory(self) -> bool:
        return self.domain in ADVISORY

    @property
    def unseen(self) -> bool:
        """Blind or not looked at, and nothing open that was found before."""
        return (bool(self.blind) or not self.watched) and self.grade is Grade.NONE


@dataclass(frozen=True, slots=True)
class Need:
    """Something of the engine that waits for somebody: `kind` is a sentence of the catalogue."""

    kind: str
    facts: Mapping[str, object]
    since: datetime | None
    detail: str


@dataclass(frozen=True, slots=True)
class Group:
    """Open warnings of one risk: the lead, those shown, the blue ones that are folded, and those for which
    the desk has no room."""

    topic: str
    rows: tuple[RiskWarning, ...]
    folded: tuple[RiskWarning, ...] = ()
    beyond: tuple[RiskWarning, ...] = ()

    @property
    def lead(self) -> RiskWarning:
        return self.rows[0]

    @property
    def size(self) -> int:
        return len(self.rows) + len(self.folded) + len(self.beyond)


@dataclass(frozen=True, slots=True)
class Column:
    """One day of the scrubber: how many areas stood at each grade at its end (today: now)."""

    day: date
    at: datetime
    counts: tuple[tuple[Mark, int], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A change with the warning it is of."""

    change: Change
    warning: RiskWarning


def tiles(scene: Scene) -> list[Tile]:
    """The four domains in their order."""
    return [_tile(scene, domain) for domain in Domain]


def _tile(scene: Scene, domain: Domain) -> Tile:
    open_, heard = list(_of(scene.open, domain)), scene.reporting(domain)
    before = (past.at(scene.lives, one.id, scene.at - DAY) for one in _of(scene.warnings.values(), domain))
    return Tile(
        domain, _top(open_), max(before, default=Grade.NONE), _counts(one.grade for one in open_),
        # Nobody sees it where every one of its feeds is blind.
        tuple(heard) if all(one.state == "blind" for one in heard) else (),
        scene.last_run is not None and bool(heard),
    )  # fmt: skip


def needs(scene: Scene) -> list[Need]:
    """What keeps the engine from seeing, judging or telling, the gravest first."""
    found = []
    if scene.refusal is not None:
        found.append(Need("files refused", {}, scene.refusal.at, str(scene.refusal)))
    grace = scene.world.settings.cycles.grace
    behind = [due for _, _, due in scene.due if scene.at - due > grace]
    if behind:
        found.append(Need("behind", {}, behind[0], str(len(behind))))
    for name, heard in scene.feeds.items():
        if heard.state != "ok":
            feed = scene.world.settings.feeds[name]
            facts = {"feed": feed.title, "state": heard.state}
            found.append(Need("feed troubled", facts, heard.since, heard.detail))
    found += [
        Need("fault", {"fault": one}, one.since, one.detail) for one in scene.faults if one.kind not in _TOLD
    ]
    found += [Need("undelivered", {}, one.planned_at, one.error) for one in scene.undelivered]
    return found


def feeds(scene: Scene) -> list[tuple[Feed, Hearing]]:
    """Every feed and how it is heard: the blind first, those that are well last."""
    rank = {"blind": 0, "ok": 2}
    found = [(scene.world.settings.feeds[name], heard) for name, heard in scene.feeds.items()]
    return sorted(found, key=lambda pair: rank.get(pair[1].state, 1))


def groups(scene: Scene) -> list[Group]:
    """What stands: risks that stand in many places told together, the gravest first."""
    of: dict[str, list[RiskWarning]] = defaultdict(list)
    for warning in scene.open:
        of[warning.topic].append(warning)
    found: list[Group] = []
    for topic, several in of.items():
        if len(several) < TOGETHER:
            found += [Group(topic, (one,)) for one in several]
            continue
        blue = [one for one in several if one.grade is Grade.BLUE]
        folded = blue if len(blue) > FOLDED and len(blue) < len(several) else blue[FOLDED:]
        # The gravest come first, and the blue ones are the last of them.
        found.append(Group(topic, tuple(several[: len(several) - len(folded)]), tuple(folded)))
    found.sort(key=lambda group: (-group.lead.grade, -group.size, -group.lead.since.timestamp()))
    return list(_with_room(found))


def _with_room(found: Sequence[Group]) -> Iterator[Group]:
    """As many rows as there is room for, the gravest groups' first; of every group the lead."""
    room = ROWS
    for group in found:
        shown = max(1, min(len(group.rows), room))
        room -= shown
        yield replace(
            group, rows=group.rows[:shown], folded=group.folded[:FOLD],
            beyond=(*group.rows[shown:], *group.folded[FOLD:]),
        )  # fmt: skip


def ended(scene: Scene) -> list[RiskWarning]:
    """Lifted within a day, the latest first."""
    of = [w for w in scene.warnings.values() if w.lifted_at is not None and scene.at - w.lifted_at <= DAY]
    return sorted(of, key=lambda one: (-_stamp(one.lifted_at), one.id))


def steps(scene: Scene, since: datetime) -> list[Step]:
    """What changed at or after a moment, the latest first; of one second the graver before the lesser, and of
    those the one recorded last."""
    of = [
        Step(change, scene.warnings[id_]) for id_, changes in scene.changes.items() if id_ in scene.warnings
        for change in reversed(changes) if change.at >= since and change.before != change.after
    ]  # fmt: skip
    return sorted(of, key=lambda one: (-one.change.at.timestamp(), -max(one.change.after, one.change.before)))


def columns(scene: Scene, domain: Domain | None = None) -> list[Column]:
    """The last `DAYS` days, oldest first."""
    warnings = _of(scene.warnings.values(), domain)
    days = _moments(scene)
    by_day = past.highest(warnings, scene.lives, [moment for _, moment in days])
    return [
        Column(day, moment, _marked(marks.values()))
        for (day, moment), marks in zip(days, by_day, strict=True)
    ]


def digits(scene: Scene, codes: Sequence[str]) -> str:
    """The highest open grade of each of these areas, as a string of digits."""
    return _digits(marks(scene.open), codes)


def marks(warnings: Iterable[RiskWarning]) -> dict[str, Mark]:
    """The highest grade of these in each area that has one."""
    found: dict[str, Mark] = {}
    for one in warnings:
        found[one.area] = max(mark(one), found.get(one.area, Mark()))
    return found


def mark(of: RiskWarning) -> Mark:
    return Mark.of(of.grade, of.domain)


def layers(scene: Scene, codes: Sequence[str]) -> dict[str, list[str]]:
    """For every domain and for all: each day's grades of these areas as a string of digits (`Mark`)."""
    moments = [moment for _, moment in _moments(scene)]
    named: list[tuple[str, Domain | None]] = [("all", None), *((one.value, one) for one in Domain)]
    return {
        name: [
            _digits(marked, codes)
            for marked in past.highest(_of(scene.warnings.values(), domain), scene.lives, moments)
        ]
        for name, domain in named
    }  # fmt: skip


def _digits(marked: Mapping[str, Mark], codes: Sequence[str]) -> str:
    return "".join(marked.get(code, Mark()).digit for code in codes)


def _moments(scene: Scene) -> list[tuple[date, datetime]]:
    calendar = scene.world.settings.calendar
    today = calendar.local_day(scene.at)
    days = [today - timedelta(days=n) for n in reversed(range(DAYS))]
    return [
        (day, scene.at if day == today else calendar.midnight(day + DAY) - timedelta(seconds=1))
        for day in days
    ]


def _of(warnings: Iterable[RiskWarning], domain: Domain | None) -> list[RiskWarning]:
    return [one for one in warnings if domain in (None, one.domain)]


def _top(warnings: Sequence[RiskWarning]) -> Grade:
    return max((one.grade for one in warnings), default=Grade.NONE)


def _counts(grades: Iterable[Grade]) -> tuple[tuple[Grade, int], ...]:
    counted = Counter(grades)
    return tuple((grade, counted[grade]) for grade in reversed(RUNGS) if counted[grade])


def _marked(found: Iterable[Mark]) -> tuple[tuple[Mark, int], ...]:
    """How many there are of each, the greatest first."""
    return tuple(sorted(Counter(found).items(), reverse=True))


def _stamp(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0.0
