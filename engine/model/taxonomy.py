"""The taxonomy of categories, and what a rule may select from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from engine.model.grade import Domain
from engine.model.text import Text


class Measures(StrEnum):
    """What a count of a category measures: harm done, or somebody's activity (patrols, checks)."""

    HARM = "harm"
    ACTIVITY = "activity"


@dataclass(frozen=True, slots=True)
class Category:
    """One node; `codes` maps a classification scheme to the codes that mean this category."""

    code: str
    title: Text
    domain: Domain | None
    measures: Measures = Measures.HARM
    #: Lawful assembly, worship, speech, petitioning, migration status: see `Taxonomy.select`.
    protected: bool = False
    #: Sexual, domestic, minors, suicide: never judged or shown below county, small counts as `<5`.
    sensitive: bool = False
    #: Counted by nobody (summaries, notices): kept for the record only.
    judged: bool = True
    parent: str | None = None
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Taxonomy:
    """Categories by their dotted code."""

    categories: Mapping[str, Category] = field(default_factory=dict)
    #: Those that came with rules, and which the centre's own tree does not have.
    brought: frozenset[str] = frozenset()

    @classmethod
    def of(cls, categories: Iterable[Category]) -> Taxonomy:
        return cls({category.code: category for category in categories})

    def __getitem__(self, code: str) -> Category:
        return self.categories[code]

    def __contains__(self, code: object) -> bool:
        return code in self.categories

    @cached_property
    def _below(self) -> dict[str, tuple[str, ...]]:
        below: dict[str, list[str]] = {code: [] for code in self.categories}
        for code in self.categories:
            ancestor: str | None = code
            while ancestor is not None:
                below[ancestor].append(code)
                ancestor = self.categories[ancestor].parent
        return {code: tuple(sorted(found)) for code, found in below.items()}

    @cached_property
    def _schemes(self) -> dict[tuple[str, str], str]:
        return {
            (scheme, code.casefold()): category.code
            for category in self.categories.values()
            for scheme, codes in category.codes.items()
            for code in codes
        }

    def below(self, code: str) -> tuple[str, ...]:
        """The category and everything under it, protected leaves included."""
        return self._below[code]

    def told_by(self, named: Iterable[str]) -> frozenset[str]:
        """The categories that a source tells of which names these: each with everything under it, but for
        what only came with rules. Of that nobody knows whether the source tells, unless it names it.
        """
        found: set[str] = set()
        for code in named:
            own = code not in self.brought
            found.update(one for one in self._below[code] if not (own and one in self.brought))
        return frozenset(found)

    def select(self, selectors: Iterable[str]) -> frozenset[str]:
        """The categories that `selectors` mean: each with its children, but a protected leaf, an
        unjudged node or an activity below a selected parent is never among them; a protected leaf
        is selected only by its own full name.

        Raises KeyError with the first unknown selector.
        """
        chosen: set[str] = set()
        for selector in selectors:
            for code in self._below[selector]:
                category = self.categories[code]
                countable = category.judged and category.measures is Measures.HARM
                if code == selector or (countable and not category.protected):
                    chosen.add(code)
        return frozenset(chosen)

    def coded(self, scheme: str, code: str) -> str | None:
        """The category that a published classification's `code` means, or None."""
        return self._schemes.get((scheme, code.strip().casefold()))
