"""What the lock says, read back: names, versions, for which machines, and the hashes of their files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


@dataclass(frozen=True, kw_only=True)
class Locked:
    """One package at one version; a package may be locked at two, for two kinds of machine."""

    name: str
    version: str
    #: For which machines, as in `python_full_version < '3.12'`; empty for all.
    marker: str
    #: SHA-256 of each file of this version, in hexadecimal.
    hashes: tuple[str, ...]
    #: Whether it is for the machine that this runs on.
    here: bool


def read(lock: Path) -> list[Locked]:
    """Every package of a lock, in its order."""
    lines = lock.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    return [_entry(line) for line in lines if line.strip() and not line.startswith("#")]


def _entry(line: str) -> Locked:
    wanted = Requirement(line.partition("--hash")[0])
    return Locked(
        name=canonicalize_name(wanted.name),
        version=str(wanted.specifier).removeprefix("=="),
        marker=str(wanted.marker or ""),
        hashes=tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})", line)),
        here=wanted.marker is None or wanted.marker.evaluate(),
    )
