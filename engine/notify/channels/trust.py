"""Which servers a channel believes to be who they say they are."""

from __future__ import annotations

import ssl
from functools import lru_cache
from pathlib import Path

from engine.errors import DeliveryError
from engine.model.regular import regular


def trust(ca: Path | None) -> ssl.SSLContext:
    """A client's side of TLS: against the certificates in the file `ca`, else against the system's."""
    try:
        return ssl.create_default_context(cafile=str(regular(ca)) if ca else None)
    except OSError as error:
        raise DeliveryError(f"the certificates in {ca} cannot be read: {error}", permanent=False) from error


def trust_over_http(ca: Path | None) -> ssl.SSLContext:
    """The same for HTTP alone, because the library that speaks it leaves its mark there; made once for as
    long as nobody writes the certificates: to read the system's takes longer than to send a message."""
    asked = ssl.get_default_verify_paths()
    return _over_http(ca, tuple(map(_written, (ca, asked.cafile, asked.capath))))


def _written(file: Path | str | None) -> int:
    try:
        return Path(file).stat().st_mtime_ns if file else 0
    except OSError:
        return 0


@lru_cache(maxsize=16)
def _over_http(ca: Path | None, written: tuple[int, ...]) -> ssl.SSLContext:
    return trust(ca)
