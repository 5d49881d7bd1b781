"""Why: one warning, or any place and topic at any moment, as a tree with the incidents counted.

Every node is `{"say": a sentence, "because": [nodes], ...}`; the other keys are the same facts for
machines. Counts of sensitive categories are shown as `<5`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from math import isnan
from typing import Any

from engine.cycle import combine, dispatch, likely
from engine.cycle.panels import StorePanels
from engine.cycle.world import World
from engine.detect import GIVEN, chance
from engine.errors import UsageError
from engine.infer.reference import conjunction
from engine.judge import counted, find, trace_of
from engine.model.finding import Finding, Held, RungTrace, Signal, Trace
from engine.model.incident import Incident
from engine.model.period import Cycle
from engine.model.rule import Rule
from engine.model.text import numbered
from engine.model.warning import Change, RiskWarning
from engine.notify.reference import SMALL
from engine.store import judgement, runs
from engine.store.database import Tx

Node = dict[str, Any]

#: At most so many incidents are named; all are counted.
NAMED = 40
_HELD = {Held.HELD: "held", Held.NOT: "not held", Held.UNKNOWN: "unknown"}


def warning(world: World, id_: str) -> Node:
    """Why a warning came to be as it is: its steps, and behind each rule the finding, its tests and
    its incidents, exactly as the run that judged it saw them."""
    with world.store.read() as tx:
        found = judgement.warning(tx, id_)
        assert found is not None, f"there is no warning '{id_}'"
        changes = judgement.changes(tx, warning=id_)
        findings = behind(tx, found, changes)
        nodes = [_finding(world, tx, finding) for finding in findings]
    place = _named(world, found.area)
    state = f"{found.grade.word}" if found.open else f"lifted, last {_last(changes)}"
    cause = f" ({found.confidence_cause})" if found.confidence_cause else ""
    say = f"{found.title_en} in {place} ({found.area}): {state}, score {found.score:.0f}, "
    say += f"confidence {found.confidence.word}{cause}"
    worth = [{"say": f"{found.chance.sentence}: {found.chance.percent}"}] if found.chance else []
    zone = world.settings.calendar.zone
    steps = [
        {
            "say": f"{change.at.astimezone(zone):%Y-%m-%d %H:%M} {change.step}: {change.before.word} -> "
            f"{change.after.word}, {change.reason} [{change.by}]",
            "step": change.step.value, "by": change.by,
        }
        for change in changes
    ]  # fmt: skip
    return {
        "say": say, "warning": id_, "area": found.area, "topic": found.topic, "domain": found.domain.value,
        "grade": found.grade.word, "score": round(found.score, 1), "confidence": found.confidence.word,
        "chance": asdict(found.chance) if found.chance else None,
        "because": [*worth, *nodes, {"say": "what happened", "because": steps}],
    }  # fmt: skip


def place(world: World, area: str, topic: str, at: datetime) -> Node:
    """How every rule of a topic judged (or would judge) an area, with what was known at `at`."""
    rules = [
        rule for rule in world.book.rules.values()
        if rule.topic == topic and rule.judged and rule.level == world.settings.tree[area].level
        and rule.judges(area)
    ]  # fmt: skip
    if not rules:
        judging = [rule for rule in world.book.rules.values() if rule.topic == topic and rule.judged]
        levels = sorted({rule.level for rule in judging})
        raise UsageError(
            f"no rule judges '{topic}' in a {world.settings.tree[area].level}"
            + (f"; it is judged in: {', '.join(levels)}" if levels else "; no rule in force judges it at all")
        )
    with world.store.read() as tx:
        nodes = [_judged(world, tx, rule, area, at) for rule in sorted(rules, key=lambda rule: rule.id)]
    name = world.settings.tree[area].name.en
    local = at.astimezone(world.settings.calendar.zone)
    return {"say": f"{topic} in {name} ({area}), as known at {local:%Y-%m-%d %H:%M}", "because": nodes}


def rule(world: World, of: Rule, area: str, at: datetime) -> Node:
    """How one rule judged (or would judge) an area at its last period due by `at`."""
    with world.store.read() as tx:
        return _judged(world, tx, of, area, at)


def _last(changes: Sequence[Change]) -> str:
    return changes[-1].before.word if changes else "unknown"


def behind(tx: Tx, found: RiskWarning, changes: Sequence[Change]) -> list[Finding]:
    """The latest finding of each rule that has stood behind the warning."""
    latest: dict[str, Finding] = {}
    for finding in judgement.findings(tx, area=found.area, topic=found.topic, since=found.since):
        if finding.at <= (found.lifted_at or finding.at) and not finding.trial:
            latest[finding.rule] = finding
    return sorted(latest.values(), key=lambda finding: (-finding.grade, finding.rule))


def incidents(world: World, tx: Tx, finding: Finding) -> list[Incident]:
    """What a finding counted, the latest first, as the run that made it knew it; nothing of what is
    sensitive."""
    rule = world.book.rules.get(finding.rule)
    if rule is None or rule.indicator is None or rule.counted & world.terms.sensitive:
        return []
    panels = StorePanels(tx, world.settings, runs.seq_of(tx, Cycle(finding.cycle), finding.period))
    behind = counted(rule, panels, finding.trace, finding.at)
    return sorted(behind, key=lambda one: (one.occurred_at, one.identity), reverse=True)


def _finding(world: World, tx: Tx, finding: Finding) -> Node:
    rule = world.book.rules.get(finding.rule)
    seq = runs.seq_of(tx, Cycle(finding.cycle), finding.period)
    node = _trace(world, rule, finding.trace)
    run = f"{finding.cycle} {finding.period}"
    node["say"] = f"{finding.rule} found {finding.grade.word} in {run} (rule text {finding.rule_hash})"
    if rule is not None and rule.indicator is not None:
        panels = StorePanels(tx, world.settings, seq)
        node["because"].append(_incidents(world, rule, panels, finding.trace, finding.at))
    return node


def _judged(world: World, tx: Tx, rule: Rule, area: str, at: datetime) -> Node:
    """One rule at its last period due by `at`, whether or not anything fired."""
    calendar = world.settings.calendar
    panels = StorePanels(tx, world.settings)
    if rule.cycle is Cycle.IMMEDIATE:
        since = at - timedelta(hours=rule.window.hours)
        trace = Trace(rule.id, rule.hash, area, (since.isoformat(), at.isoformat()), 0.0)
        assert rule.indicator is not None
        nodes: list[Node] = [
            {"say": f"{feed.id} is blind: not heard for longer than {feed.max_silence}", "blind": feed.id}
            for feed in panels.blind(rule.indicator, area, at)
        ]
        nodes.append(_incidents(world, rule, panels, trace, at))
        return {"say": f"{rule.id}: judged at once, whenever an incident becomes known", "because": nodes}
    period = calendar.last_due(rule.cycle, at)
    if rule.correlation is not None:
        (sought,) = find([rule], panels, [period.cut], book=world.book)
        found = combine.correlator(world, tx, [rule], period).look([rule], period, sought)
        traces = [one.trace for one in found.outcomes if one.area == area and one.trace]
        if not traces:
            say = f"{rule.id}: its patterns do not come together here"
            return {"say": say, "rule": rule.id, "because": []}
        return {**_trace(world, rule, traces[0]), "say": f"{rule.id} at {rule.cycle} {period.key}"}
    trace = trace_of(rule, panels, period.cut, area)
    node = _trace(world, rule, trace)
    node["say"] = f"{rule.id} at {rule.cycle} {period.key} (rule text {rule.hash})"
    node["because"].append(_incidents(world, rule, panels, trace, period.due_at))
    return node


def _trace(world: World, rule: Rule | None, trace: Trace) -> Node:
    veiled = rule is not None and dispatch.reference(world).sensitive([rule.id])
    read = None if isnan(trace.observed) else trace.observed
    said = "nothing" if read is None else _count(read, veiled)
    nodes: list[Node] = []
    if not trace.matches:
        say = f"observed {said} {trace.when}; data: {trace.data_state}"
        if trace.reported is not None and not veiled:
            estimate = f"reported {trace.reported:g}, estimated {trace.observed:.1f}"
            say = f"{estimate} {trace.when}; data: {trace.data_state}"
        nodes.append({"say": say})
    if trace.baseline and not veiled:
        known = [value for value in trace.baseline if value == value]
        mean = sum(known) / len(known) if known else 0.0
        nodes.append({
            "say": f"baseline: {len(known)} of {numbered(len(trace.baseline), 'earlier block')} known"
            f"{_scaled(trace.partly)}, mean {mean:.2f}, "
            f"the last: {' '.join('?' if v != v else f'{v:.4g}' for v in trace.baseline[-12:])}",
        })  # fmt: skip
    nodes += [_rung(rung, veiled) for rung in reversed(trace.rungs)]
    for match in trace.matches:
        at = () if veiled else match.at[:NAMED]
        where = ", ".join(f"{area} ({when[:10]})" for area, when in at)
        nodes.append({"say": f"{match.pattern}: {_HELD[match.held]}" + (f" in {where}" if where else "")})
    cause = f" ({trace.confidence_cause})" if trace.confidence_cause else ""
    nodes.append({"say": f"confidence {trace.confidence.word}{cause}"})
    return {
        "say": trace.rule, "rule": trace.rule, "rule_hash": trace.rule_hash, "area": trace.area,
        "observed": said if veiled else read, "data_state": trace.data_state,
        "confidence": trace.confidence.word, "because": nodes,
    }  # fmt: skip


def _scaled(shares: Sequence[float]) -> str:
    """How many of them count for more than was seen of them."""
    if not shares:
        return ""
    low, high = (f"{100 * share:.0f}" for share in (shares[0], shares[-1]))
    return f", {len(shares)} of them scaled from {low if low == high else f'{low}-{high}'} % of their days"


def _rung(rung: RungTrace, veiled: bool) -> Node:
    say = f"{rung.grade.word}: {_HELD[rung.held]}"
    if veiled:
        return {"say": say, "grade": rung.grade.word, "held": _HELD[rung.held], "missing": None}
    if rung.missing is not None:
        say += f" (+{rung.missing:.0f} more to {rung.grade.word})"
    return {
        "say": say, "grade": rung.grade.word, "held": _HELD[rung.held], "missing": rung.missing,
        "because": [*(_signal(signal) for signal in rung.signals), *_alternatives(rung)],
    }  # fmt: skip


def _alternatives(rung: RungTrace) -> Iterator[Node]:
    """Those of which one must hold."""
    for number, way in enumerate(rung.any, 1):
        held = _HELD[conjunction(signal.held for signal in way)]
        say = f"alternative {number} of {len(rung.any)}: {held}"
        yield {"say": say, "held": held, "because": [_signal(signal) for signal in way]}


def _signal(signal: Signal) -> Node:
    if signal.test == chance.ID:
        return likely.node(signal, _HELD[signal.held])
    seen = f"observed {'nothing' if isnan(signal.observed) else f'{signal.observed:g}'}"
    seen = _HELD[signal.held] if signal.test in GIVEN else seen
    say = f"{signal.test}: {seen}"
    if signal.needed is not None:
        say += f", needs {signal.needed:.0f}"
    if signal.expected is not None:
        say += f", expected {signal.expected:.2f}"
    if signal.pvalue is not None:
        say += f", chance {signal.pvalue:.2g}"
    facts = ", ".join(f"{key} {value:.4g}" if isinstance(value, float) else f"{key} {value}"
                      for key, value in signal.facts.items())  # fmt: skip
    return {
        "say": f"{say} ({facts})" if facts else say, "test": signal.test, "held": _HELD[signal.held],
        "needed": signal.needed, "expected": signal.expected, "pvalue": signal.pvalue,
    }  # fmt: skip


def _incidents(world: World, rule: Rule, panels: StorePanels, trace: Trace, due_at: datetime) -> Node:
    """The incidents of the judged window below the area, as known strictly before the run was due."""
    behind = counted(rule, panels, trace, due_at)
    if rule.counted & world.terms.sensitive:
        return {"say": f"{_count(len(behind), True)} incidents (sensitive: none is shown)", "because": []}
    lines = [_incident(world, one) for one in behind[:NAMED]]
    more = [{"say": f"... and {len(behind) - NAMED} more"}] if len(behind) > NAMED else []
    return {
        "say": f"{numbered(len(behind), 'incident')} counted", "count": len(behind),
        "incidents": [list(one.identity) for one in behind], "because": [*lines, *more],
    }  # fmt: skip


def _incident(world: World, one: Incident) -> Node:
    zone = world.settings.calendar.zone
    where = ", ".join(_named(world, code) for code in one.areas)
    when = one.occurred_at.astimezone(zone)
    known = one.known_at.astimezone(zone)
    also = "".join(f", also told by {feed} ({id_})" for feed, id_ in one.also)
    return {"say": f"{when:%Y-%m-%d %H:%M} {one.category} in {where} ({one.feed} {one.source_id}, "
            f"revision {one.revision}, known {known:%Y-%m-%d %H:%M}){also}"}  # fmt: skip


def _count(value: float, veiled: bool) -> str:
    return f"<{SMALL}" if veiled and value < SMALL else f"{value:g}"


def _named(world: World, area: str) -> str:
    """A warning may outlive its area: what is gone is named by its code."""
    return dispatch.reference(world).area(area).en
