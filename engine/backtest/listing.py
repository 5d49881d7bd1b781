"""Every warning of a backtest on a row of its own: where, since when, how grave, right or false, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.backtest.chances import Chances
from engine.backtest.history import History, Span, Spell
from engine.backtest.match import Matched, Track, match
from engine.backtest.skill import Row
from engine.judge import Panels, Terms, counted
from engine.model.finding import Finding
from engine.model.rule import Rule, RuleBook

#: The keys of a row, in order.
COLUMNS = (
    "rule", "area", "topic", "opened", "closed", "peak", "steps", "outcome", "chance", "came", "told",
    "incidents", "counted", "why",
)  # fmt: skip
#: At most so many incidents are named; all are counted.
NAMED = 40
#: Small numbers of sensitive categories are people.
_FEW = 5


def listed(
    book: RuleBook, history: History, span: Span, chances: Chances | None, panels: Panels, terms: Terms
) -> Iterator[Row]:
    """The warnings of every rule, by rule and then as they opened; without a truth nobody says which were
    right. The incidents are those that the rule had counted as the warning opened."""
    findings = {(one.rule, one.area, one.at): one for one in history.findings}
    desk = _Desk(span, chances, panels, terms, findings)
    for rule in book.rules.values():
        yield from desk.rows(rule, span.opened(history.rules.get(rule.id, ())))


@dataclass(frozen=True)
class _Desk:
    """What every row is made of."""

    span: Span
    chances: Chances | None
    panels: Panels
    terms: Terms
    findings: dict[tuple[str, str, datetime], Finding]

    def rows(self, rule: Rule, spells: Sequence[Spell]) -> Iterator[Row]:
        places = [(area, rule.topic) for area in rule.places(self.panels.tree)]
        track = Track.of(places, spells, self.span, rule.ahead)
        ordered = sorted(zip(track.spells, self._outcomes(rule, track), strict=True), key=_order)
        for spell, outcome in ordered:
            area, topic = spell.place
            steps = [f"{self._local(at)} {grade.word}" for at, grade in spell.steps]
            steps += [f"{self._local(spell.closed)} lifted"] if spell.closed else []
            yield {
                "rule": rule.id, "area": area, "topic": topic, "opened": self._local(spell.opened),
                "closed": self._local(spell.closed) if spell.closed else None, "peak": spell.peak.word,
                "steps": "; ".join(steps), "outcome": outcome, **self._claimed(rule, spell),
                **self._behind(rule, spell),
                "why": f"forewarn why {area} {topic} --at {self._local(spell.opened, 'T%H:%M:%S')}",
            }  # fmt: skip

    def _outcomes(self, rule: Rule, track: Track) -> list[str | None]:
        against = self.chances.against if self.chances else None
        if against is None or not against.truth.speaks_of(rule.topic, rule.domain.value):
            return [None] * len(track.spells)
        judged = set(against.places(rule.topic, [area for area, _ in track.places]))
        matched = match(track, against, self.span)
        return [
            _outcome(matched, at) if spell.place in judged else "unknown"
            for at, spell in enumerate(track.spells)
        ]

    def _claimed(self, rule: Rule, spell: Spell) -> Row:
        """What it claimed as it opened, by what was known then."""
        claim = self.chances.claim(rule, spell) if self.chances else None
        if claim is None:
            return {"chance": None, "came": None, "told": None}
        return {"chance": claim.chance, "came": claim.came, "told": claim.told}

    def _behind(self, rule: Rule, spell: Spell) -> Row:
        """How many incidents it was opened by, and which; of sensitive ones no small number."""
        finding = self.findings.get((rule.id, spell.place[0], spell.opened))
        if finding is None or rule.indicator is None:
            return {"incidents": None, "counted": ""}
        found = counted(rule, self.panels, finding.trace, spell.opened)
        if rule.counted & self.terms.sensitive:
            return {"incidents": None if len(found) < _FEW else len(found), "counted": ""}
        names = [f"{one.feed}/{one.source_id}" for one in found[:NAMED]]
        return {"incidents": len(found), "counted": " ".join(names)}

    def _local(self, moment: datetime, time: str = " %H:%M") -> str:
        return moment.astimezone(self.span.calendar.zone).strftime(f"%Y-%m-%d{time}")


def _order(one: tuple[Spell, str | None]) -> tuple[datetime, str]:
    return one[0].opened, one[0].place[0]


def _outcome(matched: Matched, at: int) -> str:
    """hit; late: all that it met was over when it spoke; false; or unknown."""
    if matched.right[at] == 1:
        return "late" if matched.late[at] else "hit"
    return "false" if matched.right[at] == 0 else "unknown"
