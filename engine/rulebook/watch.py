"""Rules as watch periods leave them: easier to hold in some areas for some days, or judged only then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from engine.detect import GIVEN, during
from engine.model.area import AreaTree
from engine.model.grade import Grade
from engine.model.period import Cycle
from engine.model.problem import Problem, nearest
from engine.model.rule import Rule, RuleBook, Rung, Test
from engine.model.watch import Watch, WatchPeriod
from engine.rulebook.checks.immediate_limits import TESTS_ALLOWED
from engine.rulebook.checks.reading_unfit import FIT
from engine.rulebook.language.resolve import book as bound
from engine.rulebook.language.resolve import identified
from engine.rulebook.language.strictness import unfit, uses_baseline, uses_whole

FILE = "config/watch.yaml"


def watched(book: RuleBook, periods: Sequence[WatchPeriod], tree: AreaTree) -> RuleBook:
    """The rules with what the periods say of them; those that none names are as they were."""
    if not periods:
        return book
    return bound(_watched(rule, periods, tree) for rule in book.rules.values())


def problems(book: RuleBook, periods: Sequence[WatchPeriod], tree: AreaTree) -> list[Problem]:
    """What the periods say of rules that cannot be meant."""
    return [
        Problem(FILE, period.line, f"'{period.id}': {sentence}", name)
        for period in periods for name, sentence in _of(book, period, tree)
    ]  # fmt: skip


def _of(book: RuleBook, period: WatchPeriod, tree: AreaTree) -> Iterator[tuple[str, str]]:
    for id_ in dict.fromkeys((*period.tighter, *period.only)):
        rule = book.rules.get(id_)
        if rule is None:
            yield "unknown-rule", f"there is no rule '{id_}'{nearest(id_, book.rules)}"
        elif rule.indicator is None:
            yield "watch-correlation", f"'{id_}' is a correlation: watch the rules whose findings it combines"
        elif not _there(period, rule, tree).areas:
            areas = ", ".join(period.areas)
            yield "watch-level", f"'{id_}' judges each {rule.level}, and none lies in {areas}"
        else:
            yield from _grades(rule, period.tighter.get(id_, {}))


def _grades(rule: Rule, tighter: Mapping[Grade, tuple[Test, ...]]) -> Iterator[tuple[str, str]]:
    known = {rung.grade for rung in rule.rungs}
    for grade in tighter:
        if grade not in known:
            yield "watch-grade", f"'{rule.id}' has no rung {grade.word}: write it into the rule first"
        for test in tighter[grade]:
            if sentence := _unfit(rule, test):
                yield "watch-tests", f"'{rule.id}', {grade.word}: {sentence}"


def _unfit(rule: Rule, test: Test) -> str:
    """Why a test is none for the rule, or nothing."""
    if test.name in GIVEN:
        return f"'{test.name}' asks for what holds around: write it into the rule"
    at_once, reads = rule.cycle is Cycle.IMMEDIATE, rule.indicator is not None and not rule.indicator.adds
    fit = TESTS_ALLOWED if at_once else FIT
    if test.name not in fit and (at_once or reads):
        return f"such a rule cannot use '{test.name}': only {', '.join(fit)}"
    if rule.share_of is None and uses_whole(test):
        return "the rule names no whole for a share"
    if not at_once and not rule.window.baseline and uses_baseline(test):
        return f"'{test.name}' needs earlier blocks: give the rule a baseline, such as baseline: 182d"
    return "" if at_once else unfit(test, rule.window)


def _watched(rule: Rule, periods: Sequence[WatchPeriod], tree: AreaTree) -> Rule:
    only = tuple(_there(one, rule, tree) for one in periods if rule.id in one.only)
    tighter = [one for one in periods if rule.id in one.tighter]
    if not (only or tighter):
        return rule
    rungs = tuple(_rung(rule, rung, tighter, tree) for rung in rule.rungs)
    if only:
        here = Test.of(during.ID, watches=only)
        rungs = tuple(replace(rung, tests=(*rung.tests, here)) for rung in rungs)
    return identified(replace(rule, rungs=rungs))


def _rung(rule: Rule, rung: Rung, periods: Sequence[WatchPeriod], tree: AreaTree) -> Rung:
    """The rung, or what is enough for its grade in a period: alternatives, of which one must hold."""
    ways = [
        (Test.of(during.ID, watches=(_there(one, rule, tree),)), *one.tighter[rule.id][rung.grade])
        for one in periods if rung.grade in one.tighter[rule.id]
    ]  # fmt: skip
    return replace(rung, tests=(), any=(*rung.ways, *ways)) if ways else rung


def _there(period: WatchPeriod, rule: Rule, tree: AreaTree) -> Watch:
    inside = {code for area in period.areas for code in tree.below(area)}
    areas = frozenset(inside.intersection(rule.places(tree)))
    return Watch(period.id, period.title, period.first, period.last, areas)
