"""A source that holds nothing although it always held something: no answer, rather than a quiet day."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from engine.model.feed import Feed, Subject
from engine.model.text import numbered
from engine.store import health
from engine.store.database import Tx

#: How a good answer without a record is noted: where there was one, another is nothing to be told.
NOTED = "no record"
#: What is usual is looked up so far back.
BACK = timedelta(days=90)
#: The fewest records that an answer held, times the days over which none was empty: from there on it is
#: usual. A log that never dropped what it told is one from its second answer on, with so many records.
_USUAL, _LOG = 50, 5


def said(tx: Tx, feed: Feed, now: datetime) -> str:
    """What to say of an answer in which nothing stands; empty where it may well be so."""
    if _allowed(feed):
        return ""
    held = health.held(tx, feed.id, now - BACK, NOTED)
    if not held.answers or held.empty:
        return ""
    days = (now - held.since) / timedelta(days=1)
    if held.fewest * days < _USUAL and not _log(tx, feed, now):
        return ""
    many = f"each of {held.answers} answers" if held.answers > 1 else "the answer"
    return (
        f"an empty answer, where {many} since {held.since:%Y-%m-%d} held"
        f" {numbered(held.fewest, 'record')} or more; ask"
        " the source. If it may be empty, say `not_empty: false`"
    )


def _allowed(feed: Feed) -> bool:
    """Whether its options say that it may be empty."""
    set_ = getattr(feed.options, "model_fields_set", ())
    return "not_empty" in set_ and not feed.options.not_empty


def _log(tx: Tx, feed: Feed, now: datetime) -> bool:
    """Whether it tells of what has happened, and never dropped what it once told."""
    if feed.subject is not Subject.INCIDENT or feed.mapping.gone_after is not None:
        return False
    latest = health.latest_held(tx, feed.id, now - BACK)
    kept = all(one.read - one.new >= before.read for one, before in pairwise(latest))
    return len(latest) > 1 and latest[0].read >= _LOG and kept
