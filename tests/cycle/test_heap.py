"""What stays in memory is set aside once for each world, and let go with it."""

from __future__ import annotations

import gc
import weakref

import pytest

from engine.cycle.loops.heap import Heap


class Ring:
    """What only a search finds to be of no more use."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def as_before():
    yield
    gc.unfreeze()


def test_what_is_there_is_gone_through_no_more_until_another_world_comes() -> None:
    heap, first, second = Heap(), object(), object()
    ring = Ring()
    gone = weakref.ref(ring)
    heap.settle(first)
    assert gc.get_freeze_count() > 0
    del ring
    gc.collect()
    heap.settle(first)
    assert gone() is not None, "it was set aside"
    heap.settle(second)
    assert gone() is None
