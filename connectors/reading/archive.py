"""Zip archives: the members that are read, each a document of its own. Nothing is written to disk."""

from __future__ import annotations

import io
import struct
import zipfile
from fnmatch import fnmatchcase
from functools import partial
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from connectors.reading.document import Document
from connectors.reading.limits import MEMBERS
from engine.errors import FeedError, brief

MAGIC = b"PK\x03\x04"
#: How an archive without members begins, and one that is cut into volumes.
_OTHERS = (b"PK\x05\x06", b"PK\x07\x08")
_ENTRY = b"PK\x01\x02"
#: Members that only office programs write: the archive is then one document, not a folder of files.
_OFFICE = frozenset({"[content_types].xml", "mimetype"})
_ENCRYPTED, _UTF8 = 0x1, 0x800
_PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_SHOWN = 5
#: What the library says of an archive whose tables contradict each other.
_DAMAGE = (
    zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError, RuntimeError, struct.error, EOFError
)  # fmt: skip


def parts(document: Document) -> list[Document]:
    """The members of an archive that are read, in order; what is no archive is its own only part.

    Raises FeedError for an archive that is damaged, encrypted, empty, within another one, or whose
    members are several where no pattern says which are meant.
    """
    with document.open() as file:
        start = file.peek(4)[:4]
        if start in _OTHERS:
            raise FeedError(f"{document.name}: an archive without members, or cut into volumes; pack it anew")
        if start != MAGIC:
            return [document]
        content = file.read()
        packed = opened(content, document.name)
    if any(one.filename.casefold() in _OFFICE for one in packed.infolist()):
        return [document]
    chosen = _chosen({_name(one): one for one in packed.infolist() if _is_file(one)}, document)
    if sum(one.file_size for one in chosen.values()) > document.max_bytes:
        raise document.too_large()
    return [
        Document(_shown(name), document.max_bytes, partial(unpack, packed, one, _shown(name)))
        for name, one in chosen.items()
    ]


def opened(content: bytes, name: str) -> zipfile.ZipFile:
    """The archive; raises FeedError for one that is damaged or has too many members."""
    if content.count(_ENTRY) > MEMBERS:
        raise FeedError(f"{name}: an archive of more than {MEMBERS} members; pack what is needed")
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except _DAMAGE as error:
        raise FeedError(f"{name}: a damaged archive or spreadsheet: {error}; fetch it anew") from error


def unpack(packed: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> BinaryIO:
    """The bytes of a member; raises FeedError for one that is damaged, needs a password or a method that
    is not read."""
    _check(member, name)
    try:
        return cast(BinaryIO, packed.open(member))
    except _DAMAGE as error:
        raise FeedError(f"{name}: damaged: {error}; fetch it anew") from error


def _check(member: zipfile.ZipInfo, name: str) -> None:
    if member.flag_bits & _ENCRYPTED:
        raise FeedError(f"{name}: encrypted; pack it without a password")
    if member.compress_type not in _PLAIN:
        raise FeedError(f"{name}: packed by method {member.compress_type}; pack it by the usual one")


def _chosen(files: dict[str, zipfile.ZipInfo], document: Document) -> dict[str, zipfile.ZipInfo]:
    pattern = document.member
    chosen = {
        name: one for name, one in sorted(files.items())
        if not pattern or fnmatchcase(name, pattern) or fnmatchcase(_shown(name), pattern)
    }  # fmt: skip
    held = ", ".join(map(_shown, sorted(files)[:_SHOWN])) + (", ..." if len(files) > _SHOWN else "")
    if not chosen:
        asked = f"no member that fits '{pattern}'" if pattern else "no file"
        raise FeedError(f"{document.name}: the archive holds {asked}{' but ' * bool(held)}{held}")
    if len(chosen) > 1 and not pattern:
        said = f"the archive holds {len(files)} files ({held})"
        raise FeedError(f"{document.name}: {said}; say which are meant, as in member: '*.csv'")
    return chosen


def _is_file(member: zipfile.ZipInfo) -> bool:
    """Not a folder, and nothing that a file manager leaves behind."""
    path = PurePosixPath(_name(member))
    return not member.is_dir() and not path.name.startswith(".") and "__MACOSX" not in path.parts


def _name(member: zipfile.ZipInfo) -> str:
    """What the member is called. Who does not say UTF-8 writes it all the same, or a Chinese code page."""
    if not member.flag_bits & _UTF8:
        for encoding in ("utf-8", "gb18030"):
            try:
                return member.filename.encode("cp437").decode(encoding).replace("\\", "/")
            except UnicodeError:
                continue
    return member.filename.replace("\\", "/")


def _shown(name: str) -> str:
    """The last part of a member's name: where it would have been unpacked is nobody's business."""
    last = PurePosixPath(name).name
    return brief("".join(mark if mark.isprintable() else "?" for mark in last), 60) or "?"
