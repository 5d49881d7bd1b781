"""Factories: a small area tree, correlation rules in one line, and what was found where."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import pytest

from engine.infer.resolve import Hits
from engine.model.area import Area, AreaTree
from engine.model.grade import Domain, Grade
from engine.model.period import Cycle
from engine.model.rule import Combine, Correlation, Pattern, Rule
from engine.model.text import Text

#: The moment judged in every test.
NOW = datetime(2026, 3, 8, 7, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def ago() -> Callable[[float], datetime]:
    """A moment so many hours before the one judged."""
    return lambda hours: NOW - timedelta(hours=hours)


@pytest.fixture
def tree() -> AreaTree:
    """N holds the counties A - B - C in a row (neighbours touch), each with towns 1 and 2."""
    touch = {"A": "B", "B": "AC", "C": "B"}
    counties = [Area(c, Text(c), "county", "N", neighbours=frozenset(touch[c])) for c in "ABC"]
    towns = [Area(f"{c}{n}", Text(f"{c}{n}"), "town", c) for c in "ABC" for n in (1, 2)]
    return AreaTree.of(("nation", "county", "town"), [Area("N", Text("N"), "nation"), *counties, *towns])


@pytest.fixture
def topic() -> Callable[..., Pattern]:
    """A pattern for findings on a topic."""
    return lambda name, **more: Pattern("finding", topic=name, **more)


@pytest.fixture
def rule() -> Callable[..., Rule]:
    """A correlation rule; what `Correlation` does not know goes to `Rule`."""

    def make(id_: str, combine: str, of: list[Pattern], /, **more: object) -> Rule:
        rungs = more.pop("rungs", ((Grade.YELLOW, 1),))
        said = {name: more.pop(name) for name in ("none", "within", "scope", "ordered") if name in more}
        facts = {"topic": id_, "level": "county", "cycle": Cycle.DAILY, "domain": Domain.SAFETY} | more
        correlation = Correlation(Combine(combine), tuple(of), rungs=rungs, **said)
        return Rule(id=id_, title=Text(id_), correlation=correlation, **facts)

    return make


@pytest.fixture
def found() -> Callable[..., Callable[[Rule, Pattern], Hits]]:
    """What was found by topic: `found(theft={"A": [moment]}, blind={"theft": "BC"})`."""

    def make(
        blind: Mapping[str, str | list[str]] | None = None, **topics: Mapping[str, list[datetime]]
    ) -> Callable[[Rule, Pattern], Hits]:
        def seek(rule: Rule, pattern: Pattern) -> Hits:
            at = {area: tuple(moments) for area, moments in topics.get(pattern.topic, {}).items()}
            return Hits(at, frozenset((blind or {}).get(pattern.topic, ())))

        return seek

    return make
