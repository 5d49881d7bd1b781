"""A mistake is told with its line and what was written, whatever a model made of it before it looked."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from engine.yamlfile import parse, validate


def _several(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


class Skip(BaseModel):
    model_config = ConfigDict(extra="forbid")
    field: str
    equals: Annotated[list[Annotated[str, Field(min_length=1)]], BeforeValidator(_several)] = []


class Mapping(BaseModel):
    model_config = ConfigDict(extra="forbid")
    skip: Annotated[list[Skip], BeforeValidator(_several)] = []


@pytest.mark.parametrize(("text", "line", "said"), [
    ("skip: {field: a, equals: ''}", 1, "skip.equals: string should have at least 1 character (found '')"),
    ("skip:\n- {field: a, equals: [b, '']}", 2, "skip.0.equals.1: string should have at least 1 character"),
    ("skip:\n- {field: a, equals: ''}", 2, "skip.0.equals: string should have at least 1 character"),
    ("skip:\n  {field: a,\n  equal: b}", 3, "unknown key 'equal'"),
    ("skip: {equals: b}", 1, "'field' is missing in skip"),
])  # fmt: skip
@pytest.mark.parametrize("filled", [False, True])
def test_where_one_stands_for_several(text: str, line: int, said: str, filled: bool) -> None:
    document, wrong = parse(text, "map.yaml")
    assert document is not None and not wrong
    found, problems = validate(document, Mapping, "map", document.data if filled else None)
    assert found is None
    (problem,) = problems
    assert problem.line == line and said in problem.sentence


class Step(BaseModel):
    """One of a list."""

    id: str
    due: int


class Plan(BaseModel):
    """What holds at least two."""

    steps: Annotated[tuple[Step, ...], Field(min_length=2)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("steps: [{id: a, due: soon}, {id: b, due: 2}]", [("steps.0.due", 1)]),
        ("steps:\n  - {id: a, due: 1}\n  - {due: 2}", [("'id' is missing in steps.1", 3)]),
        ("steps: [{id: a, due: 1}]", [("steps: at least 2 are needed", 1)]),
        ("steps: []", [("steps: at least 2 are needed", 1)]),
        ("steps: [{id: a, due: 1}, {id: b, due: 2}]", []),
    ],
)
def test_a_list_is_not_called_too_short_for_what_is_wrong_in_it(
    text: str, said: list[tuple[str, int]]
) -> None:
    document, _ = parse(text, "f.yaml")
    assert document is not None
    _, problems = validate(document, Plan, "plan")
    assert [one.line for one in problems] == [line for _, line in said]
    assert all(part in one.sentence for one, (part, _) in zip(problems, said, strict=True))


class Route(BaseModel):
    """Every kind of value that a file may get wrong."""

    asks: tuple[str, ...] = ()
    title: str = ""
    inhibit: bool = False
    most: int = 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("asks: duty", "asks: a list is needed, as in [duty] (found 'duty')"),
        ("asks: {duty: yes}", "asks: a list is needed, as in [...]"),
        ("asks: [2]", "asks.0: text is needed, in quotes (found 2)"),
        ("title: [a]", "title: text is needed"),
        ("inhibit: perhaps", "inhibit: true or false is needed (found 'perhaps')"),
        ("most: many", "most: a whole number is needed, as in 3 (found 'many')"),
    ],
)
def test_what_is_needed_is_said_in_the_words_of_a_file(text: str, said: str) -> None:
    document, _ = parse(text, "routes.yaml")
    assert document is not None
    (problem,) = validate(document, Route, "routes")[1]
    assert problem.sentence == said
