"""Which servers a channel believes to be who they say they are."""

from __future__ import annotations

import ssl
from pathlib import Path

from engine.errors import DeliveryError


def trust(ca: Path | None) -> ssl.SSLContext:
    """A client's side of TLS: against the certificates in the file `ca`, else against the system's."""
    try:
        return ssl.create_default_context(cafile=str(ca) if ca else None)
    except OSError as error:
        raise DeliveryError(f"the certificates in {ca} cannot be read: {error}", permanent=False) from error
