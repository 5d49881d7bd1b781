"""The files that a command is given to read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from engine.model.regular import regular


class _Regular(click.Path):
    """A path that is there, and no pipe and no device: those would be waited for, or read for ever."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        found = super().convert(value, param, ctx)
        try:
            return regular(Path(os.fsdecode(found)))
        except OSError as error:
            self.fail(f"{click.format_filename(found)}: {error.strerror}", param, ctx)


FILE = _Regular(path_type=Path, exists=True, dir_okay=False)
