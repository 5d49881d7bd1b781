"""READ FIRST: a backtest from the rules and the ledger to its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime

from engine.backtest import noise
from engine.backtest.assess import Assessment, assess
from engine.backtest.chances import Chances
from engine.backtest.contest import contests
from engine.backtest.history import History, Span
from engine.backtest.listing import listed
from engine.backtest.match import Against
from engine.backtest.replay import relive
from engine.backtest.shard import Source, find_all, selected
from engine.backtest.skill import Row
from engine.backtest.warm import warmed
from engine.judge import Terms
from engine.model.area import AreaTree
from engine.model.rule import RuleBook
from engine.model.topic import Topic

#: (what, done, of how many)
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, kw_only=True)
class Backtest:
    """What some rules would have done in a stretch of time, and how good it would have been."""

    span: Span
    #: The rules tried, the tree they judge, and every topic by its id.
    book: RuleBook
    tree: AreaTree
    topics: Mapping[str, Topic]
    history: History
    assessment: Assessment
    #: Every warning of every rule: see `listing.COLUMNS`.
    listed: tuple[Row, ...] = ()
    #: Each rule beside each rival (`contest.COLUMNS`); what grades came to be worth (`chances.COLUMNS`).
    contested: tuple[Row, ...] = ()
    claims: tuple[Row, ...] = ()
    against: Against | None = None
    #: Runs whose inference process did not answer, and rules on which it disagreed with how often.
    degraded: int = 0
    disputed: Counter[str] = field(default_factory=Counter)

    @property
    def opened(self) -> int:
        """How many warnings opened, of which people would have heard."""
        return len(self.span.opened(self.history.warnings))

    @property
    def on_trial(self) -> int:
        """How many more opened by rules on trial alone: rows of rules have them, those of grades and domains
        do not."""
        rules = (rule for rule in self.book.rules.values() if not rule.stands)
        return sum(len(self.span.opened(self.history.rules.get(rule.id, ()))) for rule in rules)


def backtest(
    book: RuleBook, source: Source, tree: AreaTree, topics: Mapping[str, Topic], span: Span, *,
    rules: Collection[str] = (), moments: Iterable[datetime] = (), terms: Terms | None = None,
    against: Against | None = None, replicates: int = noise.REPLICATES, executor: Executor | None = None,
    progress: Progress | None = None,
) -> Backtest:  # fmt: skip
    """Live through the span once more and measure it; nothing is written. It starts warm: see `warmed`.

    rules: ids to try (none: all that are judged); a draft is tried as if it were on trial. moments:
    when something became known that an immediate rule may judge, from the warm start on. against: the
    truth. replicates: how many noises tell what chance alone would give (0: none).
    """
    terms, tell = terms or Terms(), progress or _silent
    tried = selected(book, rules)
    span = warmed(span, tried)
    whole = RuleBook({**book.rules, **tried.rules}, book.hash)
    found = list(
        find_all(
            source, whole, tried.rules, span.begin, span.until, moments=moments, terms=terms,
            executor=executor,
            progress=lambda done, total: tell("replay", done, total),
        )
    )  # fmt: skip
    history = History.of(relive(tried, found, terms, span.until), span.since)
    work = noise.Work(source, whole, tried, span, terms, against)
    by_chance = noise.mean_openings(
        work, replicates, executor, lambda done, total: tell("chance", done, total)
    )
    chances = Chances(tried, history, span, against, tree) if against else None
    with source.open() as (panels, _):
        rows = tuple(listed(tried, history, span, chances, panels, terms))
        contested = tuple(contests(chances, panels)) if chances else ()
    return Backtest(
        span=span, book=tried, tree=tree, topics=topics, history=history, against=against, listed=rows,
        contested=contested, claims=tuple(chances.rows()) if chances else (),
        assessment=assess(
            tried, history, span, tree, terms.points, against=against, chance=by_chance, contested=contested
        ),
        degraded=sum(bool(one.degraded) for _, one in found),
        disputed=Counter(rule for _, one in found for rule in one.disputed),
    )  # fmt: skip


def _silent(what: str, done: int, total: int) -> None:
    """Nobody watches."""
