"""What areas, risks and the like are called, in the folder that the command has opened."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import click

from engine.cycle.settings import Settings
from engine.model.area import level
from engine.model.grade import DOMAINS, Domain
from engine.notify.notice import KINDS

_OPENED = "engine.cli.names"


def remember(settings: Settings) -> None:
    """From now on listings call things as this folder does."""
    context = click.get_current_context(silent=True)
    if context is not None:
        context.meta[_OPENED] = settings


def called(column: str, code: str) -> str:
    """The Chinese of a code in a column of a listing; as it is where the folder knows none."""
    if column not in _CALLED or not code:
        return code
    context = click.get_current_context(silent=True)
    settings: Settings | None = context.meta.get(_OPENED) if context is not None else None
    return _CALLED[column](code, settings)


def _topic(code: str, settings: Settings | None) -> str:
    known = settings.topics if settings else {}
    return known[code].title.say("zh") if code in known else code


def _category(code: str, settings: Settings | None) -> str:
    known = settings.taxonomy.categories if settings else {}
    return known[code].title.say("zh") if code in known else code


def _domain(code: str, _: Settings | None) -> str:
    return DOMAINS[Domain(code)].zh if code in set(Domain) else code


def _cycle(code: str, _: Settings | None) -> str:
    # With the words of the console comes much that no command needs.
    from engine.console import words

    return words.CYCLES[code].zh if code in words.CYCLES else code


def _about(what: str, _: Settings | None) -> str:
    """What was done something about: of a fault its kind and name, else an id."""
    kind, _space, name = what.partition(" ")
    return f"{KINDS[kind]} {name}" if name and kind in KINDS else what


_CALLED: Mapping[str, Callable[[str, Settings | None], str]] = {
    "topic": _topic, "category": _category, "domain": _domain, "cycle": _cycle,
    "level": lambda code, _: level(code).say("zh"), "about": _about,
    "placed": lambda shares, _: re.sub("[a-z]+", lambda found: level(found[0]).say("zh"), shares),
    "topics": lambda codes, settings: "、".join(_topic(one, settings) for one in codes.split(", ")),
}  # fmt: skip
