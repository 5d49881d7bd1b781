"""The one exit: what a process says to log, store, report or terminal passes the guard in force."""

from __future__ import annotations

import html
import io
import json
import re
import sys
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from types import TracebackType
from typing import TYPE_CHECKING, Any, TextIO
from urllib.parse import quote, quote_plus

from engine.guard.suspicion import suspicious

if TYPE_CHECKING:
    from engine.guard.guard import Guard

#: One process says its words by one guard: its log and its terminal are one too. The built-in one is made
#: when it is first needed, so that a command that says little starts at once.
_in_force: Guard | None = None
#: The secrets that this process knows, the longest first, each with what is said in its stead.
_hidden: dict[str, str] = {}
#: A shorter one may be part of any word.
_SHORTEST_SECRET = 8
_ENCODED = re.compile("%[0-9A-F]{2}")
_URL_SAFE = str.maketrans("+/", "-_")


def enforce(guard: Guard | None) -> Guard | None:
    """Let everything pass `guard` (None: the built-in one) from now on; the one that was in force before."""
    global _in_force
    before, _in_force = _in_force, guard
    if guard is not None:
        hide(guard.hidden)
    return before


@contextmanager
def enforced(guard: Guard) -> Iterator[None]:
    """Everything within passes `guard`."""
    before = enforce(guard)
    try:
        yield
    finally:
        enforce(before)


def hide(secrets: Mapping[str, str]) -> None:
    """Let none of these texts pass from now on, however they are written: what they are called is said in
    their stead."""
    global _hidden
    known = dict(_hidden)
    for secret, name in secrets.items():
        known |= {form: name for form in _forms(secret) if len(form) >= _SHORTEST_SECRET}
    _hidden = dict(sorted(known.items(), key=lambda one: -len(one[0])))


def _forms(secret: str) -> Iterator[str]:
    """A secret as a peer may tell it back: as JSON, markup and addresses write it, and within base64."""
    yield secret
    yield from (json.dumps(secret, ensure_ascii=ascii_)[1:-1] for ascii_ in (True, False))
    yield html.escape(secret)
    for safe in ("", "/", "/:@", "!$&'()*+,;=:@/"):
        yield (encoded := quote(secret, safe=safe))
        yield _ENCODED.sub(lambda code: code[0].lower(), encoded)
    yield quote_plus(secret)
    told = secret.encode("utf-8", "surrogatepass")
    if len(told) < _SHORTEST_SECRET:
        return
    for before in range(3):
        # Of what stands before it, none to two bytes share a sign with it, as those behind it do.
        whole = b64encode(bytes(before) + told)
        inner = whole[(8 * before + 5) // 6 : 8 * (before + len(told)) // 6].decode()
        yield inner
        yield inner.translate(_URL_SAFE)


def _without_secrets(text: str) -> str:
    for secret, name in _hidden.items():
        if secret in text:
            text = text.replace(secret, name)
    return text


def guarded(text: str) -> str:
    """What may leave of a text; of JSON, its structure and its numbers stay as they are."""
    text = _without_secrets(text)
    if _in_force is None:
        return built_in().mask_json(text) if suspicious(text) else text
    return _in_force.mask_json(text)


def shortened(text: str, most: int) -> str:
    """The first marks of a text, guarded before it is cut."""
    return (_in_force or built_in()).shorten(_without_secrets(text), most)


def quoted(value: object, most: int = 60) -> str:
    """A value as a message shows it: guarded, short, in quotes, its control characters escaped."""
    return repr(shortened(str(value), most))


@cache
def built_in() -> Guard:
    """The guard without a configuration."""
    from engine.guard.guard import Guard

    return Guard()


class GuardedStream(io.TextIOWrapper):
    """A standard stream to which nothing is written past the guard."""

    def write(self, text: str) -> int:
        super().write(guarded(text))
        return len(text)

    def pass_on(self, text: str) -> int:
        """Write what was guarded piece by piece: numbers of neighbouring cells are not one number."""
        return super().write(text)


class Cells:
    """A stream for a listing whose every cell was guarded by itself: what stands side by side there is not
    read as one text."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.write: Callable[[str], int] = getattr(stream, "pass_on", stream.write)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def guarded_terminal() -> Iterator[None]:
    """Whatever is printed within, to either stream and by whomever, passes the guard."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = own = _over(sys.stdout), _over(sys.stderr)
    try:
        yield
    finally:
        for stream in own:
            stream.flush()
            stream.detach()
        sys.stdout, sys.stderr = before


def _over(stream: TextIO) -> GuardedStream:
    stream.flush()
    encoding = "utf-8" if stream.encoding.casefold() in ("ascii", "us-ascii") else stream.encoding
    return GuardedStream(
        stream.buffer, encoding, stream.errors, line_buffering=bool(stream.line_buffering), write_through=True
    )


def report_crashes() -> None:
    """A mistake of ours that nobody catches is told with its traceback, its own words guarded: they may
    quote a record."""
    sys.excepthook = _crashed
    threading.excepthook = lambda args: _crashed(args.exc_type, args.exc_value, args.exc_traceback)


def _crashed(kind: type[BaseException], error: BaseException | None, at: TracebackType | None) -> None:
    import traceback

    sys.stderr.write(guarded("".join(traceback.format_exception(kind, error, at))))
