"""Posts of sources, taken one group after the other by a worker: what waits together is committed
together."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from concurrent.futures import Future
from contextlib import suppress
from datetime import datetime
from typing import cast

from engine.cycle import intake
from engine.cycle.intake import Post, Taken
from engine.cycle.loops.bell import Bell
from engine.cycle.loops.outfit import Outfit
from engine.cycle.loops.watch import Watch
from engine.cycle.loops.worker import Stopping, Unfinished, Workers
from engine.cycle.world import World
from engine.errors import Busy, EngineError, unexpected

#: So many posts, and so many bytes of them, are taken together, and may wait.
TOGETHER, _HEAVY = 100, 16 << 20
WAITING, _MOST = 5_000, 128 << 20

#: Hand over what a source brought; what becomes of it comes later. Raises Busy where too many wait.
Take = Callable[[Post], "Future[Taken]"]
_Waiting = tuple[Post, "Future[Taken]"]


class Intake:
    """What was brought and is not yet answered. told: hears when what is news became known, once it is
    committed."""

    def __init__(
        self, outfit: Callable[[], tuple[World, Outfit]], watch: Watch, workers: Workers,
        told: Callable[[Collection[datetime]], None],
    ) -> None:  # fmt: skip
        self._outfit, self._watch, self._workers, self._told = outfit, watch, workers, told
        self._lock = threading.Lock()
        self._waiting: list[_Waiting] = []
        self._bytes = 0
        self._bell = Bell("intake", self._work)

    def take(self, post: Post) -> Future[Taken]:
        """What becomes of the post, once that is known; raises Busy where too many wait."""
        answer: Future[Taken] = Future()
        with self._lock:
            if self._bell.closed:
                raise Stopping("the service is stopping")
            if len(self._waiting) >= WAITING or self._bytes + len(post.body) > _MOST:
                raise Busy("more is brought than can be taken in")
            self._waiting.append((post, answer))
            self._bytes += len(post.body)
        self._bell.ring()
        return answer

    def close(self, seconds: float) -> None:
        """Whoever still waits hears that nothing of it was taken."""
        self._bell.close(seconds)
        for _, answer in self._group(WAITING, _MOST):
            _fail(answer, Stopping("the service is stopping"))

    def _work(self) -> None:
        while group := self._group(TOGETHER, _HEAVY):
            with self._watch.at("loop", "intake"):
                self._answer(group)

    def _group(self, most: int, heavy: int) -> list[_Waiting]:
        """The first of those that wait; at least one, however large."""
        with self._lock:
            group: list[_Waiting] = []
            while self._waiting and len(group) < most:
                size = len(self._waiting[0][0].body)
                if group and size > heavy:
                    break
                group.append(self._waiting.pop(0))
                heavy -= size
                self._bytes -= size
            return group

    def _answer(self, group: list[_Waiting]) -> None:
        try:
            taken = self._taken([post for post, _ in group])
        except Stopping as error:
            for _, answer in group:
                _fail(answer, error)
        except Unfinished as error:
            # One of them may be what nobody can read: each by itself, so that it stops no other.
            for waiting in group if group[1:] else ():
                self._answer([waiting])
            if not group[1:]:
                _fail(group[0][1], error)
        except Exception as error:
            for _, answer in group:
                _fail(answer, error if isinstance(error, EngineError) else EngineError(unexpected(error)))
        else:
            for (_, answer), one in zip(group, taken, strict=True):
                with suppress(Exception):  # whoever waited has gone
                    answer.set_result(one)
            if moments := {at for one in taken for at in one.moments}:
                self._told(moments)

    def _taken(self, posts: list[Post]) -> list[Taken]:
        world, outfit = self._outfit()
        seconds = world.settings.engine.push_timeout.total_seconds()
        return cast(list[Taken], self._workers.ask(outfit, _take, posts, seconds))


def _take(world: World, posts: list[Post]) -> list[Taken]:
    return intake.take(world, posts)


def _fail(answer: Future[Taken], error: Exception) -> None:
    with suppress(Exception):  # whoever waited has gone
        answer.set_exception(error)
