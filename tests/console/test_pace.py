"""So many in so long, for each name, and for no more names than there is room for."""

from __future__ import annotations

from engine.console import pace
from engine.console.pace import Limit, Pace


def test_so_many_and_no_more_until_the_first_is_long_ago():
    now = [0.0]
    limit = Pace(Limit(2, 10), lambda: now[0])
    assert [limit.take("a"), limit.take("a"), limit.take("b")] == [0, 0, 0]
    now[0] = 4
    assert limit.take("a") == 6 and limit.wait("b") == 0
    now[0] = 10
    assert limit.take("a") == 0


def test_what_was_none_does_not_count_and_what_is_forgotten_neither():
    limit = Pace(Limit(1, 10), lambda: 0.0)
    limit.count("a")
    limit.uncount("a")
    limit.uncount("nobody")
    assert limit.take("a") == 0
    limit.forget("a")
    assert limit.take("a") == 0


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(pace, "NAMES", 3)
    limit = Pace(Limit(1, 10), lambda: 0.0)
    for name in "abcd":
        limit.count(name)
    assert [limit.wait(name) > 0 for name in "abcd"] == [False, True, True, True]
