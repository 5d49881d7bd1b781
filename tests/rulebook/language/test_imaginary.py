"""Made-up areas: how they are called and how they lie."""

from __future__ import annotations

import pytest

from engine.model.area import AreaTree
from engine.rulebook.language.imaginary import imaginable, imagine

LEVELS = ("country", "county", "municipality", "district")
TREE = AreaTree.of(LEVELS, [])


@pytest.mark.parametrize("code", ["A", "Z", "A1", "B12", "A1.1", "country"])
def test_can_be_made_up_for_a_county_rule(code: str) -> None:
    assert imaginable(code, "county", TREE)


@pytest.mark.parametrize("code", ["a", "AB", "A0", "A1.1.1", "municipality", "county", "01", "Stockholm"])
def test_cannot_be_made_up_for_a_county_rule(code: str) -> None:
    assert not imaginable(code, "county", TREE)


def test_the_tree_holds_what_is_named_and_a_branch_to_the_lowest_level() -> None:
    tree = imagine(["A", "B2.1"], "county", LEVELS, {"A": 7})
    assert tree.lineage("B2.1") == ("B2.1", "B2", "B", "country")
    assert tree.lineage("A1.1") == ("A1.1", "A1", "A", "country")
    assert [tree[code].level for code in ("country", "A", "B2", "B2.1")] == list(LEVELS)
    assert all(tree.at(level) for level in LEVELS)
    assert (tree["A"].population, tree["B"].population) == (7, 100_000)


def test_areas_of_one_level_are_neighbours() -> None:
    tree = imagine(["A", "B", "C"], "county", LEVELS, {})
    assert tree["A"].neighbours == {"B", "C"}
    assert tree["country"].neighbours == frozenset()


def test_at_the_top_level_nothing_lies_above() -> None:
    tree = imagine(["A1"], "country", LEVELS, {})
    assert tree["A"].parent is None
    assert tree.lineage("A1") == ("A1", "A")
