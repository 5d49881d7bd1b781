"""How much of every block was seen: the days on which all was heard and read, and by the same feeds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.detect.series import Bools, Floats
from engine.model.panel import FeedWatch, Watch, Watched

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Lapses:
    """Lost days of blocks: cut, block: (K,) positions; day: (K,) ordinals; areas: (A,) in which of them, or
    area: (K,) in which one."""

    cut: Ints
    block: Ints
    day: Ints
    areas: Bools | None = None
    area: Ints | None = None

    def holds(self, lapse: Ints, area: Ints) -> Bools:
        """Whether each of these lapses is one of the area beside it."""
        held: Bools = self.areas[area] if self.areas is not None else self.area[lapse] == area  # type: ignore[index]
        return held


@dataclass(frozen=True)
class _Group:
    """The areas that the same feeds report on. lost: (C, days from `first`)."""

    watched: Watched
    lost: Bools

    def filled(self, first: int, last: int) -> Bools:
        """(C, D) the days on which any of the feeds reports."""
        filled: Bools = np.broadcast_to(self.watched.filled(first, last), self.lost.shape)
        return filled


@dataclass(frozen=True)
class Seen:
    """What was seen of the blocks of `days` (C, J) that begin at `starts` (C, J); what is alike in all areas
    may have just one.

    lost: (C, A, J) how many days of each were lost; filled: (C, A, J) how many any feed reported on;
    comparable: (C, A, J) whether the same feeds report on all of it that report on the judged block.
    """

    first: int
    starts: Ints
    days: Ints
    lost: NDArray[np.int16]
    filled: NDArray[np.int16]
    comparable: Bools
    groups: tuple[_Group, ...]
    #: Days lost in single areas, by cut, area and day.
    single: tuple[Ints, Ints, Ints]

    @classmethod
    def of(cls, watch: Watch, cuts: Ints, starts: Ints, days: int | Ints) -> Seen:
        days = np.broadcast_to(days, starts.shape)
        first, last = int(starts.min()), int(cuts[-1]) - 1
        groups = [_Group(of, of.lost(cuts, first, last, watch.wait)) for of in watch.groups]
        lost, filled, comparable = (
            _spread(groups, (cuts.size, watch.areas, starts.shape[1]), of)
            for of in (
                lambda group: _in_blocks(group.lost, starts - first, days),
                lambda group: _in_blocks(group.filled(first, last), starts - first, days),
                lambda group: _comparable(group.watched.feeds, starts, days),
            )
        )
        single = _single(watch, groups, cuts, first, last)
        cut, area, day = single
        if cut.size:
            lost = np.broadcast_to(lost, (cuts.size, watch.areas, starts.shape[1])).copy()
            inside = (starts[cut] <= day[:, None]) & (day[:, None] < (starts + days)[cut])
            np.add.at(lost, (cut, area), inside.astype(np.int16))
        return cls(first, starts, days, lost, filled, comparable, tuple(groups), single)

    @property
    def share(self) -> Floats:
        """(C, A, J) of each block."""
        return 1 - self.lost / self.days[:, None, :]

    @property
    def unmonitored(self) -> Bools:
        """(C, A) where nobody reports on any day of the judged block."""
        nobody: Bools = self.filled[:, :, 0] == 0
        return nobody

    @property
    def whole(self) -> Bools:
        """(C, A) where all of the judged block was observed."""
        whole: Bools = (self.lost[:, :, 0] == 0) & (self.filled[:, :, 0] == self.days[:, :1])
        return whole

    def lapses(self, blocks: Bools) -> Iterator[Lapses]:
        """The lost days of these blocks (C, A, J)."""
        for group in self.groups:
            cut, block = np.nonzero(blocks[:, group.watched.areas].any(axis=1))
            back = np.arange(self.days.max(initial=0))
            day = self.starts[cut, block][:, None] + back
            own = back < self.days[cut, block][:, None]
            place = np.minimum(day - self.first, group.lost.shape[1] - 1)
            at, back = np.nonzero(group.lost[cut[:, None], place] & own)
            yield Lapses(cut[at], block[at], day[at, back], areas=group.watched.areas)
        cut, area, day = self.single
        inside = (self.starts[cut] <= day[:, None]) & (day[:, None] < (self.starts + self.days)[cut])
        at, block = np.nonzero(inside & blocks[cut, area])
        yield Lapses(cut[at], block, day[at], area=area[at])


def _spread(
    groups: Sequence[_Group], shape: tuple[int, int, int], of: Callable[[_Group], NDArray[Any]]
) -> NDArray[Any]:
    """(C, A, J) what each group's areas share, (C, J); (C, 1, J) where one group is all."""
    found = [of(group) for group in groups]
    if len(groups) == 1 and groups[0].watched.areas.all():
        return found[0][:, None]
    spread = np.zeros(shape, found[0].dtype if found else np.int16)
    for group, values in zip(groups, found, strict=True):
        spread[:, group.watched.areas] = values[:, None]
    return spread


def _in_blocks(of: Bools, begin: Ints, days: Ints) -> NDArray[np.int16]:
    """(C, J) on how many days of the blocks that begin there it is so, of the days (C, D)."""
    total = np.zeros((of.shape[0], of.shape[1] + 1), np.int16)
    np.cumsum(of, axis=1, out=total[:, 1:])
    upto, before = np.take_along_axis(total, begin + days, 1), np.take_along_axis(total, begin, 1)
    found: NDArray[np.int16] = upto - before
    return found


def _comparable(feeds: Sequence[FeedWatch], starts: Ints, days: Ints) -> Bools:
    """(C, J) whether the same feeds report on all of a block that report on any of the judged one."""
    same, now = np.ones(starts.shape, bool), np.zeros((starts.shape[0], 1), bool)
    for feed in feeds:
        some = (feed.since < starts + days) & (feed.until >= starts)
        all_ = (feed.since <= starts) & (feed.until >= starts + days - 1)
        same &= np.where(some[:, :1], all_, ~some)
        now |= some[:, :1]
    return same & now


def _single(
    watch: Watch, groups: Sequence[_Group], cuts: Ints, first: int, last: int
) -> tuple[Ints, Ints, Ints]:
    """(K,) thrice: the cuts, areas and days lost in single areas alone."""
    found = [
        (at, day.area, day.day)
        for feed in watch.feeds for day in feed.unread
        if day.area is not None and first <= day.day <= last
        for at in range(*np.searchsorted(cuts, (max(day.begins, day.day + 1), day.ends)).tolist())
    ]  # fmt: skip
    cut, area, day = np.array(sorted(set(found)), np.int64).reshape(-1, 3).T
    alone = np.ones(cut.size, bool)
    for group in groups:
        alone &= ~(group.watched.areas[area] & group.lost[cut, day - first])
    return cut[alone], area[alone], day[alone]
