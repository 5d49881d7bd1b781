"""Progress bars on a terminal; silence elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from engine.cycle import world


@contextmanager
def bars() -> Iterator[world.Progress]:
    """A `Progress` callable that draws one bar for each kind of work."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield world.silent
        return
    columns = (TextColumn("{task.description:>12}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as drawn:
        tasks: dict[str, TaskID] = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = drawn.add_task(what, total=total or None)
            drawn.update(tasks[what], completed=done, total=total or None)

        yield show
