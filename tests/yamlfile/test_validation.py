"""What is said of a document that a model does not take."""

from __future__ import annotations

from typing import Annotated

import pytest
from pydantic import BaseModel, Field

from engine.yamlfile import reading as yamlfile
from engine.yamlfile.validation import validate


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
        ("steps: [{id: a, due: 1}]", [("steps: tuple should have at least 2 items", 1)]),
        ("steps: []", [("steps: tuple should have at least 2 items", 1)]),
        ("steps: [{id: a, due: 1}, {id: b, due: 2}]", []),
    ],
)
def test_a_list_is_not_called_too_short_for_what_is_wrong_in_it(text: str, said: list[tuple[str, int]]):
    document, _ = yamlfile.parse(text, "f.yaml")
    assert document is not None
    _, problems = validate(document, Plan, "plan")
    assert [one.line for one in problems] == [line for _, line in said]
    assert all(part in one.sentence for one, (part, _) in zip(problems, said, strict=True))
