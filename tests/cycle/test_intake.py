"""What waits together is stored together: as if each post had come by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from engine import app
from engine.cycle import intake, run
from engine.cycle.intake import Post
from engine.cycle.world import World
from engine.store import rejects
from engine.store.revision import KEY
from engine.store.tables import incident
from tests.story import county, pushing
from tests.story.test_push import CAP


def record(id_: str, town: str = "T1", kind: str = "burglary", **more: object) -> dict[str, object]:
    return {"id": id_, "at": county.END.isoformat(), "town": town, "kind": kind, **more}


def post(*records: object, feed: str = "room") -> Post:
    return Post(feed, "json", json.dumps(records).encode())


def alert(number: int, kind: str = "Alert", references: str = "") -> Post:
    return Post("alerts", "cap", CAP.format(number=number, kind=kind, references=references).encode())


#: Each is a group of posts that wait together, one group after the other.
GROUPS: dict[str, list[list[Post]]] = {
    "different incidents": [[post(record("a")), post(record("b"), record("c")), post()]],
    "the same incident": [[post(record("a")), post(record("a")), post(record("a", "T2")), post(record("a"))]],
    "what was stored before": [[post(record("a"))], [post(record("b")), post(record("a", "T2"))]],
    "an id given again": [
        [post(record("a")), post({**record("a", "T2", "explosion"), "at": "2026-02-02T10:00:00Z"})],
        [post(record("a", "T2", "explosion")), post(record("b"))],
    ],
    "refused and read at last": [
        [post(record("a", "Nowhere"), record("b")), post(record("a")), post(record("c"))],
        [post(record("d")), post(record("d", "Nowhere")), post(record("e"))],
    ],
    "what is no JSON among others": [
        [post(record("a")), Post("room", "json", b"{"), Post("room", wrong="torn"), post(record("b"))]
    ],
    "alerts and their cancel": [
        [alert(1), alert(2), alert(3, "Cancel", "<references>alerts@province.example,A1,"
         "2026-03-11T08:59:00+00:00</references>")],
    ],
    "two feeds by turns": [[post(record("a")), alert(1), post(record("a")), alert(1)]],
}  # fmt: skip


@contextmanager
def place(root: Path) -> Iterator[World]:
    with app.world(pushing.build(root), clock=county.Clock()) as world:
        run.prepare(world, world.clock())
        yield world


def stored(world: World) -> object:
    """Every revision, and what could not be read, but not in how many transactions."""
    columns = [column for column in incident.c if column is not incident.c.seq]
    with world.store.read() as tx:
        every = tx.conn.execute(select(*columns).order_by(*KEY)).all()
        unread = sorted((one.reject.record, str(one.reject.source_id)) for one in rejects.listing(tx))
        return every, unread, {feed: sorted(rejects.unread(tx, feed)) for feed in ("room", "alerts")}


@pytest.mark.parametrize("name", GROUPS)
def test_a_group_is_what_its_posts_are_one_by_one(tmp_path: Path, name: str) -> None:
    with place(tmp_path / "together") as one, place(tmp_path / "apart") as other:
        together = [taken for group in GROUPS[name] for taken in intake.take(one, group)]
        apart = [taken for group in GROUPS[name] for each in group for taken in intake.take(other, [each])]
        assert together == apart
        assert stored(one) == stored(other)
    for taken in together:
        account = taken.account
        assert account.read == sum((
            account.new, account.revised, account.unchanged, account.repeated, account.skipped,
            account.rejected,
        ))  # fmt: skip


def test_nobody_judges_at_once_what_no_rule_judges_at_once(tmp_path: Path) -> None:
    with place(tmp_path) as world:

        def take(one: dict[str, object]) -> bool:
            return bool(intake.take(world, [post(one)])[0].moments)

        assert not take(record("a"))
        assert take(record("b", kind="explosion"))
        assert not take(record("b", kind="explosion")), "it is known"
        assert take(record("b")), "it is no explosion any more"
        assert take(record("a", kind="explosion")), "it was one after all"
