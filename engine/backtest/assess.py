"""The rows of a backtest: every rule, every grade and every domain with its figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.backtest import skill
from engine.backtest.bootstrap import over_days, ratio
from engine.backtest.contest import in_words
from engine.backtest.history import History, Place, Span, Spell
from engine.backtest.match import Against, Marks, Track, mark, match
from engine.backtest.rivals import CLIMATOLOGY
from engine.backtest.skill import Row
from engine.detect.series import Floats
from engine.model.area import AreaTree
from engine.model.grade import RUNGS, Domain, Grade
from engine.model.rule import Rule, RuleBook


@dataclass(frozen=True)
class Assessment:
    """One flat row a rule, a grade and a domain; see `skill.FIGURES` for what the keys mean."""

    rules: tuple[Row, ...]
    grades: tuple[Row, ...]
    domains: tuple[Row, ...]


def assess(
    book: RuleBook, history: History, span: Span, tree: AreaTree, points: Mapping[Grade, float], *,
    against: Against | None = None, chance: Mapping[str, float] | None = None, contested: Sequence[Row] = (),
) -> Assessment:  # fmt: skip
    """Measure what a history held. against: without it, only volume is told. chance: warnings that
    chance alone would open, by rule. contested: each rule beside its rivals."""
    claims = skill.claimed(points)
    desk = _Desk(book, history, span, tree, against, claims, contested)
    return Assessment(
        rules=tuple(desk.rule(rule, chance or {}) for rule in book.rules.values()),
        grades=tuple(desk.grade(grade) for grade in RUNGS),
        domains=tuple(desk.domain(domain) for domain in Domain),
    )


@dataclass(frozen=True)
class _Desk:
    """What every row is made of."""

    book: RuleBook
    history: History
    span: Span
    tree: AreaTree
    against: Against | None
    claims: Floats
    contested: Sequence[Row]

    def rule(self, rule: Rule, chance: Mapping[str, float]) -> Row:
        areas, spells = rule.places(self.tree), self.history.rules.get(rule.id, [])
        row: Row = {
            "rule": rule.id, "title": rule.title.en, "domain": rule.domain.value, "topic": rule.topic,
            "cycle": rule.cycle.value, "level": rule.level, "status": rule.status.value, "ahead": rule.ahead,
        }  # fmt: skip
        opened = len(self.span.opened(spells))
        row |= self._volume(opened, areas)
        by_chance = chance.get(rule.id)
        if by_chance is not None:
            share = min(by_chance / opened, 1.0) if opened else None
            row |= {"chance_warnings": by_chance, "chance_share": share}
        if self.against and self.against.truth.speaks_of(rule.topic, rule.domain.value):
            places = self.against.places(rule.topic, areas)
            row |= self._measured(Track.of(places, spells, self.span, rule.ahead)) if places else {}
        return _whole(row | self._beside(rule))

    def _beside(self, rule: Rule) -> Row:
        """How it does beside its rivals, by its learned claims."""
        rows = [row for row in self.contested if row["rule"] == rule.id]
        skill_ = next((row["skill"] for row in rows if row["rival"] == CLIMATOLOGY), None)
        return {"skill_learned": skill_, "verdict": in_words(rows) if rows else None}

    def domain(self, domain: Domain) -> Row:
        rules = [rule for rule in self._standing() if rule.domain is domain]
        topics = {rule.topic for rule in rules}
        opened = sum(spell.place[1] in topics for spell in self.span.opened(self.history.warnings))
        row: Row = {"domain": domain.value, **self._volume(opened, self._areas(rules))}
        track = self._scored(domain)
        return _whole(row | self._measured(track) if track is not None else row)

    def grade(self, grade: Grade) -> Row:
        """Warnings at this grade or above, in all domains together."""
        opened = [part for spell in self.history.warnings for part in spell.above(grade)]
        areas = self._areas(self._standing())
        row: Row = {"grade": grade.word, "claimed": float(self.claims[grade])}
        row |= self._volume(len(self.span.opened(opened)), areas)
        tracks = [track for domain in Domain if (track := self._scored(domain)) is not None]
        if tracks:
            row |= self._measured(_stacked(tracks).above(grade), grade)
        return _whole(row)

    def _measured(self, track: Track, grade: Grade | None = None) -> Row:
        assert self.against is not None
        marks = mark(track, self.against, self.span)
        events = skill.by_events(match(track, self.against, self.span))
        if grade is None:
            return skill.by_days(track, marks, self.claims) | skill.calibration(track, marks) | events
        claims = np.full(len(self.claims), self.claims[grade])
        days = skill.by_days(track, marks, claims, track.grades > 0)
        return days | _exactly(track, marks, grade) | events

    def _scored(self, domain: Domain) -> Track | None:
        """The track of what the truth speaks of in a domain: its named topics, each on its own, or,
        where the truth names the domain itself, all its warnings as one."""
        if self.against is None:
            return None
        named = self.against.truth.named
        rules = [rule for rule in self._standing() if rule.domain is domain]
        if domain.value in named:
            topics = {rule.topic for rule in rules}
            areas = self._areas(rules)
            spells = [spell for spell in self.history.warnings if spell.place[1] in topics]
            as_one = [replace(spell, place=(spell.place[0], domain.value)) for spell in spells]
            places = self.against.places(domain.value, areas)
            ahead = max((rule.ahead for rule in rules), default=1)
            return Track.of(places, as_one, self.span, ahead) if places else None
        tracks = []
        for topic in sorted({rule.topic for rule in rules} & named):
            areas = self._areas([rule for rule in rules if rule.topic == topic])
            if places := self.against.places(topic, areas):
                ahead = self.book.ahead(topic)
                tracks.append(Track.of(places, self.history.warnings, self.span, ahead))
        return _stacked(tracks) if tracks else None

    def _standing(self) -> list[Rule]:
        return [rule for rule in self.book.rules.values() if rule.stands]

    def _areas(self, rules: Iterable[Rule]) -> tuple[str, ...]:
        return tuple(sorted({area for rule in rules for area in rule.places(self.tree)}))

    def _volume(self, warnings: int, areas: Sequence[str]) -> Row:
        weekly = warnings / len(areas) / self.span.weeks if areas else None
        return {"warnings": warnings, "areas": len(areas), "warnings_per_area_week": weekly}


def _exactly(track: Track, marks: Marks, grade: Grade) -> Row:
    """What the truth was at judgements of exactly this grade: to be held against what it claims."""
    at = (track.grades == int(grade)) & marks.counts
    sums = np.stack([at.sum(axis=0), (at & marks.event).sum(axis=0)], axis=1).astype(float)
    low, high = over_days(sums, _frequency)
    days, events = sums.sum(axis=0)
    return {
        "grade_days": int(days), "frequency": float(events / days) if days else None,
        "frequency_low": low, "frequency_high": high,
    }  # fmt: skip


def _frequency(sums: Floats) -> Floats:
    return ratio(sums[:, 1], sums[:, 0])


def _stacked(tracks: Sequence[Track]) -> Track:
    places: list[Place] = [place for track in tracks for place in track.places]
    spells: list[Spell] = [spell for track in tracks for spell in track.spells]
    grades = np.concatenate([track.grades for track in tracks])
    return Track(tuple(places), tuple(spells), grades, np.concatenate([track.ahead for track in tracks]))


def _whole(row: Row) -> Row:
    """Every row of every backtest has the same keys; what could not be measured is empty."""
    return row | dict.fromkeys(name for name in skill.names() if name not in row)
