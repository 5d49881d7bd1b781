"""The rules of the packs that a centre takes: filtered, and without those for which it lacks something."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from engine.model.problem import Problem
from engine.rulebook.checks import (
    alert_unfed,
    correlation_scope,
    keyword_political,
    rate_without_population,
    sensitive_level,
    stock_unclosed,
    unfed_indicator,
    ungraded_severity,
    unheard_pattern,
    unknown_calendar,
    unknown_level,
    unknown_rule,
    unknown_sum,
)
from engine.rulebook.context import Context
from engine.rulebook.language import reading
from engine.rulebook.language.source import Source
from engine.rulebook.packs.filter import Filter

#: What a rule of a pack may find lacking in a centre: it is then left aside instead of blind, or an error.
#: Of a level first, because others look areas up by it.
_LACKING = (
    unknown_level, unfed_indicator, unknown_sum, ungraded_severity, stock_unclosed, alert_unfed,
    unknown_calendar, rate_without_population, keyword_political, sensitive_level,
)  # fmt: skip
_TOGETHER = (unknown_rule, unheard_pattern, correlation_scope)


@dataclass(frozen=True)
class Aside:
    """A rule of a pack that is not judged here, and why: `off` by the filter, or something lacks, as the
    check of that name found."""

    source: Source
    reason: str
    off: bool = False
    check: str = ""


@dataclass(frozen=True)
class Taken:
    """What taking the packs brings."""

    sources: tuple[Source, ...] = ()
    aside: tuple[Aside, ...] = ()
    problems: tuple[Problem, ...] = ()


def take(filters: Sequence[Filter], own: Sequence[Source], context: Context) -> Taken:
    """The rules of the packs beside the centre's own."""
    good: list[Source] = []
    aside: list[Aside] = []
    problems: list[Problem] = []
    for one in filters:
        # A filter notes what it meets: of each reading anew.
        fresh = replace(one, problems=[], met={})
        found, mistakes = reading.filtered(fresh.pack.paths(), _All(fresh))
        problems += [*mistakes, *fresh.problems, *fresh.strangers()]
        for source in (replace(source, pack=str(one.pack)) for source in found):
            if fresh.off(source.id):
                aside.append(Aside(source, fresh.chosen.off[source.id], off=True))
            else:
                good.append(source)
    kept, lacking = _fit(good, own, context)
    return Taken(tuple(kept), (*aside, *lacking), tuple(problems))


class _All:
    """A filter that lets pass what is off: it is told which those are."""

    def __init__(self, of: Filter) -> None:
        self.retests, self.rule, self.tests = of.retests, of.rule, of.tests

    def off(self, id_: str) -> bool:
        return False


def _fit(
    sources: Iterable[Source], own: Sequence[Source], context: Context
) -> tuple[list[Source], list[Aside]]:
    """The rules that can be judged here, and the others; what looks for another's findings goes with it."""
    kept: list[Source] = []
    aside: list[Aside] = []
    for source in sources:
        lacking = next(_lacks(source, context), None)
        if lacking is None:
            kept.append(source)
        else:
            aside.append(lacking)
    while True:
        alone = {one.source.id: one for one in _unheard(kept, own, context)}
        if not alone:
            return kept, aside
        aside += alone.values()
        kept = [source for source in kept if source.id not in alone]


def _lacks(source: Source, context: Context) -> Iterator[Aside]:
    for module in _LACKING:
        check: Callable[..., Iterator[tuple[object, str]]] = module.check
        for _, sentence in check(source, context):
            # Alerts that are heard late are heard.
            if module is not alert_unfed or sentence == alert_unfed.UNTOLD:
                yield Aside(source, sentence, check=module.NAME)
                return


def _unheard(
    kept: Sequence[Source], own: Sequence[Source], context: Context
) -> Iterator[Aside]:
    ours = {source.id for source in kept}
    for module in _TOGETHER:
        check: Callable[..., Iterator[tuple[Source, object, str]]] = module.check
        for source, _, sentence in check([*own, *kept], context):
            if source.id in ours and source.pack:
                yield Aside(source, sentence, check=module.NAME)
