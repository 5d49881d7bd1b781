"""Only files are read: a pipe gives nothing until somebody writes into it, and a device never ends."""

from __future__ import annotations

import errno
from pathlib import Path


def regular(path: Path) -> Path:
    """The path itself, to be opened; raises OSError for what is there and is neither file nor folder."""
    if path.exists() and not path.is_file() and not path.is_dir():
        raise OSError(errno.EINVAL, "this is a pipe or a device: give a file", str(path))
    return path
