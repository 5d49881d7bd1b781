"""Feeds and cycles by the configuration in force last: what can be told while its files hold mistakes.

Only what says when something is late or silent is taken from the copy that the store keeps; what it is held
against (areas, categories, secrets) may be the very thing that is missing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from engine.cycle.config.areas import AreasFile
from engine.cycle.config.feeds import FeedEntry, FeedsFile
from engine.cycle.config.service import Cycles
from engine.model.feed import Covers, Feed
from engine.model.period import Calendar
from engine.store import configuration, meta
from engine.store.database import Tx
from engine.yamlfile import parse

M = TypeVar("M", bound=BaseModel)

_KEY = "configuration in force"


@dataclass(frozen=True)
class Last:
    """What says when a feed is silent and a cycle late."""

    feeds: Mapping[str, Feed]
    cycles: Cycles
    calendar: Calendar


def put(tx: Tx, hash: str) -> None:
    """This configuration is in force from now on."""
    meta.put(tx, _KEY, hash)


def last(tx: Tx) -> Last | None:
    """None where none was in force yet, or a version that wrote otherwise kept it."""
    kept = configuration.get(tx, meta.get(tx, _KEY) or "")
    if kept is None:
        return None
    texts = json.loads(kept)
    try:
        areas, feeds = _of(texts, "areas", AreasFile), _of(texts, "feeds", FeedsFile)
        cycles = _of(texts, "cycles", Cycles)
    except ValidationError:
        return None
    calendar = Calendar(areas.zone, cycles.wait)
    return Last({entry.id: _feed(entry) for entry in feeds.feeds}, cycles, calendar)


def _of(texts: Mapping[str, str], name: str, model: type[M]) -> M:
    document, _ = parse(texts.get(f"config/{name}.yaml", ""), name)
    return model.model_validate((document and document.data) or {})


def _feed(entry: FeedEntry) -> Feed:
    """The feed as far as it is known when it is silent; where it is asked and what it means is left open."""
    covers = Covers(
        areas=entry.covers.areas, categories=frozenset(), since=entry.covers.since, until=entry.covers.until
    )  # fmt: skip
    return Feed(
        id=entry.id, title=entry.title.text, connector=entry.connector, subject=entry.subject,
        options=SimpleNamespace(**entry.options), mapping=None, covers=covers,
        poll=entry.poll, max_silence=entry.max_silence, quiet=entry.quiet,
    )  # fmt: skip
