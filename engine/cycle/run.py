"""READ FIRST: one tick, one period, from claim to message.

A tick polls the feeds, judges every period that is due in the total order (due_at, immediate < daily <
weekly < monthly), and delivers what the outbox holds. A period is judged once, whoever ticks: the row in
the ledger of runs is the truth, not the scheduler. All that a run writes, it writes in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from loguru import logger

from engine.cycle import (
    absence,
    acting,
    asking,
    beginning,
    chains,
    clocking,
    collect,
    combine,
    demanding,
    desk,
    dispatch,
    drilling,
    faults,
    flapping,
    last,
    presence,
    replying,
    reviewing,
    roster,
    situating,
    waiting,
)  # fmt: skip
from engine.cycle.panels import StorePanels
from engine.cycle.world import World
from engine.errors import LeaseLost
from engine.judge import Conclusion, Found, conclude, find, find_immediate
from engine.model.period import CALENDAR, Calendar, Cycle, Period
from engine.model.run import Claim, RunState
from engine.model.text import numbered
from engine.notify.notice import Notice, Trouble
from engine.store import backfill, configuration, fold, judgement, known, meta, runs, scored, standing, twins
from engine.store.database import Tx

#: What became known longer ago than this before the last judged period is history, not news.
NEWS = timedelta(hours=48)
#: Moments are kept to the second.
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class Report:
    """What became of one period in this tick."""

    period: Period
    #: done | already | busy (another process has it) | resting (it failed, and is tried again later) |
    #: missed (set aside: it failed for too long) | again (judged beside what stands)
    state: str
    findings: int = 0
    changes: int = 0
    #: Whether any finding moved.
    moved: bool = False
    late: bool = False
    degraded: str = ""
    disputed: tuple[str, ...] = ()


def tick(world: World) -> list[Report]:
    """One beat of the service; safe to repeat, and to run in several processes at once."""
    with world.store.begin() as tx:
        presence.beat(world, tx)
    collect.poll_due(world)
    roster.refresh(world)
    replying.take(world)
    reports = keep_up(world, world.clock())
    dispatch.deliver(world)
    return reports


def prepare(world: World, judge_from: datetime) -> None:
    """Before the first tick: the ledger ready, and since when periods are judged remembered."""
    prepare_ledger(world)
    with world.store.begin() as tx:
        meta.put_new(tx, "judge_from", judge_from.isoformat())


def prepare_ledger(world: World) -> None:
    """Before the first incident: keep the configuration in force, backfill new indicators, and let go
    of what a dead process of this machine still claims."""
    with world.store.begin() as tx:
        presence.sweep(world, tx)
        configuration.keep(tx, world.settings.hash, dict(world.settings.texts))
        last.put(tx, world.settings.hash)
        beginning.adopt(world, tx)
        demanding.adopt(world, tx)
        configuration.keep(tx, world.book.hash, {rule.id: rule.hash for rule in world.book.rules.values()})
    backfill.fill(world.store, world.ledger)
    world.context  # noqa: B018  # makes the store's secret, which nobody within a transaction can
    with world.store.begin() as tx:
        twins.link_anew(tx, world.ledger)


def keep_up(world: World, now: datetime) -> list[Report]:
    """Judge everything due; then what time alone decides, and who must be asked again."""
    reports = catch_up(world, now)
    with world.store.begin() as tx:
        acting.settle(world, tx, now)
        situating.settle(world, tx, now)
        asking.ask(world, tx, now)
        desk.tell(world, tx, now)
        clocking.supervise(world, tx, now)
        drilling.remind(world, tx, now)
        waiting.release(world, tx, now)
    _report_on(world, now)
    return reports


def at_once(world: World, moments: Collection[datetime]) -> list[Report]:
    """Judge what became known at these moments, without waiting until their second is over; whatever comes
    in the rest of it is looked at again. What the calendar has due is left to the tick."""
    since, until = min(moments) - SECOND, min(max(moments), world.clock())
    with world.store.read() as tx:
        periods = sorted(_told(world, tx, since, until), key=lambda period: period.rank)
    reports = [judge(world, period) for period in periods]
    if any(report.changes for report in reports):
        with world.store.begin() as tx:
            desk.tell(world, tx, world.clock())
    return reports


def _report_on(world: World, now: datetime) -> None:
    if world.settings.reports:
        # What writes documents is imported where some are asked for.
        from engine.cycle.reporting import keep

        keep.keep_up(world, now)


def catch_up(world: World, now: datetime) -> list[Report]:
    """Judge everything due and not yet judged, oldest first; stop where another process is at work,
    because what comes after depends on it."""
    reports: list[Report] = []
    with world.store.begin() as tx:
        absence.report(world, tx, now)
    while True:
        waiting = due(world, now)
        for done, period in enumerate(waiting):
            report = judge(world, period)
            reports.append(report)
            if report.state == "busy":
                return reports
            world.progress("judge", done + 1, len(waiting))
            if world.stopped():
                return reports
            if report.state == "resting":
                break  # later ones wait
            if period.cycle is Cycle.IMMEDIATE and (report.moved or report.state == "already"):
                break  # what it opened, or another process did, may end before what waits
        if not waiting:
            return reports


def due(world: World, now: datetime) -> list[Period]:
    """The periods due at `now` and not judged, in the total order."""
    settings = world.settings
    with world.store.read() as tx:
        begun, waiting = calendar_due(tx, settings.calendar, settings.cycles.catch_up, now)
        waiting += {*_immediate(world, tx, begun, now), *_ending(world, tx, begun, now)}
    return sorted(waiting, key=lambda period: period.rank)


def calendar_due(
    tx: Tx, calendar: Calendar, catch_up: timedelta, now: datetime
) -> tuple[datetime, list[Period]]:
    """Since when periods are judged, and those of the calendar that are due and not judged."""
    begun = datetime.fromisoformat(meta.get(tx, "judge_from") or now.isoformat())
    begun = max(begun, now - catch_up)
    return begun, list(_of_calendar(tx, calendar, begun, now))


def _of_calendar(tx: Tx, calendar: Calendar, begun: datetime, now: datetime) -> Iterator[Period]:
    """The periods of the calendar. Behind one that failed and rests, the later ones of its cycle and of the
    longer cycles wait, because they build on it."""
    waits: datetime | None = None
    for cycle in CALENDAR:
        ended, resting = runs.ended(tx, cycle, begun), runs.resting(tx, cycle, now)
        for period in calendar.due(cycle, begun, now):
            start = period.start.astimezone(UTC)
            if start in resting and (waits is None or period.due_at < waits):
                waits = period.due_at
            if start not in ended and (waits is None or period.due_at < waits):
                yield period


def _ending(world: World, tx: Tx, begun: datetime, now: datetime) -> Iterator[Period]:
    """The judgement at which the next immediate finding ends."""
    end = standing.next_end(tx)
    if end is None or not begun < end <= now:
        return
    period = Calendar.ending(end, world.settings.calendar.zone)
    if period.start.astimezone(UTC) not in _over(tx, begun, now):
        yield period


def _over(tx: Tx, begun: datetime, now: datetime) -> set[datetime]:
    """Immediate periods that need no judgement now; the others do not wait for one that rests."""
    return runs.ended(tx, Cycle.IMMEDIATE, begun) | runs.resting(tx, Cycle.IMMEDIATE, now)


def _immediate(world: World, tx: Tx, begun: datetime, now: datetime) -> Iterator[Period]:
    """What became known and may call for judgement at once."""
    judged = runs.last_due(tx)
    since = max(begun, judged - NEWS) if judged else begun
    resting = runs.resting(tx, Cycle.IMMEDIATE, now)
    for period in _told(world, tx, since, now):
        if period.due_at <= now and period.start.astimezone(UTC) not in resting:
            yield period


def _told(world: World, tx: Tx, since: datetime, until: datetime) -> Iterator[Period]:
    """The moments in (since, until] of which more became known than anybody has looked at."""
    rules, categories = world.book.of(Cycle.IMMEDIATE), world.book.urgent
    if not categories:
        return
    holding = {feed.id for feed in world.settings.feeds.values() if feed.holds}
    back = max(rule.window.lasts + timedelta(hours=rule.window.hours) for rule in rules)
    looked = runs.looked(tx, since)
    for known_at, seq in known.moments(tx, categories, since, until, holding, back).items():
        times, seen = looked.get(known_at, (0, 0))
        if seen < seq:
            yield world.settings.calendar.immediate(known_at, times)


def judge(world: World, period: Period) -> Report:
    """Claim one period, find outside any lock, conclude and write everything in one transaction."""
    now, lease = world.clock(), world.settings.cycles.lease
    # Another service that took up other rules has closed the counts of ours: whoever judges, counts.
    counted = backfill.fill(world.store, world.ledger)
    with world.store.begin() as tx:
        if runs.is_done(tx, period):
            return Report(period=period, state="already")
        if not counted or not backfill.complete(tx, world.ledger):
            return Report(period=period, state="busy")
        claim = runs.claim(tx, period, world.owner, now, lease)
        presence.beat(world, tx)
        if claim is None:
            return Report(period=period, state=_not_judged(world, tx, period))
    try:
        with presence.kept_alive(world, claim):
            seq, found = _find(world, period)
            learn = _learning(world, seq, period) if period.cycle is Cycle.MONTHLY else None
            return _commit(world, claim, seq, found, learn)
    except LeaseLost:
        logger.warning("{} {} was taken over by another process", period.cycle, period.key)
        return Report(period=period, state="busy")
    except Exception as error:
        with world.store.begin() as tx:
            runs.fail(tx, claim, world.clock(), f"{type(error).__name__}: {error}")
            state = _not_judged(world, tx, period)
        if state == "busy":
            raise  # the next tick tries again, in its order
        return Report(period=period, state=state)


def _not_judged(world: World, tx: Tx, period: Period) -> str:
    """Why nobody judges it now; operators are told, once, where it is not because somebody does."""
    run = runs.find(tx, period)
    if run is None or run.state is not RunState.FAILED:
        return "busy"
    name, tried = f"{period.cycle} {period.key}", f"{numbered(run.attempt, 'attempt')}: {run.detail}"
    if runs.given_up(tx, period):
        detail = f"set aside after {tried}. When its cause is mended: `forewarn cycle {period.cycle} --again`"
        dispatch.notify_operators(world, tx, Notice(Trouble.MISSED, name, detail, period.due_at))
        logger.error("{} {}", name, detail)
        return "missed"
    if run.next_at is None:
        return "busy"
    detail = f"{tried}. It is tried again for a day; later ones wait, immediate ones go on"
    faults.begin(world, tx, Trouble.DELAYED, name, detail, period.due_at)
    logger.error("{} rests until {} after {}", name, run.next_at.isoformat(timespec="seconds"), detail)
    return "resting"


def _find(world: World, period: Period) -> tuple[int, Found]:
    rules = world.book.of(period.cycle)
    with world.store.read() as tx:
        seq = tx.horizon()
        panels = StorePanels(tx, world.settings, seq)
        if period.cycle is Cycle.IMMEDIATE:
            return seq, Found(period.cut, find_immediate(rules, panels, period.start))
        (found,) = find(rules, panels, [period.cut], book=world.book)
        return seq, combine.correlator(world, tx, rules, period).step(rules, period, found)


def trial(world: World, period: Period) -> tuple[int, Found, Conclusion]:
    """What a judgement of the period would come to now; nothing is written."""
    seq, found = _find(world, period)
    with world.store.read() as tx:
        return seq, found, _concluded(world, tx, period, found, world.clock())


def _concluded(world: World, tx: Tx, period: Period, found: Found, now: datetime) -> Conclusion:
    was = replace(
        acting.before(tx, period.due_at, known=now), standing=standing.now(tx), judged=runs.last_due(tx)
    )
    terms = acting.terms(world, tx, period.due_at)
    return conclude(world.book, period, found.outcomes, was, terms, withheld=found.disputed)


def _commit(
    world: World, claim: Claim, seq: int, found: Found, learn: Callable[[Tx], str] | None = None
) -> Report:
    period, now = claim.period, world.clock()
    done = period.due_at if world.relived else now
    late = done - period.due_at > world.settings.cycles.grace
    with world.store.begin() as tx:
        runs.guard(tx, claim, now)
        tx.seq()  # nobody acts meanwhile
        acting.settle(world, tx, period.due_at)
        concluded = _concluded(world, tx, period, found, now)
        if period.cycle is not Cycle.IMMEDIATE and runs.overtaken(tx, period):
            concluded = Conclusion(findings=concluded.findings)  # what was judged since stands
            judgement.add_findings(tx, claim.run, concluded.findings)
        else:
            judgement.save(tx, claim.run, concluded)
            if period.cycle is Cycle.DAILY:
                scored.keep(tx, claim.run, period.start.date(), concluded.scores)
        demanding.ask(world, tx, concluded, claim.run)
        dispatch.enqueue(world, tx, concluded, period.due_at, period.cycle)
        learned = learn(tx) if learn is not None else ""
        runs.finish(
            tx, claim, now=done, late=late, seq=seq, degraded=found.degraded, disputed=sorted(found.disputed),
            rules_hash=world.book.hash, config_hash=world.settings.hash, chances_hash=learned,
            findings=len(concluded.findings), changes=len(concluded.changes),
        )  # fmt: skip
        for trouble, detail in _troubles(found):
            notice = Notice(trouble, f"{period.cycle} {period.key}", detail, period.due_at)
            dispatch.notify_operators(world, tx, notice)
        for trouble in (Trouble.DELAYED, Trouble.MISSED):
            faults.end(world, tx, trouble, f"{period.cycle} {period.key}", now, "it is judged")
        reviewing.tell(world, tx, period)
        if period.cycle is Cycle.DAILY:
            fold.fold(tx)
            chains.forget(tx, now)
            flapping.look(world, tx, period.due_at)
    return _report(period, concluded, found, late)


def _learning(world: World, seq: int, period: Period) -> Callable[[Tx], str]:
    """What is learned from the past: models outside any lock, the rest as it is kept."""
    # Once a month: with it comes what every other command and worker would start a second later for.
    from engine.cycle import learning

    made = learning.models(world, seq, period)
    return lambda tx: learning.refit(world, tx, period, made)


def _troubles(found: Found) -> Iterator[tuple[Trouble, str]]:
    """A run that is degraded or disputed warns of itself."""
    if found.degraded:
        yield Trouble.DEGRADED, f"{found.degraded}; the reference evaluator's answer stands"
    if found.disputed:
        yield Trouble.DISPUTED, f"the evaluators differ on {', '.join(sorted(found.disputed))}"


def _report(period: Period, concluded: Conclusion, found: Found, late: bool) -> Report:
    return Report(
        period=period, state="done", findings=len(concluded.findings), changes=len(concluded.changes),
        moved=bool(concluded.standing), late=late, degraded=found.degraded,
        disputed=tuple(sorted(found.disputed)),
    )  # fmt: skip
