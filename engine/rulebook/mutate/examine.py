"""The mutants of a rule held against its tests: killed, alike, or surviving with the test that would tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice

import yaml
from pydantic import ValidationError

from engine.model.period import Calendar
from engine.model.rule import Rule, RuleBook, Status
from engine.rulebook.context import Context
from engine.rulebook.language.example import Example
from engine.rulebook.language.source import Source
from engine.rulebook.mutate.moved import moved
from engine.rulebook.mutate.mutants import FEW_AREAS, Mutant, mutants
from engine.rulebook.mutate.scene import Scene
from engine.rulebook.mutate.scenes import scenes
from engine.rulebook.trial.replay import Stage
from engine.rulebook.trial.trial import verdict, written_for

#: So many scenes are tried for the mutants that survive.
SCENES = 800
#: And so many in each of the areas that a rule chooses.
_EVERYWHERE = 60

#: `on` and days need no quotes in our files.
_PLAIN = re.compile(r"'(on)'(?=:)|'(\d{4}-\d\d-\d\d(?:T\d\d:\d\d)?)'")
_SPAN, _WORDS = re.compile(r"\b(\d+)([dhm])\b"), {"d": "day", "h": "hour", "m": "minute"}

#: Whether two rules find the same wherever they were looked for: None where nobody could look.
Alike = Callable[[Rule, Rule], bool | None]


class Fate(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    SURVIVED = "survived"
    #: No scene and no day of the data tells it from the rule.
    ALIKE = "alike"


@dataclass(frozen=True, slots=True)
class Result:
    """One mutant's fate; `test`: of one that survived, what would kill it, where a scene was found."""

    what: str
    fate: Fate
    test: Scene | None = None
    #: The mutant itself, of one that no scene tells from the rule.
    mutant: Rule | None = None

    @property
    def pasted(self) -> str:
        """The test as YAML, one item of a rule's `tests`."""
        if self.test is None:
            return ""
        text: str = yaml.safe_dump(
            [self.test], default_flow_style=None, allow_unicode=True, sort_keys=False, width=160
        )
        return _PLAIN.sub(r"\1\2", text)


@dataclass(frozen=True)
class Examined:
    """A rule and its mutants."""

    rule: str
    status: Status
    results: tuple[Result, ...]

    def of(self, fate: Fate) -> list[Result]:
        return [one for one in self.results if one.fate is fate]

    @property
    def score(self) -> float | None:
        """Percent of the mutants that differ which its tests kill; None where there is none."""
        counted = len(self.results) - len(self.of(Fate.ALIKE))
        return 100 * len(self.of(Fate.KILLED)) / counted if counted else None


def examine(source: Source, book: RuleBook, context: Context, calendar: Calendar) -> Examined:
    """Every mutant of one rule held against its tests, which must pass."""
    rule = book.rules[source.id]
    bench = _Bench(rule, book, context, written_for(source, calendar))
    results: dict[str, Result] = {}
    alive: list[Mutant] = []
    stages = [bench.stage(test.example) for test in source.tests]
    for mutant in mutants(rule, context.taxonomy):
        if any(bench.fails(source, at, stage, mutant.rule) for at, stage in enumerate(stages)):
            results[mutant.what] = Result(mutant.what, Fate.KILLED)
        else:
            results[mutant.what] = Result(mutant.what, Fate.SURVIVED)
            alive.append(mutant)
    told = bench.told(source, alive) if alive else {}
    for mutant in alive:
        test = told.get(mutant.what)
        same = test is None
        results[mutant.what] = Result(
            mutant.what, Fate.ALIKE if same else Fate.SURVIVED, test, mutant.rule if same else None
        )
    return Examined(rule.id, rule.status, tuple(results.values()))


def by_data(examined: Examined, rule: Rule, alike: Alike) -> Examined:
    """The same, where what no scene tells from the rule survives if a day of the data tells it."""
    results = tuple(
        replace(one, fate=Fate.SURVIVED) if one.mutant and alike(rule, one.mutant) is False else one
        for one in examined.results
    )
    return replace(examined, results=results)


@dataclass(frozen=True)
class _Bench:
    """Where a rule and its mutants are played on the same stage."""

    rule: Rule
    book: RuleBook
    context: Context
    calendar: Calendar

    def stage(self, example: Example) -> Stage:
        return Stage(self.rule, self.book, example, self.context, self.calendar)

    def fails(self, source: Source, at: int, stage: Stage, mutant: Rule) -> bool:
        return not verdict(source, source.tests[at], stage.play(mutant)).passed

    def told(self, source: Source, alive: Sequence[Mutant]) -> dict[str, Scene]:
        """For each mutant the first scene in which it comes to another grade, as a test."""
        found: dict[str, Scene] = {}
        for scene in islice(_different(self._scenes(source)), SCENES):
            waiting = [mutant for mutant in alive if mutant.what not in found]
            if not waiting:
                break
            example = _example(scene, self.rule.id)
            if example is None:
                continue
            stage = self.stage(example)
            right = _grades(stage, self.rule)
            for mutant in waiting:
                other = _grades(stage, mutant.rule)
                differs = [area for area, word in right.items() if other.get(area, word) != word]
                if differs:
                    expect = {area: right[area] for area in differs[:1]}
                    found[mutant.what] = {"name": _name(mutant.what), **scene, "expect": expect}
        return found

    def _scenes(self, source: Source) -> Iterator[Scene]:
        seeds = [dict(source.value(test.place)) for test in source.tests]
        seeds = [{"given": dict(one.get("given") or {}), "at": one["at"], "areas": list(one["expect"])}
                 for one in seeds]  # fmt: skip
        yield from (changed for seed in seeds for changed in moved(seed, self.context.taxonomy))
        yield from self._placed(scenes(self.rule, self.context.taxonomy))

    def _placed(self, imagined: Iterator[Scene]) -> Iterator[Scene]:
        """The scenes where they may show: of a rule that chooses its areas, in those and beside them."""
        if self.rule.areas is None:
            yield from imagined
            return
        level = self.context.tree.at(self.rule.level)
        others = [code for code in level if not self.rule.judges(code)]
        here = [*sorted(self.rule.areas)[:FEW_AREAS], *others[:1]]
        for number, scene in enumerate(imagined):
            for code in here if number < _EVERYWHERE else here[:1]:
                beside = next((other for other in level if other != code), code)
                yield _moved_to({"A": code, "B": beside}, scene)


def _grades(stage: Stage, rule: Rule) -> Mapping[str, str]:
    played = stage.play(rule)
    return {area: played.word(area) for area in stage.example.expect}


def _different(imagined: Iterator[Scene]) -> Iterator[Scene]:
    """Each scene once: tests that begin alike are moved to the same ones."""
    met: set[str] = set()
    for scene in imagined:
        if (told := repr(scene)) not in met:
            met.add(told)
            yield scene


def _moved_to(places: Mapping[str, str], scene: Scene) -> Scene:
    """The scene with made-up areas that are real ones."""
    given = {
        key: {places.get(area, area): one for area, one in of.items()} if isinstance(of, Mapping) else
             [{**one, "area": places.get(one["area"], one["area"])} for one in of]
        for key, of in scene["given"].items()
    }  # fmt: skip
    return {**scene, "given": given, "areas": [places["A"]]}


def _example(scene: Scene, rule: str) -> Example | None:
    """The scene as a test that expects nothing yet; None where it cannot be written."""
    areas = scene.pop("areas", None) or ["A"]
    written = {"name": rule, **scene, "expect": dict.fromkeys(areas, "none")}
    try:
        return Example.model_validate(written)
    except ValidationError:
        return None


def _name(what: str) -> str:
    """`blue at_least is 3, not 4`; days and hours in words, which are not taken for letters of a name."""
    what = _SPAN.sub(lambda span: f"{span[1]} {_WORDS[span[2]]}{'s' * (span[1] != '1')}", what)
    head, dots, tail = what.partition(": ")
    was, arrow, other = tail.partition(" -> ")
    return f"{head} is {was}, not {other}" if dots and arrow else f"not {what.replace(': ', ' ')}"
