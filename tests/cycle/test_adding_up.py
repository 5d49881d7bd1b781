"""Polls that nobody thought of: the account of each adds up, and no message of a source is in none of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from engine import app
from engine.cycle import collect, intake, sample
from engine.cycle import run as running
from engine.cycle.collect import Asked
from engine.cycle.intake import Post
from engine.cycle.world import World
from engine.model.feed import Account
from engine.store import health
from tests.cycle.test_chains import FEED, alert
from tests.cycle.test_current import FEED as LIST
from tests.story import county

POLLS = 15
TOWNS = "T1", "T2", "T3", "Nowhere"
PUSHED = """
  - id: push
    title: Pushed
    connector: push
    subject: hazard
    options: {}
    max_silence: 3d
    covers: {areas: [C], categories: [property, violence], from: 2026-01-01}
    map:
"""


@contextmanager
def world(root: Path, feeds: str) -> Iterator[World]:
    (county.build(root) / "config/feeds.yaml").write_text(feeds)
    seconds = count()
    with app.world(root, clock=lambda: county.END + timedelta(seconds=next(seconds))) as opened:
        running.prepare_ledger(opened)
        yield opened


def adds_up(account: Account, brought: int) -> None:
    parts = asdict(account)
    assert min(parts.values()) >= 0
    assert parts.pop("read") == sum(parts.values()) >= brought


def message(random: Random) -> str:
    """One of a few alerts, or an edition of one, that names any others, whether or not they ever come."""
    number = random.randrange(12)
    names = " ".join(f"A{one}@{6 + one % 3}" for one in random.sample(range(12), random.choice((0, 0, 1, 2))))
    kind = random.choice(("Alert", "Update", "Cancel", "Cancel", "Ack"))
    towns = random.sample(TOWNS, random.choice((0, 1, 1, 2)))
    told = alert(f"A{number}", 6 + number % 3, *towns, names=names, kind=kind)
    return told.replace(
        "<status>Actual", random.choice(["<status>Actual"] * 6 + ["<status>Test", "<status>What"])
    )


def test_every_message_of_an_index_of_alerts_is_in_the_account(tmp_path: Path) -> None:
    random = Random(7)
    with world(tmp_path, FEED) as opened:
        feed, total = opened.settings.feeds["met"], Account()
        for _ in range(POLLS):
            brought = [message(random) for _ in range(random.randrange(8, 14))]
            entries = "".join(f"<entry><content>{one}</content></entry>" for one in brought)
            (tmp_path / "in.xml").write_text(f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>')
            tried = sample.take(opened, feed, 1_000).account
            polled = collect.poll(opened, feed, Asked(anew=True))
            adds_up(polled.account, len(brought))
            assert polled.account == tried
            total += polled.account
        with opened.store.read() as tx:
            assert total == health.accounts(tx)["met"] != Account()
    assert min(asdict(total).values()) > 0


def test_every_alert_that_is_pushed_is_in_the_account(tmp_path: Path) -> None:
    random = Random(8)
    feeds = "feeds:" + PUSHED + FEED.partition("    map:\n")[2]
    with world(tmp_path, feeds) as opened:
        for _ in range(POLLS):
            posts = [Post("push", "cap", message(random).encode()) for _ in range(3)]
            for taken in intake.take(opened, posts):
                adds_up(taken.account, not taken.refused)


def record(random: Random) -> Any:
    """One of a few records: repeated, corrected, by another id, of a kind that does not count, broken."""
    number = random.randrange(8)
    if random.random() < 0.1:
        return random.choice((None, "text", {}, {"id": f"r{number}"}))
    at = county.END - timedelta(hours=5, days=random.choice((0, 0, 0, 9)))
    known = at + timedelta(minutes=random.choice((5, 5, 60)))
    return {"id": f"r{number}", "ids": random.choice(["", f",r{random.randrange(8)},"]), "at": at.isoformat(),
            "known": known.isoformat(), "town": random.choice(TOWNS[random.randrange(2) * 2 :]),
            "kind": random.choice(("explosion", "burglary", "burglary", "drill", "riddle"))}  # fmt: skip


def test_every_record_of_a_list_is_in_the_account(tmp_path: Path) -> None:
    random, seen = Random(9), Account()
    with world(tmp_path, LIST) as opened:
        feed = opened.settings.feeds["list"]
        for _ in range(POLLS):
            records = [record(random) for _ in range(random.randrange(4, 20))]
            (tmp_path / "list.json").write_text(json.dumps({"data": records, "n": len(records)}))
            polled = collect.poll(opened, feed, Asked(anew=True))
            adds_up(polled.account, len(records))
            seen += polled.account
    assert min(asdict(seen).values()) > 0
