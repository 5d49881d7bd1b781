"""Signatures: those of others, our own, and forged ones."""

from __future__ import annotations

import base64
import re
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import signxml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from lxml import etree

from engine.errors import DeliveryError, UsageError
from engine.model.problem import Level
from engine.notify.cap.sign import Signer
from engine.notify.cap.validate import trust
from engine.notify.cap.validate.document import validate
from engine.notify.cap.validate.markup import parse
from engine.notify.cap.validate.signature import Answer, verdicts
from tests.notify.cap.conftest import DATA, GOOD, NOW

DOCUMENT = GOOD.encode()


def keeper(name: str, key: Any, issuer: Signer | None = None) -> Signer:
    """Somebody with a key, and a certificate of their own or by an issuer."""
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder().subject_name(called).public_key(key.public_key())
        .issuer_name(issuer.certificate.subject if issuer else called)
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC)).not_valid_after(datetime(2027, 1, 1, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(issuer.key if issuer else key, hashes.SHA256())
    )  # fmt: skip
    return Signer(key, certificate)


@dataclass(frozen=True)
class People:
    ours: Signer
    other: Signer
    elliptic: Signer


@pytest.fixture(scope="module")
def people() -> People:
    first, second = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
    # The same name as the first: only the key tells them apart.
    return People(
        keeper("duty", first), keeper("duty", second), keeper("bay", ec.generate_private_key(ec.SECP256R1()))
    )


def answer(content: bytes, *trusted: Signer) -> Answer:
    (verdict,) = verdicts(content, [one.certificate for one in trusted], NOW)
    return verdict.answer


@pytest.mark.parametrize(
    "name, certificate, expected",
    [
        ("valid.xml", "meteo_sc.pem", Answer.BLANKS),
        ("invalid_digest.xml", "meteo_sc.pem", Answer.BAD),
        ("invalid_signature.xml", "meteo_sc.pem", Answer.BAD),
        ("invalid_certificate.xml", "meteo_sc.pem", Answer.BAD),
        ("canada_signed.cap", "environment_canada.pem", Answer.VALID),
        ("canada_signed.cap", "meteo_sc.pem", Answer.BAD),
        ("valid.xml", "environment_canada.pem", Answer.BAD),
    ],
)
def test_messages_that_others_signed(name: str, certificate: str, expected: Answer):
    trusted = trust.read([DATA / certificate])
    (verdict,) = verdicts((DATA / name).read_bytes(), trusted, NOW)
    assert verdict.answer is expected
    assert bool(verdict.certificate) == (expected is not Answer.BAD)
    assert bool(verdict.why) == (expected is not Answer.VALID)


@pytest.mark.parametrize(
    "name, certificate, dates",
    [
        ("valid.xml", "meteo_sc.pem", "2024-07-02 to 2024-09-30; the message was sent before that; expired"),
        (
            "canada_signed.cap",
            "environment_canada.pem",
            "to 2022-05-05; the message was sent after that; expired",
        ),
    ],
)
def test_the_dates_of_a_certificate_stand_on_a_line_of_their_own(name: str, certificate: str, dates: str):
    trusted = trust.read([DATA / certificate])
    found = validate(name, (DATA / name).read_bytes(), trusted, NOW).problems
    (line,) = [one for one in found if one.name == "certificate"]
    assert dates in line.sentence and line.level is Level.HINT


def test_without_trust_nothing_is_verified_whatever_is_inside():
    (verdict,) = verdicts((DATA / "valid.xml").read_bytes(), [], NOW)
    assert verdict.answer is Answer.UNKNOWN and "--trust" in verdict.why


@pytest.mark.parametrize("whose", ["ours", "elliptic"])
def test_what_we_sign_is_valid_and_by_nobody_else(people: People, whose: str):
    signer = getattr(people, whose)
    signed = signer.sign(DOCUMENT)
    assert answer(signed, signer) is Answer.VALID
    assert answer(signed, people.other, signer) is Answer.VALID
    assert answer(signed, people.other) is Answer.BAD
    assert validate("a", signed, [signer.certificate], NOW).problems[0].level is Level.HINT


def test_what_is_changed_after_signing_is_bad(people: People):
    signed = people.ours.sign(DOCUMENT)
    for old, new in ((b"Moderate", b"Minor"), (b"120.10 30", b"120.11 30"), (b"<web>", b"<web> ")):
        assert answer(signed.replace(old, new, 1), people.ours) is Answer.BAD


def test_what_is_laid_out_anew_is_valid_only_without_white_space(people: People):
    compact = etree.tostring(parse(DOCUMENT, blanks=False))
    signed = parse(people.ours.sign(compact))
    etree.indent(signed)
    assert answer(etree.tostring(signed), people.ours) is Answer.BLANKS
    found = validate("a", etree.tostring(signed), [people.ours.certificate], NOW).problems
    assert [one.level for one in found if one.name == "signature"] == [Level.WARNING]


def test_each_of_two_signatures_is_held_against_the_message_as_it_was(people: People):
    twice = people.elliptic.sign(people.ours.sign(DOCUMENT))
    trusted = [people.ours.certificate, people.elliptic.certificate]
    assert [one.answer for one in verdicts(twice, trusted, NOW)] == [Answer.VALID, Answer.VALID]
    assert [one.answer for one in verdicts(twice, trusted[:1], NOW)] == [Answer.VALID, Answer.BAD]
    changed = twice.replace(b"Moderate", b"Minor", 1)
    assert [one.answer for one in verdicts(changed, trusted, NOW)] == [Answer.BAD, Answer.BAD]


def test_a_forged_message_with_its_own_certificate_is_bad(people: People):
    (verdict,) = verdicts(people.other.sign(DOCUMENT), [people.ours.certificate], NOW)
    assert verdict.answer is Answer.BAD and "whom you do not trust" in verdict.why


def test_a_certificate_that_a_trusted_one_issued_is_named_and_not_trusted(people: People):
    child = keeper("child", rsa.generate_private_key(public_exponent=65537, key_size=2048), people.ours)
    (verdict,) = verdicts(child.sign(DOCUMENT), [people.ours.certificate], NOW)
    assert verdict.answer is Answer.BAD and "vouches for" in verdict.why


def test_a_signature_over_something_else_is_bad(people: People):
    """Wrapping: a true signature over an old message, moved into a new one."""
    old = parse(people.ours.sign(DOCUMENT))
    signature = old.find("{*}Signature")
    other = parse(DOCUMENT.replace(b"Moderate", b"Minor"))
    assert signature is not None
    other.append(signature)
    assert answer(etree.tostring(other), people.ours) is Answer.BAD


def test_a_signature_over_a_part_is_bad(people: People):
    root = parse(DOCUMENT)
    info = root.find("{*}info")
    assert info is not None
    info.set("Id", "part")
    signer = signxml.XMLSigner(
        c14n_algorithm=signxml.CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0
    )
    signed = signer.sign(root, key=people.ours.key, cert=[people.ours.certificate], reference_uri="#part")
    (verdict,) = verdicts(etree.tostring(signed), [people.ours.certificate], NOW)
    assert verdict.answer is Answer.BAD and "not this alert" in verdict.why


def test_a_signature_may_cover_more_than_the_message(people: People):
    """As advanced ones (XAdES) cover their own properties; everything that is covered must be as it was."""
    root = parse(DOCUMENT)
    info = root.find("{*}info")
    assert info is not None
    info.set("Id", "part")
    root.set("Id", "root")
    signer = signxml.XMLSigner(
        c14n_algorithm=signxml.CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0
    )
    signed = etree.tostring(
        signer.sign(
            root, key=people.ours.key, cert=[people.ours.certificate], reference_uri=["#root", "#part"]
        )
    )
    assert signed.count(b"<ds:Reference ") == 2
    assert answer(signed, people.ours) is Answer.VALID
    assert answer(signed.replace(b"Moderate", b"Minor", 1), people.ours) is Answer.BAD


def test_a_shared_secret_is_no_signature(people: People):
    """HMAC with the public certificate as its secret: everybody could make it."""
    secret = people.ours.certificate.public_bytes(serialization.Encoding.PEM)
    signer = signxml.XMLSigner(signature_algorithm=signxml.SignatureMethod.HMAC_SHA256)
    signed = etree.tostring(signer.sign(parse(DOCUMENT), key=secret))
    assert answer(signed, people.ours) is Answer.BAD


def test_sha1_is_warned_of(people: People):
    class Old(signxml.XMLSigner):
        def check_deprecated_methods(self) -> None:
            """As long ago."""

    signer = Old(
        signature_algorithm=signxml.SignatureMethod.RSA_SHA1, digest_algorithm=signxml.DigestAlgorithm.SHA1
    )
    signed = signer.sign(parse(DOCUMENT), key=people.ours.key, cert=[people.ours.certificate])
    found = validate("a", etree.tostring(signed), [people.ours.certificate], NOW).problems
    assert [one.sentence for one in found if one.level is Level.WARNING and "SHA-1" in one.sentence]
    assert "the signature is valid" in [one.sentence for one in found]


@pytest.mark.parametrize("element", ["SignatureValue", "DigestValue", "X509Certificate"])
@pytest.mark.parametrize("text", ["", "!!!!", "YQ", "YR==", "YWK="])
def test_damaged_base64_is_bad(people: People, element: str, text: str):
    signed = people.ours.sign(DOCUMENT).decode()
    broken = re.sub(rf"(<ds:{element}>)[^<]*", rf"\g<1>{text}", signed)
    assert answer(broken.encode(), people.ours) is Answer.BAD


@pytest.mark.parametrize(
    "cut", ["SignedInfo", "SignatureMethod", "Reference", "DigestMethod", "SignatureValue"]
)
def test_a_signature_without_a_part_is_bad(people: People, cut: str):
    root = parse(people.ours.sign(DOCUMENT))
    found = root.find(f".//{{*}}{cut}")
    assert found is not None
    above = found.getparent()
    assert above is not None
    above.remove(found)
    assert answer(etree.tostring(root), people.ours) is Answer.BAD


def test_a_message_without_a_signature_is_told_where_one_is_wanted(people: People):
    found = validate("a", DOCUMENT, [people.ours.certificate], NOW).problems
    assert [(one.name, one.level) for one in found] == [("signature", Level.WARNING)]


def test_certificates_are_read_from_pem_and_der(people: People, tmp_path: Path):
    both = [people.ours.certificate, people.other.certificate]
    pem, der = serialization.Encoding.PEM, serialization.Encoding.DER
    (tmp_path / "both.pem").write_bytes(b"".join(one.public_bytes(pem) for one in both))
    (tmp_path / "one.der").write_bytes(both[0].public_bytes(der))
    assert trust.read([tmp_path / "both.pem", tmp_path / "one.der"]) == [*both, both[0]]
    assert trust.read([tmp_path]) == [*both, both[0]]
    (tmp_path / "none.pem").write_text("nothing")
    with pytest.raises(UsageError, match="holds no certificate"):
        trust.read([tmp_path / "none.pem"])
    with pytest.raises(UsageError, match="cannot be read"):
        trust.read([tmp_path / "missing.pem"])


def test_without_the_extra_the_command_says_what_to_install(people: People, monkeypatch: pytest.MonkeyPatch):
    signed = people.ours.sign(DOCUMENT)
    monkeypatch.setitem(sys.modules, "signxml", None)
    with pytest.raises(UsageError, match=r"forewarn\[cap\]"):
        verdicts(signed, [people.ours.certificate], NOW)


def test_dates_are_told_as_they_lie():
    certificate = keeper("x", ec.generate_private_key(ec.SECP256R1())).certificate
    middle, day = datetime(2026, 6, 1, tzinfo=UTC), timedelta(days=1)
    assert trust.describe(certificate, middle, middle) == "CN=x, valid 2026-01-01 to 2027-01-01"
    before, after = datetime(2026, 1, 1, tzinfo=UTC) - day, datetime(2027, 1, 1, tzinfo=UTC) + day
    assert "not valid yet" in trust.describe(certificate, None, before)
    assert "sent before that; expired by now" in trust.describe(certificate, before, after)


def test_a_file_says_nothing_of_base64_but_its_letters():
    """The letters that `invalid_*` change decode to the very same bytes."""
    good, bad = ((DATA / f"{name}.xml").read_text() for name in ("valid", "invalid_signature"))
    values = [re.search(r"SignatureValue>([^<]*)", text) for text in (good, bad)]
    decoded = {base64.b64decode(found[1]) for found in values if found}
    assert good != bad and len(decoded) == 1


@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
def test_a_certificate_damaged_anywhere_crashes_nothing(people: People, tmp_path: Path):
    """At each of its bytes, in a message, as a trusted one and as our own: the library says so in many ways,
    and of an unknown version with an exception that is no ValueError."""
    whole = people.elliptic.certificate.public_bytes(serialization.Encoding.DER)
    version = whole.index(bytes.fromhex("a003020102")) + 4
    signed = people.elliptic.sign(DOCUMENT).decode()
    secret, public, key = tmp_path / "key.pem", tmp_path / "own.pem", people.elliptic.key
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    secret.write_bytes(key.private_bytes(encoding, form, serialization.NoEncryption()))
    refused = set()
    for at, byte in product(range(len(whole)), (0x26, 0xFF)):
        damaged = base64.b64encode(whole[:at] + bytes([byte]) + whole[at + 1 :]).decode()
        public.write_text(f"-----BEGIN CERTIFICATE-----\n{damaged}\n-----END CERTIFICATE-----\n")
        with suppress(DeliveryError):
            Signer.of(secret, public)
        try:
            trusted = trust.read([public])
        except UsageError as error:
            assert "holds no certificate" in str(error)
            refused.add(at)
            trusted = [people.ours.certificate]
        message = re.sub(r"(<ds:X509Certificate>)[^<]*", rf"\g<1>{damaged}", signed)
        assert {one.answer for one in verdicts(message.encode(), trusted, NOW)} <= {Answer.BAD, Answer.VALID}
    assert version in refused
