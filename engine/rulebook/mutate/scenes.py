"""Scenes at the edges of a rule: where a step to either side would show.

Each is a rule test without an expectation. They hold an area `A` (and `B` beside it) against the rule's
own window: counts around its thresholds, the first and the last day of the window, of the gap and of the
baseline, delays and holds, categories beside its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from engine.detect import alert, chance, on, percentile
from engine.model.period import Cycle
from engine.model.rule import Pattern, Rule, Scope
from engine.model.taxonomy import Taxonomy
from engine.model.times import WEEK, Times
from engine.rulebook.mutate.near import pairs
from engine.rulebook.mutate.scene import (
    AT,
    DAY,
    MOST,
    Scene,
    clock,
    family,
    reports,
    tests_of,
    thresholds,
    with_incidents,
)

_HALF = timedelta(minutes=30)
#: When a calendar rule is judged, and beside how many scenes alerts are tried.
_JUDGED, _BESIDE = timedelta(hours=8), 12
#: So many given chances are tried beside counts.
_FEW = 12
_HOUR = timedelta(hours=1)
#: The areas that `A` is compared with, and of how many something can be shown.
_OTHERS = tuple("BCDEFGHIJKLMNOPQRSTUVWXYZ")
_NUMBERS = range(1, len(_OTHERS) + 1)
#: Where what a correlation at `A` looks for is found, by its scope.
_WHERE = {Scope.SAME: "A", Scope.NEIGHBOURS: "B", Scope.BELOW: "A1"}
_STEP = {Cycle.DAILY: 1, Cycle.WEEKLY: 7, Cycle.MONTHLY: 31}


def scenes(rule: Rule, taxonomy: Taxonomy) -> Iterator[Scene]:
    """Scenes for a rule, the plainest first; beside alerts and chances where it tests them."""
    if rule.indicator is None:
        yield from _in_turn(rule, taxonomy)
        return
    times = rule.indicator.times
    if times is None:
        yield from _imagined(rule, taxonomy)
        return
    yield from (_timed(scene, times, rule) for scene in _imagined(rule, taxonomy))
    yield from _hours_of(rule, times)


def _imagined(rule: Rule, taxonomy: Taxonomy) -> Iterator[Scene]:
    """The scenes of a rule that counts at every hour."""
    yield from pairs(rule)
    alerts = list(_alerts(rule))
    for number, scene in enumerate(_counted(rule, taxonomy)):
        yield scene
        for one in alerts if number < _BESIDE else ():
            yield {**scene, "given": {**scene["given"], "alerts": [one]}}
    for one in alerts:
        yield {"given": {"alerts": [one]}, "at": str(AT)}
    chances = list(_chances(rule))
    for one in chances:
        yield {"given": {"chance": one}, "at": str(AT)}
    if chances and any(test.name != chance.ID for rung in rule.rungs for test in rung.every):
        for scene in islice(_counted(rule, taxonomy), _BESIDE):
            yield from ({**scene, "given": {**scene["given"], "chance": one}} for one in chances[:_FEW])
    yield from _days_of(rule)
    yield from _among_others(rule)


def _timed(scene: Scene, times: Times, rule: Rule) -> Scene:
    """The scene at hours that are counted: what is given for a day begins when the hours of that day do, on
    a weekday that is chosen. A daily rule is judged on another day, so that all lies as far back as before;
    where the day itself matters, each is moved to another day of its week."""
    given = scene["given"]
    bare = [one for one in given.get("incidents", ()) if "T" not in one["on"]]
    if not bare:
        return scene
    at, days = date.fromisoformat(scene["at"]), [date.fromisoformat(one["on"]) for one in bare]
    if rule.cycle is Cycle.DAILY and "alerts" not in given and not tests_of(rule, on.ID):
        back = min(range(len(WEEK)), key=lambda n: (-_chosen([day - n * DAY for day in days], times), n))
        at, days = at - back * DAY, [day - back * DAY for day in days]
    else:
        days = [_nearest(day, at, times) for day in days]
    told = iter(days)
    incidents = [
        {**one, "on": str(next(told)), "time": clock(times.since)} if "T" not in one["on"] else one
        for one in given["incidents"]
    ]
    return {**scene, "at": str(at), "given": {**given, "incidents": incidents}}


def _chosen(days: list[date], times: Times) -> int:
    """How many of the days are among the weekdays."""
    return sum(day.weekday() in times.weekdays for day in days)


def _nearest(day: date, at: date, times: Times) -> date:
    """The nearest day before the judgement that is among the weekdays, of its own week where there is one."""
    near = [day + n * DAY for n in range(1 - len(WEEK), len(WEEK))]
    fit = [one for one in near if one < at and one.weekday() in times.weekdays]
    week = day.isocalendar()[:2]
    return min(fit, key=lambda one: (one.isocalendar()[:2] != week, abs(one - day)), default=day)


def _hours_of(rule: Rule, times: Times) -> Iterator[Scene]:
    """On every weekday, half an hour to either side of where the hours begin and end."""
    assert rule.indicator is not None
    ends, steps = (times.since, times.until), (-90, -30, 30, 90)
    edges = sorted({(at + step) % (24 * 60) for at in ends for step in steps})
    at_once, daily = rule.cycle is Cycle.IMMEDIATE, rule.cycle is Cycle.DAILY
    code, severity = min(rule.indicator.categories), rule.indicator.min_severity
    for back in range(1, 8):
        day = AT - back * DAY
        for minute in edges:
            if at_once:
                moment = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
                one = {"area": "A", "category": code, "on": f"{moment:%Y-%m-%dT%H:%M}", "each": MOST}
                yield {"given": {"incidents": [one]}, "at": f"{moment + _HALF:%Y-%m-%dT%H:%M}"}
                continue
            for many in sorted({1, *_enough(rule)[-4:]}):
                some = {**reports("A", code, day, many, severity), "time": clock(minute)}
                yield {"given": {"incidents": [some]}, "at": str(day + DAY if daily else AT)}


def _days_of(rule: Rule) -> Iterator[Scene]:
    """Around the first days of the calendars that are asked for, and of what they know, quiet and not."""
    assert rule.indicator is not None
    for asked in tests_of(rule, on.ID):
        days = asked.days.days if asked.days else frozenset()
        begins = (day for day in sorted(days) if day - 1 not in days)
        around = (begin - asked.soon // DAY + step for begin in begins for step in (-2, -1, 0, 1))
        for at in islice((at for at in map(date.fromordinal, around) if _judges(rule.cycle, at)), 12):
            yield {"given": {}, "at": str(at)}
            for many in (1, 3, MOST):
                some = reports("A", min(rule.indicator.categories), at - DAY, many, 0)
                yield {"given": {"incidents": [some]}, "at": str(at)}


def _judges(cycle: Cycle, at: date) -> bool:
    """Whether a rule of the cycle is judged as this day opens."""
    return {Cycle.DAILY: True, Cycle.WEEKLY: at.weekday() == 0, Cycle.MONTHLY: at.day == 1}.get(cycle, False)


def _among_others(rule: Rule) -> Iterator[Scene]:
    """`A` above as many others as a percentile asks for, one fewer and one more, among as few and as many as
    can be; more than they by number and less by inhabitants, and the other way round."""
    assert rule.indicator is not None
    code, severity = min(rule.indicator.categories), rule.indicator.min_severity
    many = min(max(thresholds(rule), default=3), MOST - 2)
    for asked in sorted(tests_of(rule, percentile.ID), key=lambda one: one.above):
        tails = [(1 - asked.above) * factor for factor in (1.0, 3.0, 1 / 3)]
        for number in sorted({asked.among - 1, asked.among, asked.among + 1, len(_OTHERS)} & set(_NUMBERS)):
            others = _OTHERS[:number]
            edges = {round((1 - tail) * number) + step for tail in tails for step in (-1, 0, 1)}
            for below in sorted({edge for edge in edges if 0 <= edge <= number}):
                least = [reports(one, code, AT - DAY, 2 * many, severity) for one in others[below:]]
                known = {"population": dict.fromkeys(others[:below], 100_000)}
                scene = with_incidents([*least, reports("A", code, AT - DAY, many, severity)])
                yield {**scene, "given": {**scene["given"], **known}}
            for ours, theirs, people in ((many + 1, many, 400_000), (many, many + 1, 25_000)):
                each = [reports(one, code, AT - DAY, theirs, severity) for one in others]
                scene = with_incidents([*each, reports("A", code, AT - DAY, ours, severity)])
                yield {**scene, "given": {**scene["given"], "population": {"A": people}}}


def _in_turn(rule: Rule, taxonomy: Taxonomy) -> Iterator[Scene]:
    """Of a correlation of incidents: one of each kind in turn, half an hour to either side of the longest
    that may lie between two of them and between the first and the last, and of where its days begin; the
    other way round; each left out, and of a category beside its own."""
    wanted = rule.correlation
    if wanted is None or any(one.indicator is None for one in wanted.of) or wanted.scope not in _WHERE:
        return
    last, parts = _noon(AT - DAY), max(1, len(wanted.of) - 1)
    spans = {wanted.after + hours * _HOUR for hours in (-1, 0, 1)} if wanted.after else set()
    spans |= {DAY / parts, wanted.within / parts}
    for step in sorted({span + off for span in spans for off in (-_HALF, _HALF)} - {-_HALF, timedelta(0)}):
        for kinds in (wanted.of, wanted.of[::-1]):
            begin = last - step * (len(kinds) - 1)
            told = [_one_of(kind, begin + at * step, rule) for at, kind in enumerate(kinds)]
            yield {"given": {"incidents": told}, "at": str(AT)}
            for at in range(len(told)) if len(told) > 1 else ():
                yield {"given": {"incidents": told[:at] + told[at + 1 :]}, "at": str(AT)}
    for days in (-1, 0, 1):
        for kinds in (wanted.of, wanted.of[::-1]):
            begin = _noon(AT - wanted.within + days * DAY)
            told = [_one_of(kind, begin + at * _HALF, rule) for at, kind in enumerate(kinds)]
            yield {"given": {"incidents": told}, "at": str(AT)}
    near = [_one_of(kind, last - _HALF * (parts - at), rule) for at, kind in enumerate(wanted.of)]
    for at, kind in enumerate(wanted.of):
        for code in family(kind.indicator.categories if kind.indicator else (), taxonomy):
            yield {"given": {"incidents": [*near[:at], {**near[at], "category": code}, *near[at + 1 :]]},
                   "at": str(AT)}  # fmt: skip


def _noon(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time()) + timedelta(hours=12)


def _one_of(kind: Pattern, at: datetime, rule: Rule) -> Scene:
    """What one pattern of a correlation looks for, at a moment."""
    assert kind.indicator is not None and rule.correlation is not None
    found: Scene = {
        "area": _WHERE[rule.correlation.scope], "category": min(kind.indicator.categories),
        "on": f"{at:%Y-%m-%dT%H:%M}",
    }  # fmt: skip
    found |= {"each": kind.count} if kind.count > 1 else {}
    return found | ({"severity": kind.indicator.min_severity} if kind.indicator.min_severity else {})


def _alerts(rule: Rule) -> Iterator[Scene]:
    """Alerts of each severity around the one asked for, that begin around the last hour asked for."""
    now = datetime.combine(AT, datetime.min.time()) + _JUDGED
    for asked in tests_of(rule, alert.ID):
        for severity in sorted({max(0, asked.least + step) for step in (-1, 0, 1)} & set(range(5))):
            for begins in (-4 * _HALF, *(asked.soon + step * _HALF for step in (-1, 1, 3))):
                for feed in (asked.feeds[0], None) if asked.feeds else (None,):
                    yield {
                        "area": "A", "category": asked.categories[0], "severity": severity,
                        "on": f"{now + begins:%Y-%m-%dT%H:%M}", "known": f"{now - 6 * _HALF:%Y-%m-%dT%H:%M}",
                        "until": f"{now + begins + timedelta(hours=12):%Y-%m-%dT%H:%M}",
                        **({"feed": feed} if feed else {}),
                    }  # fmt: skip


def _chances(rule: Rule) -> Iterator[Scene]:
    """Chances just above, at and below each cut, now and a few judgements ago."""
    cuts = sorted({one.at_least for one in tests_of(rule, chance.ID)})
    beside = [round(min(cut * step, 0.999), 3) for cut in cuts for step in (1.0, 1.05, 1 / 1.05)]
    yield from ({"A": told} for told in beside)
    for told in beside:
        for judged in range(1, 4):
            yield {"A": f"0x{judged} {told:g}"}
            yield {"A": f"{told:g} 0x{judged}"}


def _counted(rule: Rule, taxonomy: Taxonomy) -> Iterator[Scene]:
    assert rule.indicator is not None
    if rule.indicator.take.stocks:
        yield from _stocks(rule, taxonomy)
        return
    if not rule.indicator.adds:
        yield from _readings(rule, taxonomy)
        return
    if rule.cycle is Cycle.IMMEDIATE:
        yield from _immediate(rule, taxonomy)
        return
    category, severity = min(rule.indicator.categories), rule.indicator.min_severity
    days, gap, baseline = rule.window.days, rule.window.gap, rule.window.baseline
    enough = _enough(rule)
    paces: list[list[Scene]] = [[]]
    if baseline:
        paces += [[{"area": "A", "each": f"{n} per {span}d"}] for n, span in (
            (1, 4 * days), (1, 2 * days), (1, days), (2, days), (4, days))]  # fmt: skip
    if any(test.name == "change" for rung in rule.rungs for test in rung.every):
        yield from _years(category, days, enough)
    for pace in paces:
        for many in enough:
            yield with_incidents([reports("A", category, AT - DAY, many, severity)], pace)
    for many in enough:
        for back in (days, days + 1, days + gap, days + gap + 1, days + gap + days * baseline,
                     days + gap + days * baseline + 1):  # fmt: skip
            edge = AT - back * DAY
            yield with_incidents([reports("A", category, edge, many, severity)])
            if back > days:
                for usual in (6, 20):
                    burst = reports("A", category, edge, usual, severity)
                    yield with_incidents([burst, reports("A", category, AT - DAY, many, severity)], paces[-1])
    yield from _delays(rule, category, severity)
    yield from _categories(rule, taxonomy, severity)
    for lower in (severity - 1, severity + 1) if severity else ():
        for many in enough:
            yield with_incidents([reports("A", category, AT - DAY, many, lower)])
    for feed in sorted(rule.indicator.feeds):
        yield with_incidents([{**reports("A", category, AT - DAY, MOST, severity), "feed": f"not-{feed}"}])


def _enough(rule: Rule) -> list[int]:
    """How many incidents are tried: up to just above the highest threshold, and a few far more."""
    top = min(max(thresholds(rule), default=3), MOST - 2)
    return sorted({*range(1, top + 3), *(min(MOST, top * n) for n in (2, 3, 5)), MOST})


def _delays(rule: Rule, category: str, severity: int) -> Iterator[Scene]:
    """Enough for the lowest rung, for n judgements; and then for as many no more."""
    step, days = _STEP[rule.cycle], rule.window.days
    for many in (4, 8, 12, MOST):
        for judged in range(4):
            begun = AT - DAY - judged * step * DAY
            yield with_incidents([reports("A", category, begun, many, severity)])
            if days + step * judged < 400:
                over = AT - (days + 1 + step * judged) * DAY + DAY
                yield with_incidents([reports("A", category, over - DAY, many, severity)])
                for less in (1, 2, 3, 5, 7):
                    yield with_incidents([reports("A", category, over - DAY, many, severity),
                                  reports("A", category, AT - DAY, less, severity)])  # fmt: skip


def _categories(rule: Rule, taxonomy: Taxonomy, severity: int) -> Iterator[Scene]:
    assert rule.indicator is not None
    for code in family(rule.indicator.categories, taxonomy):
        for many in (3, 6, 12, MOST):
            yield with_incidents([reports("A", code, AT - DAY, many, severity)])


def _years(category: str, days: int, enough: list[int]) -> Iterator[Scene]:
    """This year's stretch beside last year's, while the rest stands still."""
    ago = AT - 365 * DAY
    rest = [reports("B", category, AT - DAY, 60, 0), reports("B", category, ago - DAY, 60, 0)]
    for before in (0, 1, 2, 4, 8):
        past = [reports("A", category, ago - 2 * DAY, before, 0)] if before else []
        for many in enough:
            yield with_incidents([*rest, *past, reports("A", category, AT - DAY, many, 0)])
    for many in (6, 12, 25, MOST):
        for back in (days, days + 1):
            yield with_incidents([*rest, reports("A", category, AT - back * DAY, many, 0)])
            for other in (1, 3, 6):
                yield with_incidents([*rest, reports("A", category, AT - DAY, many, 0),
                              reports("A", category, AT - (364 + back) * DAY, other, 0),
                              reports("A", category, ago - 2 * DAY, 2, 0)])  # fmt: skip


def _immediate(rule: Rule, taxonomy: Taxonomy) -> Iterator[Scene]:
    """One that is told at noon, and looked at a little before and after each span of the rule is over."""
    assert rule.indicator is not None
    window, noon = rule.window, datetime.combine(AT, datetime.min.time()) + timedelta(hours=12)
    half, times = timedelta(minutes=30), rule.indicator.times
    if times is not None:
        day = next(AT + n * DAY for n in range(7) if (AT + n * DAY).weekday() in times.weekdays)
        noon = datetime.combine(day, datetime.min.time()) + timedelta(minutes=times.since) + half
    for code in family(rule.indicator.categories, taxonomy):
        one: Scene = {"area": "A", "category": code, "on": f"{noon:%Y-%m-%dT%H:%M}"}
        one |= {"severity": rule.indicator.min_severity} if rule.indicator.min_severity else {}
        yield {"given": {"incidents": [one]}, "at": f"{noon + half:%Y-%m-%dT%H:%M}"}
        for off in (-half, half):
            later = {"given": {"incidents": [one]}, "at": f"{noon + window.lasts + off:%Y-%m-%dT%H:%M}"}
            yield later
            for span in (window.max_age, timedelta(hours=window.hours)):
                old = {**one, "on": f"{noon - span + off:%Y-%m-%dT%H:%M}", "known": f"{noon:%Y-%m-%d}"}
                yield {"given": {"incidents": [old]}, "at": f"{noon + half:%Y-%m-%dT%H:%M}"}
                for many in range(1, 9):
                    both = [{**old, "each": many}, {**one, "each": many}]
                    yield {"given": {"incidents": both}, "at": f"{noon + half:%Y-%m-%dT%H:%M}"}
    for many in range(1, 9):
        given = {"area": "A", "category": min(rule.indicator.categories), "on": f"{noon:%Y-%m-%dT%H:%M}"}
        yield {"given": {"incidents": [{**given, "each": many}]}, "at": f"{noon + half:%Y-%m-%dT%H:%M}"}


def _stocks(rule: Rule, taxonomy: Taxonomy) -> Iterator[Scene]:
    """So many opened around each age that matters, closed before, within and after the judged window; of
    other categories only what is old enough and still open."""
    assert rule.indicator is not None
    days, older, severity = rule.window.days, rule.indicator.older // DAY, rule.indicator.min_severity
    ages = sorted({max(1, at + step) for at in (1, older, days, older + days) for step in (-1, 0, 1, 2)})
    code = min(rule.indicator.categories)
    for other in family(rule.indicator.categories, taxonomy):
        for many in (3, 6, 12, MOST):
            yield with_incidents([reports("A", other, AT - (older + 1) * DAY, many, severity)])
    yield from _stock_delays(rule, code)
    for many in _enough(rule):
        for age in ages:
            one = reports("A", code, AT - age * DAY, many, severity)
            yield with_incidents([one])
            for closed in sorted({0, 1, days, age - 1} & set(range(age))):
                yield with_incidents([{**one, "until": str(AT - closed * DAY)}])
                yield with_incidents([{**one, "until": str(AT - closed * DAY)}, {**one, "each": 1}])


def _stock_delays(rule: Rule, code: str) -> Iterator[Scene]:
    """Enough open, and old enough, for n judgements; and closed n judgements ago, but for a few."""
    assert rule.indicator is not None
    step, older, severity = _STEP[rule.cycle], rule.indicator.older // DAY, rule.indicator.min_severity
    for many in sorted({*thresholds(rule), MOST}):
        for judged in range(4):
            yield with_incidents([reports("A", code, AT - (older + 1 + judged * step) * DAY, many, severity)])
            old = reports("A", code, AT - (older + 1 + (judged + 3) * step) * DAY, many, severity)
            closed = {**old, "until": f"{AT - judged * step * DAY - DAY}"}
            yield with_incidents([closed])
            for less in sorted({one for one in thresholds(rule) if one < many}):
                yield with_incidents([closed, {**old, "each": less}])


def _readings(rule: Rule, taxonomy: Taxonomy) -> Iterator[Scene]:
    """Readings at and around each threshold: the last one, one before a lower one, one at either side of
    where the stretch begins, and of where a reading holds no more; one of each kind beside its own."""
    assert rule.indicator is not None
    of, hours = rule.indicator, rule.window.hours
    at = datetime.combine(AT, datetime.min.time()) + timedelta(hours=12 if hours else 0)
    spans = {timedelta(hours=hours) or timedelta(days=rule.window.days), of.holds or timedelta(hours=2)}

    def read(value: float, back: timedelta, code: str = min(of.categories), less: int = 0) -> Scene:
        found: Scene = {"area": "A", "category": code, "on": f"{at - back:%Y-%m-%dT%H:%M}"}
        severity = max(of.min_severity - less, 0)
        return found | {"measures": {of.measure: value}} | ({"severity": severity} if severity else {})

    half, told = timedelta(minutes=30), f"{at + timedelta(hours=1):%Y-%m-%dT%H:%M}" if hours else str(AT)
    given: list[dict[str, Any]] = [dict(test.params) for rung in rule.rungs for test in rung.every]
    edges = {float(one) for of in given for one in (of.get("count", of.get("most")),) if one is not None}
    values = sorted({edge + step for edge in edges for step in (-1, 0, 1)} | {max(edges, default=1.0) * 2})
    for value in values:
        yield {"given": {"incidents": [read(value, half)]}, "at": told}
        yield {"given": {"incidents": [read(value, 2 * half), read(0, half)]}, "at": told}
        for span in sorted(spans):
            for off in (-half, half, -3 * half, 3 * half, timedelta(days=1) - half):
                yield {"given": {"incidents": [read(value, span + off)]}, "at": told}
        for code in family(of.categories, taxonomy):
            yield {"given": {"incidents": [read(value, half, code)]}, "at": told}
        for less in (1, -1) if of.min_severity else ():
            yield {"given": {"incidents": [read(value, half, less=less)]}, "at": told}
    if not hours:
        for value in values:
            for judged in range(1, 4):
                old = [read(value, half + timedelta(days=n)) for n in range(judged)]
                yield {"given": {"incidents": old}, "at": told}
                quiet = [read(0, half + timedelta(days=n)) for n in range(judged)]
                began = read(value, half + timedelta(days=judged))
                yield {"given": {"incidents": [began, *quiet]}, "at": told}
        return
    for span in (rule.window.lasts, rule.window.max_age):
        for off in (-half, half):
            later = f"{at + span + off:%Y-%m-%dT%H:%M}"
            yield {"given": {"incidents": [read(values[-1], timedelta(0))]}, "at": later}
            late = {**read(values[-1], span + off), "known": f"{at:%Y-%m-%d}"}
            yield {"given": {"incidents": [late]}, "at": told}
