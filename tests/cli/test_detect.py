"""`forewarn detect` on files: the columns, the golden figures, and what it refuses."""

from __future__ import annotations

import csv
import io
import json
import math
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.cli.detect import COLUMNS, detect
from engine.detect.files.methods import EVENT_METHODS, METHODS
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


@pytest.mark.parametrize("method", sorted(METHODS))
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
    params = ("--param", "method=C3", "--param", "dispersion=none")
    found = json.loads(call("ears", SERIES, *params, "--range", "100", "--format", "json"))
    assert found[0]["pvalue"] is None and found[0]["alarm"] in (0, 1) and found[0]["t"] == "100"


def test_facts_add_what_only_this_method_has():
    assert "slope" in table("trend", SERIES, "--range", "100", "--facts")[0]


def test_many_series_keep_their_names_and_a_missing_count_is_not_judged(tmp_path):
    file = tmp_path / "two.csv"
    rows = [f"{name},{t},{t % 3}" for name in ("north", "south") for t in range(1, 13)]
    file.write_text("\n".join(["series,t,y", *rows[:-1], "south,12,"]))
    found = table("ears", str(file), "--param", "dispersion=none")
    assert [(row["series"], row["t"]) for row in found][4:6] == [("north", "12"), ("south", "8")]
    assert found[-1]["alarm"] == "" and found[-1]["upper"] != ""


def test_the_list_names_every_method_and_parameter():
    shown = call("--list")
    for name, method in (METHODS | EVENT_METHODS).items():
        assert f"\n{name}: " in f"\n{shown}"
        assert all(parameter.name in shown for parameter in method.parameters)
    listed = {row["method"] for row in json.loads(call("--list", "--format", "json"))}
    assert listed == set(METHODS) | set(EVENT_METHODS)


def outbreak(tmp_path: Path) -> str:
    """Two months of one event a day in turn at six places, and eight more at the third in the last days."""
    places = [(0, 0), (0, 9), (9, 0), (9, 9), (30, 30), (30, 39)]
    rows = []
    for day in range(60):
        x, y = places[day % 6]
        rows.append(f"2024-{1 + day // 30:02}-{1 + day % 28:02},{x},{y},1,place {day % 6}")
    rows += [f"2024-02-{day:02},9,0,2,place 2" for day in (27, 27, 28, 28)]
    file = tmp_path / "events.csv"
    file.write_text("\n".join(["date,x,y,n,area", *rows]))
    return str(file)


def test_a_cluster_names_its_areas_days_and_figures(tmp_path):
    words = ["--param", "max_days=7", "--param", "replicates=99"]
    found = table("cluster", outbreak(tmp_path), *words)
    assert tuple(found[0]) == EVENT_METHODS["cluster"].columns
    assert found[0]["areas"] == "place 2" and found[0]["center"] == "place 2"
    assert (found[0]["start"], found[0]["end"]) == ("2024-02-27", "2024-02-28")
    assert int(found[0]["observed"]) >= 8 and float(found[0]["expected"]) < 4
    assert float(found[0]["pvalue"]) == 0.01 and float(found[0]["recurrence"]) == 100


def among(tmp_path: Path) -> str:
    """The same events beside a place where nothing happened, with the inhabitants and controls of each."""
    lines = Path(outbreak(tmp_path)).read_text().splitlines()
    rows = [f"{lines[0]},population,controls", *(f"{line},{1000 if n < 6 else ''},2" for n, line in
                                                 enumerate(lines[1:]))]  # fmt: skip
    file = tmp_path / "among.csv"
    file.write_text("\n".join([*rows, "2024-01-05,50,50,0,place 6,9000,40"]))
    return str(file)


def test_a_scan_by_inhabitants_and_one_among_controls(tmp_path):
    words = ["--param", "max_days=7", "--param", "replicates=99", "--param", "max_radius=20"]
    file = among(tmp_path)
    people = table("cluster", file, *words, "--param", "model=poisson")[0]
    assert people["areas"] == "place 2"
    # Of 68 cases in 59 days, a fifteenth of the inhabitants should have had so many in those days.
    days = 1 + (date.fromisoformat(people["end"]) - date.fromisoformat(people["start"])).days
    assert float(people["expected"]) == pytest.approx(68 / 15 * days / 59)
    controls = table("cluster", file, *words, "--param", "model=bernoulli")[0]
    assert controls["areas"] == "place 2"
    assert float(controls["expected"]) < int(controls["observed"])


def test_near_repeats_have_a_row_per_band(tmp_path):
    words = ["--param", "space_bands=1,20", "--param", "time_bands=2,7", "--param", "replicates=99"]
    found = table("near_repeat", outbreak(tmp_path), *words)
    bands = [(row["distance"], row["days"]) for row in found]
    assert bands == [("1", "2"), ("1", "7"), ("20", "2"), ("20", "7")]
    first = found[0]
    assert int(first["observed"]) > 0 and 0 < float(first["pvalue"]) <= 1
    assert float(first["ratio"]) == pytest.approx(int(first["observed"]) / float(first["expected"]))


def reports(tmp_path: Path) -> str:
    """A hundred days of ten events each: six known on the day, three the day after, one after three days."""
    rows = ["series,date,known,n"]
    for back in range(1, 101):
        day = date(2025, 6, 1) - timedelta(days=back)
        for delay, n in ((0, 6), (1, 3), (3, 1)):
            if delay < back:
                rows.append(f"north,{day},{day + timedelta(days=delay)},{n}")
    file = tmp_path / "reports.csv"
    file.write_text("\n".join(rows))
    return str(file)


def test_a_nowcast_completes_the_last_days(tmp_path):
    words = ["--param", "max_delay=5", "--param", "history=60"]
    found = table("nowcast", reports(tmp_path), *words)
    assert tuple(found[0]) == EVENT_METHODS["nowcast"].columns
    assert [row["t"] for row in found] == [f"2025-05-{day}" for day in range(26, 32)]
    assert [row["reported"] for row in found] == ["10", "10", "10", "9", "9", "6"]
    assert [float(row["completeness"]) for row in found] == pytest.approx([1, 1, 1, 0.9, 0.9, 0.6], abs=1e-3)
    assert [float(row["estimate"]) for row in found] == pytest.approx([10] * 6, rel=2e-3)
    assert all(float(row["low"]) <= 10 <= float(row["high"]) for row in found)


def test_a_nowcast_of_an_earlier_morning_knows_no_later_report(tmp_path):
    found = table("nowcast", reports(tmp_path), "--param", "max_delay=5", "--param", "cut=2025-05-01")
    assert [(row["t"], row["reported"]) for row in found[-2:]] == [("2025-04-29", "9"), ("2025-04-30", "6")]


def test_a_nowcast_from_too_few_cases_is_left_open(tmp_path):
    found = table("nowcast", reports(tmp_path), "--param", "least=5000", "--param", "max_delay=5")
    assert found[-1]["reported"] == "6" and found[-1]["estimate"] == found[-1]["high"] == ""


@pytest.mark.parametrize(
    ("method", "content", "message"),
    [
        ("nowcast", "date,n\n2025-01-01,1", "no column 'known'"),
        ("nowcast", "date,known", "holds no report"),
        ("nowcast", "date,known\n2025-01-02,2025-01-01",
         "line 2: known on 2025-01-01, happened on 2025-01-02"),
        ("nowcast", "date,known\n2025-01-02,soon", "line 2: known must be YYYY-MM-DD"),
        ("nowcast", "date,known,n\n2025-01-02,2025-01-02,1.5", "line 2: n must be a whole number"),
        ("cluster", "date,x\n2024-01-01,1", "no column 'y'"),
        ("cluster", "date,x,y", "holds no event"),
        ("cluster", "date,x,y\n1 Jan,1,2", "line 2: date must be YYYY-MM-DD"),
        ("cluster", "date,x,y\n2024-01-01,1,north", "line 2: y must be a number"),
        ("cluster", "date,x,y\n2024-01-01,1,2", "compares places with each other, found 1 place"),
        ("cluster", "date,x,y,population\n2024-01-01,1,2,many", "line 2: population must be a number"),
        ("cluster", "date,x,y,controls\n2024-01-01,1,2,-", "line 2: controls must be a number"),
    ],
)  # fmt: skip
def test_events_that_cannot_be_read_say_where(tmp_path, method, content, message):
    file = tmp_path / "events.csv"
    file.write_text(content)
    with pytest.raises(UsageError, match=message):
        call(method, str(file))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "name a method and a file"),
        (["eers", SERIES], "unknown method 'eers' \\(did you mean 'ears'\\?\\)"),
        (["ears", SERIES, "--param", "methd=C2"], "unknown parameter 'methd' \\(did you mean 'method'\\?\\)"),
        (["ears", SERIES, "--param", "method"], "a parameter is NAME=VALUE"),
        (["ears", SERIES, "--param", "baseline=few"], "baseline must be a whole number, found 'few'"),
        (["ears", SERIES, "--param", "baseline=2"], "baseline must lie at 3 or above"),
        (["ears", SERIES, "--param", "min_sigma=inf"], "min_sigma is the least deviation of Normal counts"),
        (["ears", SERIES, "--param", "alpha=0.1", "--param", "alpha=0.2"], "alpha is given twice"),
        (["farrington", SERIES, "--param", "limit54=5"], "limit54 must be two whole numbers"),
        (["farrington", SERIES, "--param", "trend=maybe"], "trend must be true or false"),
        (["ears", SERIES, "--range", "1-4"], "can judge the time points 8 to 416"),
        (["ears", SERIES, "--range", ""], "cannot read the range"),
        (["ears", SERIES, "--range", "400-999999999999"], "goes beyond the 416 time points"),
        (["cusum", SERIES, "--range", "9", "--param", "compat=surveillance", "--param", "k=nan"], "k must"),
        (["cusum", SERIES, "--param", "compat=surveillance"], "needs a range"),
        (["cluster", SERIES, "--range", "1-4"], "a range is for series"),
        (["near_repeat", SERIES, "--param", "space_bands=far"], "numbers with commas"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(words, message):
    with pytest.raises(UsageError, match=message):
        call(*words)


def test_a_file_in_another_encoding_is_refused_by_its_name(tmp_path):
    file = tmp_path / "towns.csv"
    file.write_bytes("series,t,y\nZürich,1,2\n".encode("latin-1"))
    with pytest.raises(UsageError, match=r"towns\.csv is not text in UTF-8"):
        call("ears", str(file))


def test_large_and_small_files_are_written_the_same(tmp_path):
    """More series than are judged at a time."""
    file = tmp_path / "many.csv"
    rows = [f"s{s},{t},{s * t % 7}" for s in range(502) for t in range(1, 10)]
    file.write_text("\n".join(["series,t,y", *rows]))
    found = table("ears", str(file), "--range", "9")
    assert [row["series"] for row in found] == [f"s{s}" for s in range(502)]
    assert found[501]["y"] == str(501 * 9 % 7) and found[501]["t"] == "9"
