"""The bundled extracts say what their README says, and the configuration covers all of them."""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from connectors import CONNECTORS
from engine import app
from engine.cycle.settings import Settings
from engine.guard.guard import Guard
from engine.ingest import batch
from engine.ingest.normalise import Context
from engine.model.feed import Subject
from engine.model.incident import Incident, Precision
from engine.model.taxonomy import Measures

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "config" / "demo"
SWEDEN = ZoneInfo("Europe/Stockholm")

#: The codes of the police's types behind the counts in tests/data/sweden_counts.csv.
COUNTED = {
    "explosions": ["violence.explosion"],
    "explosions-shootings": ["violence.explosion", "violence.shooting"],
    "burglary": ["property.burglary"],
    "fires": ["fire"],
    "crashes": ["traffic.crash"],
    "officials": ["officials"],
    "fraud": ["fraud"],
    "summaries": ["notice.summary"],
}


def read(name: str) -> list[dict[str, str]]:
    with gzip.open(DEMO / name, "rt", encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def moments(name: str) -> list[datetime]:
    return [datetime.fromisoformat(row["polled_at"]) for row in read(name)]


def gaps(polls: list[datetime], longer_than: timedelta) -> list[tuple[date, date]]:
    return [
        (before.date(), after.date()) for before, after in pairwise(polls) if after - before > longer_than
    ]  # fmt: skip


@pytest.fixture(scope="module")
def settings() -> Settings:
    return app.settings(ROOT)


@pytest.fixture(scope="module")
def police() -> list[dict[str, str]]:
    return read("se_police.csv.gz")


@pytest.fixture(scope="module")
def kev() -> list[dict[str, str]]:
    return read("kev.csv.gz")


def test_the_police_extract_has_facts_only(police: list[dict[str, str]]) -> None:
    assert list(police[0]) == ["id", "happened", "published", "first_seen", "revision", "type", "place"]
    assert len(police) == 70_951
    assert len({row["id"] for row in police}) == 70_290
    assert max(row["first_seen"] for row in police) == "2025-12-31T23:28:38Z"
    assert max(len(row["type"]) for row in police) < 40


def test_a_row_stands_only_for_a_revision_that_changed_a_fact(police: list[dict[str, str]]) -> None:
    latest: dict[str, tuple[str, ...]] = {}
    for row in police:
        facts = (row["happened"], row["published"], row["type"], row["place"])
        assert latest.get(row["id"]) != facts
        latest[row["id"]] = facts


def test_moments_carry_their_own_offset_and_survive_the_turn_of_the_year(
    police: list[dict[str, str]],
) -> None:
    by_id: dict[str, dict[str, str]] = {}
    for row in police:
        by_id.setdefault(row["id"], row)
        happened = datetime.fromisoformat(row["happened"])
        assert happened.utcoffset() == happened.astimezone(SWEDEN).utcoffset()
    turned = by_id["619868"]
    assert (turned["happened"], turned["published"]) == (
        "2025-12-31T23:08+01:00", "2026-01-01T00:05:56+01:00",
    )  # fmt: skip
    far = [
        row for row in by_id.values()
        if abs(datetime.fromisoformat(row["happened"]) - datetime.fromisoformat(row["published"]))
        > timedelta(days=30)
    ]  # fmt: skip
    assert not far


def test_every_type_of_the_police_is_classified(settings: Settings, police: list[dict[str, str]]) -> None:
    types = {row["type"] for row in police}
    assert len(types) == 94
    unknown = {name for name in types if settings.taxonomy.coded("se_police", name) is None}
    assert not unknown


def test_what_is_no_harm_is_said_so(settings: Settings, police: list[dict[str, str]]) -> None:
    taxonomy = settings.taxonomy
    kinds: Counter[str] = Counter()
    for row in {row["id"]: row for row in reversed(police)}.values():
        category = taxonomy[taxonomy.coded("se_police", row["type"]) or ""]
        if category.protected:
            kinds["protected"] += 1
        elif not category.judged:
            kinds["not judged"] += 1
        else:
            kinds[category.measures] += 1
    assert kinds == {
        Measures.HARM: 39_806, "not judged": 17_494, Measures.ACTIVITY: 12_973, "protected": 17,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["Utlänningslagen", "Hets mot folkgrupp"])
def test_status_and_speech_are_protected(settings: Settings, name: str) -> None:
    code = settings.taxonomy.coded("se_police", name)
    assert code is not None and settings.taxonomy[code].protected
    assert code not in settings.taxonomy.select([code.partition(".")[0]]) - {code.partition(".")[0]}


@pytest.mark.parametrize("name", ["Efterlyst person", "Försvunnen person", "Övrigt", "Sammanfattning natt"])
def test_persons_and_summaries_are_not_judged(settings: Settings, name: str) -> None:
    code = settings.taxonomy.coded("se_police", name)
    assert code is not None and not settings.taxonomy[code].judged


def test_five_places_are_spelt_in_another_letter_case(
    settings: Settings, police: list[dict[str, str]]
) -> None:
    exact = {str(area.name) for area in settings.tree}
    folded = {name.casefold() for name in exact}
    others = {row["place"] for row in police} - exact
    assert others == {"Upplands väsby", "Upplands-bro", "Östra göinge", "Lilla edet", "Dals-ed"}
    assert {name.casefold() for name in others} <= folded


def test_the_area_tree_is_whole(settings: Settings) -> None:
    tree = settings.tree
    assert [len(tree.at(level)) for level in tree.levels] == [1, 21, 290]
    assert all(tree.ancestor_at(code, "county") for code in tree.at("municipality"))
    assert all(tree[code].name.zh for code in (*tree.at("country"), *tree.at("county")))


@pytest.mark.parametrize(
    ("county", "neighbours"),
    [
        ("01", {"03", "04"}),
        ("09", set()),
        ("12", {"07", "10", "13"}),
        ("25", {"24"}),
    ],
)
def test_counties_know_their_neighbours(settings: Settings, county: str, neighbours: set[str]) -> None:
    assert settings.tree[county].neighbours == neighbours


def test_the_two_outages_of_the_collector_follow_from_its_polls(settings: Settings) -> None:
    polls = moments("se_police_polls.csv.gz")
    assert len(polls) == 24_147
    silent = gaps(polls, settings.feeds["se-police"].max_silence)
    assert silent == [
        (date(2023, 10, 18), date(2023, 10, 25)),
        (date(2025, 5, 16), date(2025, 5, 20)),
    ]


def test_the_dead_months_and_the_loads_after_them_follow_from_the_polls(
    settings: Settings, kev: list[dict[str, str]]
) -> None:
    feed = settings.feeds["kev"]
    silent = gaps(moments("kev_polls.csv.gz"), feed.max_silence)
    assert silent == [
        (date(2022, 10, 7), date(2022, 10, 12)),
        (date(2023, 10, 25), date(2024, 6, 21)),
        (date(2025, 8, 20), date(2025, 8, 26)),
    ]
    assert feed.subject is Subject.ADVISORY
    entered = Counter(row["entered"][:10] for row in kev)
    assert sum(entered.values()) == len({row["id"] for row in kev}) == 1_494
    # The largest ordinary day has eight entries; a load begins the archive, or ends a silence.
    assert {day: n for day, n in entered.items() if n > 8} == {
        "2022-10-07": 834, "2024-06-21": 193, "2025-08-26": 97,
    }  # fmt: skip
    assert feed.covers.since == date(2022, 10, 8)


@pytest.mark.parametrize(
    ("feed", "taken", "booked_nowhere"),
    [("se-police", 70_951, 0), ("kev", 1_494, 834 + 1 + 193 + 97)],
)
def test_every_record_becomes_an_incident_and_loads_book_on_no_day(
    settings: Settings, feed: str, taken: int, booked_nowhere: int
) -> None:
    source = settings.feeds[feed]
    fetch = CONNECTORS[source.connector].fetch(source.options, {})
    context = Context(settings.taxonomy, settings.gazetteer, settings.calendar.zone, Guard(settings.privacy))
    found = list(batch.read(fetch.records, source, context, datetime(2026, 1, 1, tzinfo=UTC)))
    incidents = [one for one in found if isinstance(one, Incident)]
    assert (len(found), len(incidents)) == (taken, taken)
    booked = batch.late_batch(incidents, polls=sorted(fetch.polls), max_silence=source.max_silence)
    assert sum(one.precision is Precision.UNKNOWN for one in booked) == booked_nowhere


def test_plain_counts_over_the_raw_source_are_the_extract_s(
    settings: Settings, police: list[dict[str, str]]
) -> None:
    """The reference was counted in the raw archive, by other code than the extract's."""
    wanted: dict[tuple[str, str], dict[date, int]] = defaultdict(dict)
    with (ROOT / "tests" / "data" / "sweden_counts.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            wanted[row["what"], row["area"]][date.fromisoformat(row["day"])] = int(row["n"])
    latest = {row["id"]: row for row in police}.values()
    counties = {
        str(area.name).casefold(): settings.tree.ancestor_at(area.code, "county") for area in settings.tree
    }
    found = [(category(settings, row), counties[row["place"].casefold()], day(row)) for row in latest]
    for (what, area), counts in wanted.items():
        first, last = min(counts), max(counts)
        below = {code for root in COUNTED[what] for code in settings.taxonomy.below(root)}
        plain = Counter(
            when for code, where, when in found
            if code in below and area in ("SE", where) and first <= when <= last
        )  # fmt: skip
        assert plain == counts, what


def category(settings: Settings, row: dict[str, str]) -> str | None:
    return settings.taxonomy.coded("se_police", row["type"])


def day(row: dict[str, str]) -> date:
    """The local day it happened; one that lies after it was first seen is not believed."""
    happened = datetime.fromisoformat(row["happened"])
    if happened > datetime.fromisoformat(row["first_seen"]).astimezone(UTC) + timedelta(hours=1):
        happened = datetime.fromisoformat(row["published"])
    return happened.astimezone(SWEDEN).date()
