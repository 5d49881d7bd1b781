"""Whatever its own description lets a program send, and what it does not, the API never breaks.

A few cases of each in every run, the same ones; thousands, others each time, in `make soak`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from engine.console.app import create
from engine.cycle.world import World
from engine.model.staff import Right, TokenKind
from engine.staff import tokens
from tests.console.test_acts import link, world

__all__ = ["link", "world"]

#: So many of each, right and wrong.
CASES, MANY = 12, 2000
#: A stream has no end.
ENDLESS = "GET /v1/events"


def operations() -> dict[str, Any]:
    """What the API says of itself, by method and path."""
    described = schemathesis.openapi.from_dict(create(lambda: None).openapi())  # type: ignore[arg-type,return-value]
    found = [one.ok() for one in described.get_all_operations()]
    return {one.label: one for one in found if one.label != ENDLESS}


OPERATIONS = operations()


@pytest.fixture(scope="module")
def program(world: World, link: str) -> Iterator[httpx.Client]:
    """A program that may do everything."""
    with world.store.begin() as tx:
        _, key = tokens.make(tx, "All", TokenKind.API, world.clock(), by="cli", via="cli", scopes=list(Right))
    base, headers = link.partition("/enter")[0], {"authorization": f"Bearer {key}"}
    with httpx.Client(base_url=base, headers=headers, timeout=600) as client:
        yield client


def ask(program: httpx.Client, name: str, mode: GenerationMode, cases: int, **how: object) -> None:
    # Of some there is little that is forbidden.
    unfiltered = [*settings.default.suppress_health_check, HealthCheck.filter_too_much]

    @settings(
        max_examples=cases, phases=[Phase.generate], database=None, suppress_health_check=unfiltered, **how
    )  # type: ignore[arg-type]
    @given(case=OPERATIONS[name].as_strategy(generation_mode=mode))
    def one(case: Any) -> None:
        wish = case.as_transport_kwargs(base_url=str(program.base_url))
        wish.pop("cookies", None)
        if isinstance(wish.get("data"), bytes):
            wish["content"] = wish.pop("data")
        wish["headers"] = {key: wish["headers"][key] for key in wish["headers"] if key.isascii()}
        answer = program.request(**wish)
        assert answer.status_code < 500, wish
        if answer.status_code >= 400 and answer.status_code not in (405, 413):
            assert answer.headers["content-type"] == "application/problem+json", wish
            assert answer.json()["status"] == answer.status_code

    try:
        one()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, "there is nothing that it forbids"


@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize("name", OPERATIONS)
def test_nothing_that_is_sent_breaks_it(program: httpx.Client, name: str, mode: GenerationMode):
    ask(program, name, mode, CASES)


@pytest.mark.soak
@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize("name", OPERATIONS)
def test_nor_do_thousands(program: httpx.Client, name: str, mode: GenerationMode):
    ask(program, name, mode, MANY, derandomize=False)


@pytest.mark.parametrize(
    "body", [b'\x93\x94\xf1"', b'"\xff"', b"{", b"", b"null", b"[1]", b'{"why": "\\ud800"}']
)
def test_a_body_that_cannot_be_read_is_a_problem_like_any(program: httpx.Client, body: bytes):
    answer = program.post("/v1/acts", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422) and answer.headers["content-type"] == "application/problem+json"


def test_whatever_it_answers_it_has_described():
    assert {"GET /v1/warnings", "GET /v1/tasks", "POST /v1/acts"} <= set(OPERATIONS)
