"""The real sets: whose configuration, which days, and what makes a folder that forewarn can be run in."""

from __future__ import annotations

import csv
import gzip
import json
import re
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from shapely import Point, STRtree
from shapely.geometry import shape

from benchmarks.evaluate import outcome
from benchmarks.evaluate.kit import MONTGOMERY, PORTUGAL, SHARED, SYRIA, Kit
from engine.ingest import geometry

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent


@dataclass(frozen=True, kw_only=True)
class Set:
    """One set. base: the folder whose config/ it begins with; first, last: the days lived through; centres:
    the level of whose areas each has a centre that hears of its yellow warnings, beside one that hears of all
    orange ones ("": the set's own routes)."""

    name: str
    title: str
    base: Path
    first: date
    last: date
    centres: str = ""
    #: What its truth is, in a sentence; of topics that it does not name, and without one, recurrence is
    #: measured.
    truth: str = ""
    #: What is to be borne in mind.
    note: str = ""
    #: Lays the raw file into the folder, with what goes with it; false where that is not at hand.
    prepare: Callable[[Path], bool]

    def settle(self, root: Path) -> bool:
        """Make `root` a folder with the packs alone for rules; false where the raw file is not at hand."""
        shutil.copytree(self.base / "config", root / "config")
        shutil.copytree(HERE / self.name / "config", root / "config", dirs_exist_ok=True)
        if self.centres:
            _centres(root / "config", self.centres)
        # Watch periods and tests of routes are of the centre's own rules.
        (root / "config" / "routes.test.yaml").unlink(missing_ok=True)
        (root / "rules").mkdir()
        (root / "data").mkdir(mode=0o700)
        return self.prepare(root)


def _centres(config: Path, level: str) -> None:
    """A centre for each area of a level, and one for the whole."""
    with (config / "areas.csv").open(encoding="utf-8", newline="") as file:
        codes = [row["code"] for row in csv.DictReader(file) if row["level"] == level]
    names = ["whole", *(f"centre-{code.casefold()}" for code in codes)]
    receivers = [{"id": name, "title": name, "channels": [{"kind": "file", "path": f"data/{name}.jsonl"}]}
                 for name in names]  # fmt: skip
    routes = [{"id": "whole", "grade": "orange", "receivers": ["whole"]}]
    routes += [{"id": name, "areas": [code], "grade": "yellow", "receivers": [name]}
               for name, code in zip(names[1:], codes, strict=True)]  # fmt: skip
    written = json.dumps({"receivers": receivers, "routes": routes}, indent=1)
    (config / "routes.yaml").write_text(written, encoding="utf-8")


def _bundled(root: Path) -> bool:
    return True


def _kit(kit: Kit) -> Callable[[Path], bool]:
    """The raw file and the truth of a kit of benchmarks.evaluate."""

    def prepare(root: Path) -> bool:
        raw = kit.source(SHARED)
        if not raw.is_file():
            return False
        (root / "data" / raw.name).symlink_to(raw.resolve())
        if kit.folder.joinpath("truth.csv").exists():
            shutil.copy(kit.folder / "truth.csv", root)
        (root / "rules").mkdir(exist_ok=True)
        kit.prepare(raw, root)
        _named(root / "data" / "truth.csv", _TOPICS.get(kit.name, {}))
        return True

    return prepare


#: What the packs call the topics of a kit's truth; what they have no rule on is left out.
_TOPICS = {"portugal": {"large-fire": "fire", "fire-column": ""}}


def _named(path: Path, topics: Mapping[str, str]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["topic"] = topics.get(row["topic"], row["topic"])
    _table(path, list(rows[0]), ([*row.values()] for row in rows if row["topic"]))


def _table(path: Path, names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(names)
        table.writerows(rows)


#: Workers idled by one stoppage from which on the Bureau of Labor Statistics calls it a major one.
_MAJOR = 1000


def _strikes(root: Path) -> bool:
    """A line of each stoppage on the evening of the day on which it begins, a second when it has ended. Of 56
    in 13,056 nobody knows when they ended: they would stay open for ever, and are left out."""
    raw, zone = SHARED / "us_work_stoppages" / "work_stoppages.csv.gz", ZoneInfo("America/New_York")
    if not raw.is_file():
        return False
    known = set(outcome.codes(root / "config" / "areas.csv").values())
    rows: list[tuple[str, ...]] = []
    major: list[outcome.Row] = []
    with gzip.open(raw, "rt", encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file)):
            state, begins, ends = row["City, State"].rpartition(", ")[2], row["Start Date"], row["End Date"]
            if state not in known or not ends or ends < begins or begins < "1984":
                continue
            told = [(begins, ""), (ends, ends)] if ends > begins else [(begins, begins)]
            rows += [(str(number), state, begins, end, _evening(day, zone)) for day, end in told]
            if float(row["# Idled"] or 0) >= _MAJOR:
                day = date.fromisoformat(begins)
                major.append((state, "crowd-safety", day, day, f"{row['# Idled']} workers", "yes"))
    rows.sort(key=lambda row: row[-1])
    _table(root / "data" / "stoppages.csv", ("id", "state", "begins", "ends", "known"), rows)
    days = (STRIKES.last - date(1984, 1, 1)).days + 2
    evenings = (date(1984, 1, 1) + timedelta(days=day) for day in range(days))
    _table(root / "data" / "polls.csv", ("polled_at",), ([_evening(str(day), zone)] for day in evenings))
    stated = outcome.whole("US", "crowd-safety", date(1984, 1, 1), STRIKES.last)
    outcome.write(root / "data" / "truth.csv", [stated, *major])
    return True


def _evening(day: str, zone: ZoneInfo) -> str:
    return datetime.combine(date.fromisoformat(day), time(23, 59), zone).isoformat()


#: Blasts and the like say what they are: `M 1.6 Explosion - 3 km N of ...`; some revisions say it only here.
_QUAKE = re.compile(r"M -?\d+(\.\d+)? - ")


def _quakes(root: Path) -> bool:
    """The revisions whose epicentre lies within a state, with the state's code."""
    raw, shapes = SHARED / "usgs_quakes" / "feed_revisions.jsonl.gz", SHARED / "areas" / "us_states.topo.json"
    if not raw.is_file() or not shapes.is_file():
        return False
    codes = {name: code for (_, name), code in outcome.codes(root / "config" / "areas.csv").items()}
    states = [one for one in geometry.read(shapes, "states") if one["properties"].get("name") in codes]
    tree = STRtree([shape(one["geometry"]) for one in states])
    rows, heard = [], []
    with gzip.open(raw, "rt", encoding="utf-8") as lines:
        for line in lines:
            told = json.loads(line)
            heard.append(told["observed_at"])
            at, said = told["geometry"]["coordinates"], told["properties"]
            found = tree.query(Point(at[0], at[1]), predicate="intersects")
            if len(found) and said["mag"] is not None and _QUAKE.match(said["title"]):
                id_ = told["id"] or said["url"].rpartition("/")[2]
                moment = datetime.fromtimestamp(said["time"] / 1000, UTC).isoformat()
                state = codes[states[found[0]]["properties"]["name"]]
                rows.append((id_, state, moment, said["mag"], told["observed_at"]))
    _table(root / "data" / "quakes.csv", ("id", "state", "at", "magnitude", "known"), rows)
    _table(root / "data" / "polls.csv", ("polled_at",), ([moment] for moment in sorted(set(heard))))
    return True


STRIKES = Set(
    name="strikes", title="Work stoppages, United States", base=HERE / "strikes", first=date(1995, 1, 2),
    last=date(2004, 12, 26), centres="state", prepare=_strikes,
    truth="a stoppage of 1,000 workers or more begins: what the Bureau of Labor Statistics calls a major one",
    note="Stoppages are lawful, and the rule asks for mediation alone. The list is taken as if it were kept "
         "every evening.",
)  # fmt: skip
SETS = {one.name: one for one in (
    Set(name="sweden", title="Swedish police events, and the catalogue of exploited vulnerabilities",
        base=ROOT, first=date(2025, 1, 1), last=date(2025, 12, 31), prepare=_bundled),
    Set(name="kev", title="The catalogue of exploited vulnerabilities alone", base=ROOT,
        first=date(2023, 4, 10), last=date(2025, 12, 31), prepare=_bundled),
    Set(name="syria", title="Deadly armed violence in Syria (UCDP GED)", base=SYRIA.folder,
        first=date(2017, 1, 9), last=date(2019, 11, 24), centres="governorate", prepare=_kit(SYRIA),
        truth="a week of at least 25 deaths in a governorate",
        note="A war is measured: nothing of it tells how often the rules would warn where there is none."),
    Set(name="montgomery", title="Emergency calls, Montgomery County", base=MONTGOMERY.folder,
        first=date(2016, 1, 9), last=date(2016, 8, 23), centres="county", prepare=_kit(MONTGOMERY),
        note="Rules are judged for the townships, and one centre hears for the whole county. The rule on "
             "storms wants a feed of weather warnings too, and is left aside."),
    Set(name="portugal", title="Rural fires, Portugal", base=PORTUGAL.folder,
        first=date(2023, 8, 14), last=date(2024, 7, 31), centres="district", prepare=_kit(PORTUGAL),
        truth="a fire that burnt at least 100 ha"),
    STRIKES,
    Set(name="quakes", title="Earthquakes within states, USGS", base=HERE / "quakes",
        first=date(2025, 5, 5), last=date(2025, 5, 24), centres="state", prepare=_quakes,
        note="Twenty days: volumes, and too little to compare."),
)}  # fmt: skip
