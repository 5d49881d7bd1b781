"""What a test of a correlation shows of its patterns, seen from one judged area."""

from __future__ import annotations

from collections.abc import Mapping

from engine.infer.resolve import View, absent, at_least, in_order
from engine.infer.scope import viewers
from engine.infer.trace import wording
from engine.model.finding import Held
from engine.model.rule import Combine, Correlation, Pattern, Rule
from engine.rulebook.trial.replay import Played

IN_ORDER = "in this order"


def conditions(correlation: Correlation) -> tuple[str, ...]:
    """What must be so for it to hold: a number of matches for each grade, or every pattern for itself."""
    order = [IN_ORDER] if correlation.ordered else []
    return (*_wanted(correlation), *order, *(_missing(pattern) for pattern in correlation.none))


def states(played: Played, area: str) -> dict[str, Held]:
    """How each condition came out, seen from the area."""
    correlation = _correlation(played.rule)
    views = _views(played, correlation, area)
    wanted = [views[pattern] for pattern in correlation.of]
    if correlation.combine is Combine.AT_LEAST:
        held = [at_least(wanted, number) for _, number in correlation.rungs]
    else:
        held = [view.held for view in wanted]
    found = dict(zip(_wanted(correlation), held, strict=True))
    if correlation.ordered:
        found[IN_ORDER] = in_order(wanted, correlation.after)
    return found | {_missing(pattern): absent(views[pattern]) for pattern in correlation.none}


def alone(correlation: Correlation, condition: str, states: Mapping[str, Held]) -> bool:
    """Whether this condition alone keeps the correlation from holding.

    What fails with it by its nature is excused: the order with a pattern that is missing, the other
    numbers with a number, and of `any` the other patterns.
    """
    wanted = _wanted(correlation)
    excused = {condition}
    if condition in wanted:
        excused |= {IN_ORDER} if correlation.combine is Combine.ALL else set(wanted)
    elif correlation.combine is not Combine.ALL:
        if not any(states[name] is Held.HELD for name in wanted):
            return False
        excused |= set(wanted)
    return all(held is Held.HELD for name, held in states.items() if name not in excused)


def seen(played: Played, area: str) -> Held:
    """Whether anything was found in the area's scope, nothing, or nobody could see."""
    views = _views(played, _correlation(played.rule), area)
    return View(
        {place: at for view in views.values() for place, at in view.at.items()},
        {place for view in views.values() for place in view.blind},
    ).held


def _views(played: Played, correlation: Correlation, area: str) -> dict[Pattern, View]:
    looking = viewers(played.scene.tree, correlation.scope, played.rule.level)
    views = {pattern: View() for pattern in (*correlation.of, *correlation.none)}
    for pattern, hits in played.hits.items():
        for place, moments in hits.at.items():
            if area in looking(place):
                views[pattern].at[place] = moments
                if place in hits.spans:
                    views[pattern].spans[place] = hits.spans[place]
        views[pattern].blind |= {place for place in hits.blind if area in looking(place)}
    return views


def _correlation(rule: Rule) -> Correlation:
    assert rule.correlation is not None, f"{rule.id} is no correlation"
    return rule.correlation


def _wanted(correlation: Correlation) -> list[str]:
    if correlation.combine is Combine.AT_LEAST:
        return [f"{grade.word}: at least {number}" for grade, number in correlation.rungs]
    return [wording(pattern) for pattern in correlation.of]


def _missing(pattern: Pattern) -> str:
    return f"no {wording(pattern)}"
