"""Writes messages into a folder of the machine: one JSON line each, or one file each.

A message whose key stands there already is not written again.
"""

from __future__ import annotations

import fcntl
import json
import mmap
import os
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Literal

from pydantic import BaseModel, ConfigDict

from engine.errors import DeliveryError
from engine.guard import private
from engine.model.message import Notification

ID = "file"


class Options(BaseModel):
    """`path` is a file that grows by a line a message, or with `form: files` a folder."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: Path
    form: Literal["lines", "files"] = "lines"


def send(options: Options, notification: Notification, now: datetime) -> None:
    """Write the payload durably."""
    data = notification.payload.encode() + b"\n"
    try:
        if options.form == "files":
            _place(options.path, notification, data)
        else:
            _append(options.path, notification, data)
    except OSError as error:
        raise DeliveryError(f"cannot write {options.path}: {error.strerror}", permanent=False) from error


def _place(folder: Path, notification: Notification, data: bytes) -> None:
    """One file, whole or not at all; the same message again replaces itself with the same bytes."""
    private.folder(folder)
    name = f"{notification.planned_at:%Y%m%dT%H%M%SZ}-{notification.digest[:16]}.json"
    draft = folder / f".{name}.{os.getpid()}"
    with open(draft, "wb", opener=private.opener) as file:
        file.write(data)
        _settle(file)
    draft.replace(folder / name)


def _append(path: Path, notification: Notification, data: bytes) -> None:
    """One line, under a lock that other processes respect."""
    private.folder(path.parent)
    with open(path, "a+b", opener=private.opener) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        _drop_torn_line(file)
        if not _holds(file, notification.key):
            file.write(data)
            _settle(file)


def _drop_torn_line(file: BinaryIO) -> None:
    """A process killed while writing leaves half a line: its message was never settled and comes
    again."""
    size = file.seek(0, os.SEEK_END)
    if size:
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
            whole = text.rfind(b"\n") + 1
        if whole < size:
            file.truncate(whole)


def _holds(file: BinaryIO, key: str) -> bool:
    if not file.seek(0, os.SEEK_END):
        return False
    written = f'"key":{json.dumps(key, ensure_ascii=False)}'.encode()
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        return text.find(written) >= 0


def _settle(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
