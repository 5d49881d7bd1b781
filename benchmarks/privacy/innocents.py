"""What reports are full of and what identifies nobody: dates, counts, codes, coordinates, sentences."""

from __future__ import annotations

import csv
import gzip
import hashlib
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

Make = Callable[[Random], str]

ROOT = Path(__file__).resolve().parents[2]
#: Real words that come with the project, none of which identifies anybody: extracts of public feeds.
REAL = ("config/demo/se_police.csv.gz", "config/demo/kev.csv.gz", "config/areas.csv", "config/taxonomy.yaml",
        "config/measures.yaml", "tests/data/connectors/air_alerts.csv", "tests/data/connectors/usgs.geojson",
        "tests/data/connectors/nws.atom")  # fmt: skip

_PLACES = [
    "Umeå",
    "Södertälje",
    "西湖区",
    "余杭区",
    "Lisboa",
    "Montgomery",
    "Kraków",
    "浦东新区",
    "Харків",
    "Göteborg",
]


_COUNTED = (
    "no",
    "one",
    "two",
    "three",
    "seven",
    "eleven",
    "twenty",
    "två",
    "elf",
    "zwölf",
    "sju",
    "tolv",
    "40",
)


def _moment(random: Random) -> datetime:
    return datetime(2010, 1, 1) + timedelta(seconds=random.randrange(16 * 365 * 86_400))


def _dated(*formats: str) -> Make:
    return lambda random: _moment(random).strftime(random.choice(formats))


def _number(random: Random, digits: int) -> str:
    return str(random.randrange(10 ** (digits - 1), 10**digits))


def _point(random: Random) -> tuple[float, float]:
    return random.uniform(-85, 85), random.uniform(-180, 180)


def _pair(random: Random) -> str:
    latitude, longitude = _point(random)
    places = random.choice((2, 3, 4, 5, 6, 7, 13))
    return f"{latitude:.{places}f}{random.choice((',', ', ', ' ', ';'))}{longitude:.{places}f}"


def _polygon(random: Random) -> str:
    latitude, longitude = _point(random)
    return " ".join(f"{latitude + random.random():.4f},{longitude + random.random():.4f}" for _ in range(6))


def _area(random: Random, digits: int) -> str:
    province = random.choice((11, 13, 23, 31, 33, 37, 44, 51, 54, 65))
    head = f"{province}{random.randrange(1, 35):02}{random.randrange(1, 85):02}"
    return (head + f"{random.randrange(1, 400):03}{random.randrange(1, 300):03}")[:digits]


def _sentence(random: Random) -> str:
    at, place, count = _moment(random), random.choice(_PLACES), random.randrange(1, 400)
    return random.choice((
        f"{at:%Y-%m-%d %H:%M} {place}发生火灾，{count}人受伤，过火面积{random.randrange(10, 90_000)}平方米",
        f"{at:%Y年%m月%d日%H时%M分}，{place}发生{random.uniform(2, 7):.1f}级地震，震源深度{count}千米",
        f"Fire in {place} at {at:%H:%M} on {at:%d %B %Y}; {count} evacuated, {count * 7:,} ha burnt",
        f"{at:%d %B kl %H.%M}, trafikolycka, E{random.randrange(4, 99)} vid {place}, {count} fordon",
        f"CVE-{at:%Y}-{random.randrange(1000, 99_999)} is exploited, firmware up to 10.0.{count}.50",
        f"{place}: {count} strikes, {count * 3} workers, {at:%m/%d/%Y} to {at + timedelta(9):%m/%d/%Y}",
        f"报警时间：{at:%Y/%m/%d %H:%M:%S}，警情编号：{at:%Y}{_number(random, 5)}，出动{count}车",
        f"victims: {count}; driver: unknown; contact: see the duty desk; phone in {count} min",
    ))  # fmt: skip


INNOCENTS: Mapping[str, Make] = {
    "ISO moments": _dated(
        "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M+01:00", "%Y-%m-%dT%H:%M:%S.%f"
    ),
    "moments with slashes": _dated("%Y/%m/%d %H:%M", "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %I:%M %p", "%Y/%m/%d"),
    "moments with dots": _dated("%d.%m.%Y %H:%M", "%d.%m.%Y", "%Y.%m.%d %H.%M"),
    "moments in words": _dated(
        "%d %B %Y, %H:%M", "%a, %d %b %Y %H:%M:%S GMT", "%Y年%m月%d日 %H时%M分", "%B %d, %Y"
    ),
    "moments without signs": _dated(
        "%Y%m%d", "%Y%m%d%H%M%S", "%Y%m%dT%H%M%SZ", "%Y%m%d_%H%M%S", "%Y%m%d-%H%M", "%Y%m%d%H%M"
    ),
    "stretches": lambda random: (
        f"{_moment(random):%Y-%m-%d %H:%M}{random.choice((' - ', '–', ' to ', '/'))}"
        f"{_moment(random):%Y-%m-%d %H:%M}"
    ),
    "seconds since 1970": lambda random: (
        f"{_moment(random).timestamp():.0f}{random.choice(('', '000', '.123', '.5'))}"
    ),
    "weeks and days of the year": _dated("%G-W%V", "%G-W%V-%u", "%Y-%j"),
    "counts": lambda random: _number(random, random.randrange(1, 10)),
    "counts with commas": lambda random: f"{random.randrange(1000, 10**12):,}",
    "amounts": lambda random: (
        f"{random.uniform(0, 10 ** random.randrange(1, 9)):.{random.randrange(1, 9)}f} "
        f"{random.choice(('ha', 'km2', 'SEK', '元', '%', 'mm'))}"
    ),
    "lists of counts": lambda random: random.choice((", ", ",", ";", " | ")).join(
        _number(random, random.randrange(1, 5)) for _ in range(9)
    ),
    "lists of small counts": lambda random: (
        "the last: " + " ".join(_number(random, 1) for _ in range(random.randrange(12, 20)))
    ),
    "coordinates": _pair,
    "polygons": _polygon,
    "degrees, minutes, seconds": lambda random: (
        f"{random.randrange(90)}°{random.randrange(60)}'{random.uniform(0, 60):.2f}\"N "
        f"{random.randrange(180)}°{random.randrange(60)}'{random.uniform(0, 60):.2f}\"E"
    ),
    "area codes of 6 digits": lambda random: _area(random, 6),
    "area codes of 9 digits": lambda random: _area(random, 9),
    "area codes of 12 digits": lambda random: _area(random, 12),
    "area codes of Europe": lambda random: random.choice(
        (
            f"SE{random.randrange(100, 400)}",
            f"DE{random.randrange(10, 99)}{random.choice('ABC')}",
            _number(random, 4),
            f"0{_number(random, 7)}",
        )
    ),
    "postal codes": lambda random: random.choice(
        (
            _number(random, 5),
            f"{_number(random, 3)} {_number(random, 2)}",
            _number(random, 6),
            f"{_number(random, 5)}-{_number(random, 4)}",
        )
    ),
    "vulnerabilities": lambda random: (
        f"CVE-{random.randrange(1999, 2030)}-{random.randrange(1000, 9_999_999)}"
    ),
    "versions": lambda random: (
        random.choice(("", "v", "version "))
        + ".".join(str(random.randrange(20)) for _ in range(random.randrange(2, 4)))
    ),
    "hashes": lambda random: hashlib.new(
        random.choice(("md5", "sha1", "sha256")), random.randbytes(9)
    ).hexdigest(),
    "UUIDs": lambda random: str(uuid.UUID(bytes=random.randbytes(16))),
    "file names": lambda random: (
        f"{random.choice(('IMG', 'report', '预警'))}_{_moment(random):%Y%m%d_%H%M%S}"
        f".{random.choice(('jpg', 'csv', 'xml'))}"
    ),
    "addresses of pages": lambda random: (
        f"https://alerts.example.org/{_moment(random):%Y/%m/%d}/{_number(random, 6)}"
        f"?page={_number(random, 2)}"
    ),
    "numbers of events": lambda random: random.choice(
        (
            f"us{_number(random, 4)}abcd",
            f"{_moment(random):%Y}-{_number(random, 6)}",
            f"{_moment(random):%y}-{_number(random, 7)}",
            f"INC{_number(random, 7)}",
            f"{_area(random, 6)}41600000_{_moment(random):%Y%m%d%H%M%S}",
        )
    ),
    "roads and units": lambda random: random.choice(
        (
            f"E{random.randrange(100)}",
            f"G{random.randrange(9999)}",
            f"M{random.randrange(100)}, exit {random.randrange(99)}",
            f"Engine {random.randrange(99)}",
        )
    ),
    "emergency numbers": lambda random: random.choice(
        ("110", "119", "120", "112", "911", "12345", "114 14", "95598")
    ),
    "versions of programs": lambda random: (
        random.choice(("Chrome", "OpenSSL", "iOS", "Oracle Database", "firmware", "before", "prior to", ""))
        + " "
        + random.choice(
            (
                ".".join(str(random.randrange(10)) for _ in range(4)),
                f"1{'.'.join(_number(random, 4))}",
                f"{random.randrange(90, 140)}.0.{random.randrange(4000, 7000)}.{random.randrange(10, 200)}",
                f"10.0.{random.randrange(10_000, 26_000)}.{random.randrange(1, 5000)}",
                f"{random.randrange(100, 140)}.0.0.0",
            )
        )
    ),
    "counts in words": lambda random: (
        f"{random.choice(_COUNTED)} dead, {random.choice(_COUNTED)} hurt, {random.choice(_COUNTED)} missing "
        f"in {random.choice(_COUNTED)} {random.choice(('cars', 'hus'))} on {_moment(random):%d %B %Y}"
    ),
    "cells of a page": lambda random: (
        f"<tr><td>{random.randrange(99)}</td><td>{random.randrange(999)}</td><td>{_moment(random):%Y-%m-%d}</td>"
        f"<td>{random.choice(_PLACES)}</td></tr>"
    ),
    "tags": lambda random: (
        f"<p><b>{random.randrange(999)}</b> ha on <i>{_moment(random):%Y-%m-%d %H:%M}</i></p>"
    ),
    "things that are called something": lambda random: random.choice(
        (
            f"a storm named {random.choice(('Ian', 'Hans', 'Babet'))} reached {random.choice(_PLACES)}",
            f"a place called {random.choice(_PLACES)}, reported by the National Weather Service",
            f"reported by {random.choice(('Emergency Manager', 'Trained Spotter', 'Fire Department'))}",
            f"{random.randrange(2, 40)}名游客陆续离开，{random.randrange(2, 40)}名工人受伤，居民严重缺水",
            "一艘名为王子号的船，乘客全部获救；苏州市投诉量上升，武汉市报警数下降",
            f"Branden heter {random.choice(_PLACES)}branden, en by som heter Stora Mellösa",
        )
    ),
    "empty cells": lambda random: ",".join(random.choice(("null", "0", "", "none", "12")) for _ in range(12)),
    "sentences": _sentence,
}


def made(kind: str, count: int, seed: int) -> Iterator[str]:
    """So many texts of one kind; the same for the same seed."""
    random = Random(f"{kind} {seed}")
    return (INNOCENTS[kind](random) for _ in range(count))


def real() -> Iterator[tuple[str, str]]:
    """Every distinct word of the bundled files, with the file it stands in: the cells of a table, the lines
    of anything else."""
    for name in REAL:
        path = ROOT / name
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8", newline="") as file:
            cells = (cell for row in csv.reader(file) for cell in row) if ".csv" in name else iter(file)
            yield from ((name, cell) for cell in dict.fromkeys(cells))
