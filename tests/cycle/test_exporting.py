"""What may leave: small numbers veiled, formulas neutralised, nobody named, places within what was asked."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook

from engine.cycle.exporting.form import formed
from engine.cycle.exporting.rows import EXPORTS, VEILED, Wanted, rows, veiled
from engine.cycle.world import World
from engine.errors import UsageError
from engine.model.act import Act, ActKind
from engine.store import acts, judgement
from tests.console.conftest import judged
from tests.story import county

FORMULA = "=HYPERLINK(1)"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with judged(county.build(tmp_path_factory.mktemp("county"))) as opened:
        act = Act(
            kind=ActKind.COMMENT, area="T1", topic="burglary", at=datetime(2026, 3, 10, tzinfo=UTC),
            reason=FORMULA, by="anna.svensson",
        ).named()  # fmt: skip
        with opened.store.begin() as tx:
            acts.add(tx, [act])
        yield opened


@pytest.mark.parametrize(
    ("value", "shown"), [(0, 0), (1, VEILED), (4, VEILED), (4.9, VEILED), (5, 5), (7.5, 7.5), (12.0, 12)]
)
def test_a_count_from_one_to_four_is_veiled(value: float, shown: object):
    assert veiled(value) == shown


@pytest.mark.parametrize("what", EXPORTS)
def test_every_row_has_every_column_and_no_small_number(world: World, what: str):
    found = rows(world, what, Wanted(rule="county.burglary-surge"))
    assert found and all(tuple(row) == EXPORTS[what].columns for row in found)
    counts = [row[key] for row in found for key in ("observed", "count") if key in row]
    assert not [one for one in counts if isinstance(one, int | float) and 0 < one < 5]


def test_warnings_are_all_there_were(world: World):
    with world.store.read() as tx:
        every = judgement.warnings(tx)
    assert {row["id"] for row in rows(world, "warnings", Wanted())} == {one.id for one in every}
    some = rows(world, "warnings", Wanted(areas={"T2"}, since=date(2026, 3, 4)))
    assert {row["id"] for row in some} == {
        one.id for one in every if one.area == "T2" and one.since.date() >= date(2026, 3, 4)
    }


def test_panels_are_the_ledgers(world: World):
    found = rows(world, "panels", Wanted(rule="county.burglary-surge", until=date(2026, 3, 10)))
    town = [row for row in found if row["area"] == "T1" and row["data"] == "observed"]
    known = {row["id"]: row for row in sorted(county.log(1), key=lambda row: row["known"])}
    for row in town:
        own = [
            one for one in known.values() if one["town"] == "T1" and one["kind"] == "burglary"
            and row["first"].isoformat() <= one["at"][:10] <= row["last"].isoformat()
            and one["known"] < county.END.isoformat()
        ]  # fmt: skip
        assert row["count"] == veiled(len(own))


def test_a_panel_is_of_a_rule_that_counts_days(world: World):
    for rule in ("", "county.explosion", "county.burglery-surge"):
        with pytest.raises(UsageError):
            rows(world, "panels", Wanted(rule=rule))


def test_no_cell_can_be_a_formula_and_nobody_is_named(world: World):
    found = rows(world, "acts", Wanted())
    for form in ("csv", "geojson", "xlsx"):
        assert b"svensson" not in formed(world, "acts", found, form)
    (row,) = csv.DictReader(io.StringIO(formed(world, "acts", found, "csv").decode("utf-8-sig")))
    assert row["why"] == f"'{FORMULA}"
    page = load_workbook(io.BytesIO(formed(world, "acts", found, "xlsx")))["acts"]
    assert all(cell.data_type != "f" for line in page.iter_rows() for cell in line)


def test_a_place_without_a_shape_is_told_without_geometry(world: World):
    told = json.loads(formed(world, "acts", rows(world, "acts", Wanted()), "geojson"))
    assert told["features"][0]["geometry"] is None
    assert told["features"][0]["properties"]["area"] == "T1"
