"""What may leave: flat rows, with small numbers veiled. Whoever acted is not named: only in which office."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from math import isnan
from typing import Any

import numpy as np

from engine.cycle import dispatch
from engine.cycle.panels import StorePanels
from engine.cycle.world import World
from engine.detect.series import Past
from engine.errors import UsageError
from engine.judge.ladder import measured
from engine.model.finding import Finding
from engine.model.panel import DataState
from engine.model.problem import nearest
from engine.model.rule import Rule, Window
from engine.notify.reference import SMALL, Reference
from engine.store import acts, judgement
from engine.store.database import Tx

Row = dict[str, Any]
VEILED = f"<{SMALL}"
#: What a cell of a panel means, in words.
_STATES = {
    DataState.OBSERVED: "observed", DataState.OBSERVED_ZERO: "observed", DataState.LOWER_BOUND: "at-least",
    DataState.UNMONITORED: "not-seen",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which rows: of these areas (None: all), from a day to a day, of a rule."""

    areas: Collection[str] | None = None
    since: date | None = None
    until: date | None = None
    rule: str = ""

    def begins(self, world: World) -> datetime | None:
        return world.settings.calendar.midnight(self.since) if self.since else None

    def place(self, area: str) -> bool:
        return self.areas is None or area in self.areas

    def day(self, world: World, moment: datetime) -> bool:
        day = world.settings.calendar.local_day(moment)
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Export:
    """One kind: its columns in their order, and its rows."""

    columns: tuple[str, ...]
    rows: Callable[[World, Tx, Wanted], Iterator[Row]]


def veiled(value: float) -> float | str:
    """A number as it may go out."""
    if 0 < value < SMALL:
        return VEILED
    return int(value) if float(value).is_integer() else value


def _place(reference: Reference, area: str) -> Row:
    name = reference.area(area)
    level = reference.tree[area].level if area in reference.tree else ""
    return {"area": area, "place": name.en, "place_zh": name.say("zh"), "level": level}


_PLACE = ("area", "place", "place_zh", "level")


def _warnings(world: World, tx: Tx, wanted: Wanted) -> Iterator[Row]:
    reference = dispatch.reference(world)
    for one in judgement.warnings(tx):
        if wanted.place(one.area) and wanted.day(world, one.since):
            yield {
                "id": one.id, **_place(reference, one.area), "topic": one.topic, "domain": one.domain.value,
                "grade": one.grade.word, "proposed": one.proposed.word if one.proposed is not None else None,
                "since": one.since, "lifted": one.lifted_at, "issuer": one.issuer.value,
                "confidence": one.confidence.word, "rules": " ".join(one.rules), "title": one.title_en,
                "title_zh": one.title_zh,
            }  # fmt: skip


def _findings(world: World, tx: Tx, wanted: Wanted) -> Iterator[Row]:
    reference = dispatch.reference(world)
    for one in judgement.findings(tx, rule=wanted.rule or None, since=wanted.begins(world)):
        if wanted.place(one.area) and wanted.day(world, one.at):
            sensitive, observed = reference.sensitive([one.rule]), one.trace.observed
            yield {
                "at": one.at, "cycle": one.cycle, "period": one.period, "rule": one.rule,
                **_place(reference, one.area), "topic": one.topic, "domain": one.domain.value,
                "grade": one.grade.word, "trial": one.trial, "first": one.trace.stretch[0],
                "last": one.trace.stretch[1], "observed": None if isnan(observed) else veiled(observed),
                "expected": None if sensitive else _expected(one), "data": one.trace.data_state,
            }  # fmt: skip


def _expected(one: Finding) -> float | None:
    found = [
        signal.expected for rung in one.trace.rungs for signal in rung.every if signal.expected is not None
    ]
    return round(found[0], 3) if found and np.isfinite(found[0]) else None


def _panels(world: World, tx: Tx, wanted: Wanted) -> Iterator[Row]:
    """The windows of a rule, one after the other, in every area of its level, as known now."""
    rule = _counting(world.book.rules, wanted.rule)
    assert rule.indicator is not None
    reference, calendar, panels = (
        dispatch.reference(world),
        world.settings.calendar,
        StorePanels(tx, world.settings),
    )
    cut = calendar.cut_after(world.clock()) - timedelta(days=1)
    last = min(wanted.until or cut, cut - timedelta(days=1))
    first = wanted.since or last - timedelta(days=13 * rule.window.days - 1)
    windows = max(((last - first).days + 1) // rule.window.days, 0)
    begin = last - timedelta(days=windows * rule.window.days - 1)
    if not windows:
        return
    values, states = _values(panels, rule, begin.toordinal(), cut.toordinal())
    for number in range(windows):
        days = slice(number * rule.window.days, (number + 1) * rule.window.days)
        opens = begin + timedelta(days=number * rule.window.days)
        for at, area in enumerate(world.settings.tree.at(rule.level)):
            if rule.judges(area) and wanted.place(area):
                value = float(values[at, number])
                state = DataState.UNMONITORED if isnan(value) else _worst(states[at, days])
                seen = state is not DataState.UNMONITORED
                yield {
                    "rule": rule.id, "first": opens, "last": opens + timedelta(days=rule.window.days - 1),
                    **_place(reference, area), "unit": rule.indicator.measure,
                    "count": veiled(value) if seen else None, "data": _STATES[state],
                }  # fmt: skip


def _values(panels: StorePanels, rule: Rule, first: int, cut: int) -> tuple[np.ndarray, np.ndarray]:
    """(areas, windows) the values of the windows that fill the days `first`..`cut - 1`, NaN where nothing was
    read, and (areas, days) what is known of each day."""
    assert rule.indicator is not None
    deltas = panels.deltas(rule.indicator, rule.level, first, cut)
    sums = rule.indicator.measure != "incidents"
    grid, days = deltas.grid(first, cut - 1, cut, totals=sums), rule.window.days
    states = panels.watch(rule.indicator, rule.level, first, cut).states(first, cut, grid)
    if rule.indicator.adds:
        return grid.reshape(grid.shape[0], -1, days).sum(axis=2), states
    plain = replace(rule, window=Window(days=days))
    read = measured(plain, rule.indicator, panels, np.array([cut]), Past((cut - first) // days - 1))
    return np.column_stack([read.baseline[0], read.observed[0]]), states


def _worst(states: np.ndarray) -> DataState:
    for one in (DataState.UNMONITORED, DataState.LOWER_BOUND, DataState.OBSERVED):
        if (states == one).any():
            return one
    return DataState.OBSERVED_ZERO


def _counting(rules: Mapping[str, Rule], id_: str) -> Rule:
    """The rule whose panel is wanted; raises UsageError where it has none."""
    counting = {one.id for one in rules.values() if one.indicator is not None and not one.window.hours}
    if id_ not in counting:
        said = (
            f"'{id_}' counts nothing by days{nearest(id_, counting)}"
            if id_
            else "say of which rule: --rule ID"
        )
        raise UsageError(said)
    return rules[id_]


def _acts(world: World, tx: Tx, wanted: Wanted) -> Iterator[Row]:
    """What was done, by an office and not by a name: accounts are staff data and stay where they are kept."""
    reference = dispatch.reference(world)
    for one in acts.every(tx, since=wanted.begins(world)):
        if wanted.place(one.area) and wanted.day(world, one.at):
            yield {
                "at": one.at, "kind": one.kind.value, **_place(reference, one.area), "topic": one.topic,
                "warning": one.warning, "target": one.target, "receiver": one.receiver,
                "role": one.role.value, "via": one.via,
                "grade": one.grade.word if one.grade is not None else None,
                "until": one.until, "verdict": one.verdict.value if one.verdict else None,
                "outcome": one.outcome, "why": one.reason,
            }  # fmt: skip


EXPORTS: Mapping[str, Export] = {
    "warnings": Export(
        ("id", *_PLACE, "topic", "domain", "grade", "proposed", "since", "lifted", "issuer", "confidence",
         "rules", "title", "title_zh"), _warnings,
    ),
    "findings": Export(
        ("at", "cycle", "period", "rule", *_PLACE, "topic", "domain", "grade", "trial", "first", "last",
         "observed", "expected", "data"), _findings,
    ),
    "panels": Export(("rule", "first", "last", *_PLACE, "unit", "count", "data"), _panels),
    "acts": Export(
        ("at", "kind", *_PLACE, "topic", "warning", "target", "receiver", "role", "via", "grade", "until",
         "verdict", "outcome", "why"), _acts,
    ),
}  # fmt: skip


def rows(world: World, what: str, wanted: Wanted) -> list[Row]:
    """The rows of one kind, moments by the clocks of the place."""
    zone = world.settings.calendar.zone
    with world.store.read() as tx:
        found = list(EXPORTS[what].rows(world, tx, wanted))
    return [{key: _local(value, zone) for key, value in row.items()} for row in found]


def _local(value: Any, zone: tzinfo) -> Any:
    return value.astimezone(zone) if isinstance(value, datetime) else value
