"""What a rule may refer to: the configuration a rulebook is loaded against."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from engine.model.area import AreaTree
from engine.model.message import Route
from engine.model.rule import Measure
from engine.model.taxonomy import Taxonomy
from engine.model.topic import Topic


@dataclass(frozen=True, kw_only=True)
class Context:
    """Every name a rule may use, and the day on which it is read."""

    taxonomy: Taxonomy
    tree: AreaTree
    topics: Mapping[str, Topic]
    #: The closed catalogue, by code.
    catalogue: Mapping[str, Measure]
    feeds: frozenset[str]
    today: date
    #: Feeds that classify by keywords: they may not feed political rules.
    keyword_feeds: frozenset[str] = frozenset()
    #: The categories each feed reports; None where that is not known.
    covers: Mapping[str, frozenset[str]] | None = None
    #: Who hears of what; None where that is not known.
    routes: tuple[Route, ...] | None = None
    #: Measures (numbers) that feeds give their incidents; None where that is not known.
    sums: frozenset[str] | None = None

    def selected(self, categories: Iterable[str]) -> frozenset[str]:
        """What the known ones among `categories` select; the unknown are another check's business."""
        return self.taxonomy.select(code for code in categories if code in self.taxonomy)
