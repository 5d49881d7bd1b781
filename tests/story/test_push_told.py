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
from engine.model.incident import Precision
from engine.store import health, incidents, outbox, rejects
from tests.story import county, pushing
from tests.story.conftest import wait_for

FEEDS = pushing.FEEDS.replace(
    "      category: {field: kind, scheme: county}\n",
    "      category: {field: kind, scheme: county}\n      ended_at: {field: over}\n", 1,
).replace("occurred_at: {field: at}", "occurred_at: [at, {reported: true}]", 1)  # fmt: skip
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
        return told(self._loops)

    def state(self) -> tuple[str, str]:
        with self.world.store.read() as tx:
            found = hearing.of(self.world, tx, self.world.settings.feeds["room"])
        return found.state, found.detail


def told(loops: Loops) -> list[tuple[str, str]]:
    """(trouble, detail) of what the next tick tells."""
    with loops.world.store.read() as tx:
        before = {one.key for one in outbox.listing(tx)}
    loops._tell(loops.world)
    with loops.world.store.read() as tx:
        new = [json.loads(one.payload) for one in outbox.listing(tx) if one.key not in before]
    return sorted((one["trouble"], one["detail"]) for one in new if one.get("trouble"))


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


def test_what_comes_in_bulk_after_a_silence_is_late_counts_on_no_day_and_is_told_once(room: Room):
    def bulk(part: str) -> list[dict[str, object]]:
        return [{"id": f"{part}{number}", "town": "T1", "kind": "burglary"} for number in range(60)]

    room.push(record("one"))
    room.later(hours=5)
    first, again = room.push(*bulk("a")), room.push(*bulk("a"))
    assert (first.late, again.late) == (60, 0), "what a source repeats is late only once"
    assert room.push(*bulk("b")).late == 0, "it was heard a second ago"
    with room.world.store.read() as tx:
        assert incidents.get(tx, "room", "a0")[0].precision is Precision.UNKNOWN
    detail = dict(room.told())["late-batch"]
    assert "60" in detail
    assert "late-batch" not in dict(room.told())


def test_a_source_that_places_its_reports_higher_than_it_did_is_told_once(room: Room):
    room.push(*(record(f"t{number}") for number in range(12)))
    room.told()
    room.push(*(record(f"c{number}", town="C") for number in range(12)))
    detail = dict(room.told())["shallow"]
    assert "placed at town level" in detail
    room.push(record("c12", town="C"))
    assert "shallow" not in dict(room.told())


def test_what_is_refused_over_http_reaches_the_operators(tmp_path: Path):
    refusals = [
        (413, b" " * (2 << 20), "application/json", "1 MB at once"),
        (415, b"id=1", "application/x-www-form-urlencoded", "say what it is"),
        (422, b"{", "application/json", "ends early"),
    ]  # fmt: skip
    with pushing.service(_built(tmp_path / "county")) as (loops, address):
        with pushing.source(loops.world, address) as control:
            for status, content, kind, said in refusals:
                answer = control.post("/v1/incidents", content=content, headers={"content-type": kind})
                assert answer.status_code == status
                wait_for(lambda said=said: said in heard(loops))
        found = told(loops)
        assert any(trouble == "down" and "ends early" in detail for trouble, detail in found)
        assert any(trouble == "partly" and "3 posts" in detail for trouble, detail in found)


def heard(loops: Loops) -> str:
    """How the last that the control room brought went."""
    with loops.world.store.read() as tx:
        found = health.last(tx).get("room")
    return found.detail if found else ""


def test_a_silence_ends_with_news_of_its_own_moment_and_nothing_is_late(room: Room):
    room.push(record("one"))
    room.later(hours=3)
    assert room.push(record("two")).late == 0
    assert "late-batch" not in dict(room.told())
