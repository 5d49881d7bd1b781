"""What warnings are worth, and what rungs ask of chances: learned by the monthly run, kept by its hash.

A monthly run fits what each grade of each rule came to be worth, by what was known at its cut, and keeps the
result as a configuration; every later run claims by the last that was kept before it. The same past gives
the same chances and the same hash, whoever fits them again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import numpy as np

from engine.backtest.chances import BLOCK, Chances, learned
from engine.backtest.history import History, Span, Spell
from engine.backtest.judged import verdicts
from engine.backtest.match import Against
from engine.backtest.models import Known
from engine.chance.learn import Learned, Past, chances
from engine.chance.model import Lack
from engine.cycle import modelled
from engine.cycle.panels import StorePanels
from engine.cycle.world import World
from engine.ingest.truth import Truth
from engine.judge.asked import Kept, asks
from engine.judge.chance import learn
from engine.model.grade import Grade
from engine.model.period import Period
from engine.model.rule import Rule
from engine.model.warning import Standing
from engine.store import acts, configuration, judgement, standing
from engine.store.canonical import canonical
from engine.store.database import Tx

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def models(world: World, seq: int, period: Period) -> dict[str, Kept | Lack]:
    """The models of every chance that a judged rule asks for, by what was known at the cut of a monthly
    period; it takes its time, and needs no lock."""
    asked = {one.key: one for rule in world.book.rules.values() if rule.judged for one in asks(rule)}
    if not asked:
        return {}
    with world.store.read() as tx:
        panels, truths = StorePanels(tx, world.settings, seq), Known(world.against())
        return {key: learn(one, panels, truths, period.cut) for key, one in sorted(asked.items())}


def refit(world: World, tx: Tx, period: Period, made: Mapping[str, Kept | Lack] | None = None) -> str:
    """Learn anew by what is known at the cut of a monthly period; the hash under which it is kept, with the
    models that were made for it."""
    found = fitted(world, tx, period)
    ahead = {id_: world.book.rules[id_].ahead for id_ in found}
    content = {
        id_: {grade.word: one for grade, one in chances(worth, ahead[id_]).items()}
        for id_, worth in sorted(found.items())
    }
    hashes = modelled.keep(tx, made or {})
    text = canonical({**content, **({modelled.MODELS: hashes} if hashes else {})})
    hash_ = sha256(text.encode()).hexdigest()[:16]
    configuration.keep(tx, hash_, text)
    return hash_


def fitted(world: World, tx: Tx, period: Period) -> dict[str, Learned]:
    """What every rule came to be worth: by the truth where it speaks of the topic, else by verdicts."""
    settings, morning = world.settings, period.cut
    steps = [_as_it_reads(world, one) for one in standing.past(tx, world.book.rules, _BEGINNING, period)]
    if not steps:
        return {}
    first = settings.calendar.local_day(min(at for at, _ in steps))
    span = Span(first, max(morning - timedelta(days=1), first), settings.calendar)
    history = History.remembered(steps)
    against = Against(settings.truth or Truth((), frozenset()), settings.tree, settings.domains)
    pasts = Chances(world.book, history, span, against, settings.tree).pasts(morning)
    told = {rule.id: one for rule in world.book.rules.values() if rule.id not in pasts
            for one in _judged_by_people(tx, rule, history, period, span)}  # fmt: skip
    return learned(world.book, {**pasts, **told})


def _as_it_reads(world: World, one: tuple[datetime, Standing]) -> tuple[datetime, Standing]:
    """What a rule found before its sense was changed is none of its past."""
    at, was = one
    other = was.found_as and was.found_as != world.book.rules[was.rule].sense
    return at, replace(was, grade=Grade.NONE) if other else was


def _judged_by_people(tx: Tx, rule: Rule, history: History, period: Period, span: Span) -> Iterator[Past]:
    """The warnings behind which the rule stood and on which somebody gave a verdict."""
    spells = history.rules.get(rule.id, [])
    done, warnings = acts.in_force(tx, period.due_at), judgement.warnings(tx)
    rows: list[tuple[int, bool, int]] = []
    for act, warning in verdicts(done, warnings):
        # Not what was known of the warning's end, but when somebody spoke: the same past fits the same again.
        until = min(warning.lifted_at or act.at, act.at)
        for spell in spells:
            if spell.place == (warning.area, warning.topic) and _overlaps(spell, warning.since, until):
                day = (span.calendar.local_day(spell.opened) - span.first).days
                rows.append((int(spell.steps[0][1]), bool(act.right), day // BLOCK))
    if rows:
        said, came, block = zip(*rows, strict=True)
        yield Past(np.array(said, np.int64), np.array(came, bool), np.array(block, np.int64))


def _overlaps(spell: Spell, since: datetime, until: datetime) -> bool:
    return spell.opened <= until and (spell.closed is None or spell.closed >= since)
