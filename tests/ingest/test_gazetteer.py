"""Codes, names, points and shapes to areas, with reasons where there is no answer."""

from __future__ import annotations

import pytest
from shapely import GeometryCollection, MultiPolygon, Point, Polygon, box

from engine.errors import RecordError
from engine.ingest.gazetteer import Gazetteer
from engine.model.area import Area, AreaTree
from engine.model.text import Text


@pytest.mark.parametrize("name", ["Ås", "ÅS", "ås ", "A\u030as", "Aas", "ＡＡＳ"])
def test_a_name_is_found_however_it_is_written(gazetteer: Gazetteer, name: str) -> None:
    assert gazetteer.by_name(name) == "A1"


def test_the_chinese_name_and_the_alias_are_names_too(gazetteer: Gazetteer) -> None:
    assert gazetteer.by_name("北县") == gazetteer.by_name("north") == "A"


@pytest.mark.parametrize("within", ["South County", "南县", "B"])
def test_a_name_that_means_several_is_told_apart_by_its_holder(gazetteer: Gazetteer, within: str) -> None:
    assert gazetteer.by_name("Stad", within) == "B1"


@pytest.mark.parametrize(("name", "within", "level", "reason"), [
    ("North Countty", None, None, r"no area is called 'North Countty' \(did you mean 'North County'\?\)"),
    ("Xyz", None, None, "no area is called 'Xyz'$"),
    ("Stad", None, None, r"means several areas: A2 \(municipality Stad\), B1 \(municipality Stad\)"),
    ("Stad", "Land", None, "'Stad' in 'Land' means several areas"),
    ("Stad", "Ås", None, "'Stad' is no area in 'Ås'"),
    ("Stad", None, "county", "'Stad' is no area of the level county"),
])  # fmt: skip
def test_a_name_without_one_answer_is_a_reason(
    gazetteer: Gazetteer, name: str, within: str | None, level: str | None, reason: str
) -> None:
    with pytest.raises(RecordError, match=reason):
        gazetteer.by_name(name, within, level)


def test_codes(gazetteer: Gazetteer) -> None:
    assert gazetteer.by_code("B1") == "B1"
    with pytest.raises(RecordError, match="there is no area with the code 'B2'"):
        gazetteer.by_code("B2")


def test_a_point_lies_in_the_most_exact_area(gazetteer: Gazetteer) -> None:
    assert gazetteer.at_point(51, 10.5) == "A1"
    assert gazetteer.at_point(51, 10.5, "county") == "A"
    assert gazetteer.at_point(51, 11.5) == "A"
    assert gazetteer.at_point(51, 12) == "A", "on a border the first code, always the same"


def test_a_point_outside_counts_for_the_nearest_within_reach(gazetteer: Gazetteer) -> None:
    assert gazetteer.at_point(51, 14.05, reach=10) == "B"
    for reach in (None, 2.0):
        with pytest.raises(RecordError, match=r"no area holds the point 51, 14\.05"):
            gazetteer.at_point(51, 14.05, reach=reach)


def test_a_point_that_is_none_on_earth_says_which_comes_first(gazetteer: Gazetteer) -> None:
    with pytest.raises(RecordError, match="latitude comes first"):
        gazetteer.at_point(121.5, 31.2)


def test_a_shape_counts_for_what_it_overlaps_by_more_than_its_edge(gazetteer: Gazetteer) -> None:
    assert gazetteer.overlapping(box(11, 50, 13, 51), "county") == ("A", "B")
    assert gazetteer.overlapping(box(11, 50, 12.001, 51), "county") == ("A",)
    assert gazetteer.overlapping(Polygon([(11, 51), (13, 51), (11, 51)]), "county") == ("A", "B")
    with pytest.raises(RecordError, match="no area of the level county"):
        gazetteer.overlapping(box(0, 0, 1, 1), "county")


def test_a_small_part_of_a_shape_is_no_edge_beside_a_large_one(gazetteer: Gazetteer) -> None:
    parts = [box(10, 50, 12, 52), box(13, 51, 13.01, 51.01)]
    assert gazetteer.overlapping(MultiPolygon(parts), "county") == ("A", "B")
    nested = GeometryCollection([MultiPolygon(parts), Point(11, 51)])
    assert gazetteer.overlapping(nested, "county") == ("A", "B")


def test_a_shape_whose_coordinates_are_swapped_is_told_to_be(gazetteer: Gazetteer) -> None:
    with pytest.raises(RecordError, match=r"lies in the shape; it would if its latitudes were longitudes"):
        gazetteer.overlapping(box(50, 10, 51, 11), "county")


def test_a_misspelt_name_among_forty_thousand_is_answered_quickly() -> None:
    towns = [f"{chr(0x4E00 + number // 200)}{chr(0x5E00 + number % 200)}街道" for number in range(40_000)]
    areas = [Area(str(number), Text(town), "town") for number, town in enumerate(towns)]
    gazetteer = Gazetteer(AreaTree.of(("town",), areas), {})
    with pytest.raises(RecordError, match=f"did you mean '{towns[31_234]}'"):
        gazetteer.by_name(towns[31_234].removesuffix("道"))
