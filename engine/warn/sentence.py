"""Why a finding stands, in one sentence a duty officer reads in ten seconds."""

from __future__ import annotations

from datetime import date
from math import isnan

from engine.model.chance import percent, raised
from engine.model.finding import Held, MatchTrace, RungTrace, Trace
from engine.model.indicator import Take
from engine.model.rule import Rule
from engine.model.text import numbered

#: What was seen in a span, by what is made of it.
_SAID = {
    Take.SUM: "{n} in {span}", Take.MAX: "up to {n} in {span}", Take.LAST: "at {n}", Take.OPEN: "{n} open",
    Take.CHANGE: "{n} more open in {span}",
}  # fmt: skip

#: Of what raised a chance so much is named.
_MOST = 3


def reason(rule: Rule, trace: Trace, *, sensitive: bool = False) -> str:
    """`Burglary surge: 7 in 7 days where 2.1 are usual (orange from 6)`; small numbers of sensitive
    categories are people, so their rules give no number at all."""
    if sensitive:
        return f"{rule.title.en}: its thresholds are met"
    if trace.matches:
        return f"{rule.title.en}: {'; '.join(_match(match) for match in trace.matches)}"
    hours = rule.window.hours
    span = numbered(hours, "hour") if hours else _days(_length(rule, trace))
    take = rule.indicator.take if rule.indicator else Take.SUM
    if isnan(trace.observed):
        said = f"{rule.title.en}: nothing read"
    else:
        said = f"{rule.title.en}: {_SAID[take].format(n=_number(trace.observed), span=span)}"
    held = [rung for rung in trace.rungs if rung.held is Held.HELD]
    if not held:
        return said
    top = held[-1]
    expected = next((s.expected for s in top.every if s.expected is not None), None)
    if expected is not None:
        said += f" where {_number(expected)} would be usual"
    alerted = ", with an alert in force" if top.alerted else ""
    return f"{said} ({top.grade.word} {_from(top)}{alerted}{_followed(top)}{_likely(top)})"


def _followed(rung: RungTrace) -> str:
    """The pairs that the rung rests on, where incidents followed near ones."""
    facts = next((one.facts for one in rung.behind if one.test == "near_repeat"), None)
    if facts is None:
        return ""
    pairs, by_chance = int(float(facts["pairs"])), float(facts["pairs_expected"])
    apart = f"{facts['within']} and {_days(int(float(facts['days'])))}"
    return f", with {numbered(pairs, 'pair')} within {apart}, by chance {by_chance:.2g}"


def _likely(rung: RungTrace) -> str:
    """The chance that the rung rests on, and what raised it most."""
    facts = next((one.facts for one in rung.behind if one.test == "chance" and "chance" in one.facts), None)
    if facts is None:
        return ""
    most = [f"{name} x{by:.2g}" for name, by in raised(facts) if by > 1][:_MOST]
    by = f": {', '.join(most)}" if most else ""
    return f", with a chance of {percent(float(facts['chance']))} within {facts['within']}{by}"


def _length(rule: Rule, trace: Trace) -> int:
    """How many days the judged block has; a calendar month its own."""
    if not rule.window.month:
        return rule.window.days
    first, after = (date.fromisoformat(day) for day in trace.window)
    return (after - first).days


def _from(rung: RungTrace) -> str:
    return "holds" if rung.needed is None else f"from {_number(rung.needed)}"


def _match(match: MatchTrace) -> str:
    if match.held is not Held.HELD:
        return f"no {match.pattern}"
    places = len(match.areas)
    return f"{match.pattern} in {places} area{'s' if places != 1 else ''} ({', '.join(match.areas[:6])})"


def _days(days: int) -> str:
    return numbered(days, "day")


def _number(value: float) -> str:
    return f"{value:.0f}" if value == round(value) else f"{value:.1f}"
