"""A filter: what a centre says of a pack's rules in its own file, which leaves the pack as it is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from engine.model.problem import Problem, nearest
from engine.model.rule import Status
from engine.rulebook.language.example import Example, Line
from engine.rulebook.language.notation import Day
from engine.rulebook.language.rung import Strict
from engine.rulebook.language.schema import GradeWord, Prose, Whole
from engine.rulebook.packs.pack import Pack
from engine.yamlfile import Document, Path_

FILE = "config/packs.yaml"
#: What changes what a rule finds: the tests that stand beside it in the pack are no longer of it.
_JUDGED = ("grades", "hold", "cool_down")
#: What stands in a rule as it is written in the filter.
_TAKEN = ("status", "owner", "review_by", "level", "hold", "cool_down")


class Tune(Strict):
    """What is said otherwise of one rule: nothing else of it can be changed from outside."""

    of: Annotated[str, StringConstraints(strict=True, pattern="^[0-9a-f]{16}$")] | None = Field(
        None, description="the text that this was written for, as `rules packs NAME` shows it"
    )
    status: Status | None = None
    owner: Line | None = None
    review_by: Day | None = None
    level: Line | None = None
    feed: Line | Annotated[list[Line], Field(min_length=1)] | None = Field(
        None, description="by which feeds it counts here; a rule on an indicator alone"
    )
    hold: Whole | None = None
    cool_down: Line | None = None
    grades: dict[GradeWord, dict[str, Any]] = Field(
        default_factory=dict, description="of each grade the tests that are written otherwise"
    )
    tests: list[Example] = Field(default_factory=list, description="tests of the rule as it is tuned")


class Chosen(Strict):
    """One pack that a centre takes."""

    pack: Line
    levels: dict[Line, Line] = Field(
        default_factory=dict, description="what the pack's levels are called here"
    )
    off: dict[Line, Prose] = Field(default_factory=dict, description="rules that are left out, and why")
    tune: dict[Line, Tune] = Field(default_factory=dict)


class PacksFile(Strict):
    """config/packs.yaml: the packs, and the filter of each."""

    packs: list[Chosen] = Field(default_factory=list)


def text_hash(written: Mapping[str, Any]) -> str:
    """SHA-256 (16 digits) of a rule's text without its tests: what a tune may be bound to."""
    kept = {key: value for key, value in written.items() if key != "tests"}
    text = json.dumps(kept, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass
class Filter:
    """What one entry of the file makes of the rules of its pack, and what it cannot make."""

    pack: Pack
    chosen: Chosen
    #: The file, and where in it the entry stands.
    document: Document
    where: Path_
    problems: list[Problem] = field(default_factory=list)
    #: The rules met, by id: the hash of the text of each.
    met: dict[str, str] = field(default_factory=dict)

    @property
    def named(self) -> str:
        return f"the pack '{self.pack.name}' {self.pack.manifest.version}"

    def line(self, *inside: str | int) -> int:
        return self.document.line(*self.where, *inside)

    def off(self, id_: str) -> bool:
        return id_ in self.chosen.off

    def retests(self, id_: str) -> bool:
        """Whether the rule is tuned in what it finds: the pack's own tests are then none of it."""
        tune = self.chosen.tune.get(id_)
        return tune is not None and any(getattr(tune, key) for key in _JUDGED)

    def rule(self, document: Document) -> Document:
        """The rule as it is meant here; what does not fit it is noted, and left as the pack has it."""
        if not isinstance(document.data, dict) or not isinstance(document.data.get("id"), str):
            return document
        id_ = document.data["id"]
        self.met[id_] = text_hash(document.data)
        data = _levelled(deepcopy(document.data), self.chosen.levels)
        tune = self.chosen.tune.get(id_)
        if tune is not None and self._fits(id_, tune):
            self._tune(id_, data, tune)
        return replace(document, data=data)

    def tests(self, document: Document) -> Document:
        """A twin file with the levels that are meant here."""
        return replace(document, data=_levelled(deepcopy(document.data), self.chosen.levels))

    def strangers(self) -> Iterator[Problem]:
        """What the entry says of rules that the pack does not have."""
        for key, named in (("off", self.chosen.off), ("tune", self.chosen.tune)):
            for id_ in named:
                if id_ not in self.met:
                    known = f"has no rule '{id_}'{nearest(id_, self.met)}"
                    sentence = f"{self.named} {known}: mend the id, or take it out"
                    yield self._problem((key, id_), sentence, "unknown-rule")

    def _fits(self, id_: str, tune: Tune) -> bool:
        if tune.of is None or tune.of == self.met[id_]:
            return True
        sentence = (
            f"'{id_}' was tuned as its text was {tune.of}; in {self.named} it is {self.met[id_]}: "
            "look at the rule (rules explain), then write the new number behind of"
        )
        self.problems.append(self._problem(("tune", id_, "of"), sentence, "pack-tune"))
        return False

    def _tune(self, id_: str, data: dict[str, Any], tune: Tune) -> None:
        written = self._written("tune", id_)
        data.update({key: written[key] for key in _TAKEN if key in written})
        if "feed" in written and isinstance(data.get("indicator"), dict):
            data["indicator"]["where"] = {**data["indicator"]["where"], "feed": written["feed"]}
        elif "feed" in written:
            sentence = f"'{id_}' of {self.named} has no indicator whose feeds could be named"
            self.problems.append(self._problem(("tune", id_, "feed"), sentence, "pack-tune"))
        if self.retests(id_):
            data["tests"] = []
        if tune.tests:
            data["tests"] = [*data.get("tests", []), *deepcopy(written["tests"])]
        rungs = data.get("grades")
        for word, tests in written.get("grades", {}).items():
            rung = rungs.get(word) if isinstance(rungs, dict) else None
            if not isinstance(rung, dict):
                has = ", ".join(rungs) if isinstance(rungs, dict) else "one grade"
                self._unfit(id_, word, f"it has no ladder rung '{word}' there (it has {has})")
                continue
            for name, asked in tests.items():
                if name in rung:
                    rung[name] = _merged(rung[name], asked)
                else:
                    has = ", ".join(rung)
                    self._unfit(id_, word, f"its rung '{word}' has no test '{name}' there (it has {has})")

    def _written(self, *inside: str) -> dict[str, Any]:
        data: Any = self.document.data
        for step in (*self.where, *inside):
            data = data[step]
        return dict(data)

    def _unfit(self, id_: str, word: str, why: str) -> None:
        sentence = f"'{id_}' of {self.named} cannot be tuned so: {why}"
        self.problems.append(self._problem(("tune", id_, "grades", word), sentence, "pack-tune"))

    def _problem(self, inside: Path_, sentence: str, name: str) -> Problem:
        return Problem(self.document.path, self.line(*inside), sentence, name)


def _merged(before: Any, asked: Any) -> Any:
    """A test's parameters with those that are written otherwise; what is no mapping stands for itself."""
    return {**before, **asked} if isinstance(before, dict) and isinstance(asked, dict) else asked


#: Keys whose value is a level, or in tests the area of that level; keys below which areas are keys.
_LEVELS, _AREAS = ("level", "area"), ("series", "population")


def _levelled(data: Any, levels: Mapping[str, str], areas: bool = False) -> Any:
    """The text with its levels called as here: where rules name one, and where tests mean the area by it."""
    if isinstance(data, list):
        return [_levelled(item, levels) for item in data]
    if not isinstance(data, dict):
        return data
    return {
        levels.get(key, key) if areas else key:
        levels.get(value, value) if key in _LEVELS and isinstance(value, str)
        else _levelled(value, levels, key in _AREAS)
        for key, value in data.items()
    }  # fmt: skip
