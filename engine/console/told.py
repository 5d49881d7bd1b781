"""PURE: who was told what of a warning: of each thing the last message to each receiver."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from engine.model.message import Notification
from engine.model.text import Text


@dataclass(frozen=True, slots=True)
class Told:
    """A message, and the task that it is about: None where it is about the warning or a plan."""

    message: Notification
    task: Text | None = None

    @property
    def aside(self) -> bool:
        """It tells nothing of the warning itself."""
        return _kind(self.message) != ""


def latest(messages: Iterable[Notification]) -> list[Told]:
    """Of the warning, of each task and of each plan the last message to each receiver, in the order in which
    they were first told."""
    last: dict[tuple[str, ...], Told] = {}
    for one in sorted(messages, key=lambda message: (message.planned_at, message.key)):
        about = _kind(one)
        task = json.loads(one.payload)["task"] if about == "task" else None
        what = Text(task["what"]["en"], task["what"]["zh"]) if task else None
        last[one.receiver, one.channel, about, task["id"] if task else ""] = Told(one, what)
    return list(last.values())


def together(found: Iterable[Told]) -> list[tuple[Told, ...]]:
    """What was told of one thing at one moment, whomever."""
    groups: dict[tuple[object, ...], list[Told]] = {}
    for one in found:
        of = one.message
        groups.setdefault((of.step, one.task, of.planned_at, of.grade), []).append(one)
    return [tuple(group) for group in groups.values()]


def _kind(one: Notification) -> str:
    """Whose step it is: `task`, `plan`, or "" for the warning's own."""
    kind, dash, _ = one.step.partition("-")
    return kind if dash else ""
