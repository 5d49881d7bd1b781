"""Is a message signed by somebody whom the operator trusts? The certificate inside proves nothing: whoever
forges a message puts their own into it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from lxml import etree

from engine.errors import UsageError
from engine.model.problem import Level
from engine.notify.cap import SIGNATURE
from engine.notify.cap.validate import moment, trust
from engine.notify.cap.validate.markup import Element, line, local, parse, text
from engine.notify.cap.validate.mistake import Mistake

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_DS = "{http://www.w3.org/2000/09/xmldsig#}"
#: The last letter before the padding has bits that stand for nothing, and they must be zero (RFC 4648, 3.5,
#: and the grammar of xs:base64Binary); a decoder that drops them takes altered text for the same.
_BASE64 = re.compile(
    r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=|[A-Za-z0-9+/][AQgw]==)"
)
#: What is said beside an answer that is neither yes nor no.
_UNTRUSTED = "name the certificates that you trust (--trust); the one inside proves nothing"
_PACKED = ("DigestValue", "SignatureValue", "X509Certificate")


class Answer(StrEnum):
    """What a signature is worth."""

    VALID = "valid"
    BLANKS = "valid only when white space is ignored"
    BAD = "bad"
    UNKNOWN = "not verified"


_WHY = {Answer.BLANKS: "it was laid out anew after it was signed, and strict readers refuse it"}
_LEVELS = {
    Answer.VALID: Level.HINT, Answer.BLANKS: Level.WARNING, Answer.BAD: Level.ERROR,
    Answer.UNKNOWN: Level.HINT,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """One signature: the answer, why, and what is said of the certificate that it was held against."""

    line: int
    answer: Answer
    why: str
    certificate: str = ""
    #: Its algorithms prove nothing any more.
    weak: bool = False

    def told(self) -> Iterator[tuple[str, Mistake]]:
        """The answer, and the certificate's dates on a line of their own: they decide nothing."""
        said = f"the signature is {self.answer}" + (f": {self.why}" if self.why else "")
        yield "signature", Mistake(self.line, said, _LEVELS[self.answer])
        if self.certificate:
            yield "certificate", Mistake(self.line, f"certificate of {self.certificate}", Level.HINT)
        if self.weak:
            said = "the signature rests on SHA-1, which can be forged"
            yield "signature", Mistake(self.line, said, Level.WARNING)


def verdicts(content: bytes, trusted: Sequence[Certificate], now: datetime) -> list[Verdict]:
    """A verdict on every signature of an alert, in its order; raises UsageError without the extra `cap`."""
    root = parse(content)
    return [_verdict(content, root, nth, trusted, now) for nth in range(len(_signatures(root)))]


def _signatures(root: Element) -> list[Element]:
    return root.findall(SIGNATURE)


def _verdict(
    content: bytes, root: Element, nth: int, trusted: Sequence[Certificate], now: datetime
) -> Verdict:
    signature = _signatures(root)[nth]
    at, weak = line(signature), _weak(signature)
    if said := _damaged(signature):
        return Verdict(at, Answer.BAD, said)
    if not trusted:
        return Verdict(at, Answer.UNKNOWN, _UNTRUSTED, weak=weak)
    sent = moment.read(text(root, "sent"))
    why = ""
    for blanks, answer in ((True, Answer.VALID), (False, Answer.BLANKS)):
        for certificate in trusted:
            said = _refused(parse(content, blanks=blanks), nth, certificate)
            if not said:
                return Verdict(at, answer, _WHY.get(answer, ""), trust.describe(certificate, sent, now), weak)
            why = why or said
    return Verdict(at, Answer.BAD, _reason(signature, trusted, why), weak=weak)


def _weak(signature: Element) -> bool:
    methods = [
        one.get("Algorithm") or "" for one in signature.iter(f"{_DS}SignatureMethod", f"{_DS}DigestMethod")
    ]
    return any(one.endswith("sha1") for one in methods)


def _damaged(signature: Element) -> str:
    for one in signature.iter(*(f"{_DS}{name}" for name in _PACKED)):
        if not _BASE64.fullmatch("".join((one.text or "").split())):
            return f"<{local(one)}> on line {line(one)} is no proper base64: it was altered or cut"
    return ""


def _refused(root: Element, nth: int, certificate: Certificate) -> str:
    """Why the nth signature of an alert is none by this certificate; empty where it is one.

    A second signature covers the first, which knew nothing of it: later ones are taken out first.
    """
    for later in _signatures(root)[nth + 1 :]:
        _take_out(later)
    try:
        covered = _verify(root, nth, certificate)
    except _troubles() as error:
        return f"{error}".rstrip(": ") or type(error).__name__
    return "" if _whole(root, nth, covered) else "what was signed is not this alert"


def _verify(root: Element, nth: int, certificate: Certificate) -> list[Element]:
    """What the signature covers, by a library that knows no time: whether a certificate is valid is told
    on a line of its own, and each has a moment at which it is."""
    signxml = _library()
    methods, digests = signxml.SignatureMethod, signxml.DigestAlgorithm

    class Verifier(signxml.XMLVerifier):  # type: ignore[misc, name-defined]
        def _get_signature(self, root: Element) -> Element:
            return _signatures(root)[nth]

    asked = signxml.SignatureConfiguration(
        signature_methods=frozenset(one for one in methods if not one.name.startswith("HMAC")),
        digest_algorithms=frozenset(digests),
        verification_time=certificate.not_valid_before_utc,
        ignore_ambiguous_key_info=True,
        # Advanced signatures (XAdES) cover their own properties beside the message.
        expect_references=True,
    )
    # Its own schema refuses signatures in use: `Id="Environment Canada"` is no xs:ID.
    found = Verifier().verify(root, x509_cert=certificate, expect_config=asked, validate_schema=False)
    return [one.signed_xml for one in found if one.signed_xml is not None]


def _library() -> Any:
    try:
        import signxml
    except ImportError as error:
        raise UsageError("signatures need the extra 'cap': pip install 'forewarn[cap]'") from error
    return signxml


def _troubles() -> tuple[type[Exception], ...]:
    """Whatever a signature from outside makes the library say."""
    from cryptography.exceptions import UnsupportedAlgorithm

    signxml = _library()
    return (
        signxml.exceptions.SignXMLException, UnsupportedAlgorithm, etree.LxmlError, ValueError, TypeError,
        AttributeError, LookupError,
    )  # fmt: skip


def _whole(root: Element, nth: int, covered: Sequence[Element]) -> bool:
    """Whether the whole alert was signed, and nothing that only looks like it."""
    _take_out(_signatures(root)[nth])
    itself = _canonical(root)
    return any(one.tag == root.tag and _canonical(one) == itself for one in covered)


def _canonical(element: Element) -> bytes:
    return etree.tostring(element, method="c14n", exclusive=True, with_comments=False, with_tail=False)


def _take_out(element: Element) -> None:
    """Out of its parent, leaving what follows it."""
    above, before = element.getparent(), element.getprevious()
    assert above is not None
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        above.text = (above.text or "") + element.tail
    above.remove(element)


def _reason(signature: Element, trusted: Sequence[Certificate], why: str) -> str:
    """Why no trusted certificate fits, in the words that help."""
    inside = _inside(signature)
    if inside is None or inside in trusted:
        return f"the message is not as it was signed ({why})"
    if trust.issued_by_one_of(inside, trusted):
        said = "whom a trusted certificate vouches for; if that is right, trust it itself"
        return f"it names {trust.subject(inside)} as its signer, {said}"
    return f"it names {trust.subject(inside)} as its signer, whom you do not trust"


def _inside(signature: Element) -> Certificate | None:
    """The certificate that the message brings: to be named, never to be believed."""
    import base64

    from cryptography import x509

    one = signature.find(f".//{_DS}X509Certificate")
    try:
        return None if one is None else x509.load_der_x509_certificate(base64.b64decode(one.text or ""))
    except trust.broken():
        return None
