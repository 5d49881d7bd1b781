"""Unpacking an answer as it comes: bounded, and whole or not at all."""

from __future__ import annotations

import zlib

from engine.errors import brief

#: What we ask for; two packings within each other nobody needs, but whoever means harm.
ACCEPTED = "gzip, deflate"
_GZIP, _ZLIB, _RAW = 31, 15, -15


class CutOffError(Exception):
    """The packed body ends before its end, or is damaged."""


class Unpacking:
    """One body of a `Content-Encoding`. ValueError for an encoding that was not asked for."""

    def __init__(self, encoding: str) -> None:
        self._windows = {"": 0, "identity": 0, "gzip": _GZIP, "x-gzip": _GZIP, "deflate": _ZLIB}.get(
            encoding.strip().lower(), -1
        )
        if self._windows < 0:
            raise ValueError(f"packed as {brief(encoding)!r}, which was not asked for")
        self._stream = zlib.decompressobj(self._windows) if self._windows else None
        self._begun = False

    def piece(self, packed: bytes, room: int) -> bytes:
        """What a piece of the body holds, at most `room` bytes and one more."""
        if self._stream is None:
            return packed
        try:
            return self._unpacked(packed, room)
        except zlib.error as error:
            raise CutOffError(f"the packed answer is damaged: {error}") from error

    def _unpacked(self, packed: bytes, room: int) -> bytes:
        assert self._stream is not None
        if not self._begun and packed:
            self._begun = True
            if self._windows == _ZLIB and packed[0] & 0x0F != 8:
                # Some send deflate without the wrapping that it should have.
                self._stream = zlib.decompressobj(_RAW)
        unpacked = bytearray()
        while packed and len(unpacked) <= room:
            if self._stream.eof:
                if self._windows != _GZIP or not packed.startswith(b"\x1f"):
                    break  # padding behind the end
                self._stream = zlib.decompressobj(_GZIP)
            unpacked += self._stream.decompress(packed, room + 1 - len(unpacked))
            packed = self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail
        return bytes(unpacked)

    def end(self) -> None:
        """Raises CutOffError where the body is over and what was packed is not."""
        if self._stream is not None and self._begun and not self._stream.eof:
            raise CutOffError("the packed answer ends before its end")
