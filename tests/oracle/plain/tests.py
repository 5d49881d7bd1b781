"""Every test of a rung: held, not held, or unknown (None)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from math import inf
from typing import Any

from tests.oracle.plain import chance
from tests.oracle.plain.blocks import Earlier, Judged, Stretches
from tests.oracle.plain.clock import days_of, span_of
from tests.oracle.plain.counted import Indicator, Knowledge

#: A test's outcome; None is unknown.
Held = bool | None
GRADES = ("blue", "yellow", "orange", "red")
#: The days off of `cn-holidays` in 2026, stretch by stretch.
HOLIDAYS = [
    (date(2026, month, first), date(2026, month, last))
    for month, first, last in (
        (1, 1, 3), (2, 15, 23), (4, 4, 6), (5, 1, 5), (6, 19, 21), (9, 25, 27), (10, 1, 7),
    )
]  # fmt: skip
#: Probabilities that differ by less than their rounding are equal.
_SLACK = 1 + 1e-12


def both(outcomes: Sequence[Held]) -> Held:
    """All of them."""
    if False in outcomes:
        return False
    return None if None in outcomes else True


def either(outcomes: Sequence[Held]) -> Held:
    """Any of them."""
    if True in outcomes:
        return True
    return None if None in outcomes else False


def given(written: Any, first: str) -> dict[str, Any]:
    """A test's parameters: `at_least: 3` is short for `at_least: {count: 3}`."""
    return dict(written) if isinstance(written, Mapping) else {first: written}


def exact(number: Any) -> Fraction:
    """The decimal number that is written."""
    return Fraction(str(number))


@dataclass
class Area:
    """What one area's stretches hold, as far as the tests of a rule ask."""

    code: str
    judged: Judged
    population: int | None
    parent: str | None
    baseline: list[Earlier] = field(default_factory=list)
    year_ago: Earlier = field(default_factory=Earlier)
    previous: Earlier = field(default_factory=Earlier)
    whole_of: Judged | None = None

    @property
    def known(self) -> list[Earlier]:
        return [block for block in self.baseline if block.share]

    @property
    def sure(self) -> bool:
        """Whether nothing more than what was counted can have happened: of the part and of its whole."""
        return self.judged.whole and (self.whole_of is None or self.whole_of.whole)


class Morning:
    """One threshold rule at one cut, in every area of its level."""

    def __init__(self, knowledge: Knowledge, rule: Mapping[str, Any], cut: date) -> None:
        self.knowledge, self.rule, self.cut = knowledge, rule, cut
        self.scene = knowledge.scene
        self.days = 0 if rule["window"] == "month" else days_of(rule["window"])
        self.gap = days_of(rule.get("gap", "0d"))
        baseline = rule.get("baseline", 0)
        self.blocks = baseline if isinstance(baseline, int) else -(-days_of(baseline) // self.days)

    @cached_property
    def written(self) -> dict[str, dict[str, Any]]:
        """The rungs by grade, without their delays."""
        delays = ("delay_on", "delay_off")
        return {
            grade: {name: of for name, of in self.rule["grades"][grade].items() if name not in delays}
            for grade in GRADES if grade in self.rule["grades"]
        }  # fmt: skip

    @cached_property
    def asked(self) -> dict[str, dict[str, Any]]:
        """The tests of the rungs, with the parameters of one."""
        return {
            name: given(of, "")
            for rung in self.written.values() for way in (rung, *rung.get("any", ()))
            for name, of in way.items() if name != "any"
        }  # fmt: skip

    @cached_property
    def looks_back(self) -> int:
        """How many earlier blocks the tests ask for."""
        whole = {"rare", "new", "silent"} & self.asked.keys()
        against = self.asked.get("change", {}).get("against", "previous" if "change" in self.asked else "")
        return self.blocks if whole or against == "baseline" else int(against == "previous")

    @cached_property
    def areas(self) -> dict[str, Area]:
        return {code: self._area(code) for code in self.scene.at(self.rule["level"])}

    def _area(self, code: str) -> Area:
        written = self.rule["indicator"]
        indicator = Indicator.written(self.scene, written)
        of = Stretches(self.knowledge.view(indicator, self.cut), code, self.days)
        place = self.scene.areas[code]
        found = Area(code, of.judged(), place.population, place.parent)
        found.baseline = of.baseline(self.looks_back, self.gap)
        if self.asked.get("change", {}).get("against") == "year":
            found.year_ago = of.year_ago()
        if "share_of" in written:
            whole = Indicator.of(self.scene, written["share_of"]["where"], size="sum" in written)
            found.whole_of = Stretches(self.knowledge.view(whole, self.cut), code, self.days).judged()
        return found

    # --- outcomes -----------------------------------------------------------------------------

    def rungs(self, code: str) -> list[Held]:
        """Each rung's outcome, lowest first; one holds where a higher one does."""
        if not self.scene.judges(self.rule, code):
            return [False] * len(self.written)
        found = [self._rung(code, rung) for rung in self.written.values()]
        return [True if True in found[at:] else one for at, one in enumerate(found)]

    def _rung(self, code: str, rung: Mapping[str, Any]) -> Held:
        """All its tests, and all those of one of its alternatives."""
        musts = [self.test(code, name, of) for name, of in rung.items() if name != "any"]
        ways = [self._rung(code, way) for way in rung.get("any", ())]
        return both([*musts, *([either(ways)] if ways else [])])

    def test(self, code: str, name: str, written: Any) -> Held:
        """A count that is a lower bound can make a test hold, and never fail."""
        area = self.areas[code]
        if name == "alert":
            return self.alert(code, written)
        if name == "on":
            return self.on(written)
        if not area.judged.monitored or area.judged.observed is None:
            return None
        held: Held = getattr(self, name)(area, written)
        return held if held or area.sure else None

    def on(self, written: Any) -> Held:
        """The day of the judgement, or one of those ahead, is a day of the calendar; it knows one year."""
        of = given(written, "calendar")
        days = [self.cut + timedelta(days=n) for n in range(days_of(of.get("ahead", "0d")) + 1)]
        if any(first <= day <= last for day in days for first, last in HOLIDAYS):
            return True
        return False if all(day.year == 2026 for day in days) else None

    def alert(self, code: str, written: Mapping[str, Any]) -> Held:
        """One is in force when the rule is judged, or begins soon; that none is, only those know who hear of
        all. Whatever is known of the counts."""
        clock, know = self.knowledge.clock, self.knowledge
        now, asked = clock.morning(self.cut), Indicator.of(self.scene, written)
        soon = now + span_of(written.get("ahead", "0h"))
        for told in know.alerts:
            one = told.report
            around = code in told.within or any(area in self.scene.lineage(code) for area in one.areas)
            known = around and told.counts and told.stands(now) and asked.takes(one)
            if known and one.at <= soon and now < (one.ended or one.at + timedelta(days=1)):
                return True
        filling = [feed for feed in self.scene.feeds if feed.hazard and asked.filled_by(feed)]
        telling = [feed for feed in filling if self.scene.reports_on(feed, code)]
        telling = [feed for feed in telling if feed.since <= self.cut <= feed.until]
        heard = telling and all(know.heard(feed, self.cut).now for feed in telling)
        return False if heard else None

    def at_least(self, area: Area, written: Any) -> Held:
        return exact(round(area.judged.observed, 9)) >= exact(given(written, "count")["count"])

    def at_most(self, area: Area, written: Any) -> Held:
        """More may have happened than was told."""
        if not area.sure:
            return None
        return exact(round(area.judged.observed, 9)) <= exact(given(written, "most")["most"])

    def rate_at_least(self, area: Area, written: Any) -> Held:
        if not area.population:
            return None
        if isinstance(written, str):
            rate, per = written.split(" per ")
            written = {"rate": rate, "per": per.replace(",", "")}
        needed = exact(written["rate"]) * area.population / exact(written.get("per", 100_000))
        return exact(round(area.judged.observed, 9)) >= needed

    def share_of(self, area: Area, written: Any) -> Held:
        """Of a share neither part may be a lower bound."""
        of = given(written, "share")
        if area.whole_of is None or not area.sure:
            return None
        whole = exact(area.whole_of.observed)
        return whole >= of.get("of_at_least", 10) and area.judged.observed >= exact(of["share"]) * whole

    def percentile(self, area: Area, written: Any) -> Held:
        """More than so large a part of the others that are judged and wholly seen."""
        of = given(written, "above")
        rate = of.get("by", "count") == "rate"

        def value(one: Area) -> Fraction | None:
            if one.judged.observed is None or (rate and not one.population):
                return None
            return exact(round(one.judged.observed, 9)) / (one.population or 1 if rate else 1)

        own = value(area)
        others = [
            found for one in self.areas.values()
            if one.code != area.code and one.sure and one.judged.monitored
            and self.scene.judges(self.rule, one.code) and (found := value(one)) is not None
        ]  # fmt: skip
        if own is None or len(others) < of.get("among", 10):
            return None
        return sum(one < own for one in others) >= exact(of["above"]) * len(others)

    def new(self, area: Area, written: Any) -> Held:
        """Unknown where nothing was seen before, and not all was seen."""
        if any(block.told for block in area.known):
            return False
        if not area.baseline or any(block.seen < 1 for block in area.baseline):
            return None
        return area.judged.observed >= given(written, "at_least").get("at_least", 1)

    def silent(self, area: Area, written: Any) -> Held:
        """Too few under the negative-binomial predictive of the baseline: its variance is the blocks' own, at
        least that of Poisson noise, and that of their mean."""
        of, values = given(written, "alpha"), [block.value for block in area.known]
        if len(values) < 4 or not area.sure:
            return None
        n, mean = len(values), sum(values) / len(values)
        spread = 1.0
        if of.get("noise", "negbin") == "negbin" and mean > 0:
            spread = max(1.0, sum((value - mean) ** 2 for value in values) / (n - 1) / mean)
        beyond = mean * spread * (1 + 1 / n) - mean
        size = mean**2 / beyond if beyond > 0 else inf
        as_few = sum(value <= area.judged.observed for value in values) / (n + 1)
        tail = max(chance.at_most(int(area.judged.observed), mean, size), as_few)
        return tail <= of.get("alpha", 0.01) * _SLACK

    # --- change ---------------------------------------------------------------------------------

    def _before(self, area: Area, against: str) -> Earlier:
        """The earlier window: what was told of it, and how many judged windows that is worth."""
        if against == "year":
            return area.year_ago
        if against == "previous":
            return area.baseline[-1] if area.baseline else Earlier()
        return Earlier(sum(block.told for block in area.known), sum(block.share for block in area.known))

    def change(self, area: Area, written: Any) -> Held:
        of = given(written, "against")
        against, ratio = of.get("against", "previous"), of.get("ratio", 1.0)
        before = self._before(area, against)
        if not before.share:
            return None
        now, earlier = int(area.judged.observed), round(before.told)
        if not of.get("relative_to"):
            # If nothing changed, each of all these lies in the judged window with this chance.
            p = ratio / (ratio + before.share)
            return chance.binomial_tail(now, now + earlier, p) <= of.get("alpha", 0.01) * _SLACK
        others = self._others(area, against, of["relative_to"])
        if others is None:
            return None
        odds = ratio * others.share / before.share
        tail = chance.fisher_tail(now, earlier, others.now, round(others.told), odds)
        return tail <= of.get("alpha", 0.01) * _SLACK

    def _others(self, area: Area, against: str, relative_to: str) -> Others | None:
        """The other areas that were wholly seen: now, and before as much as any was."""
        before = {one.code: self._before(one, against) for one in self.areas.values()}
        most = max(one.share for one in before.values())
        wholly = [
            one for one in self.areas.values()
            if one.code != area.code and one.sure and before[one.code].share > most * (1 - 1e-9)
            and (relative_to == "all" or one.parent == area.parent)
        ]  # fmt: skip
        now, told = (
            sum(int(one.judged.observed) for one in wholly),
            sum(before[one.code].told for one in wholly),
        )
        return Others(told, most, now) if now + told > 0 else None

    # --- rare -----------------------------------------------------------------------------------

    def rare(self, area: Area, written: Any) -> Held:
        """The tail of the gamma-Poisson predictive: the area's own baseline upon a prior from all areas."""
        if len(area.known) < max(4, len(area.baseline) / 2):
            return None
        shape, rate = self.prior
        told, exposure = self.evidence[area.code]
        size = shape + told
        mean = size / (exposure + rate) if exposure + rate > 0 else 0.0
        return chance.at_least(int(area.judged.observed), mean, size) < given(written, "alpha").get(
            "alpha", 0.01
        )

    @cached_property
    def evidence(self) -> dict[str, tuple[float, float]]:
        """By area what was told of its baseline, and how many judged blocks that is worth."""
        weights, now = self.weekdays
        return {
            code: (
                sum(block.told for block in area.baseline),
                sum(block.share * weight for block, weight in zip(area.baseline, weights, strict=True)) / now,
            )
            for code, area in self.areas.items()
        }

    @cached_property
    def prior(self) -> tuple[float, float]:
        """Shape and rate, by the moments of the areas' rates; Jeffreys' where there are fewer than three."""
        if len(self.areas) < 3:
            return 0.5, 0.0
        worth = {code: exposure for code, (_, exposure) in self.evidence.items() if exposure > 0}
        everything = max(sum(worth.values()), 1.0)
        mean = (sum(told for told, _ in self.evidence.values()) + 0.5) / everything
        spread = (
            sum(of * (self.evidence[code][0] / of - mean) ** 2 for code, of in worth.items()) / everything
        )
        between = max(spread - mean * len(worth) / everything, mean**2 / 1e4)
        return mean**2 / between, mean / between

    @cached_property
    def weekdays(self) -> tuple[list[float], float]:
        """How much each earlier block weighs, and the judged one: weekdays differ, in all areas alike."""
        if self.days != 1 or self.blocks < 14 or self.asked["rare"].get("weekday") == "off":
            return [1.0] * self.blocks, 1.0
        judged = self.cut.toordinal() - 1
        day = [(judged - self.gap - age) % 7 for age in range(self.blocks, 0, -1)]
        told, seen = [0.0] * 7, [0.0] * 7
        for area in self.areas.values():
            for weekday, block in zip(day, area.baseline, strict=True):
                told[weekday] += block.told
                seen[weekday] += block.share
        usual = (sum(told) + 1) / (sum(seen) + 1)
        factor = [(told[one] + 1) / (usual * seen[one] + 1) for one in range(7)]
        return [factor[one] for one in day], factor[judged % 7]

    # --- confidence -----------------------------------------------------------------------------

    def confidence(self, code: str) -> str:
        area = self.areas[code]
        seen = sum(block.seen for block in area.baseline)
        if not area.sure or seen < 0.75 * len(area.baseline):
            return "low"
        return "medium" if area.judged.placed < 0.9 else "high"


@dataclass(frozen=True)
class Others:
    """What other areas counted before (with its worth) and now."""

    told: float
    share: float
    now: int
