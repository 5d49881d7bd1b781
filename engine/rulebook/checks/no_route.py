"""A stable rule whose warnings nobody receives.

No route of `config/routes.yaml` takes warnings of this topic and domain at any grade the rule gives. A rule
that ends at blue is a watch-list for the brief and need not be pushed.

Right: a route for the domain, or `status: trial` until there is one.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.grade import Grade
from engine.model.message import Route
from engine.model.problem import Level
from engine.model.rule import Status
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "no-route"
LEVEL = Level.WARNING


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    if context.routes is None or source.written.status is not Status.STABLE:
        return
    highest = max((Grade.named(word) for word in source.grades()), default=Grade.NONE)
    if not any(_takes(route, source, highest) for route in context.routes):
        yield ("topic",), f"no route takes warnings of '{source.written.topic}': nobody would be told"


def _takes(route: Route, source: Source, highest: Grade) -> bool:
    return (
        bool(route.receivers and not route.asks)
        and (not route.domains or source.written.domain in route.domains)
        and (not route.topics or source.written.topic in route.topics)
        and (route.grade <= highest or highest is Grade.BLUE)
    )
