"""Numbers as people and programs write them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from engine.ingest.mapping import Numbers
from engine.ingest.number import reader


def read(value: Any, **notation: Any) -> float:
    return reader(Numbers(**notation))(value)


@pytest.mark.parametrize(("value", "notation", "expected"), [
    (3, {}, 3), (2.5, {"decimal": ","}, 2.5), ("12.5", {}, 12.5), (" -3 ", {}, -3), ("+.5", {}, 0.5),
    ("1e3", {}, 1000), ("\u22125", {}, -5), ("１２．５", {}, 12.5), ("٣٫٥", {}, 3.5), ("१२", {}, 12),
    ("12,5", {"decimal": ","}, 12.5), ("１２，５", {"decimal": ","}, 12.5), ("7", {"decimal": ","}, 7),
    ("1.234.567,8", {"decimal": ",", "thousands": "."}, 1234567.8),
    ("1,234.5", {"thousands": ","}, 1234.5), ("1234.5", {"thousands": ","}, 1234.5),
    ("1 234\u00a0567", {"thousands": " "}, 1234567),
    ("1\u202f234,5", {"decimal": ",", "thousands": " "}, 1234.5),
    ("1'234.5", {"thousands": "'"}, 1234.5), ("1’234", {"thousands": "'"}, 1234),
])  # fmt: skip
def test_a_number(value: Any, notation: dict[str, str], expected: float) -> None:
    assert read(value, **notation) == expected


@pytest.mark.parametrize(("value", "notation"), [
    ("12,5", {}), ("1 234", {}), ("1_000", {}), ("nan", {}), ("inf", {}), ("1e999", {}), ("", {}),
    ("5 ha", {}), (True, {}), (None, {}), ([1], {}), (float("inf"), {}), ("12.5", {"decimal": ","}),
    # A sign that sets thousands apart does so in threes, or it is no such sign.
    ("1.5", {"decimal": ",", "thousands": "."}), ("12.34.567", {"decimal": ",", "thousands": "."}),
    ("1,23", {"thousands": ","}), ("1" * 200, {}), ("三", {}), ("①", {}),
])  # fmt: skip
def test_no_number(value: Any, notation: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        read(value, **notation)


def test_one_sign_cannot_mean_both() -> None:
    with pytest.raises(ValidationError, match="cannot be the same"):
        Numbers(decimal=",", thousands=",")


@given(value=st.floats(-1e12, 1e12).map(lambda one: round(one, 3)), decimal=st.sampled_from(".,"))
def test_what_is_written_is_read(value: float, decimal: str) -> None:
    apart = "." if decimal == "," else ","
    text = f"{value:,.3f}".replace(",", "_").replace(".", decimal).replace("_", apart)
    assert read(text, decimal=decimal, thousands=apart) == value
