"""The guard's cost per record: every text of the bundled police records past it, its id made a key, against
writing the same records as JSON and reading them again."""

from __future__ import annotations

import csv
import gzip
import json
from itertools import islice
from statistics import median

from benchmarks.measuring import ROOT, processor
from engine.guard.guard import Guard

ROUNDS, RECORDS, LIMIT = 7, 20_000, 5.0
#: A title, such as a report has where its text is kept.
TITLES = (
    "25 mars 21:15, Fylleri/LOB, Stockholm", "苏州市发生火灾，三人受伤", "Structure fire at 1200 Main Street",
    "Traffic accident on highway E4 near Södertälje, two cars involved", "Brand i lägenhet, ingen skadad",
)  # fmt: skip
#: One title in so many holds something to mask.
SELDOM = 50


def main() -> None:
    """Print both costs per record; exit with 1 where the guard's is over its limit."""
    with gzip.open(ROOT / "config/demo/se_police.csv.gz", "rt", encoding="utf-8") as file:
        records = list(islice(csv.DictReader(file), RECORDS))
    for number, record in enumerate(records):
        calling = number % SELDOM == 0
        record["title"] = "call 139-1234-5678" if calling else TITLES[number % len(TITLES)]
    guard = Guard()

    def guarded() -> None:
        for record in records:
            guard.key(record["id"])
            for text in record.values():
                guard.mask(text)

    def written() -> None:
        for record in records:
            json.loads(json.dumps(record, ensure_ascii=False))

    rounds = [(processor(guarded), processor(written)) for _ in range(ROUNDS)]
    ours, beside = (median(one[place] for one in rounds) / RECORDS * 1e6 for place in (0, 1))
    ratio = median(one / other for one, other in rounds)
    print(f"privacy: {RECORDS:,} records of {len(records[0])} texts, medians of {ROUNDS}")
    print(f"  the guard            {ours:6.1f} µs a record   {ratio:.2f}x   (limit {LIMIT}x)")
    print(f"  JSON, there and back {beside:6.1f} µs a record")
    if ratio > LIMIT:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
