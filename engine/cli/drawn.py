"""Bars of what takes long: one for each kind of work, or that and how long the command is at work."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import click
from rich.console import Console, RenderableType
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from engine.cycle import world


class _Patient(Progress):
    """Bars of what has been at work for so many seconds."""

    def __init__(self, patience: float, *columns: ProgressColumn, **settings: Any) -> None:
        self._patience = patience
        super().__init__(*columns, **settings)

    def get_renderables(self) -> Iterable[RenderableType]:
        late = [task for task in self.tasks if (task.elapsed or 0.0) >= self._patience]
        yield self.make_tasks_table(late)


class _Counted(MofNCompleteColumn):
    """How many of how many; nothing where nothing is counted."""

    def render(self, task: Task) -> Text:
        return super().render(task) if task.completed or task.total is not None else Text()


@contextmanager
def bars(patience: float, working: bool) -> Iterator[world.Progress]:
    """As `engine.cli.progress` says, after so many seconds."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield world.silent
        return
    columns = (TextColumn("{task.description:>12}"), BarColumn(), _Counted(), TimeElapsedColumn())
    # Where the listing goes into a file or a pipe, it is none of the terminal's.
    same = sys.stdout.isatty()
    with _Patient(patience, *columns, console=console, transient=True, redirect_stdout=same) as drawn:
        tasks: dict[str, TaskID] = {}
        context = click.get_current_context(silent=True)
        if working and context is not None:
            tasks[""] = drawn.add_task(context.command_path.partition(" ")[2], total=None)

        def show(what: str, done: int, total: int) -> None:
            if "" in tasks:
                drawn.remove_task(tasks.pop(""))
            if what not in tasks:
                tasks[what] = drawn.add_task(what, total=total or None)
            drawn.update(tasks[what], completed=done, total=total or None)

        yield show
