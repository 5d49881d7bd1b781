"""The area table and its polygons: what is read, and every mistake with its line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.errors import ConfigError
from engine.ingest.areas import load_areas

LEVELS = ("country", "county")
LEAST = {"county": 5000}
HEAD = "code,name,zh,level,parent,population,aliases,kind\n"
TABLE = HEAD + (
    "L,Land,国,country,,1000000,,\n"
    "A,North County,北县,county,L,600000,North|Norr,\n"
    "B,South County,南县,county,L,,,\n"
    "S1,Upper School,,county,A,,,school\n"
)


def square(code: str, west: float) -> dict[str, object]:
    ring = [[west, 50], [west + 2, 50], [west + 2, 52], [west, 52], [west, 50]]
    return {"properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def write(folder: Path, table: str, *features: object) -> tuple[Path, Path]:
    (folder / "a.csv").write_text(table)
    (folder / "a.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return folder / "a.csv", folder / "a.geojson"


def problems(folder: Path, table: str, *features: object) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_areas(*write(folder, table, *features), LEVELS, LEAST)
    return [f"{problem.line}: {problem.sentence}" for problem in caught.value.problems]


def test_the_tree_knows_its_neighbours_and_middles(tmp_path: Path) -> None:
    tree, gazetteer = load_areas(*write(tmp_path, TABLE, square("A", 10), square("B", 12)), LEVELS, LEAST)
    north = tree["A"]
    assert north.neighbours == {"B"} and tree["B"].neighbours == {"A"} and tree["L"].neighbours == frozenset()
    assert north.centroid == (51, 11)
    assert north.aliases == ("North", "Norr") and north.population == 600_000
    assert tree["B"].population is None and tree["S1"].kind == "school"
    assert gazetteer.by_name("norr") == gazetteer.at_point(51, 11) == "A"


def test_without_polygons_names_still_work(tmp_path: Path) -> None:
    table, _ = write(tmp_path, TABLE)
    tree, gazetteer = load_areas(table, None, LEVELS, LEAST)
    assert gazetteer.by_name("北县") == "A" and tree["A"].centroid is None


def test_parts_of_one_area_are_one_polygon(tmp_path: Path) -> None:
    tree, gazetteer = load_areas(*write(tmp_path, TABLE, square("A", 10), square("A", 20)), LEVELS, LEAST)
    assert gazetteer.at_point(51, 21) == "A"
    latitude, longitude = tree["A"].centroid or (0, 0)
    assert gazetteer.at_point(latitude, longitude) == "A"


@pytest.mark.parametrize(("row", "sentence"), [
    ("A,Again,,county,L,,,", "the area 'A' stands here again; it is already on line 3"),
    ("C,,,county,L,,,", "an area needs a code and a name"),
    ("C,X,,conty,L,,,", "'conty' is not one of the levels country, county (did you mean 'county'?)"),
    ("C,X,,county,LL,,,", "the parent 'LL' of 'C' is not in the table"),
    ("C,X,,county,B,,,", "'C' (county) lies in 'B', which is not of a higher level"),
    ("C,X,,county,L,many,,", "the population 'many' is not a whole number; leave it empty where unknown"),
    ("C,X,,county,A,,,residential-area", "a residential area needs at least 500 residents"),
    ("C,X,,county,A,499,,residential-area", "a residential area needs at least 500 residents"),
    ("C,X,,county,S1,,,station", "'S1' is a facility or the area itself; nothing lies in it"),
    ("C,X,,county,L", "this line has not 8 values"),
])  # fmt: skip
def test_every_mistake_has_its_line(tmp_path: Path, row: str, sentence: str) -> None:
    found = problems(tmp_path, TABLE + row + "\n")
    assert len(found) == 1 and found[0].startswith(f"6: {sentence}")


@pytest.mark.parametrize(("row", "sentence"), [
    ("C,X,,county,L,,,", "an area needs its population (at least 500); a facility needs its kind"),
    ("C,X,,county,L,4,,", "an area needs at least 500 residents: fewer are people, no place"),
    ("C,X,,county,L,499,,", "an area needs at least 500 residents"),
    ("C,Grand Mosque,,county,A,,,market", "'Grand Mosque' is called after worship ('mosque')"),
    ("C,Hall,大清真寺,county,A,,,market", "'大清真寺' is called after worship ('清真')"),
    ("C,Hall,,county,L,9000,East Mosque,", "'East Mosque' has the name of worship"),
])  # fmt: skip
def test_the_charter_decides_what_is_a_place(tmp_path: Path, row: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_areas(*write(tmp_path, TABLE.replace(",L,,,", ",L,700,,") + row + "\n"), LEVELS)
    (problem,) = caught.value.problems
    assert (problem.line, problem.name) == (6, "charter") and problem.sentence.startswith(sentence)


def test_a_population_declared_for_a_level_stands_for_those_that_are_missing(tmp_path: Path) -> None:
    table, _ = write(tmp_path, TABLE)
    with pytest.raises(ConfigError, match="an area needs its population"):
        load_areas(table, None, LEVELS)
    tree, _ = load_areas(table, None, LEVELS, {"county": 500})
    assert tree["B"].population is None
    with pytest.raises(ConfigError, match="an area needs at least 500 residents"):
        load_areas(write(tmp_path, TABLE + "C,X,,county,L,4,,\n")[0], None, LEVELS, {"county": 500})


@pytest.mark.parametrize("kind", ["mosque", "church", "newspaper", "party-office", "petition-office", "ngo"])
def test_there_is_no_kind_for_worship_media_parties_or_petitions(tmp_path: Path, kind: str) -> None:
    assert f"'{kind}' is not a kind of facility" in problems(tmp_path, f"{TABLE}C,X,,county,A,,,{kind}\n")[0]


def test_a_table_of_other_columns_or_none_is_a_problem(tmp_path: Path) -> None:
    assert "missing: zh, level" in problems(tmp_path, "code,name\n1,2\n")[0]
    (tmp_path / "latin").write_bytes("code,name\n1,Malmö\n".encode("latin-1"))
    for path in (tmp_path / "gone", tmp_path / "latin"):
        with pytest.raises(ConfigError, match="the area table cannot be read"):
            load_areas(path, None, LEVELS)


def test_a_polygon_of_no_area_and_one_that_is_none_are_problems(tmp_path: Path) -> None:
    broken = {"properties": {"code": "B"}, "geometry": {"type": "Polygon", "coordinates": [[[1, 2]]]}}
    found = problems(tmp_path, TABLE, square("AA", 10), broken)
    assert "feature 1 has the code 'AA', which is no area" in found[0]
    assert "feature 2 ('B'): not a GeoJSON geometry" in found[1]
    table, geometry = write(tmp_path, TABLE)
    geometry.write_text("[]")
    with pytest.raises(ConfigError, match="not readable as a GeoJSON FeatureCollection"):
        load_areas(table, geometry, LEVELS, LEAST)


def test_a_township_of_a_nation_is_an_area_by_its_official_name_alone(tmp_path: Path) -> None:
    """What is listed by its whole name, and what holds the same words and is not."""
    for name in ("于家乡", "观音寺街道", "达斡尔民族乡", "华侨管理区"):
        table, _ = write(tmp_path, HEAD + f"01,{name},{name},county,,30000,,\n")
        assert len(load_areas(table, None, LEVELS)[0]) == 1
    for name in ("于家乡亲", "观音寺", "达斡尔人", "华侨"):
        (told, *_) = problems(tmp_path, HEAD + f"01,{name},{name},county,,30000,,\n")
        assert "judges places and harms" in told
