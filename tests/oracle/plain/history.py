"""Every run of a scene in its order, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from tests.oracle.plain.clock import DAY, ends
from tests.oracle.plain.combined import Correlations
from tests.oracle.plain.counted import Knowledge
from tests.oracle.plain.nouns import Scene
from tests.oracle.plain.stands import STALE, Finding, Immediate, Ladder
from tests.oracle.plain.tests import Morning
from tests.oracle.plain.warned import Warnings

CYCLES = ("immediate", "daily", "weekly", "monthly")
Cell = tuple[str, str]


@dataclass(frozen=True)
class Run:
    """One judgement of one cycle: when it was due, and the morning it judges (an immediate one has none)."""

    due: datetime
    cycle: str
    cut: date

    @property
    def rank(self) -> tuple[datetime, int]:
        return self.due, CYCLES.index(self.cycle)


@dataclass
class History:
    """A scene lived through. after: what stood after each moment of judgement."""

    scene: Scene
    findings: dict[Cell, Finding] = field(default_factory=dict)
    warnings: Warnings = field(default_factory=Warnings)
    after: dict[datetime, dict[Cell, tuple[int, str, bool]]] = field(default_factory=dict)
    _past: list[tuple[datetime, dict[Cell, int]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.knowledge = Knowledge(self.scene)
        self.rules = {rule["id"]: rule for rule in self.scene.rules}
        self.begins = self.knowledge.clock.midnight(self.scene.begins)
        at_once = [rule for rule in self.scene.rules if rule["cycle"] == "immediate"]
        self.immediate = [Immediate(self.knowledge, rule, self.begins) for rule in at_once]
        self.morning = cache(lambda rule, cut: Morning(self.knowledge, self.rules[rule], cut))

    @property
    def last(self) -> date:
        """The last morning."""
        return self.scene.begins + (self.scene.days - 1) * DAY

    @property
    def ends(self) -> datetime:
        """When it has been judged."""
        return self.knowledge.clock.morning(self.last)

    def open(self) -> dict[tuple[str, str], tuple[int, str, bool]]:
        """The open warnings by area and topic: grade, confidence, and whether they are held blind."""
        return {place: (one.grade, one.confidence, one.blind) for place, one in self.warnings.open.items()}

    def runs(self) -> list[Run]:
        found = [
            Run(self.knowledge.clock.morning(cut), cycle, cut)
            for cycle in CYCLES[1:] for cut in ends(cycle, self.scene.begins, self.last)
        ]  # fmt: skip
        moments = {at for one in self.immediate for at in one.moments() if self.begins < at <= self.ends}
        found += [Run(at, "immediate", self.knowledge.clock.day(at)) for at in moments]
        return sorted(found, key=lambda run: run.rank)

    def live(self) -> History:
        for run in self.runs():
            stale = self._run(run)
            grades = {cell: one.grade for cell, one in self.findings.items() if one.grade}
            self._past.append((run.due, grades))
            self.warnings.step(run.due, self.rules, self.findings, stale)
            self.after[run.due.astimezone(UTC)] = {
                cell: (one.grade, one.confidence, one.blind_since is not None)
                for cell, one in self.findings.items() if one.grade
            }  # fmt: skip
        return self

    def _run(self, run: Run) -> set[Cell]:
        """The places whose findings this run lets go of, because nobody could look for too long."""
        if run.cycle == "immediate":
            self._at_once(run)
            return set()
        judged = [rule for rule in self.scene.rules if rule["cycle"] == run.cycle]
        for rule in judged:
            if "correlate" not in rule:
                self._threshold(rule, run)
        stale = set(self._let_go(run, combined=False))
        self._correlations([rule for rule in judged if "correlate" in rule], run)
        return stale | set(self._let_go(run, combined=True))

    def _finding(self, rule: str, area: str) -> Finding:
        return self.findings.setdefault((rule, area), Finding())

    def _at_once(self, run: Run) -> None:
        for one in self.immediate:
            for area in self.scene.at(one.rule["level"]):
                finding = self._finding(one.rule["id"], area)
                grade = one.grade(area, run.due, finding.grade)
                if finding.grade and not grade:
                    finding.end(run.due)
                finding.grade = grade

    def _threshold(self, rule: dict[str, Any], run: Run) -> None:
        ladder, morning = Ladder(rule), self.morning(rule["id"], run.cut)
        for area in morning.areas:
            held = morning.rungs(area)
            confidence = morning.confidence(area) if True in held else None
            ladder.judge(self._finding(rule["id"], area), held, confidence, run.due, self.knowledge.clock)

    def _correlations(self, rules: list[dict[str, Any]], run: Run) -> None:
        judge = Correlations(self.knowledge, self.rules, run.cycle, run.cut, self._stood)
        waiting = {rule["id"]: rule for rule in rules}

        def one(rule: dict[str, Any]) -> None:
            """Those whose findings it looks for come first."""
            del waiting[rule["id"]]
            patterns = [
                of["finding"]
                for key in ("all", "any", "of", "none")
                for of in rule["correlate"].get(key, ())
                if "finding" in of
            ]
            for producer in [found for pattern in patterns for found in judge.producers(rule, pattern)]:
                if producer["id"] in waiting:
                    one(producer)
            self._combined(judge, rule, run)

        while waiting:
            one(next(iter(waiting.values())))

    def _combined(self, judge: Correlations, rule: dict[str, Any], run: Run) -> None:
        ladder = Ladder(rule)
        outcomes, doubtful = judge.judge(rule)
        for area, held in outcomes.items():
            said = "low" if area in doubtful else "high"
            told = said if any(one is not False for one in held) else None
            ladder.judge(self._finding(rule["id"], area), held, told, run.due, self.knowledge.clock)

    def _stood(self, rule: str, at: datetime | None) -> dict[str, int]:
        """Where a rule stood after the runs due by a moment; None: as it stands now."""
        if at is None:
            return {area: one.grade for (of, area), one in self.findings.items() if of == rule and one.grade}
        past = [grades for due, grades in self._past if due <= at]
        return {area: grade for (of, area), grade in (past[-1] if past else {}).items() if of == rule}

    def _let_go(self, run: Run, *, combined: bool) -> Iterator[Cell]:
        if run.cycle != "monthly":
            return
        for (rule, area), one in self.findings.items():
            if (
                ("correlate" in self.rules[rule]) == combined
                and one.blind_since
                and run.due - one.blind_since > STALE
            ):
                one.end(run.due)
                one.on, one.off = [], []
                yield area, self.rules[rule]["topic"]
