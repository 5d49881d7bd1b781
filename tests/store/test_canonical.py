"""The same value is the same text, and comes back."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.grade import Domain, Grade
from engine.store.canonical import canonical, restore


@dataclass(frozen=True)
class Thing:
    name: str
    grade: Grade = Grade.BLUE
    values: tuple[float, ...] = ()
    pair: tuple[str, int] | None = None
    at: datetime | None = None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [True, None]}, '{"a":[true,null],"b":1}'),
        (0.1 + 0.2, "0.3"),
        (1 / 3, "0.333333333333"),
        (3.0, "3"),
        (-0.0, "0"),
        (math.nan, "null"),
        (math.inf, '"inf"'),
        (1e300, "1e+300"),
        (np.float64(0.5), "0.5"),
        (np.int64(7), "7"),
        (Grade.RED, "4"),
        (Domain.CYBER, '"cyber"'),
        ({"b", "a"}, '["a","b"]'),
        (date(2025, 3, 1), '"2025-03-01"'),
        (datetime(2025, 3, 1, tzinfo=UTC), '"2025-03-01T00:00:00+00:00"'),
        (timedelta(minutes=1.5), "90"),
        ("火灾", '"火灾"'),
        (Thing("x"), '{"at":null,"grade":1,"name":"x","pair":null,"values":[]}'),
    ],
)
def test_canonical_text(value: object, text: str) -> None:
    assert canonical(value) == text


def test_what_has_no_canonical_form_is_refused() -> None:
    with pytest.raises(TypeError, match="object has no canonical form"):
        canonical({"a": object()})


THINGS = st.builds(
    Thing, st.text(), st.sampled_from(Grade), st.lists(st.floats(), max_size=3).map(tuple),
    st.none() | st.tuples(st.text(), st.integers()), st.none() | st.datetimes(timezones=st.just(UTC)),
)  # fmt: skip


@given(THINGS)
def test_a_value_comes_back_and_its_text_stays(thing: Thing) -> None:
    text = canonical(thing)
    back = restore(Thing, text)
    assert canonical(back) == text
    assert (back.name, back.grade, back.pair, back.at) == (thing.name, thing.grade, thing.pair, thing.at)
    np.testing.assert_allclose(back.values, thing.values, rtol=1e-11)


@pytest.mark.parametrize("gone", ['"seen":[["police","1"]]', '"seen":null', '"seen":{"at":1}'])
def test_what_an_older_version_wrote_stays_readable(gone: str) -> None:
    """One field has gone since, others have come; so it is within a tuple, too."""
    old = f'{{"grade":3,{gone},"name":"x"}}'
    assert restore(Thing, old) == Thing("x", Grade.ORANGE)
    assert restore(tuple[Thing, ...], f"[{old}]") == (Thing("x", Grade.ORANGE),)
