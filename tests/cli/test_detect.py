"""`forewarn detect` on files: the columns, the golden figures, and what it refuses."""

from __future__ import annotations

import csv
import io
import json
import math
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.cli.detect import COLUMNS, detect
from engine.detect.methods import METHODS
from engine.errors import UsageError

GOLDEN = Path(__file__).parents[1] / "data" / "golden"
SERIES = str(GOLDEN / "series.csv")
PLAIN = {"baseline": "7", "minSigma": "0"}


def call(*words: str) -> str:
    done = CliRunner().invoke(detect, list(words), standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return done.stdout


def table(*words: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(call(*words))))


def golden(name: str, **picked: str) -> list[dict[str, str]]:
    with (GOLDEN / name).open() as file:
        return [row for row in csv.DictReader(file) if all(row[k] == v for k, v in picked.items())]


def same(text: str, expected: str) -> bool:
    if expected == "NA":
        return text == ""
    return math.isclose(float(text), float(expected), rel_tol=1e-9)


@pytest.mark.parametrize(
    ("words", "reference"),
    [
        (["ears", "--param", "method=C2"], golden("ears_golden.csv", method="C2", **PLAIN, alpha="0.001")),
        (["ears", "--param", "method=C3"], golden("ears_golden.csv", method="C3", **PLAIN, alpha="0.025")),
        (["cusum", "--range", "270-416"], golden("cusum_golden.csv")),
        (["farrington", "--range", "270-416"], golden("farrington_golden.csv", cfg="default")),
    ],
    ids=["C2", "C3", "cusum", "farrington"],
)  # fmt: skip
def test_the_reference_form_gives_the_references_figures(words, reference):
    method, *rest = words
    found = table(method, SERIES, "--param", "compat=surveillance", "--param", "frequency=52", *rest)
    assert [row["t"] for row in found] == [row["t"] for row in reference]
    assert all(same(one["upper"], two["upper"]) for one, two in zip(found, reference, strict=True))
    assert all(same(one["alarm"], two["alarm"]) for one, two in zip(found, reference, strict=True))


@pytest.mark.parametrize("method", sorted(set(METHODS) - {"cluster", "near_repeat"}))
def test_every_method_answers_with_its_defaults(method):
    found = table(method, SERIES, "--range", "400-401")
    assert [row["t"] for row in found] == ["400", "401"]
    assert tuple(found[0]) == COLUMNS
    assert {row["alarm"] for row in found} <= {"0", "1"}
    assert all(row["expected"] for row in found)


def test_the_forecast_reaches_one_point_beyond_the_series():
    found = table("forecast", SERIES, "--range", "417")
    assert found[0]["t"] == "next" and found[0]["y"] == "" and found[0]["alarm"] == ""
    assert float(found[0]["expected"]) > 0 and float(found[0]["upper"]) > float(found[0]["expected"])


def test_json_holds_null_where_there_is_nothing():
    found = json.loads(call("ears", SERIES, "--param", "method=C3", "--range", "100", "--format", "json"))
    assert found[0]["pvalue"] is None and found[0]["alarm"] in (0, 1) and found[0]["t"] == "100"


def test_facts_add_what_only_this_method_has():
    assert "slope" in table("trend", SERIES, "--range", "100", "--facts")[0]


def test_many_series_keep_their_names_and_a_missing_count_is_not_judged(tmp_path):
    file = tmp_path / "two.csv"
    rows = [f"{name},{t},{t % 3}" for name in ("north", "south") for t in range(1, 13)]
    file.write_text("\n".join(["series,t,y", *rows[:-1], "south,12,"]))
    found = table("ears", str(file))
    assert [(row["series"], row["t"]) for row in found][4:6] == [("north", "12"), ("south", "8")]
    assert found[-1]["alarm"] == "" and found[-1]["upper"] != ""


def test_the_list_names_every_method_and_parameter():
    shown = call("--list")
    for name, method in METHODS.items():
        assert f"\n{name}: " in f"\n{shown}"
        assert all(parameter.name in shown for parameter in method.parameters)
    assert {row["method"] for row in json.loads(call("--list", "--format", "json"))} == set(METHODS)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "name a method and a file"),
        (["eers", SERIES], "unknown method 'eers' \\(did you mean 'ears'\\?\\)"),
        (["ears", SERIES, "--param", "methd=C2"], "unknown parameter 'methd' \\(did you mean 'method'\\?\\)"),
        (["ears", SERIES, "--param", "method"], "a parameter is NAME=VALUE"),
        (["ears", SERIES, "--param", "baseline=few"], "baseline must be a whole number, found 'few'"),
        (["ears", SERIES, "--param", "baseline=2"], "baseline must lie from 3"),
        (["farrington", SERIES, "--param", "limit54=5"], "limit54 must be two whole numbers"),
        (["farrington", SERIES, "--param", "trend=maybe"], "trend must be true or false"),
        (["ears", SERIES, "--range", "1-4"], "can judge the time points 8 to 416"),
        (["cusum", SERIES, "--param", "compat=surveillance"], "needs a range"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(words, message):
    with pytest.raises(UsageError, match=message):
        call(*words)
