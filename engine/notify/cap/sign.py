"""Signing, which comes last: whoever lays a message out anew afterwards breaks its signature."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree

from engine.errors import DeliveryError
from engine.model.regular import regular
from engine.notify.cap.validate import trust
from engine.notify.cap.validate.markup import parse

if TYPE_CHECKING:
    from cryptography.x509 import Certificate


@dataclass(frozen=True)
class Signer:
    """A private key and the certificate that goes with it."""

    key: Any
    certificate: Certificate

    @classmethod
    def of(cls, key: Path, certificate: Path, password: str = "") -> Signer:
        """From PEM files; raises DeliveryError where they cannot be read or do not belong together."""
        try:
            from cryptography import x509
            from cryptography.exceptions import UnsupportedAlgorithm
            from cryptography.hazmat.primitives.serialization import load_pem_private_key
        except ImportError as error:
            raise DeliveryError(
                "signing needs the extra 'cap': pip install 'forewarn[cap]'", permanent=False
            ) from error
        unread: tuple[type[Exception], ...] = (OSError, TypeError, UnsupportedAlgorithm, *trust.broken())
        try:
            signer = cls(
                load_pem_private_key(regular(key).read_bytes(), password.encode() or None),
                x509.load_pem_x509_certificate(regular(certificate).read_bytes()),
            )
            belongs = signer.key.public_key() == signer.certificate.public_key()
        except unread as error:
            raise DeliveryError(
                f"{key} and {certificate} cannot be read: {error}", permanent=False
            ) from error
        if not belongs:
            raise DeliveryError(f"{certificate} is not the certificate of {key}", permanent=False)
        return signer

    def sign(self, document: bytes) -> bytes:
        """The message with its signature as the last element; what stood before it is the same, byte by byte
        in its canonical form."""
        from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
        from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
        from signxml.signer import XMLSigner

        elliptic = isinstance(self.key, EllipticCurvePrivateKey)
        signer = XMLSigner(
            signature_algorithm=SignatureMethod.ECDSA_SHA256 if elliptic else SignatureMethod.RSA_SHA256,
            digest_algorithm=DigestAlgorithm.SHA256,
            c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
        )
        signed = signer.sign(parse(document), key=self.key, cert=[self.certificate])
        return etree.tostring(signed, xml_declaration=True, encoding="UTF-8")
