"""Messages in their receivers' own words; where those fail, in the built-in ones, and operators hear."""

from __future__ import annotations

from collections.abc import Sequence

from loguru import logger

from engine.cycle.world import World
from engine.model.message import Notification
from engine.notify.notice import Notice, Trouble
from engine.notify.template.dress import dressed
from engine.notify.template.language import BadTemplate


def dress(world: World, notes: Sequence[Notification]) -> tuple[list[Notification], list[Notice]]:
    """The messages as they go out, and one notice for each template that failed."""
    receivers, templates = world.settings.receivers, world.settings.templates
    found: list[Notification] = []
    failed: dict[str, Notice] = {}
    for note in notes:
        receiver = receivers.get(note.receiver)
        template = templates.get(receiver.template) if receiver else None
        try:
            found.append(note if template is None else dressed(note, template))
        except BadTemplate as error:
            assert template is not None, "only a template fails"
            found.append(note)
            detail = f"{note.key}: {error}; the built-in words were sent"
            failed.setdefault(template.id, Notice(Trouble.TEMPLATE, template.id, detail, note.planned_at))
            logger.warning("the template '{}' failed: {}", template.id, error)
    return found, list(failed.values())
