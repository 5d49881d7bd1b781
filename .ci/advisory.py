"""Advisories in OSV's format: read from files, and whether one concerns a version of a package on PyPI."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import locked
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

Record = dict[str, Any]
#: Where several events of a range are of one version, the order in which they count.
_EVENTS = ("fixed", "introduced", "last_affected")


class NotAdvisories(Exception):
    """What was given or answered is not in OSV's format."""


def read(source: Path) -> Iterator[Record]:
    """The records of a file (of one or of many), or of a folder or zip of such files.

    Raises NotAdvisories, or OSError where there is nothing to read.
    """
    for name, text in _texts(source):
        try:
            found = json.loads(text)
        except ValueError as error:
            raise NotAdvisories(f"{name} is no JSON: {error}") from None
        records = found.get("vulns", [found]) if isinstance(found, dict) else found
        for record in records if isinstance(records, list) else [records]:
            if not (isinstance(record, dict) and {"id", "modified"} <= record.keys()):
                raise NotAdvisories(f"{name} is not in OSV's format: each record has `id` and `modified`")
            yield record


def _texts(source: Path) -> Iterator[tuple[str, bytes]]:
    if source.is_dir():
        yield from ((str(path), path.read_bytes()) for path in sorted(source.rglob("*.json")))
    elif zipfile.is_zipfile(source):
        with zipfile.ZipFile(source) as archive:
            yield from ((name, archive.read(name)) for name in archive.namelist() if name.endswith(".json"))
    else:
        yield str(source), source.read_bytes()


def entries(record: Record) -> list[Record]:
    """What a record says of packages on PyPI; nothing where it was withdrawn."""
    told = [] if record.get("withdrawn") else record.get("affected") or []
    return [each for each in told if (each.get("package") or {}).get("ecosystem") == "PyPI"]


def _of(record: Record, name: str) -> list[Record]:
    return [each for each in entries(record) if canonicalize_name(each["package"].get("name", "")) == name]


def concerns(record: Record, package: locked.Locked) -> bool:
    """Whether what is locked is among the versions that a record names or spans.

    Where it names the package and its versions cannot be read, it does: nobody has shown that it does not.
    """
    return any(_holds(entry, Version(package.version)) for entry in _of(record, package.name))


def _holds(entry: Record, version: Version) -> bool:
    spans = [each for each in entry.get("ranges") or [] if each.get("type") != "GIT"]
    named = entry.get("versions") or []
    try:
        spanned = any(_spans(each["events"], version) for each in spans)
        return spanned or any(_same(each, version) for each in named) or not (spans or named)
    except (InvalidVersion, KeyError, TypeError, AttributeError):
        return True


def _same(written: str, version: Version) -> bool:
    """Some old releases have names that are no versions; none of them is what is locked."""
    try:
        return Version(written) == version
    except InvalidVersion:
        return False


def _spans(events: list[dict[str, str]], version: Version) -> bool:
    """OSV's evaluation of a range: the last event at or before the version decides."""
    told = [(_at(at), kind) for each in events for kind, at in each.items() if kind in _EVENTS]
    inside = False
    for at, kind in sorted(told, key=lambda event: (event[0], _EVENTS.index(event[1]))):
        if kind == "introduced":
            inside = inside or version >= at
        elif version > at or (version == at and kind == "fixed"):
            inside = False
    limits = [_at(each["limit"]) for each in events if each.get("limit", "*") != "*"]
    return inside and (not limits or any(version < limit for limit in limits))


def _at(written: str) -> Version:
    """The version of an event; `0` stands for before every release."""
    return Version("0.dev0" if written == "0" else written)


def line(record: Record, package: locked.Locked) -> str:
    """An advisory in one line: of what, its names, what it is about, and where it is mended."""
    mended = [
        event["fixed"] for entry in _of(record, package.name)
        for span in entry.get("ranges") or [] if span.get("type") != "GIT"
        for event in span.get("events") or [] if "fixed" in event
    ]  # fmt: skip
    names = ", ".join([record["id"], *(record.get("aliases") or [])])
    about = record.get("summary") or (record.get("details") or "no summary").strip().partition("\n")[0]
    release = f"fixed in {' or '.join(mended)}" if mended else "no release is told to mend it"
    return f"{package.name} {package.version}: {names}: {about}; {release}"
