"""The grammar of one rung, made from the detectors' own parameters: a new detector needs no change here."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from types import ModuleType
from typing import Any, ClassVar, get_type_hints

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    create_model,
    field_validator,
    model_validator,
)

from engine.detect import TESTS
from engine.model import rule
from engine.model.grade import RUNGS, Grade
from engine.model.rule import Test

_PER = re.compile(r"\s*(\d+(?:\.\d+)?)\s+per\s+(\d{1,3}(?:,\d{3})+|\d+)\s*")


class Strict(BaseModel):
    """A mapping whose every key is known; the base of everything in the rule language."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: The JSON schema of the short notation that `unfold` reads, where there is one.
    short: ClassVar[dict[str, Any] | None] = None
    #: Of keys that people look for here, in small letters, what is written in their place.
    instead: ClassVar[Mapping[str, str]] = {}

    @model_validator(mode="before")
    @classmethod
    def _mapping(cls, written: Any) -> Any:
        written = cls.unfold(written)
        if isinstance(written, Mapping):
            return written
        raise ValueError(f"keys are needed here: {', '.join(sorted(cls.keys()))}")

    @classmethod
    def unfold(cls, written: Any) -> Any:
        """The full form of a short notation; most have none."""
        return written

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        full = handler(core)
        return full if cls.short is None else {"anyOf": [cls.short, full]}

    @classmethod
    def keys(cls) -> list[str]:
        return [field.alias or name for name, field in cls.model_fields.items()]


class Params(Strict):
    """The parameters of one test; each detector has its own subclass, made by `params_model`."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    def test(self, name: str) -> Test:
        """The test as written: parameters left to their defaults are not named."""
        return Test.of(name, **{key: getattr(self, key) for key in self.model_fields_set})


def params_model(module: ModuleType) -> type[Params]:
    """A strict model of a detector's `Params`, with its scalar short form and its own validation."""
    made, hints = module.Params, get_type_hints(module.Params)
    fields = {field.name: field for field in written(made)}
    main = next(iter(fields), "")

    class Of(Params):
        short = {"type": ["number", "string"], "description": f"{main} alone"} if main else None

        @classmethod
        def unfold(cls, written: Any) -> Any:
            if isinstance(written, Mapping):
                return {key: tuple(of) if isinstance(of, list) else of for key, of in written.items()}
            if written is None or not main:
                return written
            match = _PER.fullmatch(written) if isinstance(written, str) and "per" in fields else None
            if match:
                return {main: float(match[1]), "per": int(match[2].replace(",", ""))}
            return {main: written}

        @model_validator(mode="after")
        def _accepted(self) -> Of:
            made(**self.model_dump())
            return self

    known = {name: (hints[name], _default(field)) for name, field in fields.items()}
    # Pydantic's overloads know no fields that are computed.
    return create_model(module.ID, __base__=Of, __doc__=made.__doc__, **known)  # type: ignore[call-overload,no-any-return]


def written(made: type[Any]) -> list[dataclasses.Field[Any]]:
    """The parameters that people write; others are looked up."""
    return [field for field in dataclasses.fields(made) if not field.metadata.get("resolved")]


def _default(field: dataclasses.Field[Any]) -> Any:
    return ... if field.default is dataclasses.MISSING else field.default


#: What people write in the place of a test, and how it is written.
_INSTEAD = {
    ("more_than", "min", "minimum", "threshold", "exceeds"): "so many or more is at_least: 5",
    ("less_than", "max", "maximum", "fewer_than", "below"): "so many or fewer is at_most: 5",
    ("ratio", "rise", "increase", "growth", "yoy", "year", "years"):
        "a rise is written as change: {against: previous, ratio: 1.5}, or against: year or 3y",
    ("top", "rank", "quantile", "centile"): "where an area stands among the others is percentile: 0.95",
    ("zscore", "z_score", "sigma", "sd", "stdev"):
        "for rare events write rare: {alpha: 0.01}, for a short past ears: {method: C2}",
    ("rate", "per_capita", "incidence"): 'a rate is written as rate_at_least: "2.5 per 100,000"',
    ("or", "either"): "tests of which one is enough stand under any: [{...}, {...}]",
    ("hours", "weekdays", "severity", "category"): "what is counted is chosen in the indicator's 'where'",
    ("holiday", "holidays", "day", "days"): "days of a calendar are written as on: {calendar: cn-holidays}",
}  # fmt: skip


class Tests(Strict):
    """Tests by name, all of which must hold."""

    instead: ClassVar = {key: said for keys, said in _INSTEAD.items() for key in keys}

    def chosen(self) -> tuple[Test, ...]:
        """The tests written here, by name."""
        return tuple(
            getattr(self, name).test(name) for name in sorted(TESTS) if name in self.model_fields_set
        )


#: The parameters of every registered test, by the test's name.
PARAMS: dict[str, type[Params]] = {name: params_model(module) for name, module in TESTS.items()}

_TESTS: dict[str, Any] = {
    name: (model, Field(default=None, description=(TESTS[name].__doc__ or "").split("\n")[0]))
    for name, model in PARAMS.items()
}


#: Tests alone: an alternative of a rung, or a correlation's own test of a finding.
TestsOnly: type[Tests] = create_model("tests", __base__=Tests, **_TESTS)


class _Rung(Tests):
    """Tests, alternatives of which one must hold beside them, and delays."""

    any_: list[TestsOnly] | None = Field(
        None, alias="any", description="alternatives, each of one test or more: one of them must hold, too"
    )
    delay_on: int = Field(1, ge=1, le=60, strict=True, description="holding cycles before it raises")
    delay_off: int | None = Field(
        None, ge=1, le=60, strict=True, description="quiet cycles before it drops; else the rule's `hold`"
    )

    @field_validator("any_")
    @classmethod
    def _alternatives(cls, written: list[Tests] | None) -> list[Tests] | None:
        if written is not None and len(written) < 2:
            raise ValueError("'any' needs two alternatives or more: write a single one into the rung itself")
        if written and not all(way.chosen() for way in written):
            raise ValueError("each alternative of 'any' needs a test, such as {at_least: 20}")
        return written

    def rung(self, grade: Grade, hold: int) -> rule.Rung:
        """The rung that the engine judges; `hold` is the rule's."""
        ways = tuple(way.chosen() for way in self.any_ or ())
        return rule.Rung(grade, self.chosen(), self.delay_on, self.delay_off or hold, ways)


Rung: type[_Rung] = create_model("rung", __base__=_Rung, **_TESTS)


class _Ladder(Strict):
    """One rung per grade, all on the same tests with stricter parameters."""

    @model_validator(mode="after")
    def _some(self) -> _Ladder:
        if not self.model_fields_set:
            raise ValueError("give at least one of blue, yellow, orange, red")
        return self

    def rungs(self) -> dict[str, _Rung]:
        """The rungs written, lowest first."""
        return {
            grade.word: getattr(self, grade.word) for grade in RUNGS
            if grade.word in self.model_fields_set
        }  # fmt: skip


# As above: fields that are computed.
Grades: type[_Ladder] = create_model(
    "grades", __base__=_Ladder, **{grade.word: (Rung, Field(default=None)) for grade in RUNGS}  # type: ignore[call-overload]
)
