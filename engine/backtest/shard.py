"""`find` split over processes: rule group x block of cuts, each judged as known at its own cut.

Every shard keeps all areas together, because the shared prior, clusters, false-discovery rates and
correlations need them so; `conclude` is a chain and stays in one place.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from engine.judge import Correlate, Correlator, Found, Ground, Panels, Terms, find, find_immediate, parts
from engine.model.period import CALENDAR, Calendar, Cycle, Period
from engine.model.rule import Rule, RuleBook, Status

#: Into so many blocks the cuts of a rule group are split: enough to keep a few cores busy to the end,
#: few enough that what a block reads again for its baselines does not matter.
BLOCKS = 4

#: (shards done, shards in all).
Progress = Callable[[int, int], None]


class Source(Protocol):
    """Where a worker reads: small enough to be sent to another process, opened there."""

    @property
    def calendar(self) -> Calendar: ...

    def open(self) -> AbstractContextManager[tuple[Panels, Correlate]]: ...


@dataclass(frozen=True)
class Shard:
    """Some rules of one cycle at some of its periods."""

    rules: tuple[str, ...]
    periods: tuple[Period, ...]

    @property
    def cycle(self) -> Cycle:
        return self.periods[0].cycle


def find_all(
    source: Source, book: RuleBook, chosen: Collection[str], since: datetime, until: datetime, *,
    moments: Iterable[datetime] = (), terms: Terms | None = None, executor: Executor | None = None,
    progress: Progress | None = None,
) -> Iterator[tuple[Period, Found]]:  # fmt: skip
    """What the `chosen` rules find at every period with `since < due_at <= until`, in the total order.

    book: every rule that the chosen ones may refer to; those whose findings a correlation sees standing are
    lived through with it. moments: when something became known that an immediate rule may judge. executor:
    who does the work; without one, this process.
    """
    combined = together(book, chosen)
    wanted = {*chosen, *(part.id for part in parts(combined, book))}
    shards = list(plan(source.calendar, book, wanted, since, until, moments))
    found = _found(source, book, shards, executor, progress)
    if not combined:
        yield from ((period, _only(one, chosen)) for period, one in found)
        return
    with source.open() as (panels, correlate):
        ground = Ground(terms.tree, terms.stale_after) if terms else Ground()
        correlator = Correlator(book, panels.tree, panels.calendar, correlate, ground=ground)
        for period, one in found:
            if period.cycle is not Cycle.IMMEDIATE:
                one = correlator.step([rule for rule in combined if rule.cycle is period.cycle], period, one)
            yield period, _only(one, chosen)


def together(book: RuleBook, chosen: Collection[str]) -> list[Rule]:
    """Every correlation of a cycle of which one is chosen, because one may build on another."""
    cycles = {book.rules[id_].cycle for id_ in chosen if book.rules[id_].correlation is not None}
    return [rule for cycle in CALENDAR if cycle in cycles
            for rule in book.of(cycle) if rule.correlation is not None]  # fmt: skip


def _found(
    source: Source, book: RuleBook, shards: Sequence[Shard], executor: Executor | None,
    progress: Progress | None,
) -> Iterator[tuple[Period, Found]]:  # fmt: skip
    """What all rules of the shards find, period by period; of correlations, what their patterns found."""
    answered: dict[Period, dict[int, Found]] = defaultdict(dict)
    for done, (number, answers) in enumerate(_answers(source, book, shards, executor), start=1):
        for period, found in zip(shards[number].periods, answers, strict=True):
            answered[period][number] = found
        if progress is not None:
            progress(done, len(shards))
    for period in sorted(answered, key=lambda period: period.rank):
        yield period, _together([answered[period][number] for number in sorted(answered[period])])


def plan(
    calendar: Calendar, book: RuleBook, chosen: Collection[str], since: datetime, until: datetime,
    moments: Iterable[datetime] = (),
) -> Iterator[Shard]:  # fmt: skip
    """The shards of a stretch of time, those of the correlations first, because they take longest."""
    periods = {cycle: list(calendar.due(cycle, since, until)) for cycle in CALENDAR}
    at_once = (calendar.immediate(moment) for moment in moments)
    periods[Cycle.IMMEDIATE] = [period for period in at_once if since < period.due_at <= until]
    groups = [(cycle, group) for cycle in periods for group in _groups(book, chosen, cycle)]
    for cycle, group in sorted(groups, key=lambda one: book.rules[one[1][0]].correlation is None):
        yield from (Shard(group, tuple(block)) for block in _blocks(periods[cycle]))


def judge_shard(source: Source, book: RuleBook, shard: Shard) -> list[Found]:
    """What one shard's rules find, one answer for each of its periods."""
    rules = [book.rules[id_] for id_ in shard.rules]
    with source.open() as (panels, _):
        if shard.cycle is Cycle.IMMEDIATE:
            moments = ((period.cut, period.start) for period in shard.periods)
            return [Found(cut, find_immediate(rules, panels, moment)) for cut, moment in moments]
        cuts = [period.cut for period in shard.periods]
        return list(find(rules, panels, cuts, book=book))


@contextmanager
def pool(workers: int | None = None) -> Iterator[Executor | None]:
    """A pool with a process for each core (or `workers`); with one, none at all.

    Processes are started afresh: a fork of a process with threads (a progress bar has one) may hang.
    """
    workers = workers or os.cpu_count() or 1
    if workers == 1:
        yield None
        return
    executor = ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))
    try:
        yield executor
    finally:
        executor.shutdown(cancel_futures=True)


def _groups(book: RuleBook, chosen: Collection[str], cycle: Cycle) -> Iterator[tuple[str, ...]]:
    """Rules that read the same indicator go together; the correlations of a cycle all do, because one
    may build on another."""
    groups: dict[str, list[str]] = defaultdict(list)
    for rule in book.of(cycle):
        if rule.indicator is not None and rule.id in chosen:
            groups[rule.indicator.key].append(rule.id)
    yield from map(tuple, groups.values())
    correlations = [rule.id for rule in book.of(cycle) if rule.correlation is not None]
    if any(id_ in chosen for id_ in correlations):
        yield tuple(correlations)


def _blocks(periods: Sequence[Period]) -> Iterator[Sequence[Period]]:
    size = max(1, -(-len(periods) // BLOCKS))
    return (periods[at : at + size] for at in range(0, len(periods), size))


def _answers(
    source: Source, book: RuleBook, shards: Sequence[Shard], executor: Executor | None
) -> Iterator[tuple[int, list[Found]]]:
    """(number of the shard, its answers) as they come in."""
    if executor is None:
        yield from ((number, judge_shard(source, book, shard)) for number, shard in enumerate(shards))
        return
    futures = {executor.submit(judge_shard, source, book, shard): n for n, shard in enumerate(shards)}
    for future in as_completed(futures):
        yield futures.pop(future), future.result()


def _together(found: Sequence[Found]) -> Found:
    return Found(
        cut=found[0].cut,
        outcomes=tuple(one for part in found for one in part.outcomes),
        sought={key: hits for part in found for key, hits in part.sought.items()},
    )


def _only(found: Found, chosen: Collection[str]) -> Found:
    """What of it the chosen rules found."""
    return Found(
        cut=found.cut, outcomes=tuple(one for one in found.outcomes if one.rule in chosen),
        degraded=found.degraded, disputed=frozenset(id_ for id_ in found.disputed if id_ in chosen),
    )  # fmt: skip


def selected(book: RuleBook, ids: Iterable[str]) -> RuleBook:
    """The rules to try, a draft or retired one as if it were on trial; none named: all that are judged."""
    wanted = frozenset(ids) or frozenset(id_ for id_, rule in book.rules.items() if rule.judged)
    return RuleBook({id_: _on_trial(book.rules[id_]) for id_ in sorted(wanted)}, book.hash)


def _on_trial(rule: Rule) -> Rule:
    return rule if rule.judged else replace(rule, status=Status.TRIAL)
