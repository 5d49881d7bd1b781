"""A rule with one thing a step off: what an edit by mistake would look like.

Steps are the smallest that an analyst would write: one more or one less of what is counted, three times or a
third of a chance, a day, an hour or a block longer or shorter, one category more or less.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, TypeVar

from engine.detect import alert, chance, change, on, percentile
from engine.detect.cluster import rung as cluster
from engine.detect.evaluate import params
from engine.detect.near_repeat import rung as near_repeat
from engine.model.distance import metres, written_metres
from engine.model.grade import RUNGS
from engine.model.indicator import Indicator, Take
from engine.model.period import Cycle
from engine.model.rule import Combine, Correlation, Pattern, Rule, Rung, Test, Window
from engine.model.severity import SEVERITIES
from engine.model.taxonomy import Taxonomy
from engine.model.times import EVERY_DAY, WEEK, Times, clock
from engine.rulebook.language.notation import written_duration
from engine.rulebook.language.strictness import unfit, uses_baseline

T = TypeVar("T")

#: Of so many chosen areas each is missed; of more, nobody would test every one.
FEW_AREAS = 4
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
#: Points are kept to about so many metres: a shorter step would show nowhere.
_SHOWN = 100
#: Parameters that are distances, by test.
_DISTANCES = {near_repeat.ID: ("within",), cluster.ID: ("max_radius",)}
#: Parameters that are chances: a step is a factor.
_CHANCES = frozenset({"alpha"})
_FACTOR = 3.0
#: Shares and rates have no natural unit: a step is a tenth.
_SCALED = frozenset({"rate", "share", "factor", "ratio", "shift", "max_share"})


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule that differs in one thing, which `what` names: `blue at_least: 3 -> 4`."""

    what: str
    rule: Rule


def mutants(rule: Rule, taxonomy: Taxonomy) -> Iterator[Mutant]:
    """Every mutant of a rule; those that could not be written are left out."""
    if rule.areas is not None:
        yield Mutant("areas: all", replace(rule, areas=None))
        few = sorted(rule.areas) if 1 < len(rule.areas) <= FEW_AREAS else []
        for code in few:
            yield Mutant(f"areas: without {code}", replace(rule, areas=rule.areas - {code}))
    if rule.correlation is not None:
        yield from _of_correlation(rule, rule.correlation, taxonomy)
        return
    assert rule.indicator is not None
    yield from (m for at in range(len(rule.rungs)) for m in _of_rung(rule, at))
    yield from _of_window(rule)
    for what, indicator in _of_indicator(rule.indicator, taxonomy):
        yield Mutant(what, replace(rule, indicator=indicator))
    if rule.share_of is not None:
        for what, indicator in _of_indicator(rule.share_of, taxonomy):
            yield Mutant(f"share_of {what}", replace(rule, share_of=indicator))
    if rule.fdr:
        yield Mutant(f"fdr: {rule.fdr:g} -> off", replace(rule, fdr=0.0))
        yield Mutant(f"fdr: {rule.fdr:g} -> {rule.fdr / _FACTOR:.3g}", replace(rule, fdr=rule.fdr / _FACTOR))
    if rule.nowcast:
        yield Mutant("nowcast: on -> off", replace(rule, nowcast=False))
    for what, other in _spans("cool_down", rule.cool_down, _DAY, lambda to: replace(rule, cool_down=to)):
        yield Mutant(what, other)


# -- rungs


def _of_rung(rule: Rule, at: int) -> Iterator[Mutant]:
    rung = rule.rungs[at]
    word = rung.grade.word
    for told, tests in _of_tests(rung.tests, rule.window):
        yield Mutant(f"{word} {told}", _with(rule, at, replace(rung, tests=tests)))
    for number, way in enumerate(rung.any):
        before, after = rung.any[:number], rung.any[number + 1 :]
        left = replace(rung, any=(*before, *after))
        yield Mutant(f"{word} any: without the {_nth(number)}", _with(rule, at, left))
        for told, tests in _of_tests(way, rule.window):
            changed = replace(rung, any=(*before, tests, *after))
            yield Mutant(f"{word} any {number + 1} {told}", _with(rule, at, changed))
    for name in ("delay_on", "delay_off") if rule.cycle is not Cycle.IMMEDIATE else ():
        told = "hold" if name == "delay_off" else name
        for value in _beside(getattr(rung, name), 1):
            other_rung: Rung = replace(rung, **{name: value})  # type: ignore[arg-type]
            yield Mutant(f"{word} {told}: {getattr(rung, name)} -> {value}", _with(rule, at, other_rung))


def _with(rule: Rule, at: int, rung: Rung) -> Rule:
    return replace(rule, rungs=(*rule.rungs[:at], rung, *rule.rungs[at + 1 :]))


def _of_tests(tests: tuple[Test, ...], window: Window) -> Iterator[tuple[str, tuple[Test, ...]]]:
    """Tests that must all hold, with one a step off that the window bears."""
    for index, test in enumerate(tests):
        for what, other in _of_test(test):
            if not unfit(other, window):
                yield f"{test.name}: {what}", (*tests[:index], other, *tests[index + 1 :])


def _of_test(test: Test) -> Iterator[tuple[str, Test]]:
    given = dict(test.params)
    if test.name == alert.ID:
        yield from _of_alert(test, params(test))
        return
    if test.name == on.ID:
        days = params(test).soon // _DAY
        for other in _beside(days, 1, least=0) if days else ():
            yield f"ahead {days}d -> {other}d", Test.of(test.name, **{**given, "ahead": f"{other}d"})
        return
    yield from _of_distances(test)
    if test.name == percentile.ID:
        yield from _of_percentile(test, params(test))
        return
    if test.name == chance.ID:
        # What a model is learned for is no matter of its tests: they give what it says.
        given = {"at_least": given["at_least"]}
    if test.name == change.ID and params(test).years > 1:
        for years in _beside(params(test).years, 1, least=2):
            other_years = Test.of(test.name, **{**given, "against": f"{years}y"})
            yield f"against {given['against']} -> {years}y", other_years
    for name, value in given.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        for step in _steps(name, value, test.name):
            changed = Test.of(test.name, **{**dict(test.params), name: step})
            if _writable(changed):
                told = "" if name in ("count", "most") else f"{name} "
                yield f"{told}{value:g} -> {step:.3g}", changed


def _of_distances(test: Test) -> Iterator[tuple[str, Test]]:
    """A hundred metres more and less, as exactly as points are kept; of what reaches far a tenth."""
    given = dict(test.params)
    for name in _DISTANCES.get(test.name, ()):
        far = metres(str(given[name])) if given.get(name) else 0.0
        step = max(_SHOWN, round(far / 10, -2))
        for other in (far + step, far - step) if far else ():
            changed = Test.of(test.name, **{**given, name: written_metres(other)})
            if other > 0 and _writable(changed):
                yield f"{name} {far:g} metres -> {other:g} metres", changed


def _of_alert(test: Test, asked: alert.Params) -> Iterator[tuple[str, Test]]:
    given = dict(test.params)
    for severity in _beside(asked.least, 1) if asked.least else ():
        if severity <= max(SEVERITIES.values()):
            other = Test.of(test.name, **{**given, "severity": f">={severity}"})
            yield f"severity >={asked.least} -> >={severity}", other
    hours = asked.soon // _HOUR
    for other_hours in _beside(hours, 1, least=0) if asked.soon else ():
        yield f"ahead {hours}h -> {other_hours}h", Test.of(test.name, **{**given, "ahead": f"{other_hours}h"})
    if asked.feeds:
        yield "any feed", Test.of(test.name, **{**given, "feed": ""})


def _of_percentile(test: Test, asked: percentile.Params) -> Iterator[tuple[str, Test]]:
    """What lies above a part of the others is as a chance; and how they are compared, and of how many."""
    given = dict(test.params)
    for factor in (_FACTOR, 1 / _FACTOR):
        above = round(1 - (1 - asked.above) * factor, 4)
        if 0 < above < 1:
            yield f"above {asked.above:g} -> {above:g}", Test.of(test.name, **{**given, "above": above})
    for among in _beside(asked.among, 1, least=2):
        yield f"among {asked.among} -> {among}", Test.of(test.name, **{**given, "among": among})
    by = next(one for one in percentile.BY if one != asked.by)
    yield f"by {asked.by} -> {by}", Test.of(test.name, **{**given, "by": by})


def _steps(name: str, value: float, test: str) -> tuple[Any, ...]:
    if name in _CHANCES:
        return (value * _FACTOR, value / _FACTOR)
    if name in _SCALED or test == chance.ID:
        return (value * 1.1, value / 1.1)
    return (value + 1, value - 1)


def _writable(test: Test) -> bool:
    try:
        params(test)
    except (ValueError, TypeError):
        return False
    return True


# -- windows


def _of_window(rule: Rule) -> Iterator[Mutant]:
    window = rule.window
    if window.hours:
        for hours in _beside(window.hours, 1):
            longer = replace(window, hours=hours)
            yield Mutant(f"window: {window.hours}h -> {hours}h", replace(rule, window=longer))
        for told, span, change in (
            ("lasts", window.lasts, lambda to: replace(window, lasts=to)),
            ("max_age", window.max_age, lambda to: replace(window, max_age=to)),
        ):
            for what, changed in _spans(told, span, _HOUR, change):
                yield Mutant(what, replace(rule, window=changed))
        return
    blocks = any(uses_baseline(test) for rung in rule.rungs for test in rung.every)
    if window.month:
        yield Mutant("window: month -> 30d", replace(rule, window=replace(window, month=False)))
    names = ("baseline",) if window.month else ("days", "baseline", "gap")
    for name in names if blocks else () if window.month else names[:1]:
        value = getattr(window, name)
        for other in _beside(value, 1, least=0 if name == "gap" else 1):
            stepped: Window = replace(window, **{name: other})  # type: ignore[arg-type]
            if not any(unfit(test, stepped) for rung in rule.rungs for test in rung.every):
                told = "window" if name == "days" else name
                yield Mutant(f"{told}: {value} -> {other}", replace(rule, window=stepped))


def _spans(
    name: str, span: timedelta, step: timedelta, change: Callable[[timedelta], T]
) -> Iterator[tuple[str, T]]:
    for other in (span + step, span - step) if span else ():
        if other > timedelta(0):
            yield f"{name}: {written_duration(span)} -> {written_duration(other)}", change(other)


def _beside(value: int, least_step: int, least: int = 1) -> tuple[int, ...]:
    return tuple(other for other in (value + least_step, value - least_step) if other >= least)


# -- what is counted


def _of_indicator(indicator: Indicator, taxonomy: Taxonomy) -> Iterator[tuple[str, Indicator]]:
    counted = indicator.categories
    tops = sorted(code for code in counted if _parent(code, taxonomy) not in counted)
    for code in tops:
        if left := counted - set(taxonomy.below(code)) if len(tops) > 1 else frozenset():
            yield f"category: without {code}", replace(indicator, categories=frozenset(left))
    for code in sorted({parent for code in tops if (parent := _parent(code, taxonomy)) is not None}):
        if (wider := counted | taxonomy.select([code])) != counted:
            yield f"category: all of {code}", replace(indicator, categories=wider)
    for severity in _beside(indicator.min_severity, 1, least=0) if indicator.min_severity else ():
        yield (
            f"severity: >={indicator.min_severity} -> >={severity}",
            replace(indicator, min_severity=severity),
        )
    if indicator.times is not None:
        for told, times in _of_times(indicator.times):
            yield told, replace(indicator, times=times)
    if indicator.take is not Take.SUM:
        pairs = {Take.LAST: Take.MAX, Take.MAX: Take.LAST, Take.OPEN: Take.CHANGE, Take.CHANGE: Take.OPEN}
        other = pairs[indicator.take]
        yield f"take: {indicator.take} -> {other}", replace(indicator, take=other, holds=timedelta(0))
    yield from _spans("older_than", indicator.older, _DAY, lambda to: replace(indicator, older=to))
    yield from _spans("holds", indicator.holds, _HOUR, lambda to: replace(indicator, holds=to))
    if indicator.feeds:
        named = ", ".join(sorted(indicator.feeds))
        yield f"feed: any instead of {named}", replace(indicator, feeds=frozenset())


def _of_times(times: Times) -> Iterator[tuple[str, Times | None]]:
    """An hour more and less at either end, a weekday more and less."""
    if times.of_hours:
        for name in ("since", "until"):
            for step in (-60, 60):
                at: int = (getattr(times, name) + step) % (24 * 60)
                other: Times = replace(times, **{name: at})  # type: ignore[arg-type]
                if other.since != other.until and other.of_hours:
                    yield f"hours: {clock(times)} -> {clock(other)}", other
    if times.weekdays != EVERY_DAY:
        for day in sorted(times.weekdays) if len(times.weekdays) > 1 else ():
            yield f"weekdays: without {WEEK[day]}", replace(times, weekdays=times.weekdays - {day})
        for day in sorted({(day + step) % 7 for day in times.weekdays for step in (-1, 1)} - times.weekdays):
            yield f"weekdays: and {WEEK[day]}", replace(times, weekdays=times.weekdays | {day})


def _parent(code: str, taxonomy: Taxonomy) -> str | None:
    return taxonomy[code].parent if code in taxonomy else None


# -- correlations


def _of_correlation(rule: Rule, correlation: Correlation, taxonomy: Taxonomy) -> Iterator[Mutant]:
    def changed(**fields: Any) -> Rule:
        return replace(rule, correlation=replace(correlation, **fields))

    for within in (correlation.within + _DAY, correlation.within - _DAY):
        if within > timedelta(0):
            told = f"{written_duration(correlation.within)} -> {written_duration(within)}"
            yield Mutant(f"within: {told}", changed(within=within))
    if correlation.ordered:
        yield Mutant("order: any", changed(ordered=False, after=timedelta(0)))
    for what, after in _spans("after", correlation.after, _HOUR, lambda to: to):
        if after <= correlation.within:
            yield Mutant(what, changed(after=after))
    for at, (grade, many) in enumerate(correlation.rungs):
        for other in _beside(many, 1) if correlation.combine is Combine.AT_LEAST else ():
            rungs = (*correlation.rungs[:at], (grade, other), *correlation.rungs[at + 1 :])
            yield Mutant(f"{grade.word} at_least: {many} -> {other}", changed(rungs=rungs))
    for name in ("of", "none"):
        patterns: Sequence[Pattern] = getattr(correlation, name)
        for at, pattern in enumerate(patterns):
            rest = (*patterns[:at], *patterns[at + 1 :])
            if rest or name == "none":
                yield Mutant(f"{name}: without the {_nth(at)}", changed(**{name: rest}))
            for what, stepped in _of_pattern(pattern, taxonomy):
                whole = (*patterns[:at], stepped, *patterns[at + 1 :])
                yield Mutant(f"{name}, the {_nth(at)}: {what}", changed(**{name: whole}))


def _of_pattern(pattern: Pattern, taxonomy: Taxonomy) -> Iterator[tuple[str, Pattern]]:
    if pattern.indicator is not None:
        for many in _beside(pattern.count, 1):
            yield f"count: {pattern.count} -> {many}", replace(pattern, count=many)
        for what, indicator in _of_indicator(pattern.indicator, taxonomy):
            yield what, replace(pattern, indicator=indicator)
    elif pattern.tests:
        for at, test in enumerate(pattern.tests):
            for what, other in _of_test(test):
                tests = (*pattern.tests[:at], other, *pattern.tests[at + 1 :])
                yield f"{test.name}: {what}", replace(pattern, tests=tests)
    else:
        for grade in RUNGS:
            if abs(grade - pattern.grade) == 1:
                told = f"grade: {pattern.grade.word} -> {grade.word}"
                yield told, replace(pattern, grade=grade)


def _nth(at: int) -> str:
    return ("first", "second", "third", "fourth", "fifth")[at] if at < 5 else f"{at + 1}th"
