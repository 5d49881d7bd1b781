"""Correlations: what their patterns show in the scope of an area, and what follows (docs/inference.md)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tests.oracle.plain.blocks import Stretches
from tests.oracle.plain.clock import DAY, days_of, ends
from tests.oracle.plain.counted import Indicator, Knowledge
from tests.oracle.plain.tests import GRADES, Held, Morning, both, either

Rule = Mapping[str, Any]
#: Where a rule stood, and how gravely (0 nothing, 1 blue ..), at a moment; at `None` as this run leaves it.
Stood = Callable[[str, datetime | None], Mapping[str, int]]


@dataclass
class Shown:
    """Where a pattern matched, at which moments, and where nobody could see."""

    at: dict[str, set[datetime]] = field(default_factory=dict)
    blind: set[str] = field(default_factory=set)

    def within(self, scope: set[str]) -> Shown:
        at = {area: moments for area, moments in self.at.items() if area in scope}
        return Shown(at, (self.blind & scope) - at.keys())

    @property
    def held(self) -> Held:
        return True if self.at else None if self.blind else False


def at_least(shown: Sequence[Shown], number: int) -> Held:
    """Of one pattern its areas count, of several the patterns."""
    if len(shown) == 1:
        seen, hidden = len(shown[0].at), len(shown[0].blind)
    else:
        seen, hidden = (sum(one.held is what for one in shown) for what in (True, None))
    return True if seen >= number else None if seen + hidden >= number else False


def rising(shown: Sequence[Shown]) -> bool:
    """Whether a moment of each can be picked, each later than the one before."""
    last: datetime | None = None
    for one in shown:
        later = [at for moments in one.at.values() for at in moments if last is None or at > last]
        if not later:
            return False
        last = min(later)
    return True


def ordered(shown: Sequence[Shown]) -> Held:
    """What is blind somewhere may have happened there at any moment."""
    if rising(shown):
        return True
    seen = [one for one in shown if not one.blind]
    return None if len(seen) < len(shown) and rising(seen) else False


def rungs_of(rule: Rule) -> dict[str, int]:
    """How many matches each grade takes, where they are counted."""
    return rule.get("grades") or {rule["grade"]: rule["correlate"].get("at_least", 1)}


class Correlations:
    """The correlations of one cycle at one cut."""

    def __init__(
        self, knowledge: Knowledge, rules: Mapping[str, Rule], cycle: str, cut: date, stood: Stood
    ) -> None:
        self.knowledge, self.rules, self.cycle, self.cut, self.stood = knowledge, rules, cycle, cut, stood
        self.scene = knowledge.scene
        #: What the correlations of this run came to so far, by rule and area.
        self.found: dict[str, dict[str, list[Held]]] = {}

    def producers(self, rule: Rule, pattern: Mapping[str, Any]) -> list[Rule]:
        """The correlations of this run whose findings a pattern means."""
        level = pattern.get("level") or rule["correlate"].get("level", "")
        return [
            one for one in self._meant(rule, pattern)
            if "correlate" in one and one["cycle"] == self.cycle and "test" not in pattern
            and level in ("", one["level"])
        ]  # fmt: skip

    def _meant(self, rule: Rule, pattern: Mapping[str, Any]) -> list[Rule]:
        """The rules that a pattern means; what is on trial is seen by none but what is on trial too."""
        return [
            one for one in self.rules.values()
            if one["cycle"] != "immediate" and (one["status"] == "stable" or rule["status"] == "trial")
            and ("correlate" not in one or one["cycle"] == rule["cycle"])
            and (one["id"] == pattern["rule"] if "rule" in pattern else one["topic"] == pattern["topic"])
            and not ("correlate" in one and one["id"] == rule["id"])
        ]  # fmt: skip

    def judge(self, rule: Rule) -> tuple[dict[str, list[Held]], set[str]]:
        """Of each area of the rule's level its rungs, lowest first; and where a pattern was blind."""
        correlate, outcomes, doubtful = rule["correlate"], {}, set()
        wanted = [self._sought(rule, one) for one in self._wanted(correlate)]
        unwanted = [self._sought(rule, one) for one in correlate.get("none", ())]
        for area in self.scene.at(rule["level"]):
            scope = self._scope(area, correlate["scope"])
            here = [one.within(scope) for one in wanted]
            absent = [one.within(scope) for one in unwanted]
            outcomes[area] = self._rungs(rule, here, absent)
            if any(one.blind for one in here + absent):
                doubtful.add(area)
        self.found[rule["id"]] = outcomes
        return outcomes, doubtful

    @staticmethod
    def _wanted(correlate: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        return correlate.get("all") or correlate.get("any") or correlate["of"]

    def _rungs(self, rule: Rule, here: Sequence[Shown], absent: Sequence[Shown]) -> list[Held]:
        correlate = rule["correlate"]
        proven = [None if one.held is None else not one.held for one in absent]
        found: list[Held] = []
        for number in rungs_of(rule).values():
            if "of" in correlate:
                found.append(both([at_least(here, number), *proven]))
            elif "any" in correlate:
                found.append(both([either([one.held for one in here]), *proven]))
            else:
                order = [ordered(here)] if correlate.get("ordered") else []
                found.append(both([*(one.held for one in here), *order, *proven]))
        return [True if True in found[at:] else one for at, one in enumerate(found)]

    def _scope(self, area: str, scope: str) -> set[str]:
        lineage = self.scene.lineage(area)
        if scope == "same":
            return {area}
        if scope == "neighbours":
            return set(self.scene.areas[area].neighbours)
        if scope == "below":
            return {code for code in self.scene.areas if area in self.scene.lineage(code)[1:]}
        return set(lineage[1:2] if scope == "parent" else lineage[1:])

    # --- patterns -----------------------------------------------------------------------------

    def _sought(self, rule: Rule, pattern: Mapping[str, Any]) -> Shown:
        within = days_of(rule["correlate"]["within"])
        level = rule["correlate"].get("level", "")
        if "incident" in pattern:
            return self._incidents(
                pattern["incident"], pattern["incident"].get("level") or level or rule["level"], within
            )
        written = pattern["finding"]
        standing = "test" not in written and written.get("see", "standing") == "standing"
        found = self._standing(rule, written, within) if standing else self._raw(rule, written, within)
        for producer in self.producers(rule, written):
            self._add(found, producer, written, standing=standing)
        level = written.get("level") or level
        fits = {area for area in self.scene.areas if not level or self.scene.areas[area].level == level}
        return found.within(fits)

    def _incidents(self, written: Mapping[str, Any], level: str, within: int) -> Shown:
        """Areas that saw so many; the moments are the days on which there were any."""
        view = self.knowledge.view(Indicator.of(self.scene, written["where"]), self.cut)
        found = Shown()
        for area in self.scene.at(level):
            days = [self.cut - back * DAY for back in range(within, 0, -1)]
            if sum(view.number(area, day) for day in days) >= written.get("count", 1):
                found.at[area] = {
                    self.knowledge.clock.midnight(day) for day in days if view.number(area, day)
                }
            elif not Stretches(view, area, within).judged().whole:
                found.blind.add(area)
        return found

    def _parts(self, rule: Rule, written: Mapping[str, Any]) -> list[Rule]:
        """The threshold rules that the pattern means."""
        return [one for one in self._meant(rule, written) if "correlate" not in one]

    def _lowest(self, part: Rule, written: Mapping[str, Any], end: date) -> dict[str, Held]:
        """How the lowest rung that the pattern asks for came out at one of the part's own cuts."""
        if "test" in written:
            part = {**part, "grades": {"blue": written["test"]}}
        floor = GRADES.index(written.get("grade", "blue"))
        grades = [grade for grade in GRADES if grade in part["grades"]]
        meant = [at for at, grade in enumerate(grades) if GRADES.index(grade) >= floor]
        morning = Morning(self.knowledge, part, end)
        return {area: morning.rungs(area)[meant[0]] for area in morning.areas} if meant else {}

    def _raw(self, rule: Rule, written: Mapping[str, Any], within: int) -> Shown:
        """Where the tests held at any of the parts' cuts in reach."""
        found = Shown()
        for part in self._parts(rule, written):
            for end in ends(part["cycle"], self.cut - (within - 1) * DAY, self.cut):
                for area, held in self._lowest(part, written, end).items():
                    if held:
                        found.at.setdefault(area, set()).add(self.knowledge.clock.midnight(end))
                    elif held is None:
                        found.blind.add(area)
        return found

    def _standing(self, rule: Rule, written: Mapping[str, Any], within: int) -> Shown:
        """Where a finding stood at any cut in reach; what a part could not tell leaves the rest blind."""
        found, floor = Shown(), GRADES.index(written.get("grade", "blue")) + 1
        first = self.cut - (within - 1) * DAY
        for part in self._meant(rule, written):
            for day in ends("daily", first, self.cut):
                own = part["cycle"] == self.cycle and day == self.cut
                if own and "correlate" in part:
                    continue
                for area, grade in self.stood(
                    part["id"], None if own else self.knowledge.clock.morning(day)
                ).items():
                    if grade >= floor:
                        found.at.setdefault(area, set()).add(self.knowledge.clock.midnight(day))
        for part in self._parts(rule, written):
            before = list(ends(part["cycle"], first - 31 * DAY, first))[-1]
            for end in {before, *ends(part["cycle"], first, self.cut)}:
                found.blind |= {
                    area for area, held in self._lowest(part, written, end).items() if held is None
                }
        return found

    def _add(self, found: Shown, producer: Rule, written: Mapping[str, Any], *, standing: bool) -> None:
        """What another correlation finds in this very run."""
        floor = GRADES.index(written.get("grade", "blue"))
        grades = [GRADES.index(grade) for grade in rungs_of(producer)]
        now = self.knowledge.clock.midnight(self.cut)
        for area, held in self.found[producer["id"]].items():
            if any(one is None for one, grade in zip(held, grades, strict=True) if grade >= floor):
                found.blind.add(area)
            if not standing and any(one for one, grade in zip(held, grades, strict=True) if grade >= floor):
                found.at.setdefault(area, set()).add(now)
        if standing:
            for area, grade in self.stood(producer["id"], None).items():
                if grade > floor:
                    found.at.setdefault(area, set()).add(now)
