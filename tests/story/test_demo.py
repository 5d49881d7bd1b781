"""The main job as a newcomer runs it: the demo's table, the same day twice, why."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from benchmarks.report_samples import SAMPLES, kept, samples
from engine import app
from engine.console.serve import console
from engine.cycle import why as explaining
from engine.cycle.why import Node
from engine.store import judgement
from tests.story.conftest import END, ROOT, copy, forewarn

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def demo(ingested: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root on which `forewarn demo --once` has run."""
    root = copy(ingested, tmp_path_factory.mktemp("demo") / "root")
    said = forewarn(root, "demo", "--once").stdout
    assert "Warnings on 2026-01-01" in said and "warnings why" in said
    return root


def listed(root: Path, *arguments: str) -> list[dict]:
    return json.loads(forewarn(root, *arguments, "--format", "json").stdout)


def test_the_table_holds_three_domains_and_more_than_one_grade(demo: Path):
    since = (datetime(2026, 1, 1) - timedelta(days=14)).isoformat()
    shown = [w for w in listed(demo, "warnings", "list", "--all") if not w["lifted"] or w["lifted"] >= since]
    assert len({warning["domain"] for warning in shown}) >= 3
    assert len({warning["grade"] for warning in shown}) >= 2


def test_every_due_period_of_ninety_days_is_judged_once_in_order(demo: Path):
    runs = [run for run in listed(demo, "runs", "--limit", "1000") if run["cycle"] == "daily"]
    days = [date.fromisoformat(run["period"]) for run in reversed(runs)]
    assert days == [date(2025, 10, 2) + timedelta(days=n) for n in range(90)]
    assert {run["state"] for run in runs} == {"done"}


def test_the_same_day_again_changes_nothing_and_says_so(demo: Path):
    before = (listed(demo, "warnings", "list", "--all"), len(listed(demo, "runs", "--limit", "1000")))
    said = forewarn(demo, "cycle", "daily", "--at", "2025-12-31").stdout
    assert said.strip() == "daily 2025-12-30 has been judged already; nothing changed"
    assert (listed(demo, "warnings", "list", "--all"), len(listed(demo, "runs", "--limit", "1000"))) == before


def test_the_samples_are_what_the_demo_keeps(demo: Path):
    """Every number of docs/samples is the store's; the forms say what the figures say."""
    made = dict(samples(demo))
    assert set(made) == {path.name for path in SAMPLES.iterdir()}
    for name, content in made.items():
        kept = (SAMPLES / name).read_bytes()
        assert _words(kept) == _words(content) if name.endswith(".docx") else kept == content, AGAIN


AGAIN = "run `make samples`"


def _words(document: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return archive.read("word/document.xml")


def test_a_report_says_what_the_interface_says(demo: Path):
    """The last day's figures beside the API's: what stands, where and at which grade."""
    with app.world(demo) as world:
        told, then = kept(demo), app.at_time(world, END)
        with console(lambda: then, 0) as link, httpx.Client(base_url=link.partition("/enter")[0]) as client:
            client.get(link)
            items = client.get("/v1/warnings?limit=1000").json()["items"]
            every = client.get("/v1/warnings?every=true&limit=1000").json()["items"]
        with world.store.read() as tx:
            steps = judgement.changes(tx)
    day = told["daily"].figures
    assert {(one.id, one.grade) for one in day.standing} == {
        (one["id"], one["grade"]) for one in items if datetime.fromisoformat(one["since"]) <= day.at
    }
    for report in told.values():
        of = report.figures
        known = {one["id"] for one in every}
        assert {one.id for one in of.lines} <= known
        issued = [one for one in steps if one.step.value == "issued" and of.begins < one.at <= of.at]
        assert sum(one.issued for one in of.domains) == len(issued)


def test_a_month_of_reports_is_a_plain_count_of_the_source(demo: Path):
    """Vulnerabilities entered in the month, as the bundled file has them."""
    of = kept(demo)["monthly"].figures
    cyber = next(one for one in of.domains if one.domain == "cyber")
    assert cyber.reports is not None and cyber.reports.now == sum(filter(None, cyber.days))
    with gzip.open(ROOT / "config" / "demo" / "kev.csv.gz", "rt", encoding="utf-8") as file:
        entered = [row["entered"][:10] for row in csv.DictReader(file)]
    within = [day for day in entered if of.first.isoformat() <= day <= of.last.isoformat()]
    assert 0 < len(within) <= cyber.reports.now + 5


def test_why_counts_what_a_plain_count_over_the_source_file_counts(demo: Path):
    """For every fire warning: the incidents named are the source's fires of that county and week."""
    counties = _counties()
    checked = 0
    for told in fires(demo):
        finding = told["because"][0]
        counted = finding["because"][-1]
        opened = date.fromisoformat(finding["say"].split(" in daily ")[1][:10])
        plain = _plain({"Brand", "Mordbrand", "Brand automatlarm"}, counties, opened)
        assert counted["count"] == finding["observed"] == plain[told["area"]]
        checked += 1
    assert checked >= 5


def fires(root: Path) -> list[Node]:
    """Why each warning of fires came to be, from one process; the command says the same."""
    with app.world(root) as world:
        with world.store.read() as tx:
            ids = [one.id for one in judgement.warnings(tx, open_only=False) if one.topic == "fire"]
        told = [explaining.warning(world, id_) for id_ in ids]
    assert told[0] == json.loads(forewarn(root, "warnings", "why", ids[0], "--format", "json").stdout)
    return told


def _plain(types: set[str], counties: dict[str, str], last: date) -> Counter[str]:
    """Events of the seven days to `last` whose first revision was known before the next day's cut."""
    cut = f"{last + timedelta(days=1)}T07:00:00Z" if last.month in (11, 12, 1, 2) else ""
    cut = cut or f"{last + timedelta(days=1)}T06:00:00Z"
    latest: dict[str, dict] = {}
    with gzip.open(ROOT / "config/demo/se_police.csv.gz", "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["first_seen"] < cut:
                latest[row["id"]] = row
    first = (last - timedelta(days=6)).isoformat()
    return Counter(
        counties[row["place"].casefold()] for row in latest.values()
        if row["type"] in types and first <= row["happened"][:10] <= last.isoformat()
    )  # fmt: skip


def _counties() -> dict[str, str]:
    found: dict[str, str] = {}
    with (ROOT / "config/areas.csv").open(encoding="utf-8") as lines:
        for area in csv.DictReader(lines):
            county = area["code"] if area["level"] == "county" else area["parent"]
            for name in (area["name"], *area["aliases"].split("|")):
                found.setdefault(name.casefold(), county)
    return found


def test_why_says_how_far_every_rule_is_also_where_nothing_fired(demo: Path):
    told = json.loads(forewarn(demo, "why", "Gotlands län", "fire", "--format", "json").stdout)
    rule = next(one for one in told["because"] if one["rule"] == "public-safety.fire-surge")
    assert rule["rule_hash"]
    rungs = [node for node in rule["because"] if "grade" in node]
    assert [rung["grade"] for rung in rungs] == ["orange", "yellow", "blue"]
    assert all(rung["held"] == "not held" and rung["missing"] >= 1 for rung in rungs)


@pytest.mark.parametrize(
    ("arguments", "fragment"),
    [
        (("why", "Gotland", "fires"), "there is no topic 'fires'"),
        (("why", "Atlantis", "fire"), "there is no area 'Atlantis'"),
        (("warnings", "why", "06.fire"), "there is no warning '06.fire'"),
        (("cycle", "daily", "--at", "yesterday"), "'yesterday' is no moment"),
        (("cycle", "dayly"), "'dayly' is not one of"),
    ],
)
def test_a_wrong_call_is_one_sentence_and_exit_code_2(demo: Path, arguments: tuple[str, ...], fragment: str):
    done = forewarn(demo, *arguments, check=False)
    assert done.returncode == 2 and fragment in done.stderr and "Traceback" not in done.stderr


def test_every_change_was_delivered_and_no_key_is_doubled(demo: Path):
    messages = listed(demo, "notifications", "--limit", "100000")
    assert messages and {message["state"] for message in messages} == {"delivered"}
    keys = [message["key"] for message in messages]
    assert len(set(keys)) == len(keys)


def test_every_page_of_the_demo_can_be_made(demo: Path):
    """Of every rule and county, of some towns and warnings: real ones have neighbours, shapes, long names."""
    with app.world(demo) as world, console(lambda: world, 0) as link:
        tree, told = world.settings.tree, listed(demo, "warnings", "list", "--all")
        areas = ["SE", *tree.at("county"), *tree.at("municipality")[::40]]
        pages = [f"/area/{code}" for code in areas] + [f"/rule/{id_}" for id_ in world.book.rules]
        pages += [f"/warning/{one['id']}" for one in told[::10]]
        pages += ["/", "/wall", "/warnings?every=true", "/feeds", "/runs", "/plans", "/rota", "/reports"]
        with httpx.Client(base_url=link.partition("/enter")[0], follow_redirects=True) as browser:
            browser.get(link)
            broken = [path for path in pages if browser.get(path).status_code != 200]
    assert broken == []
