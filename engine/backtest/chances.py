"""What each rule may claim on a morning of a backtest: learned from what had become known by then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np

from engine.backtest.history import History, Span, Spell
from engine.backtest.match import Against, Track, mark
from engine.backtest.rivals import split
from engine.backtest.skill import Row
from engine.chance.learn import Learned, Past, learn
from engine.model.area import AreaTree
from engine.model.chance import Chance
from engine.model.grade import Grade
from engine.model.rule import Rule, RuleBook

#: Judgements of so many days share their causes.
BLOCK = 28
_DAY = timedelta(days=1)


#: The keys of a row of `Chances.rows`.
COLUMNS = (
    "rule", "grade", "days", "came", "told", "chance", "chance_low", "chance_high", "claimed", "later_came",
    "later_told", "bore_out",
)  # fmt: skip


@dataclass
class Chances:
    """Fitted on the first of every month, as the service does, and never by what became known later."""

    book: RuleBook
    history: History
    span: Span
    against: Against
    tree: AreaTree
    _fitted: dict[date, dict[str, Learned]] = field(default_factory=dict)

    def claim(self, rule: Rule, spell: Spell) -> Chance | None:
        """What a warning claimed as it opened."""
        morning = self.span.calendar.local_day(spell.opened).replace(day=1)
        found = self.by(morning).get(rule.id)
        return found.claim(spell.steps[0][1], rule.ahead) if found else None

    def by(self, morning: date) -> Mapping[str, Learned]:
        """What every measured rule came to be worth, as known on a morning."""
        if morning not in self._fitted:
            self._fitted[morning] = learned(self.book, self.pasts(morning))
        return self._fitted[morning]

    def pasts(self, morning: date) -> dict[str, Past]:
        """The judgements of every measured rule of which was known by a morning what became of them."""
        against = replace(self.against, truth=self.against.truth.by(morning))
        return {rule.id: past(track, against, self.span, morning) for rule, track in self.tracks()}

    def tracks(self) -> list[tuple[Rule, Track]]:
        """Every rule of which the truth can speak, with what it said."""
        found = []
        for rule in self.book.rules.values():
            if self.against.truth.speaks_of(rule.topic, rule.domain.value):
                places = self.against.places(rule.topic, rule.places(self.tree))
                spells = self.history.rules.get(rule.id, [])
                if places:
                    found.append((rule, Track.of(places, spells, self.span, rule.ahead)))
        return found

    def rows(self) -> Iterator[Row]:
        """What each grade of each rule came to be worth, and whether what was learned by then bore out on
        the part of the time that is held back."""
        middle = self.span.first + split(self.span.days) * _DAY
        early, whole = self.by(middle), self.by(self.span.last + _DAY)
        for rule, track in self.tracks():
            marks = mark(track, self.against, self.span)
            for grade in (rung.grade for rung in rule.rungs):
                at = (marks.known & (track.grades == int(grade)))[:, split(self.span.days) :]
                came = int((at & marks.event[:, split(self.span.days) :]).sum())
                yield {
                    "rule": rule.id, "grade": grade.word, "days": rule.ahead,
                    **_claimed(whole[rule.id].claim(grade, rule.ahead)),
                    **_later(early[rule.id], grade, rule.ahead, came, int(at.sum())),
                }  # fmt: skip


def _claimed(claim: Chance | None) -> Row:
    if claim is None:
        return dict.fromkeys(("came", "told", "chance", "chance_low", "chance_high"))
    return {
        "came": claim.came, "told": claim.told, "chance": claim.chance, "chance_low": claim.low,
        "chance_high": claim.high,
    }  # fmt: skip


def _later(learned: Learned, grade: Grade, days: int, came: int, told: int) -> Row:
    """The claim learned on the earlier part, and what came of it on the part held back."""
    claim = learned.claim(grade, days)
    row: Row = {"claimed": None, "later_came": came, "later_told": told, "bore_out": None}
    if claim is not None:
        bore_out = ("yes" if learned.bears(grade, came, told) else "no") if told else None
        row |= {"claimed": claim.chance, "bore_out": bore_out}
    return row


def learned(book: RuleBook, pasts: Mapping[str, Past]) -> dict[str, Learned]:
    """What rules came to be worth, each drawn toward those that judge the same topic at the same level and
    horizon."""
    packs: dict[tuple[str, str, int], dict[str, Past]] = defaultdict(dict)
    for id_, one in pasts.items():
        rule = book.rules[id_]
        packs[rule.topic, rule.level, rule.ahead][id_] = one
    return {id_: one for pack in packs.values() for id_, one in learn(pack).items()}


def past(track: Track, against: Against, span: Span, morning: date) -> Past:
    """The judgements of which was known by a morning what became of them."""
    days = min(max((morning - span.first).days, 0), span.days)
    marks = mark(track, against, span)
    over = np.arange(span.days)[None, :] + track.ahead[:, None] <= days
    place, day = np.nonzero(marks.known & over & (track.grades > int(Grade.NONE)))
    return Past(track.grades[place, day].astype(np.int64), marks.event[place, day], day // BLOCK)
