"""The service as an operator meets it: stopped, cut off from a feed, run twice, and over the calendar."""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from engine import app, cli
from engine.cycle import presence
from engine.cycle import run as running
from engine.cycle import why as explaining
from engine.logs import configure
from engine.model.run import Run
from engine.store import health, meta, runs
from tests.connectors.conftest import Answer, Server
from tests.story import county
from tests.story.conftest import PATIENCE, ROOT, forewarn, wait_for

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The county after a demo that nothing disturbed."""
    root = county.build(tmp_path_factory.mktemp("steady"))
    forewarn(root, "demo", "--once")
    return root


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The county after its nine days, which one tick judged."""
    root = county.build(tmp_path_factory.mktemp("lived"))
    live(root)
    return root


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return county.build(tmp_path / "county")


def told(root: Path) -> dict[str, Any]:
    with app.world(root, clock=lambda: county.END) as world:
        return county.told(world.store)


# --- told to stop ------------------------------------------------------------------------------


@contextmanager
def service(root: Path, *command: str) -> Iterator[subprocess.Popen[str]]:
    """`forewarn` in a session of its own, as a terminal or systemd starts it."""
    arguments = [sys.executable, "-m", "engine.cli", "--root", str(root), *command]
    process = subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}, start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def stopped(process: subprocess.Popen[str], number: signal.Signals) -> str:
    """Send the signal to the whole group, as a terminal does; what was said until the end."""
    os.killpg(process.pid, number)
    said = process.communicate(timeout=PATIENCE)[0]
    assert process.returncode == 0, said
    return said


def read_until(process: subprocess.Popen[str], words: str) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if words in line:
            return
    raise AssertionError(f"{words!r} was never said")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_demo_told_to_stop_ends_well_and_has_lost_nothing(
    number: signal.Signals, root: Path, steady: Path
):
    with service(root, "demo") as process:
        read_until(process, "The service goes on")
        assert "stopped; nothing is lost" in stopped(process, number)
    assert told(root) == told(steady)
    with app.world(root) as world, world.store.read() as tx:
        assert not presence.beats(tx), "who leaves on purpose is not missed"


def test_a_demo_told_to_stop_in_the_middle_goes_on_where_it_was(root: Path, steady: Path):
    """After the first days are judged; the next start judges the rest."""
    with service(root, "demo") as process:
        wait_for(lambda: len(judged(root)) >= 3)
        stopped(process, signal.SIGTERM)
    at_work = judged(root)
    assert {run.state for run in at_work} == {"done"}
    forewarn(root, "demo", "--once")
    assert told(root) == told(steady)


def judged(root: Path) -> list[Run]:
    if not (root / "data" / "forewarn.db").exists():
        return []
    with app.world(root, clock=lambda: county.END) as world, world.store.read() as tx:
        return runs.listing(tx, 1000)


def test_a_service_told_to_stop_ends_well(root: Path):
    with service(root, "run") as process:
        wait_for(lambda: "log" in status(root) and "service" in status(root))
        stopped(process, signal.SIGINT)


def status(root: Path) -> str:
    return forewarn(root, "status", check=False).stdout


# --- feeds that are down -----------------------------------------------------------------------

SECOND = """
  - id: second
    title: Burglaries, from elsewhere
    connector: {connector}
    subject: incident
    options: {options}
    poll: 1h
    max_silence: 2d
    covers: {{areas: [C], categories: [property], from: 2026-01-01}}
    map:
      source_id: id
      occurred_at: {{field: at}}
      known_at: {{field: known}}
      place: {{code: town}}
      category: {{field: kind, scheme: county}}
"""


@pytest.fixture
def silent() -> Iterator[int]:
    """A port that is taken and at which nobody answers."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def broken(kind: str, root: Path, server: Server, silent: int) -> tuple[str, str]:
    """(connector, options) of a feed that cannot be read."""
    file = root / "second"
    if kind == "an error 500":
        url = server.tell("/second", Answer(status=500))
        return "json", f"{{url: '{url}', retries: 0}}"
    if kind == "a page instead of data":
        url = server.tell("/second", Answer(b"<html>down for maintenance</html>"))
        return "json", f"{{url: '{url}', retries: 0}}"
    if kind == "nobody there":
        return "json", f"{{url: 'http://127.0.0.1:{silent}/second', retries: 0}}"
    if kind == "half a file":
        file.write_bytes(gzip.compress(b"id,at,known,town,kind\n" + os.urandom(9000).hex().encode())[:2000])
    elif kind == "bytes":
        file.write_bytes(bytes(range(256)) * 40)
    elif kind == "a folder":
        file.mkdir()
    return "csv", "{path: second}"


@pytest.mark.parametrize(
    "kind",
    ["no file", "a folder", "half a file", "bytes", "an error 500", "a page instead of data", "nobody there"],
)
def test_a_feed_that_is_down_is_marked_its_topic_blind_and_the_others_go_on(
    kind: str, root: Path, server: Server, silent: int, lived: Path
):
    connector, options = broken(kind, root, server, silent)
    write_feeds(root, connector, options)
    live(root)
    assert explosions(root) == explosions(lived) != []
    with app.world(root, clock=lambda: county.END) as world:
        with world.store.read() as tx:
            heard = health.last(tx)
        why = explaining.place(world, "T1", "burglary", county.END)
    assert heard["log"].ok and not heard["second"].ok and heard["second"].detail
    assert {rule["data_state"] for rule in why["because"]} == {"lower bound"}


def test_status_names_the_feed_that_is_down_and_exits_with_one(root: Path):
    write_feeds(root, "csv", "{path: second}")
    live(root)
    rows = {row["name"]: row for row in listed(root, "status", code=1)}
    assert (rows["log"]["state"], rows["second"]["state"]) == ("ok", "blind")
    assert "there is no such file" in rows["second"]["detail"]
    (root / "second").write_text("id,at,known,town,kind\n", encoding="utf-8")
    live(root, county.END + 2 * HOUR)
    assert {row["state"] for row in listed(root, "status")} <= {"ok", "young"}


def write_feeds(root: Path, connector: str, options: str) -> None:
    """The log tells of explosions only; burglaries come from the second feed, or would."""
    feeds = root / "config" / "feeds.yaml"
    log = feeds.read_text(encoding="utf-8").replace("[property, violence]", "[violence]")
    feeds.write_text(log + SECOND.format(connector=connector, options=options), encoding="utf-8")
    path = root / "log.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "burglary" not in line), encoding="utf-8")


def explosions(root: Path) -> list[tuple[object, ...]]:
    found = [warning for warning in told(root)["warnings"] if warning.topic == "explosions"]
    return [(w.id, w.grade, w.since, w.lifted_at, w.rules) for w in found]


def test_a_mistake_of_a_connector_stops_only_its_feed_and_quotes_no_record(root: Path, lived: Path):
    write_feeds(root, "json", "{path: second}")

    class Mistaken:
        def fetch(self, *_: object) -> None:
            raise ValueError("13912345678")

    with app.world(root, clock=lambda: county.END) as world:
        world = replace(world, connectors={**world.connectors, "json": Mistaken()})
        running.prepare(world, county.FIRST)
        running.tick(world)
        with world.store.read() as tx:
            heard = health.last(tx)
    assert explosions(root) == explosions(lived)
    assert not heard["second"].ok and heard["log"].ok
    assert re.fullmatch(r"ValueError in test_service.py:\d+, which is .*", heard["second"].detail)


def live(root: Path, now: datetime = county.END) -> None:
    """One tick, in a store that goes on living at that moment."""
    with app.world(root, clock=lambda: now) as world:
        running.prepare(world, county.FIRST)
        running.tick(world)
        presence.leave(world)
        with world.store.begin() as tx:
            meta.put(tx, "demo", now.isoformat())


def listed(root: Path, *arguments: str, code: int = 0) -> Any:
    done = forewarn(root, *arguments, "--format", "json", check=False)
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout)


def test_a_broken_record_is_kept_with_its_reason_and_the_rest_counts(root: Path, lived: Path):
    with (root / "log.csv").open("a", encoding="utf-8") as log:
        log.write("odd-1,2026-03-05T10:00:00+00:00,2026-03-05T10:05:00+00:00,Atlantis,burglary\n")
        log.write("odd-2,yesterday,2026-03-05T10:05:00+00:00,T1,burglary\n")
        log.write("odd-3,2026-03-05T10:00:00+00:00\n")
    live(root)
    assert told(root)["warnings"] == told(lived)["warnings"]
    reasons = {reject["place"]: reject["reason"] for reject in listed(root, "feeds", "rejects")}
    assert len(reasons) == 3 and any("Atlantis" in reason for reason in reasons.values())


def test_ticks_that_overlap_judge_every_period_once(root: Path, lived: Path):
    with app.world(root, clock=lambda: county.END) as world:
        running.prepare(world, county.FIRST)
        threads = [threading.Thread(target=running.tick, args=(world,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    done = judged(root)
    assert {(run.state, run.attempt) for run in done} == {("done", 1)}
    assert told(root) == told(lived)
    assert sorted(county.received(root)) == sorted(county.received(lived))


# --- the calendar ------------------------------------------------------------------------------


def through(root: Path, moments: list[datetime], zone: str = "Europe/Stockholm") -> list[Run]:
    """Begin at the first moment and tick at the others, in a county of that zone; every run, by the
    moment it was due."""
    areas = root / "config" / "areas.yaml"
    areas.write_text(re.sub("zone: .*", f"zone: {zone}", areas.read_text(encoding="utf-8")), encoding="utf-8")
    now = [moments[0]]
    with app.world(root, clock=lambda: now[0]) as world:
        running.prepare(world, moments[0])
        for now[0] in moments[1:]:
            running.tick(world)
            assert running.due(world, now[0]) == []
    return sorted(judged(root), key=lambda run: run.due_at)


def hourly(first: datetime, last: datetime, hours: int = 1) -> list[datetime]:
    return [first + n * hours * HOUR for n in range(int((last - first) / HOUR) // hours + 1)]


def days(found: list[Run], cycle: str = "daily") -> list[str]:
    assert {(run.state, run.attempt) for run in found} == {("done", 1)}
    return [run.period for run in found if run.cycle == cycle]


@pytest.mark.parametrize("jump", [1, 48], ids=["every hour", "asleep over it"])
@pytest.mark.parametrize(
    ("first", "due"),
    [(datetime(2026, 3, 27, 12, tzinfo=UTC), (7, 6, 6)), (datetime(2026, 10, 23, 12, tzinfo=UTC), (6, 7, 7))],
    ids=["clocks go forward", "clocks go back"],
)
def test_a_change_of_the_clocks_neither_misses_nor_doubles_a_day(
    jump: int, first: datetime, due: tuple[int, ...], root: Path
):
    found = through(root, [*hourly(first, first + 72 * HOUR, jump), first + 72 * HOUR])
    opened = [(first.date() + timedelta(days=n)).isoformat() for n in range(3)]
    assert days(found) == opened
    assert tuple(run.due_at.astimezone(UTC).hour for run in found if run.cycle == "daily") == due


def test_the_hour_that_comes_twice_is_judged_twice_in_its_order(root: Path):
    """Explosions at 02:30, at 02:59:59 and again at 02:30 by the clock of the wall."""
    moments = [
        datetime(2026, 10, 25, *at, tzinfo=UTC) for at in ((0, 30, 0), (0, 59, 59), (1, 30, 0))
    ]  # fmt: skip
    rows = [f"{n},{at.isoformat()},{at.isoformat()},T1,explosion" for n, at in enumerate(moments)]
    (root / "log.csv").write_text("\n".join(["id,at,known,town,kind", *rows, ""]), encoding="utf-8")
    polls = hourly(datetime(2026, 10, 20, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC))
    text = "\n".join(["polled_at", *(poll.isoformat() for poll in polls)])
    (root / "polls.csv").write_text(f"{text}\n", encoding="utf-8")
    now = datetime(2026, 10, 25, 3, tzinfo=UTC)
    found = through(root, [now - timedelta(days=1), now])
    at_once = [run for run in found if run.cycle == "immediate"]
    assert [run.due_at for run in at_once] == [at + timedelta(seconds=1) for at in moments]
    assert [run.id for run in at_once] == sorted(run.id for run in at_once)
    assert [run.findings for run in at_once] == [1, 1, 1]
    assert len({run.period for run in at_once}) == 3


def test_where_the_clocks_change_at_midnight_the_day_is_still_judged_once(root: Path):
    """In Cuba, 2026-03-08 begins at one o'clock and the last hour of 2026-10-31 comes twice."""
    for first in (datetime(2026, 3, 7, 14, tzinfo=UTC), datetime(2026, 10, 31, 14, tzinfo=UTC)):
        home = county.build(root / f"{first:%m}")
        found = through(home, hourly(first, first + 48 * HOUR, 6), "America/Havana")
        expected = [(first.date() + timedelta(days=n)).isoformat() for n in range(2)]
        assert days(found) == expected


def test_a_leap_day_is_a_day_of_its_month(root: Path):
    first = datetime(2028, 2, 28, 9, tzinfo=UTC)
    found = through(root, hourly(first, first + 72 * HOUR, 6))
    assert days(found) == ["2028-02-28", "2028-02-29", "2028-03-01"]
    (month,) = [run for run in found if run.cycle == "monthly"]
    assert (month.period, month.due_at) == ("2028-02-01", datetime(2028, 3, 1, 7, tzinfo=UTC))


def test_the_week_that_holds_the_new_year_is_judged_once(root: Path):
    """2026 has 53 ISO weeks: the last one ends on 2027-01-03."""
    first = datetime(2026, 12, 28, 9, tzinfo=UTC)
    found = through(root, hourly(first, first + timedelta(days=8), 12))
    (week,) = [run for run in found if run.cycle == "weekly"]
    assert (week.period, week.due_at) == ("2026-12-28", datetime(2027, 1, 4, 7, tzinfo=UTC))
    assert days(found, "monthly") == ["2026-12-01"]
    assert days(found) == [(date(2026, 12, 28) + timedelta(days=n)).isoformat() for n in range(8)]


# --- the page ----------------------------------------------------------------------------------


def test_every_command_of_the_operations_page_works(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    commands = dict.fromkeys(re.findall(r"^    forewarn (.+)$", page, re.MULTILINE))
    assert len(commands) >= 12
    try:
        for command in commands:
            if command.startswith("db restore"):
                (root / "data").rename(tmp_path / "moved away")
            done = CliRunner().invoke(cli.forewarn, ["--root", str(root), *command.split()])
            assert done.exit_code in (0, 1), command
            assert done.exception is None or isinstance(done.exception, SystemExit), command
    finally:
        configure("warning")  # the runner's own standard error, which they logged to, is closed
    assert (root / "data" / "forewarn.db").exists()
