"""The pictures and tables of docs/statistics.md: what each default method finds, misses and cries wolf at.

    python -m benchmarks.pictures RAW [docs/pictures]

RAW holds `nab/` (the Numenta Anomaly Benchmark: series with labelled windows) and `montgomery_911/` (a
county's emergency calls). Prints Markdown tables, writes the pictures.
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from engine.detect import change, cusum, ears, forecast, rare, silent
from engine.detect.detection import Detection
from engine.detect.farrington import rung as farrington
from engine.detect.series import Series

Window = tuple[datetime, datetime]
#: Judged positions and alarms of one series.
Found = tuple[np.ndarray, np.ndarray]
EARS = ("ears C1", "ears C2", "ears C3")
#: `forecast` fits a model at every point: too slow for thousands of them.
QUICK = (
    *EARS, "rare", "cusum", "change, previous", "change, a week ago", "farrington, weeks for years", "silent",
)  # fmt: skip
EVERY = (*QUICK, "forecast")
COUNTS = ("realTweets/", "realKnownCause/nyc_taxi", "realAWSCloudwatch/elb_request_count")


@dataclass(frozen=True)
class Sample:
    """One series in even steps with its labelled windows; what is missing is NaN."""

    name: str
    start: datetime
    step: timedelta
    values: np.ndarray
    windows: tuple[Window, ...]

    def inside(self) -> np.ndarray:
        """(T, W) which point overlaps which window."""
        begins = np.array([(self.start + self.step * k) for k in range(self.values.size)])
        return np.array(
            [[(b < high) and (b + self.step > low) for low, high in self.windows] for b in begins]
        ).reshape(self.values.size, len(self.windows))

    @property
    def moments(self) -> list[datetime]:
        return [self.start + self.step * k for k in range(self.values.size)]


def blocks(rows: list[tuple[datetime, float]], step: timedelta, *, mean: bool) -> tuple[datetime, np.ndarray]:
    """Sums (or means) of whole steps, from the first midnight; NaN without a row."""
    start = datetime.combine(rows[0][0].date(), datetime.min.time())
    place = np.array([(moment - start) // step for moment, _ in rows])
    values = np.array([value for _, value in rows])
    total, seen = np.bincount(place, values), np.bincount(place).astype(float)
    total[seen == 0] = np.nan
    first, last = int(place[0]) + 1, int(place[-1])
    return start + step * first, (total / seen if mean else total)[first:last]


def nab(raw: Path, step: timedelta, picked: Callable[[str], bool]) -> Iterator[Sample]:
    """The labelled series whose name is `picked`, in blocks of `step`."""
    labels = json.loads((raw / "nab" / "labels" / "combined_windows.json").read_text())
    for name in sorted(labels):
        if not picked(name):
            continue
        with (raw / "nab" / "data" / name).open() as file:
            rows = [(datetime.fromisoformat(t), float(v)) for t, v in list(csv.reader(file))[1:]]
        start, values = blocks(rows, step, mean=not name.startswith(COUNTS))
        windows = [(datetime.fromisoformat(low), datetime.fromisoformat(high)) for low, high in labels[name]]
        yield Sample(name.removesuffix(".csv"), start, step, values, tuple(windows))


def by_rare(values: np.ndarray, step: timedelta) -> Found:
    """26 blocks before each; days have a weekday."""
    windows = np.lib.stride_tricks.sliding_window_view(values, 29)
    days = step == timedelta(days=1)
    series = Series(
        cuts=np.arange(windows.shape[0]) + 736000, window=1 if days else 7, gap=0,
        observed=windows[:, None, -1], whole=~np.isnan(windows[:, None, -1]), baseline=windows[:, None, :-1],
    )  # fmt: skip
    fitted = rare.model(series, rare.Params(dispersion="pooled"))
    return np.arange(28, values.size), (fitted.holds(series.observed) & fitted.known & series.whole)[:, 0]


def methods(step: timedelta) -> dict[str, Callable[[np.ndarray], Found]]:
    """Every default method; an hourly series has a season of a week, and a daily one too."""
    season = 168 if step < timedelta(days=1) else 7

    def plain(detect: Callable[..., Detection], **options: Any) -> Callable[[np.ndarray], Found]:
        def run(values: np.ndarray) -> Found:
            found = detect(values, **options)
            return found.times, found.alarm[0]

        return run

    weekly = farrington.Params(frequency=season, weekday=False, threshold_method="delta")
    return {
        "ears C1": plain(ears.detect, method="C1", dispersion="none"),
        "ears C2": plain(ears.detect, method="C2", dispersion="none"),
        "ears C3": plain(ears.detect, method="C3", dispersion="none"),
        "rare": lambda values: by_rare(values, step),
        # Nine months of days cannot spare the usual sixty points before the first judgement.
        "cusum": plain(cusum.detect, **({"baseline": 28, "gap": 7} if season == 7 else {})),
        "change, previous": plain(change.detect, dispersion="none"),
        "change, a week ago": plain(change.detect, against="year", frequency=season, dispersion="none"),
        "farrington, weeks for years": plain(farrington.detect, params=weekly),
        "forecast": plain(forecast.detect, frequency=7 if season == 7 else 1),
        "silent": plain(silent.detect),
    }


def tally(sample: Sample, found: Found) -> tuple[int, int, int, int]:
    """Windows found, windows that could be, alarms outside every window, points outside judged."""
    inside = sample.inside()
    times, alarms = found
    fired = np.zeros(sample.values.size, bool)
    fired[times[times < fired.size]] = alarms[times < fired.size]
    judged = np.zeros(fired.size, bool)
    judged[times[times < fired.size]] = True
    possible = inside[judged].any(axis=0)
    hit = inside[fired].any(axis=0)
    outside = ~inside.any(axis=1)
    return int(hit.sum()), int(possible.sum()), int((fired & outside).sum()), int((judged & outside).sum())


def row(name: str, sums: np.ndarray) -> str:
    hit, possible, false, judged = sums
    return f"| {name} | {hit:.0f} of {possible:.0f} | {false:.0f} | {1000 * false / max(judged, 1):.1f} |"


HEAD = "| method | windows found | false alarms | per 1,000 points |\n|--|--|--|--|"


def compare(title: str, samples: list[Sample], names: Sequence[str]) -> None:
    print(f"\n**{title}** ({len(samples)} series)\n\n{HEAD}")
    found = methods(samples[0].step)
    for name in names:
        sums = np.sum([tally(sample, found[name](sample.values)) for sample in samples], axis=0)
        print(row(name, sums), flush=True)


def draw(sample: Sample, title: str, unit: str, path: Path, names: Sequence[str]) -> None:
    """The series over its labelled windows, and below it a row of ticks per method."""
    every = methods(sample.step)
    found = {name: every[name](sample.values) for name in names}
    figure, (above, below) = plt.subplots(
        2, 1, figsize=(9, 5.2), sharex=True, height_ratios=[1.3, 1], layout="constrained"
    )
    moments, inside = np.array(sample.moments), sample.inside().any(axis=1)
    above.plot(moments, sample.values, color="#33475b", linewidth=0.8)
    above.set_ylabel(unit)
    above.yaxis.set_major_formatter("{x:,.0f}")
    above.set_title(title, fontsize=10, loc="left")
    for axis in (above, below):
        for low, high in sample.windows:
            axis.axvspan(low, high, color="#f2c14e", alpha=0.35, linewidth=0)
        axis.spines[["top", "right"]].set_visible(False)
    for line, (_, (times, alarms)) in enumerate(found.items()):
        fired = times[alarms & (times < moments.size)] if times.size else times
        for mask, colour in ((inside[fired], "#1b7f4b"), (~inside[fired], "#c0392b")):
            below.plot(moments[fired][mask], np.full(mask.sum(), line), "|", color=colour, markersize=9)
    below.set_yticks(range(len(found)), list(found), fontsize=8)
    below.invert_yaxis()
    below.set_ylim(len(found) - 0.4, -0.6)
    below.tick_params(axis="x", labelsize=8)
    below.grid(axis="y", linewidth=0.3)
    figure.savefig(path, dpi=90)
    plt.close(figure)


def calls(raw: Path) -> dict[str, np.ndarray]:
    """Traffic calls per day of every township, over the days that the file holds whole."""
    with gzip.open(raw / "montgomery_911" / "911.csv.gz", "rt") as file:
        rows = [
            (date.fromisoformat(row["timeStamp"][:10]).toordinal(), row["twp"])
            for row in csv.DictReader(file) if row["title"].startswith("Traffic")
        ]  # fmt: skip
    first, last = min(rows)[0] + 1, max(rows)[0]
    found = {place: np.zeros(last - first) for place in sorted({place for _, place in rows if place})}
    for day, place in rows:
        if place and first <= day < last:
            found[place][day - first] += 1
    return found


def blizzard(raw: Path, folder: Path) -> None:
    """The declared days 22-23 January 2016, county-wide by day, and by township."""
    places = calls(raw)
    start = datetime(2015, 12, 11)
    declared = (datetime(2016, 1, 22), datetime(2016, 1, 24))
    county = Sample("county", start, timedelta(days=1), np.sum([*places.values()], axis=0), (declared,))
    draw(county, "Montgomery County: traffic emergency calls a day; the declared blizzard shaded", "calls",
         folder / "blizzard.png", EVERY)  # fmt: skip
    compare("The county's traffic calls by day", [county], EVERY)
    days = [(datetime(2016, 1, 20) + timedelta(days=k)) for k in range(7)]
    print("\n| method | " + " | ".join(f"{day:%d %b}" for day in days) + " | other days |")
    print("|--|" + "--|" * 8)
    every = methods(timedelta(days=1))
    for name in QUICK:
        cells = np.zeros(len(days))
        others = judged = 0
        for values in places.values():
            times, alarms = every[name](values)
            alarms = alarms[times < values.size]
            times = times[times < values.size]
            fired = set(times[alarms].tolist())
            for column, day in enumerate(days):
                cells[column] += (day - start).days in fired
            storm = range((days[0] - start).days, (days[-1] - start).days + 1)
            others += sum(time not in storm for time in fired)
            judged += sum(time not in storm for time in times.tolist())
        shown = " | ".join(f"{cell:.0f}" for cell in cells)
        print(f"| {name} | {shown} | {others / max(judged, 1):.2%} |", flush=True)


def main() -> None:
    raw = Path(sys.argv[1])
    folder = Path(sys.argv[2] if len(sys.argv) > 2 else "docs/pictures")
    folder.mkdir(parents=True, exist_ok=True)
    blizzard(raw, folder)
    hour, day = timedelta(hours=1), timedelta(days=1)
    taxi = next(nab(raw, day, lambda name: "nyc_taxi" in name))
    title = "New York taxi passengers a day; labelled windows shaded"
    draw(taxi, title, "passengers", folder / "taxi.png", EVERY)
    compare("New York taxi passengers by day", [taxi], EVERY)
    tweets = list(nab(raw, hour, lambda name: name.startswith("realTweets/")))
    for sample in tweets:
        if sample.name.endswith(("_AAPL", "_CRM")):
            brand = sample.name.rsplit("_", 1)[1]
            draw(sample, f"Tweets naming {brand}, an hour; labelled windows shaded", "tweets",
                 folder / f"tweets_{brand.lower()}.png", QUICK)  # fmt: skip
    compare("Tweets naming a company, by hour", tweets, QUICK)
    measured = list(nab(raw, hour, lambda name: not name.startswith(COUNTS)))
    positive = [sample for sample in measured if not (sample.values < 0).any()]
    compare("Measured values (loads, speeds, temperatures, prices), hourly means", positive, EARS)


if __name__ == "__main__":
    main()
