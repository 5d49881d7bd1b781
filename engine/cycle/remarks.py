"""What operators should know of a source that answers well: what of it is not read, and why."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from engine.cycle.dispatch import notify_operators
from engine.cycle.world import World
from engine.model.feed import GRAVE, Account, Feed
from engine.model.text import numbered
from engine.notify.notice import Notice, Trouble
from engine.store import health, rejects
from engine.store.database import Tx

#: So many unknown words are told in one notice.
TOLD = 8
#: The fewest records left out at once that are worth a word; how far back, and of how many answers at least,
#: it is looked up what part was left out before.
_AT_ONCE, _USUAL, _AT_LEAST = 10, timedelta(days=28), 3


def tell(
    world: World, tx: Tx, feed: Feed, notes: Sequence[str], lost: Counter[str], now: datetime, before: str
) -> str:
    """Tell the operators what is noted and which values were lost, unless it is what they were told
    `before`; gives what stands for it, to be compared with the next time."""
    mark = _mark(notes, lost)
    if mark and mark != before:
        said = "; ".join([*(world.context.guard.mask(note) for note in notes), *_lost(lost)])
        notify_operators(world, tx, Notice(Trouble.PARTLY, feed.id, said, now))
    return mark


def late(world: World, tx: Tx, feed: Feed, many: int, now: datetime) -> None:
    """Tell the operators of what came in bulk."""
    if many:
        came = numbered(many, "incident")
        detail = f"{came} came after a silence without saying when; they count on no day"
        notify_operators(world, tx, Notice(Trouble.LATE_BATCH, feed.id, detail, now))


def skipped(world: World, tx: Tx, feed: Feed, account: Account, now: datetime) -> None:
    """Tell the operators where a mapping leaves out much more of an answer than it did of those before."""
    if account.skipped < _AT_ONCE:
        return
    before = [one.skipped / one.read for one in health.latest_held(tx, feed.id, now - _USUAL)]
    if len(before) >= _AT_LEAST and account.skipped >= (max(before) + GRAVE) * account.read:
        detail = (
            f"{account.skipped} of {numbered(account.read, 'record')} are left out by `skip` in its mapping, "
            f"where at most {max(before):.0%} were; what is left out counts nowhere: look whether what it "
            "names means something else by now"
        )
        notify_operators(world, tx, Notice(Trouble.PARTLY, feed.id, detail, now))


def unknown(world: World, tx: Tx, feed: Feed, refused: str, since: int, now: datetime) -> None:
    """Tell the operators what was refused from a transaction on and never before. refused: how many of how
    many."""
    found = rejects.unheard_of(tx, feed.id, since)
    if found:
        said = "; ".join(f"{kind} {value!r}: {many}" if value else f"{kind}: {many}"
                         for kind, value, many in found[:TOLD])  # fmt: skip
        more = f"; and {len(found) - TOLD} more" if found[TOLD:] else ""
        detail = (
            f"{refused} {'record' if refused == '1' else 'records'} could not be read, with what was "
            "never seen before: "
            f"{said}{more}. Add what is missing to the configuration, then `forewarn feeds reread {feed.id}`"
        )
        notify_operators(world, tx, Notice(Trouble.UNREAD, feed.id, detail, now))


def _lost(lost: Mapping[str, int]) -> list[str]:
    """How many are another thing every time; which they are is what is told once."""
    return [
        f"{numbered(many, 'incident')} {'is' if many == 1 else 'are'} kept without"
        f" {'its' if many == 1 else 'their'} {name}, which could not be read"
        for name, many in sorted(lost.items())
    ]  # fmt: skip


def _mark(notes: Sequence[str], lost: Mapping[str, int]) -> str:
    told = "\n".join([*notes, *sorted(lost)])
    return hashlib.sha256(told.encode()).hexdigest()[:16] if told else ""
