"""What is wrong with a plan as written: one function a check, each named as its problems are.

A check yields (place, sentence); its level is an error unless `LEVELS` says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from engine.cycle.config.plan.written import PlanFile, StepEntry
from engine.model.grade import Domain, Grade
from engine.model.plan import Plan
from engine.model.problem import Level, Problem, nearest
from engine.model.taxonomy import Taxonomy
from engine.model.topic import CROWD_SAFETY, CROWD_TOPIC, ListedMeasure, Topic
from engine.yamlfile import Path_

Found = Iterator[tuple[Path_, str]]


@dataclass(frozen=True)
class Around:
    """What a plan may refer to."""

    topics: Mapping[str, Topic]
    taxonomy: Taxonomy
    catalogue: Mapping[str, ListedMeasure]

    @property
    def departments(self) -> set[str]:
        return {measure.department for measure in self.catalogue.values()}

    def domains(self, plan: PlanFile) -> frozenset[Domain]:
        """Of its topics and kinds, as far as they are known."""
        named = {self.topics[topic].domain for topic in plan.topics if topic in self.topics}
        counted = {self.taxonomy[kind].domain for kind in plan.kinds if kind in self.taxonomy}
        return frozenset(domain for domain in named | counted if domain is not None)

    def fitting(self, plan: PlanFile) -> set[str]:
        """The measures meant for one of its topics or domains."""
        pairs = {(topic, self.topics[topic].domain) for topic in plan.topics if topic in self.topics}
        pairs |= {("", domain) for domain in self.domains(plan)}
        return {
            code for code, measure in self.catalogue.items()
            if any(measure.fits(topic, domain) for topic, domain in pairs)
        }  # fmt: skip


def unknown_topic(plan: PlanFile, around: Around) -> Found:
    for index, topic in enumerate(plan.topics):
        if topic not in around.topics:
            yield ("topics", index), f"there is no topic '{topic}'{nearest(topic, around.topics)}"


def unknown_category(plan: PlanFile, around: Around) -> Found:
    for index, kind in enumerate(plan.kinds):
        if kind not in around.taxonomy:
            near = nearest(kind, around.taxonomy.categories)
            yield ("kinds", index), f"there is no category '{kind}'{near}"


def protected_category(plan: PlanFile, around: Around) -> Found:
    """No plan is for what people may lawfully do; for the safety of a crowd there is a topic."""
    for index, kind in enumerate(plan.kinds):
        if kind in around.taxonomy and around.taxonomy[kind].protected:
            yield (
                ("kinds", index),
                f"'{kind}' is protected: a plan may be for the topic '{CROWD_TOPIC}' instead",
            )


def unknown_measure(plan: PlanFile, around: Around) -> Found:
    for where, step in plan.placed():
        if step.measure not in around.catalogue:
            near = nearest(step.measure, around.catalogue)
            sentence = f"unknown measure '{step.measure}'{near}; measures come from the catalogue"
            yield (*where, "measure"), sentence


def measure_topic(plan: PlanFile, around: Around) -> Found:
    fitting = around.fitting(plan)
    for where, step in plan.placed():
        if step.measure in around.catalogue and step.measure not in fitting:
            sentence = f"'{step.measure}' is meant for none of this plan's topics and kinds"
            yield (*where, "measure"), sentence


def crowd_measures(plan: PlanFile, around: Around) -> Found:
    """What touches a lawful crowd asks for what eases it, and for nothing else."""
    if CROWD_TOPIC not in plan.topics:
        return
    for where, step in plan.placed():
        measure = around.catalogue.get(step.measure)
        if measure is not None and measure.aim not in CROWD_SAFETY:
            aims = ", ".join(sorted(CROWD_SAFETY))
            yield (*where, "measure"), f"'{step.measure}' is for {measure.aim}; here only: {aims}"


def unknown_department(plan: PlanFile, around: Around) -> Found:
    named: list[tuple[Path_, str | None]] = [
        *(((*where, "department"), step.department) for where, step in plan.placed()),
        *((("roles", index, "department"), role.department) for index, role in enumerate(plan.roles)),
        *((("resources", index, "department"), one.department) for index, one in enumerate(plan.resources)),
    ]  # fmt: skip
    for place, department in named:
        if department is not None and department not in around.departments:
            near = nearest(department, around.departments)
            yield place, f"no measure of the catalogue is asked of '{department}'{near}"


def unknown_role(plan: PlanFile, around: Around) -> Found:
    roles = [role.id for role in plan.roles]
    for where, step in plan.placed():
        if step.role is not None and step.role not in roles:
            yield (*where, "role"), f"the command has no role '{step.role}'{nearest(step.role, roles)}"


def idle_role(plan: PlanFile, around: Around) -> Found:
    answering = {step.role for _, step in plan.placed()}
    for index, role in enumerate(plan.roles):
        if role.id not in answering:
            yield ("roles", index), f"'{role.id}' answers for no step"


def twice(plan: PlanFile, around: Around) -> Found:
    listings: list[tuple[str, Iterable[tuple[Path_, str]]]] = [
        ("role", ((("roles", index), role.id) for index, role in enumerate(plan.roles))),
        ("step", ((where, step.id) for where, step in plan.placed())),
    ]
    for kind, listing in listings:
        seen: set[str] = set()
        for where, id_ in listing:
            if id_ in seen:
                yield (*where, "id"), f"the {kind} '{id_}' stands here again"
            seen.add(id_)


def unknown_step(plan: PlanFile, around: Around) -> Found:
    for listing, steps in plan.listings():
        known = [step.id for step in steps]
        for index, step in enumerate(steps):
            for at, before in enumerate(step.after):
                if before not in known:
                    sentence = f"there is no step '{before}' beside this one{nearest(before, known)}"
                    yield (*listing, index, "after", at), sentence


def step_circle(plan: PlanFile, around: Around) -> Found:
    for listing, steps in plan.listings():
        for index, step in enumerate(steps):
            if step.id in _before(step, steps):
                yield (*listing, index), f"'{step.id}' waits for itself: no order is possible"


def step_late(plan: PlanFile, around: Around) -> Found:
    """A step that is due before one it waits for can only be late."""
    for listing, steps in plan.listings():
        due = {step.id: _due(step, around) for step in steps}
        for index, step in enumerate(steps):
            for before in step.after:
                if before in due and due[before] > due[step.id]:
                    yield (*listing, index), f"'{step.id}' is due before '{before}', for which it waits"


def step_grade(plan: PlanFile, around: Around) -> Found:
    for where, step in plan.placed():
        if step.grade and Grade.named(step.grade) < Grade.named(plan.grade):
            yield (
                (*where, "grade"),
                f"the plan begins at {plan.grade}: a step from {step.grade} up says nothing",
            )


def no_chinese(plan: PlanFile, around: Around) -> Found:
    texts = [
        (("title",), plan.title), (("stand_down", "when"), plan.stand_down.when),
        *((("roles", index, "title"), role.title) for index, role in enumerate(plan.roles)),
        *((("resources", index, "what"), one.what) for index, one in enumerate(plan.resources)),
        *(((*where, "note"), step.note) for where, step in plan.placed() if step.note is not None),
    ]  # fmt: skip
    for place, text in texts:
        if not text.zh:
            yield place, "has no Chinese text: write {en: ..., zh: ...}"


def reviews(plans: Iterable[Plan], today: date) -> Iterator[Problem]:
    """The plans whose review is overdue: a matter of the day, not of the files."""
    for plan in plans:
        if plan.review_by < today:
            sentence = f"was to be reviewed by {plan.review_by}; look at it again and set a new day"
            yield Problem(plan.path, 1, f"'{plan.id}' {sentence}", "review-past", Level.WARNING)


def _due(step: StepEntry, around: Around) -> timedelta:
    measure = around.catalogue.get(step.measure)
    return step.due or (measure.within if measure else timedelta(0))


def _before(step: StepEntry, steps: Sequence[StepEntry]) -> set[str]:
    """Everything that must be done before a step."""
    waits = {one.id: one.after for one in steps}
    found: set[str] = set()
    waiting = list(step.after)
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += waits.get(one, ())
    return found


#: Every check of one plan, by the name of its problems.
CHECKS: Mapping[str, Callable[[PlanFile, Around], Found]] = {
    "unknown-topic": unknown_topic,
    "unknown-category": unknown_category,
    "protected-category": protected_category,
    "unknown-measure": unknown_measure,
    "measure-topic": measure_topic,
    "crowd-measures": crowd_measures,
    "unknown-department": unknown_department,
    "unknown-role": unknown_role,
    "idle-role": idle_role,
    "twice": twice,
    "unknown-step": unknown_step,
    "step-circle": step_circle,
    "step-late": step_late,
    "step-grade": step_grade,
    "no-chinese": no_chinese,
}
#: What does not keep a plan from being used.
LEVELS: Mapping[str, Level] = {
    "idle-role": Level.HINT, "step-late": Level.WARNING, "step-grade": Level.HINT,
    "no-chinese": Level.WARNING,
}  # fmt: skip


def run(plan: PlanFile, around: Around) -> Iterator[tuple[str, Level, Path_, str]]:
    """Everything that any check finds: its name, how bad it is, where, and the sentence."""
    return chain.from_iterable(
        ((name, LEVELS.get(name, Level.ERROR), place, sentence) for place, sentence in check(plan, around))
        for name, check in CHECKS.items()
    )
