"""A link names what it was made for, and cannot be made, changed or mended by anybody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.duty.link import Link, opened, token

SECRET = "a secret of the service"
LINK = Link("county-12", "12.burglary.d20260305", datetime(2026, 3, 8, 7, tzinfo=UTC))


def test_it_opens_what_it_was_made_for():
    assert opened(token(LINK, SECRET), SECRET) == LINK


def test_it_may_stand_in_an_address():
    assert token(LINK, SECRET).replace("-", "").replace("_", "").replace(".", "").isalnum()


@pytest.mark.parametrize("other", [
    replace(LINK, receiver="county-13"), replace(LINK, warning="12.fire.d20260305"),
    replace(LINK, at=LINK.at + timedelta(seconds=1)),
])  # fmt: skip
def test_the_signature_of_one_opens_no_other(other: Link):
    said, _, _ = token(other, SECRET).partition(".")
    _, _, signature = token(LINK, SECRET).partition(".")
    assert opened(f"{said}.{signature}", SECRET) is None


def test_another_secret_opens_nothing():
    assert opened(token(LINK, SECRET), "another secret of it") is None


@given(st.integers(0, len(token(LINK, SECRET)) - 1), st.sampled_from("AZaz09-_.~\u4e2d"))
def test_no_sign_of_it_can_be_changed(place: int, sign: str):
    whole = token(LINK, SECRET)
    changed = whole[:place] + sign + whole[place + 1 :]
    # The last sign of each half holds bits that mean nothing: what it opens is the same all the same.
    assert opened(changed, SECRET) in (None, LINK)


@given(st.text(max_size=700))
def test_nothing_else_is_a_link(text: str):
    assert opened(text, SECRET) is None
