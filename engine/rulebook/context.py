"""What a rule may refer to: the configuration a rulebook is loaded against."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from engine.judge import Panels
from engine.model.area import AreaTree
from engine.model.days import Calendar
from engine.model.feed import Feed
from engine.model.message import Route
from engine.model.taxonomy import Taxonomy
from engine.model.topic import ListedMeasure, Topic


@dataclass(frozen=True)
class Ledger:
    """What has been counted so far, up to the cut that opens a day."""

    panels: Panels
    cut: date


@dataclass(frozen=True, kw_only=True)
class Context:
    """Every name a rule may use, and the day on which it is read."""

    taxonomy: Taxonomy
    tree: AreaTree
    topics: Mapping[str, Topic]
    #: The closed catalogue of measures, by code.
    catalogue: Mapping[str, ListedMeasure]
    feeds: Mapping[str, Feed]
    today: date
    #: The calendars that a rule may read, by id.
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    #: By whose clocks it is what hour, and what weekday.
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    #: The topics and domains of which a truth speaks; None where that is not known.
    outcomes: frozenset[str] | None = None
    #: Who hears of what; None where that is not known.
    routes: tuple[Route, ...] | None = None
    #: Whether a worse warning above mutes lesser ones below.
    inhibit: bool = False
    #: The filters of the packs that are taken beside the centre's own rules, as `rulebook.packs` reads them.
    packs: tuple[Any, ...] = ()
    #: What has been counted; None where rules are checked without data.
    ledger: Ledger | None = None

    def selected(self, categories: Iterable[str]) -> frozenset[str]:
        """What the known ones among `categories` select; the unknown are another check's business."""
        return self.taxonomy.select(code for code in categories if code in self.taxonomy)

    @cached_property
    def receivers(self) -> frozenset[str]:
        """Everybody to whom a route leads."""
        return frozenset(name for route in self.routes or () for name in route.receivers)

    @cached_property
    def keyword_feeds(self) -> frozenset[str]:
        """Feeds that tell a category by the words of a text."""
        return frozenset(
            feed.id for feed in self.feeds.values()
            if any(attempt.keywords for attempt in feed.mapping.category)
        )  # fmt: skip

    @cached_property
    def graded_feeds(self) -> frozenset[str]:
        """Feeds that say how grave an incident is."""
        return frozenset(feed.id for feed in self.feeds.values() if feed.mapping.severity is not None)

    @cached_property
    def sums(self) -> frozenset[str]:
        """The numbers that feeds give their incidents and a rule can add up."""
        return frozenset(name for feed in self.feeds.values() for name in feed.mapping.measures)

    def reporting(self, categories: frozenset[str], feeds: Iterable[str] = ()) -> list[Feed]:
        """The feeds (all, or those named) that report at least one of the categories."""
        named = frozenset(feeds)
        return [
            feed for feed in self.feeds.values()
            if (not named or feed.id in named) and feed.covers.categories & categories
        ]  # fmt: skip
