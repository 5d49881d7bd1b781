"""A reason says what one record has of its own; its kind leaves room for it."""

from __future__ import annotations

import pytest

from engine.errors import RecordError
from engine.model.reason import Reason, kind_of

WIDE = Reason("… values where there are 4 columns", 3)


@pytest.mark.parametrize(("reason", "text", "kind"), [
    ("plain", "plain", "plain"),
    (Reason("plain"), "plain", "plain"),
    (WIDE, "3 values where there are 4 columns", "… values where there are 4 columns"),
    (Reason("'…'… is none", "a", ""), "'a' is none", "'…'… is none"),
    (Reason("holds …, no code", "'x … y'"), "holds 'x … y', no code", "holds …, no code"),
    (Reason("a polygon of … is left out: …", "Ås", WIDE),
     "a polygon of Ås is left out: 3 values where there are 4 columns",
     "a polygon of … is left out: … values where there are 4 columns"),
    (Reason.joined([WIDE, "plain", WIDE]), f"{WIDE}; plain", f"{WIDE.kind}; plain"),
    (Reason.joined([Reason("… is none", n) for n in (1, 2)]), "1 is none; 2 is none", "… is none"),
    (Reason("a.xml: empty").without("a.xml"), "a.xml: empty", "…: empty"),
    (Reason("a.xml: empty").without(""), "a.xml: empty", "a.xml: empty"),
])  # fmt: skip
def test_what_it_says_and_what_is_alike(reason: str, text: str, kind: str) -> None:
    assert (reason, kind_of(reason)) == (text, kind)


def test_an_error_raised_again_keeps_its_kind() -> None:
    first = RecordError("no area is called '…'", "Ås")
    assert str(RecordError(first.reason)) == "no area is called 'Ås'"
    assert RecordError(first.reason).reason.kind == "no area is called '…'"
