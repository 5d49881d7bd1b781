"""The three sets: where the raw file lies, what time is lived through, and what makes it ready.

A kit is an ordinary root folder (config/ and rules/) whose feed reads the raw file itself from data/;
only the moments at which somebody listened, and the truth, are made from the file.
"""

from __future__ import annotations

import csv
import gzip
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.evaluate import outcome

HERE = Path(__file__).resolve().parent
#: The raw files lie beside the checkout.
SHARED = HERE.parent.parent.parent / "shared" / "data"

@dataclass(frozen=True, kw_only=True)
class Kit:
    """One set. first, last: the days lived through, both included (of a weekly one whole ISO weeks)."""

    name: str
    title: str
    raw: str
    feed: str
    first: date
    last: date
    #: Writes data/truth.csv and, where the feed asks for it, data/polls.csv.
    prepare: Callable[[Path, Path], None]

    @property
    def folder(self) -> Path:
        return HERE / self.name

    def source(self, shared: Path) -> Path:
        return shared / self.raw

    def settle(self, shared: Path, root: Path) -> None:
        """Make `root` a folder that forewarn can be run in."""
        raw = self.source(shared)
        shutil.copytree(self.folder, root, dirs_exist_ok=True)
        (root / "data").mkdir()
        (root / "data" / raw.name).symlink_to(raw.resolve())
        self.prepare(raw, root)


def _polls(root: Path, moments: Iterable[datetime]) -> None:
    lines = ["polled_at", *(moment.isoformat() for moment in moments)]
    (root / "data" / "polls.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _montgomery(raw: Path, root: Path) -> None:
    """The first call of every hour shows that the county was heard then."""
    zone = ZoneInfo("America/New_York")
    hours: dict[str, str] = {}
    with gzip.open(raw, "rt", encoding="utf-8", newline="") as file:
        for call in csv.DictReader(file):
            hours.setdefault(call["timeStamp"][:13], call["timeStamp"])
    _polls(root, (datetime.fromisoformat(text).replace(tzinfo=zone) for text in sorted(hours.values())))
    shutil.copy(root / "truth.csv", root / "data" / "truth.csv")


def _portugal(raw: Path, root: Path) -> None:
    areas, span = root / "config" / "areas.csv", (PORTUGAL.first, PORTUGAL.last)
    stated = (outcome.whole("PT", topic, *span) for topic in ("large-fire", "fire-column"))
    rows = (*outcome.large_fires(raw, areas), *outcome.columns(raw, areas))
    outcome.write(root / "data" / "truth.csv", [*stated, *rows])


def _syria(raw: Path, root: Path) -> None:
    """Coders are taken to have worked every day: a day without an event is a day without an event."""
    zone, begins = ZoneInfo("Asia/Damascus"), date(2016, 1, 4)
    days = (SYRIA.last - begins).days + 4
    first = datetime(2016, 1, 1, 23, 59, tzinfo=zone)
    _polls(root, (first + timedelta(days=day) for day in range(days)))
    stated = outcome.whole("SY", "armed-violence", begins, SYRIA.last)
    rows = outcome.deadly_weeks(raw, root / "config" / "areas.csv")
    outcome.write(root / "data" / "truth.csv", [stated, *rows])


MONTGOMERY = Kit(
    name="montgomery", title="Emergency calls, Montgomery County", raw="montgomery_911/911.csv.gz",
    feed="mc911", first=date(2016, 1, 9), last=date(2016, 8, 23), prepare=_montgomery,
)  # fmt: skip
PORTUGAL = Kit(
    name="portugal", title="Rural fires, Portugal", raw="portugal_fires/feed_revisions.jsonl.gz",
    feed="pt-fires", first=date(2023, 8, 14), last=date(2024, 7, 31), prepare=_portugal,
)  # fmt: skip
SYRIA = Kit(
    name="syria", title="Deadly armed violence, Syria", raw="ucdp_ged/ged191_syria.csv.gz",
    feed="ucdp-ged", first=date(2016, 7, 11), last=date(2019, 11, 24), prepare=_syria,
)  # fmt: skip

KITS = {kit.name: kit for kit in (MONTGOMERY, PORTUGAL, SYRIA)}
