"""What operators hear of a feed that is pushed: as much as of one that is polled, and once, in however many
pieces it comes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine import app
from engine.cycle import hearing, intake, run
from engine.cycle.intake import Post, Taken
from engine.cycle.loops.service import Loops
from engine.cycle.reload import Live
from engine.cycle.world import World
from engine.store import health, outbox, rejects
from tests.story import county, pushing

FEEDS = pushing.FEEDS.replace(
    "      category: {field: kind, scheme: county}\n",
    "      category: {field: kind, scheme: county}\n      ended_at: {field: over}\n", 1,
)  # fmt: skip
OPERATORS = """
  - {id: ops, title: Operators, operator: true, channels: [{kind: file, path: data/outbox/ops.jsonl}]}
routes:
"""


class Room:
    """A control room that pushes, the tick, and what its operators are told."""

    def __init__(self, world: World, loops: Loops, clock: county.Clock) -> None:
        self.world, self._loops, self._clock = world, loops, clock

    def push(self, *records: Any, body: bytes = b"", wrong: str = "", feed: str = "room") -> Taken:
        self._clock.now += timedelta(seconds=1)
        content = body or json.dumps(records).encode()
        (taken,) = intake.take(self.world, [Post(feed, "json", content, wrong)])
        return taken

    def later(self, **time: float) -> None:
        self._clock.now += timedelta(**time)

    def told(self) -> list[tuple[str, str]]:
        """(trouble, detail) of what the next tick tells."""
        with self.world.store.read() as tx:
            before = {one.key for one in outbox.listing(tx)}
        self._loops._tell(self.world)
        with self.world.store.read() as tx:
            new = [json.loads(one.payload) for one in outbox.listing(tx) if one.key not in before]
        return sorted((one["trouble"], one["detail"]) for one in new if one.get("trouble"))

    def state(self) -> tuple[str, str]:
        with self.world.store.read() as tx:
            found = hearing.of(self.world, tx, self.world.settings.feeds["room"])
        return found.state, found.detail


def _built(root: Path) -> Path:
    pushing.build(root)
    routes = root / "config" / "routes.yaml"
    text = routes.read_text(encoding="utf-8").replace("\nroutes:\n", OPERATORS)
    routes.write_text(text, encoding="utf-8")
    return root


@contextmanager
def opened(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    monkeypatch.setattr(pushing, "FEEDS", FEEDS)
    clock = county.Clock()
    with app.world(_built(root), clock=clock) as world:
        run.prepare(world, clock())
        with closing(Loops(Live(world, lambda: world))) as loops:
            yield Room(world, loops, clock)


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    with opened(tmp_path / "county", monkeypatch) as found:
        yield found


def record(id_: str, **more: object) -> dict[str, object]:
    return {"id": id_, "at": county.END.isoformat(), "town": "T1", "kind": "burglary", **more}


def test_what_comes_in_many_pieces_is_told_once(room: Room):
    for number in range(3):
        taken = room.push(record(f"b{number}", over="soon"), record(f"u{number}", town="Nowhere"))
        assert dict(taken.lost) == {"ended_at": 1} and taken.account.rejected == 1
        room.push(record(f"g{number}"))
    told = dict(room.told())
    assert set(told) == {"partly", "unread"}
    assert "3 incidents are kept without their ended_at" in told["partly"]
    assert "3 records could not be read" in told["unread"] and "Nowhere" in told["unread"]
    room.push(record("again", over="soon", town="T2"), record("same", town="Nowhere"))
    assert room.told() == [], "what was told is not told again"
    room.push(record("other", town="Elsewhere"))
    ((trouble, detail),) = room.told()
    assert trouble == "unread" and "Elsewhere" in detail and "Nowhere" not in detail
    with room.world.store.read() as tx:
        groups = {what: many for _, _, what, many, _, _ in rejects.groups(tx, "value", "room")}
    assert groups == {"Nowhere": 4, "Elsewhere": 1}
    state, detail = room.state()
    assert state == "unread" and "forewarn feeds reread room" in detail


def test_what_is_lost_again_after_days_without_it_is_told_again(room: Room):
    room.push(record("one", over="soon"))
    assert [trouble for trouble, _ in room.told()] == ["partly"]
    room.later(days=3)
    room.push(record("two", over="soon"))
    assert "partly" in dict(room.told())


def test_a_source_whose_pushes_are_refused_fails_and_is_back_with_the_first_that_is_taken(room: Room):
    room.push(record("one"))
    assert room.told() == []
    for _ in range(5):
        assert room.push(body=b"{").refused
    told = dict(room.told())
    assert "refused" in told["down"] and "5 posts" in told["partly"]
    state, detail = room.state()
    assert state == "failing" and "what its source pushes is refused" in detail
    assert room.told() == []
    room.push(record("two"))
    assert [trouble for trouble, _ in room.told()] == ["back"]
    assert room.state()[0] == "ok"
    with room.world.store.read() as tx:
        assert health.accounts(tx)["room"].read == 2


def test_what_was_not_even_brought_whole_is_known(room: Room):
    room.push(wrong="this feed takes 1 MB at once; bring it in pieces")
    assert "1 MB at once" in dict(room.told())["down"]


def test_a_silence_ends_with_news_of_its_own_moment_and_nothing_is_late(room: Room):
    room.push(record("one"))
    room.later(hours=3)
    assert room.push(record("two")).late == 0
    assert "late-batch" not in dict(room.told())
