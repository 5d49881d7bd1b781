"""The loops of one service around the rules and the configuration in force: a beat of each, and its end."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from loguru import logger

from engine.cycle import collect, dispatch, presence, pushed, replying, roster, run
from engine.cycle.intake import Post, Taken
from engine.cycle.loops import asked, pulse, upkeep, watch
from engine.cycle.loops.asked import Ask
from engine.cycle.loops.bell import Bell
from engine.cycle.loops.exchanges import PULSE, Exchanges
from engine.cycle.loops.heap import Heap
from engine.cycle.loops.intake import Intake
from engine.cycle.loops.outfit import Outfit
from engine.cycle.loops.watch import Watch, Work
from engine.cycle.loops.worker import Workers
from engine.cycle.reload import Live
from engine.cycle.schedule import Ticker
from engine.cycle.world import World, never
from engine.model.feed import Feed
from engine.notify.notice import Notice, Trouble
from engine.store import outbox

#: Whatever has been at one step for so many ticks is late.
PATIENCE = 5
#: Moments are kept to the second: what became known now is judged when its second is over.
SECOND = timedelta(seconds=1)
#: The exchange with the mailbox of replies; no receiver has a blank in its name.
REPLIES = "replies by e-mail"


def always(world: World) -> bool:
    """The clock is what it is said to be."""
    return True


class Loops:
    """Polls, judges and delivers what `live` says. Each method but `serve` and `once` is a beat of its own
    loop; it begins exchanges and waits for none of them. trust: whether to judge by the clock as it is."""

    def __init__(self, live: Live, trust: Callable[[World], bool] = always) -> None:
        world, engine = live.world, live.world.settings.engine
        self.live = live
        self._trust = trust
        self._watch = Watch(world.clock)
        self._workers = Workers(engine.memory_mb * asked.MEGABYTE)
        self._feeds = Exchanges("feed", self._watch, self._workers)
        self._receivers = Exchanges("receiver", self._watch, self._workers)
        self._calendars = Exchanges("calendar", self._watch, self._workers)
        self._outfit = world, Outfit.of(world)
        self._intake = Intake(self._dressed, self._watch, self._workers, self._news)
        self._at_once = Bell("judgement at once", self._judge_at_once)
        self._moments: set[datetime] = set()
        #: Whether the clock was right at the last tick; and who judges takes turns.
        self._sure, self._turn = False, threading.Lock()
        #: Of who serves.
        self._heap: Heap | None = None
        self._switch = pulse.Switch()
        self._told: set[Work] = set()
        self._lock = threading.Lock()
        beats = {"poll": self.poll, "judge": self.judge, "deliver": self.deliver, "heartbeat": self.beat}
        self._ticker = Ticker(beats, world.settings.cycles.tick)

    @property
    def world(self) -> World:
        """As the files say it now."""
        return self.live.world

    def serve(self, wait: Callable[[], object]) -> None:
        """Beat until `wait` returns, which is when the world is told to stop; then end what is at work."""
        self._heap = Heap()
        self._ticker.serve(wait, self.close)

    def close(self) -> None:
        """End what is at work. A receiver may finish, because whether it has taken a message is worth
        knowing; what a poll had not yet stored comes again."""
        within = self.world.settings.engine.stop_within.total_seconds()
        self._intake.close(within / 4)
        self._at_once.close(within / 4)
        self._receivers.over(within / 4, never)
        self._workers.close()

    # --- the loops ---

    def poll(self) -> None:
        """Ask the feeds and the calendars whose turn it is."""
        with self._watch.at("loop", "poll"):
            world = self._there()
            self._tell(world)
            for feed in collect.turn(world):
                self._feeds.begin(feed.id, self._now(world), partial(self._ask, world, feed), world.stopped)
            self._look_up(world)

    def judge(self) -> None:
        """Take up changed files, then judge what is due with what is known."""
        with self._watch.at("loop", "judge"):
            self._there()
            self.live.refresh()
            world = replace(self.world, progress=self._judged)
            self._hear(world)
            self._sure = self._trust(world)
            with self._turn:
                reports = run.keep_up(world, world.clock()) if self._sure else []
            self._at_once.ring()
            if any(report.changes for report in reports):
                self._ticker.hasten("deliver")
            if self._heap is not None:
                self._heap.settle(self.world)

    def deliver(self) -> None:
        """Hand what is due to its receivers, one message after the other to each channel of each."""
        with self._watch.at("loop", "deliver"):
            world = self._there()
            public = world.settings.engine.public
            if public is not None and public.mailbox is not None:
                self._receivers.begin(REPLIES, self._now(world), partial(self._replies, world), world.stopped)
            self._send(world)

    def take(self, post: Post) -> Future[Taken]:
        """Take in what a source pushed; what becomes of it is told once it is committed. Raises Busy."""
        return self._intake.take(post)

    def beat(self) -> None:
        """Say that this process lives, and what it has been at for too long."""
        world = self._there()
        late = self._watch.longer(PATIENCE * world.settings.cycles.tick.total_seconds())
        with world.store.begin() as tx:
            presence.beat(world, tx)
            watch.put(tx, world.owner, late)
        with world.store.begin() as tx:
            upkeep.look(world, tx, world.clock())
        for one in set(late) - self._told:
            since = one.since.isoformat(timespec="seconds")
            logger.warning("{} {} is still at work, since {}", one.what, one.name, since)
        self._told = set(late)
        self._live(world)

    # --- without a ticker ---

    def once(self) -> None:
        """Each of them once, one after the other."""
        self.gather()
        self.conclude()

    def gather(self) -> None:
        """Ask whose turn it is, and wait for them."""
        self.poll()
        self._feeds.over(math.inf, self.world.stopped)
        self._calendars.over(math.inf, self.world.stopped)

    def refresh(self) -> None:
        """Ask the calendars whose turn it is, and wait for them."""
        self._look_up(self.world)
        self._calendars.over(math.inf, self.world.stopped)

    def conclude(self) -> None:
        """Judge what is due, and deliver."""
        if self._trust(self.world):
            run.keep_up(self.world, self.world.clock())
        self.hand_out()
        with self.world.store.begin() as tx:
            upkeep.look(self.world, tx, self.world.clock())

    def hand_out(self) -> None:
        """Deliver what is due, and wait for the receivers."""
        self.deliver()
        self._receivers.over(math.inf, self.world.stopped)

    # --- what they do ---

    def _live(self, world: World) -> None:
        """Let somebody outside hear that all is in order, where it is."""
        if not self._switch.due(world):
            return
        wrong = pulse.in_order(world, self._watch, PATIENCE * world.settings.cycles.tick.total_seconds())
        if wrong:
            logger.warning("no sign of life is given: {}", wrong)
            return
        self._switch.given()
        self._receivers.begin(pulse.NAME, self._now(world), partial(pulse.give, world), world.stopped)

    def _there(self) -> World:
        """The world, made anew where another database lies where its own did; StoreError where none does."""
        with self._lock:
            world = self.world
            if world.store.replaced():
                self.live.world = world = replace(world)
                run.prepare(world, world.clock() - SECOND)
                detail = f"{world.store.name} is another one since the last tick; it is served from now on"
                logger.warning("database replaced: {}", detail)
                with world.store.begin() as tx:
                    notice = Notice(Trouble.REPLACED, world.owner, detail, world.clock())
                    dispatch.notify_operators(world, tx, notice)
            return world

    def _now(self, world: World) -> Outfit:
        """What workers are sent of this world, made once for each set of files."""
        if self._outfit[0] is not world:
            self._outfit = world, Outfit.of(world)
        return self._outfit[1]

    def _dressed(self) -> tuple[World, Outfit]:
        world = self._there()
        return world, self._now(world)

    def _news(self, moments: Collection[datetime]) -> None:
        """What became known at these moments is judged now."""
        with self._lock:
            self._moments |= set(moments)
        self._at_once.ring()

    def _judge_at_once(self) -> None:
        """No tick is waited for; where the clock is not believed, the tick that believes it rings again."""
        if not self._sure:
            return
        with self._lock:
            moments, self._moments = self._moments, set()
        if not moments:
            return
        with self._watch.at("loop", "judge at once"), self._turn:
            world = self._there()
            reports = run.at_once(world, moments)
            if any(report.changes for report in reports):
                self._send(world)
        if any(report.state == "busy" for report in reports):  # another service is at it, with less of it
            time.sleep(PULSE)
            self._news(moments)

    def _tell(self, world: World) -> None:
        """Nobody asks sources that push; what they brought is told all the same."""
        if any(feed.pushed for feed in world.settings.feeds.values()):
            with world.store.begin() as tx:
                pushed.tell(world, tx, world.clock())

    def _look_up(self, world: World) -> None:
        for rota in roster.turn(world):
            exchange = partial(asked.calendar, world, rota)
            self._calendars.begin(rota.id, self._now(world), exchange, world.stopped)

    def _ask(self, world: World, feed: Feed, ask: Ask) -> None:
        """One poll of one feed."""
        collected = asked.poll(world, feed, ask)
        if collected.new or collected.revised:
            self._ticker.hasten("judge", SECOND)

    def _hear(self, world: World) -> None:
        """Where something is due, sources whose turn it is have a tick to answer: what they bring is judged
        with the rest. One that was slow before is not waited for."""
        if not run.due(world, world.clock()):
            return
        tick = world.settings.cycles.tick.total_seconds()
        until, turn = time.monotonic() + tick, [feed.id for feed in collect.turn(world)]
        while any(self._feeds.awaited(id_, tick) for id_ in turn):
            if world.stopped() or time.monotonic() > until:
                return
            time.sleep(PULSE)

    def _judged(self, what: str, done: int, of: int) -> None:
        self._watch.step("loop", "judge")
        self.world.progress(what, done, of)

    def _send(self, world: World) -> None:
        """Begin with every channel for which something is due."""
        with world.store.read() as tx:
            waiting = outbox.waiting(tx, world.clock())
        for to in waiting:
            exchange = partial(self._hand_over, world, to)
            self._receivers.begin(" ".join(to), self._now(world), exchange, world.stopped, more=True)

    def _hand_over(self, world: World, to: outbox.Address, ask: Ask) -> None:
        """The messages of one channel in their order, until none is left or one was not over in time."""
        within = world.settings.engine.deliver_timeout
        lease = max(world.settings.cycles.lease, 2 * within)
        while not world.stopped():
            with world.store.begin() as tx:
                taken = outbox.take(tx, world.clock(), world.owner, lease, 1, to)
            if not taken:
                return
            self._watch.step("receiver", " ".join(to))
            asked.hand_over(world, taken[0], ask)

    def _replies(self, world: World, ask: Ask) -> None:
        """What has come back by e-mail."""
        if ask(_reply, None, world.settings.engine.deliver_timeout.total_seconds()):
            self._ticker.hasten("judge", SECOND)


def _reply(world: World, _: None) -> int:
    return replying.read(world)


@contextmanager
def around(world: World) -> Iterator[Loops]:
    """For a command, which goes through the loops once with the world as it is."""
    with closing(Loops(Live(world, lambda: world))) as loops:
        yield loops
