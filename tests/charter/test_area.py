"""A place may be called after a house of worship; the house itself is no area."""

from __future__ import annotations

import pytest

from engine.charter.area import refused

#: Towns and municipalities that there are.
TOWNS = (
    "Temple", "Iglesias", "Église-Neuve", "Kirchheim", "Mosquero", "Santa Fe", "La Chapelle", "Sept-Églises",
    "Chapelle-lez-Herlaimont", "Mesquita", "Capela", "Ermita", "A Mezquita", "Bethel", "White Church",
    "Convento", "Capilla del Señor", "São João da Igreja", "Santuario", "Romaria", "Catedral", "Pagoda",
    "Храм", "Mosque",
)  # fmt: skip
#: What stands there, or who is in it.
HOUSES = (
    "Grand Mosque", "Great Mosque", "Friday mosque area", "Mosque visitors", "Mosque worshippers",
    "Church members", "St. Peter's Church", "Temple congregation", "Central Synagogue", "Temple hall",
    "清真寺", "三教堂", "Prayer", "Islamic centre", "Uyghur quarter", "Norra moskén", "Igreja central",
    "East Mosque", "Mezquita Norte",
    "Zona de la mezquita", "Muslims", "Cult",
)  # fmt: skip


@pytest.mark.parametrize("name", TOWNS)
def test_where_many_live_may_be_called_so(name: str) -> None:
    assert list(refused([name], "", "5000")) == []
    assert list(refused([name], "", "", 500)) == []


@pytest.mark.parametrize("name", HOUSES)
def test_a_house_is_no_place_however_many_are_said_to_live_there(name: str) -> None:
    assert list(refused([name], "", "5000"))


@pytest.mark.parametrize("name", ["Temple", "Iglesias", "Bethel", "Mesquita", "Mosque"])
@pytest.mark.parametrize(
    ("kind", "population"), [("market", ""), ("residential-area", "5000"), ("", "4"), ("", "")]
)
def test_without_them_it_is_the_house(name: str, kind: str, population: str) -> None:
    assert list(refused([name], kind, population))
