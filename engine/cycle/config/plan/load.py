"""Reads the plans of config/plans: every mistake of every file, and the plans by id where there is none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from engine.cycle.config.plan import checks
from engine.cycle.config.plan.checks import Around
from engine.cycle.config.plan.written import PlanFile, StepEntry
from engine.cycle.config.reading import Reading
from engine.model.grade import Grade
from engine.model.plan import CommandRole, Plan, PlanStep, Resource, StandDown
from engine.model.problem import Level, Problem
from engine.model.text import Text

FOLDER = "plans"


def load(reading: Reading, around: Around | None) -> Mapping[str, Plan]:
    """around: None where the other files cannot be used; then only the form is looked at."""
    plans: dict[str, Plan] = {}
    for path in sorted((reading.root / "config" / FOLDER).glob("*.y*ml")):
        shown = f"{FOLDER}/{path.name}"
        if path.suffix != ".yaml":
            sentence = "the name of a plan's file ends in .yaml; rename it"
            reading.problems.append(Problem(f"config/{shown}", 1, sentence, "unknown-file"))
            continue
        read = reading.file(shown, PlanFile, required=True, kind="plan")
        if read is None or around is None:
            continue
        document, written = read
        found = list(checks.run(written, around))
        for name, level, place, sentence in found:
            reading.note(document, place, sentence, name, level)
        if written.id in plans:
            sentence = f"the plan '{written.id}' stands in {plans[written.id].path} already"
            reading.note(document, ("id",), sentence, "duplicate-plan")
        elif not any(level is Level.ERROR for _, level, *_ in found):
            plans[written.id] = _plan(written, around, document.path)
    return plans


def _plan(written: PlanFile, around: Around, path: str) -> Plan:
    end = written.stand_down
    return Plan(
        id=written.id, title=written.title.text, owner=written.owner, review_by=written.review_by,
        topics=frozenset(written.topics), kinds=around.taxonomy.select(written.kinds),
        domains=around.domains(written), grade=Grade.named(written.grade), start=written.start,
        roles=tuple(CommandRole(role.id, role.title.text, role.department) for role in written.roles),
        steps=tuple(_step(step, around) for step in written.steps),
        resources=tuple(Resource(one.what.text, one.many, one.department) for one in written.resources),
        stand_down=StandDown(end.when.text, end.quiet, tuple(_step(step, around) for step in end.steps)),
        path=path,
    )  # fmt: skip


def _step(written: StepEntry, around: Around) -> PlanStep:
    measure = around.catalogue[written.measure]
    due: timedelta = written.due or measure.within
    note: Text | None = written.note.text if written.note else None
    return PlanStep(
        id=written.id, measure=measure.code, what=measure.what,
        department=written.department or measure.department, due=due, after=written.after,
        role=written.role or "",
        grade=Grade.named(written.grade) if written.grade else Grade.NONE, note=note,
    )  # fmt: skip
