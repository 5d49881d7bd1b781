"""The evaluation kits are whole, read no outcome, and measure what small raw files made here say."""

from __future__ import annotations

import csv
import gzip
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from benchmarks.evaluate import __main__ as command
from benchmarks.evaluate import outcome, page
from benchmarks.evaluate.kit import KITS, PORTUGAL, SYRIA, Kit
from benchmarks.evaluate.measure import measure
from engine import app
from engine.model.grade import Domain
from engine.model.problem import Level
from engine.rulebook import load
from engine.rulebook.trial import trial

TODAY = date(2026, 11, 1)


def fire(number: int, moment: datetime, vehicles: int, hectares: float | None, later: int = 10) -> dict:
    """One revision of one fire, as the archive writes it."""
    area = None if hectares is None else {"total": hectares}
    return {
        "observed_at": f"{moment + timedelta(minutes=later):%Y-%m-%dT%H:%M:%SZ}", "id": str(number),
        "dateTime": f"{moment:%Y-%m-%dT%H:%M:%SZ}", "district": "Leiria", "concelho": "Pombal",
        "naturezaCode": "3101", "terrain": vehicles, "icnf": area and {"burnArea": area},
    }  # fmt: skip


def archive(path: Path, fires: list[dict]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(one) + "\n" for one in fires)
    return path


@pytest.fixture(params=KITS.values(), ids=KITS)
def kit(request: pytest.FixtureRequest) -> Kit:
    return request.param


def test_a_kit_is_whole_and_its_rules_pass_their_own_tests(kit: Kit) -> None:
    home = app.home(kit.folder, TODAY)
    loaded = load.read(kit.folder / "rules", home.context)
    assert not [one for one in loaded.problems if one.level is Level.ERROR]
    verdicts = list(trial.run(loaded, home.context, calendar=home.settings.calendar))
    assert len(verdicts) >= 2 * len(home.book.rules)
    assert not [one for one in verdicts if not one.passed]


def test_a_kit_holds_no_raw_data_and_warns_of_harms_alone(kit: Kit) -> None:
    home = app.home(kit.folder, TODAY)
    assert not (kit.folder / "data").exists()
    assert {one.suffix for one in kit.folder.rglob("*") if one.is_file()} <= {".yaml", ".csv", ".json"}
    domain = Domain.POLITICAL if kit is SYRIA else Domain.SAFETY
    assert {rule.domain for rule in home.book.rules.values()} == {domain}


def test_no_mapping_reads_the_burnt_area() -> None:
    feed = app.settings(PORTUGAL.folder).feeds[PORTUGAL.feed]
    assert not [field for _, field in feed.mapping.reads() if field.startswith("icnf")]


def test_a_large_fire_is_one_whose_last_area_is_at_least_100_hectares(tmp_path: Path) -> None:
    night = datetime(2024, 7, 8, 23, 30, tzinfo=UTC)  # the 9th in Lisbon
    raw = archive(tmp_path / "fires.jsonl.gz", [
        fire(1, night, 9, 400.0), fire(1, night, 9, 100.0, later=20), fire(1, night, 9, None, later=30),
        fire(2, night, 9, 400.0), fire(2, night, 9, 99.9, later=20), fire(3, night, 90, None),
    ])  # fmt: skip
    rows = list(outcome.large_fires(raw, PORTUGAL.folder / "config" / "areas.csv"))
    assert rows == [("1015", "large-fire", date(2024, 7, 9), date(2024, 7, 9), "100 ha", "")]


def test_a_deadly_week_has_25_deaths_and_is_an_onset_after_eight_that_had_not(tmp_path: Path) -> None:
    raw = tmp_path / "ged.csv.gz"
    events = [
        ("Aleppo Governorate", "2016-01-05", "1.0", 20), ("Aleppo Governorate", "2016-01-10", "2.0", 5),
        ("Aleppo Governorate", "2016-01-11", "1.0", 24), ("Aleppo Governorate", "2016-02-29", "1.0", 25),
        ("Aleppo Governorate", "2016-05-02", "1.0", 25), ("Aleppo Governorate", "2016-06-01", "3.0", 900),
        ("", "2016-06-01", "1.0", 900),
    ]  # fmt: skip
    with gzip.open(raw, "wt", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(("adm_1", "date_start", "date_prec", "best"))
        table.writerows(events)
    rows = list(outcome.deadly_weeks(raw, SYRIA.folder / "config" / "areas.csv"))
    assert [(row[0], row[2].isoformat(), row[3].isoformat(), row[4], row[5]) for row in rows] == [
        ("SY-HL", "2016-01-04", "2016-01-10", "25 deaths", "yes"),
        ("SY-HL", "2016-02-29", "2016-03-06", "25 deaths", ""),  # eight weeks after the first
        ("SY-HL", "2016-05-02", "2016-05-08", "25 deaths", "yes"),
    ]


def test_what_was_claimed_is_kept_on_the_part_held_back(kit: Kit) -> None:
    """Claims of the last third, learned on the first two, lie within their intervals, and have no less skill
    than climatology."""
    figures = json.loads(page.stored(kit).read_text(encoding="utf-8"))
    assert page.broken(figures) == [] and figures["claims"] and figures["rivals"]


def test_what_is_not_kept_is_told() -> None:
    told = page.broken({
        "rules": [{"rule": "a", "skill_learned": -0.03}, {"rule": "b", "skill_learned": None}],
        "claims": [
            {"rule": "a", "grade": grade, "claimed": 0.9, "later_came": 1, "later_told": 30, "bore_out": kept}
            for grade, kept in (("red", "no"), ("blue", None), ("orange", "yes"))
        ],
    })  # fmt: skip
    assert told == [
        "a: Brier skill -0.030 of learned claims against climatology",
        "a, red: claimed 90.0%, and 1 of 30 came true",
    ]


def test_a_small_archive_is_measured_and_its_outcome_changes_no_warning(tmp_path: Path) -> None:
    """A fire of fifty vehicles is warned of on its own afternoon, yesterday's effort the next morning."""
    kit = replace(PORTUGAL, first=date(2024, 7, 1), last=date(2024, 7, 14))
    days = [datetime(2024, 7, day, 14, tzinfo=UTC) for day in range(1, 15)]
    grown = [fire(20, days[7], 50, None, later=30), fire(20, days[7], 50, 250.0, later=6000)]
    told = [*(fire(number, day, 2, None) for number, day in enumerate(days)), *grown]
    archive(tmp_path / "one" / kit.raw, told)
    elsewhere = [one | {"icnf": {"burnArea": {"total": 150.0}}} if one["id"] == "2" else one for one in told]
    archive(tmp_path / "two" / kit.raw, [one for one in elsewhere if one is not grown[1]])

    one, two = (measure(kit, tmp_path / name, workers=1) for name in ("one", "two"))

    rows = {row["rule"]: row for row in one["rules"]}
    extreme, effort = rows["public-safety.fire-extreme"], rows["public-safety.fire-effort"]
    assert (extreme["events"], extreme["events_warned"], extreme["false_warnings"]) == (1, 1, 0)
    assert extreme["lead_median"] == pytest.approx(-(15.5 + 1 / 3600) / 24, rel=1e-4)  # 15:30 in Lisbon
    assert effort["lead_median"] == pytest.approx(-32 / 24, rel=1e-4)  # the next morning at eight
    assert extreme["events_in_time"] == 0 and effort["ahead"] == 1
    assert [row["warnings"] for row in two["rules"]] == [row["warnings"] for row in one["rules"]]
    assert {row["events_warned"] for row in two["rules"]} == {0}


def test_where_the_raw_files_are_absent_it_says_so_and_nothing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = page.DOCUMENT.read_bytes()
    monkeypatch.setattr(command, "SHARED", tmp_path)
    assert command.main([]) == 0
    assert capsys.readouterr().out.count("not under ../shared/data") == len(KITS)
    assert page.DOCUMENT.read_bytes() == before


def test_a_misspelt_kit_is_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["portugl"]) == 2
    assert "portugal" in capsys.readouterr().err


def test_the_page_shows_the_stored_figures(kit: Kit) -> None:
    text = page.DOCUMENT.read_text(encoding="utf-8")
    figures = json.loads(page.stored(kit).read_text(encoding="utf-8"))
    assert page.tables(figures) in text
    assert {row["rule"] for row in figures["rules"]} == set(app.home(kit.folder, TODAY).book.rules)


def test_the_page_says_whom_a_learned_chance_beats_and_whom_it_does_not() -> None:
    def row(rival: str, verdict: str, low: float | None = 0.1) -> dict[str, object]:
        return {"rule": "a.b", "rival": rival, "verdict": verdict, "events": 9, "judgements": 90, "gain": 0.2,
                "gain_low": low, "gain_high": 0.3, "brier_rule": 0.1, "brier": 0.3}  # fmt: skip

    figures = {"title": "Somewhere", "chances": ["a.b"], "rivals": [
        row("EWMA", "beats"), row("one fixed number", "ties"), row("persistence", "loses"),
    ]}  # fmt: skip
    assert page.chances([figures, {"rivals": [], "title": "Elsewhere"}]) == (
        "* `a.b` (Somewhere; 9 of 90 judgements held back came true) beats EWMA (Brier 0.1 against 0.3, gain "
        "0.2, 0.1 to 0.3) and ties with one fixed number (Brier 0.1 against 0.3, gain 0.2, 0.1 to 0.3); it "
        "does not beat persistence: the interval of the gain holds zero."
    )
    blind = {**figures, "rivals": [row(rival, "untold", None) for rival in page.WANTED]}
    assert "cannot be told from EWMA and cannot be told from one fixed number" in page.chances([blind])


def test_a_column_is_a_fire_to_which_fifteen_vehicles_were_ever_sent(tmp_path: Path) -> None:
    night = datetime(2024, 7, 8, 23, 30, tzinfo=UTC)  # the 9th in Lisbon
    raw = archive(tmp_path / "fires.jsonl.gz", [
        fire(1, night, 15, None), fire(1, night, 3, None, later=20), fire(2, night, 14, 900.0),
    ])  # fmt: skip
    rows = list(outcome.columns(raw, PORTUGAL.folder / "config" / "areas.csv"))
    assert rows == [("1015", "fire-column", date(2024, 7, 9), date(2024, 7, 9), "15 vehicles", "")]
