"""What takes long shows that it goes on, on a terminal: a bar for each kind of work, or that and how long the
command is at work; silence elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from engine.cycle import world

#: What is over sooner, in seconds, shows nothing.
PATIENCE = 1.0


@contextmanager
def bars(*, working: bool = True) -> Iterator[world.Progress]:
    """A `Progress` callable that draws one bar for each kind of work. working: before any of it begins, and
    where none is told of, the command itself is shown."""
    # A command that shows none need not wait for what draws them.
    from engine.cli import drawn

    with drawn.bars(PATIENCE, working) as show:
        yield show
