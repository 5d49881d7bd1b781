"""One warning: its sentence, its ladder, its evidence, its life, and who was told."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter, Request, Response

from engine.chart import svg
from engine.chart.strip import Strip
from engine.console import background
from engine.console.few import Some
from engine.console.look import Words, page
from engine.console.offers import offers
from engine.console.scene import Scene
from engine.console.sight import sight, who
from engine.console.told import latest, together
from engine.console.waiting import needs, proposal
from engine.cycle import why
from engine.model.demand import Demand
from engine.model.finding import Finding, Held, RungTrace, Trace
from engine.model.grade import RUNGS, Grade
from engine.model.staff import Visitor
from engine.model.warning import RiskWarning
from engine.notify.evidence import Evidence, Task
from engine.notify.sentence import USUAL, figure
from engine.store import acts, demands, judgement, outbox
from engine.warn.past import spans

router = APIRouter()

#: Earlier periods that a strip shows.
SHOWN = 26


@dataclass(frozen=True, slots=True)
class Test:
    """One rung as the ladder shows it: from which count, and whether it holds; `held` is None where the rule
    has no such rung."""

    grade: Grade
    start: float | None
    held: Held | None
    #: How many more it takes; None where it holds or cannot.
    missing: float | None = None


@dataclass(frozen=True, slots=True)
class Behind:
    """One finding behind a warning, as far as it may be shown; `told`: its numbers, while it stands."""

    finding: Finding
    told: Evidence | None
    ladder: tuple[Test, ...]
    #: Nothing but its being there may be shown.
    veiled: bool


@router.get("/warning/{id}")
def warning(request: Request, id: str) -> Response:
    scene = sight(request)
    with scene.world.store.read() as tx:
        found = judgement.warning(tx, id)
        if found is None or not scene.shows(found.area):
            return page(request, scene, "said.html", 404, said="absent", active="")
        past = judgement.warnings(tx, topic=found.topic)
        alike = background.similar(found, past, scene.world.settings.tree, scene.shows)
        before = alike[: background.EARLIER]
        lives = {one.id: judgement.changes(tx, warning=one.id) for one in before}
        earlier = background.ended(before, lives, acts.of(tx, list(lives)))
    parts = shown(scene, found, who(request))
    with scene.world.store.read() as tx:
        counted = [why.incidents(scene.world, tx, one.finding) for one in parts["behind"]]
    return page(
        request, scene, "warning.html", active="warnings", chosen=found, counted=counted,
        earlier=Some(earlier, len(earlier), len(alike)),
        tree=why.warning(scene.world, id), life=background.life(spans(parts["changes"]), scene.at),
        exposed=background.exposed(scene.world.settings.tree, found.area),
        most=(background.LEADING, background.OTHERS), folded=background.FOLDED, **parts,
    )  # fmt: skip


def shown(scene: Scene, of: RiskWarning, visitor: Visitor) -> dict[str, Any]:
    """What the pane and the page show of one warning, and what the visitor may do about it."""
    with scene.world.store.read() as tx:
        changes = judgement.changes(tx, warning=of.id)
        findings, made = why.behind(tx, of, changes), demands.of(tx, [of.id])
        told, done = outbox.listing(tx, warning=of.id, limit=400), acts.of(tx, [of.id])
    numbers = {one.rule: one for one in scene.evidence.of(of.id)}
    return {
        "changes": changes, "told": latest(told), "together": together, "strip": strip,
        "asked": asked(of, made),
        "offers": offers(scene, visitor, of), "waits": proposal(scene, of), "issuer": needs(scene, of),
        "done": done, "acked": scene.people.told.get(of.id, frozenset()) - set(scene.unanswered(of)),
        "behind": [_behind(scene, finding, numbers.get(finding.rule)) for finding in findings],
    }  # fmt: skip


def asked(of: RiskWarning, made: Sequence[Demand]) -> list[Task]:
    """The measures asked for at the grade that stands, each with the moment by which it is to be done."""
    grade = of.grade if of.open else Grade.NONE
    kept = [one for one in made if one.measure.grade <= grade]
    kept.sort(key=lambda one: (one.at + one.measure.within, one.id))
    return [Task(one.measure, one.at + one.measure.within) for one in kept]


def _behind(scene: Scene, finding: Finding, told: Evidence | None) -> Behind:
    veiled = scene.reference.sensitive([finding.rule])
    rungs = {rung.grade: rung for rung in finding.trace.rungs}
    ladder = tuple(_test(grade, rungs.get(grade)) for grade in reversed(RUNGS))
    drawn = any(test.start is not None for test in ladder)
    return Behind(finding, told, ladder if drawn and not veiled else (), veiled)


def _test(grade: Grade, rung: RungTrace | None) -> Test:
    if rung is None:
        return Test(grade, None, None)
    return Test(grade, rung.needed, rung.held, rung.missing)


def strip(w: Words, one: Behind) -> str:
    """The finding's counts as a picture; "" where there is none to draw."""
    trace = one.finding.trace
    if one.veiled or trace.matches or not trace.baseline or math.isnan(trace.observed):
        return ""
    before, days = trace.baseline[-SHOWN:], _days(trace)
    known = [value for value in trace.baseline if not math.isnan(value)]
    usual = one.told.expected if one.told else None
    usual = sum(known) / len(known) if usual is None and known else usual
    foot = w("blocks", n=len(before), days=days) if days > 1 else w("days blocks", n=len(before))
    return svg.strip(Strip(
        title=w.parts(one.told) if one.told else foot, before=before, observed=trace.observed,
        foot=foot, judged=w("judged window"), advisory=w.hollow(one.finding.topic),
        usual=usual, usual_says="" if usual is None else USUAL.say(w.language).format(n=figure(usual)),
        lines=[(of.grade, of.start, of.held is Held.HELD) for of in one.ladder if of.start is not None],
    ))  # fmt: skip


def _days(trace: Trace) -> int:
    first, last = (date.fromisoformat(moment[:10]) for moment in trace.window)
    return (last - first).days
