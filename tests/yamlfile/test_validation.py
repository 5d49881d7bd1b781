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
