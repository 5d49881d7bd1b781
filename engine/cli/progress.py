"""What takes long shows that it goes on, on a terminal: a bar for each kind of work, or that and how long the
command is at work; silence elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, Task, TaskID, TextColumn, TimeElapsedColumn

from engine.cycle import world

#: What is over sooner, in seconds, shows nothing.
PATIENCE = 1.0


class _Patient(Progress):
    """Bars of what has been at work for a while."""

    def get_renderables(self) -> Iterable[RenderableType]:
        late = [task for task in self.tasks if (task.elapsed or 0.0) >= PATIENCE]
        yield self.make_tasks_table(late)


class _Counted(MofNCompleteColumn):
    """How many of how many; nothing where nothing is counted."""

    def render(self, task: Task) -> RenderableType:  # type: ignore[override]
        return super().render(task) if task.completed or task.total is not None else ""


@contextmanager
def bars(*, working: bool = True) -> Iterator[world.Progress]:
    """A `Progress` callable that draws one bar for each kind of work. working: before any of it begins, and
    where none is told of, the command itself is shown."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield world.silent
        return
    columns = (TextColumn("{task.description:>12}"), BarColumn(), _Counted(), TimeElapsedColumn())
    # Where the listing goes into a file or a pipe, it is none of the terminal's.
    same = sys.stdout.isatty()
    with _Patient(*columns, console=console, transient=True, redirect_stdout=same) as drawn:
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
