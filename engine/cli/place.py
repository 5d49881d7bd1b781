"""What every command starts from: the root folder, opened as far as the command needs it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import click

from engine import app
from engine.cli import names
from engine.cli.progress import bars
from engine.cycle.world import Clock, World
from engine.errors import UsageError
from engine.model.feed import Feed
from engine.model.problem import nearest
from engine.model.rule import Rule, RuleBook


@dataclass(frozen=True)
class Place:
    """The root folder of one call, and how much it is to say ("": what the command thinks fit)."""

    root: Path
    log: str = ""

    @contextmanager
    def world(
        self, *, clock: Clock | None = None, create: bool = True, database: str = "", serves: bool = False
    ) -> Iterator[World]:
        """The folder's world, with progress bars where somebody watches. serves: until it is told to end."""
        with (
            bars(working=not serves) as shown,
            app.world(self.root, clock=clock, progress=shown, create=create, database=database) as world,
        ):
            names.remember(world.settings)
            yield world


pass_place = click.make_pass_decorator(Place)


def feed_of(world: World, id_: str) -> Feed:
    """The feed of this id; raises UsageError with the nearest one there is."""
    feeds = world.settings.feeds
    if id_ not in feeds:
        raise UsageError(f"there is no feed '{id_}'{nearest(id_, feeds)}")
    return feeds[id_]


def rule_of(book: RuleBook, id_: str) -> Rule:
    """The rule of this id; raises UsageError with the nearest one there is."""
    if id_ not in book.rules:
        raise UsageError(f"there is no rule '{id_}'{nearest(id_, book.rules)}")
    return book.rules[id_]


def area_of(world: World, text: str) -> str:
    """The code of an area, given by its code or one of its names; UsageError with the nearest one."""
    tree = world.settings.tree
    if text in tree:
        return text
    named = {name: area.code for area in tree for name in (area.name.zh, area.name.en) if name}
    if text not in named:
        raise UsageError(f"there is no area '{text}'{nearest(text, [*tree.areas, *named])}")
    return named[text]


def topic_of(world: World, text: str) -> str:
    """The topic of this id; UsageError with the nearest one."""
    if text not in world.settings.topics:
        raise UsageError(f"there is no topic '{text}'{nearest(text, world.settings.topics)}")
    return text


def receiver_of(world: World, text: str) -> str:
    """The receiver of this id; UsageError with the nearest one."""
    if text not in world.settings.receivers:
        raise UsageError(f"there is no receiver '{text}'{nearest(text, world.settings.receivers)}")
    return text


def moment(text: str, world: World) -> datetime:
    """A date (its daily cut) or a moment with or without an offset (then local), as UTC."""
    calendar = world.settings.calendar
    try:
        if len(text) == 10:
            return calendar.cut_at(date.fromisoformat(text)).astimezone(UTC)
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=calendar.zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UsageError(
            f"'{text}' is no moment; write 2025-01-28 or 2025-01-28T09:00 or 2025-01-28T09:00+01:00"
        ) from error
