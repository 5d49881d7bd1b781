"""The certificates that an operator trusts, and what is said of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import UsageError
from engine.model.regular import regular

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_PEM = b"-----BEGIN CERTIFICATE-----"
_NEEDS = "signatures need the extra 'cap': pip install 'forewarn[cap]'"


def broken() -> tuple[type[Exception], ...]:
    """What the library says of a certificate that is none, or of a version of which it knows nothing."""
    from cryptography.x509 import InvalidVersion

    return ValueError, InvalidVersion


def read(paths: Iterable[Path]) -> list[Certificate]:
    """The certificates in these files, and in those of folders: PEM, several in one, or DER. Raises
    UsageError."""
    paths = [file for path in paths for file in (sorted(path.iterdir()) if path.is_dir() else [path])]
    if not paths:
        return []
    try:
        from cryptography import x509
    except ImportError as error:
        raise UsageError(_NEEDS) from error
    found: list[Certificate] = []
    for path in paths:
        try:
            content = regular(path).read_bytes()
            pem = _PEM in content
            found += (
                x509.load_pem_x509_certificates(content) if pem else [x509.load_der_x509_certificate(content)]
            )
        except OSError as error:
            raise UsageError(f"{path} cannot be read: {error.strerror}") from error
        except broken() as error:
            raise UsageError(f"{path} holds no certificate (PEM or DER): {error}") from error
    return found


def describe(certificate: Certificate, sent: datetime | None, now: datetime) -> str:
    """Whose it is and from when to when, and how that lies to when the message was sent and to now."""
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    said = f"{subject(certificate)}, valid {begins:%Y-%m-%d} to {ends:%Y-%m-%d}"
    if sent is not None and sent < begins:
        said += "; the message was sent before that"
    elif sent is not None and sent > ends:
        said += "; the message was sent after that"
    if now > ends:
        said += "; expired by now"
    elif now < begins:
        said += "; not valid yet"
    return said


def subject(certificate: Certificate) -> str:
    try:
        return certificate.subject.rfc4514_string() or "(no subject)"
    except ValueError:
        return "(unreadable subject)"


def issued_by_one_of(certificate: Certificate, trusted: Sequence[Certificate]) -> bool:
    """Whether a trusted certificate vouches for this one, without being it."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    for issuer in trusted:
        try:
            certificate.verify_directly_issued_by(issuer)
        except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
            continue
        return True
    return False
