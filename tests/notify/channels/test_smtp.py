"""E-mail against a real SMTP server."""

from __future__ import annotations

import email
import socket
from collections.abc import Callable, Iterator
from email.header import decode_header, make_header
from email.message import Message
from types import SimpleNamespace

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from pydantic import ValidationError

from engine.errors import DeliveryError
from engine.model.message import Route
from engine.notify.channels.smtp import Options, compose, send
from engine.notify.plan import plan

Serve = Callable[..., SimpleNamespace]


class Mailbox:
    """Keeps what is sent; answers `RCPT`, `DATA` and `QUIT` as it is told."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.recipient, self.data, self.farewell = "250 fine", "250 taken", "221 bye"

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802
        if self.recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
        self.envelopes.append(envelope)
        return self.data

    async def handle_QUIT(self, server, session, envelope) -> str:  # noqa: N802
        return self.farewell


def login(server, session, envelope, mechanism, data) -> AuthResult:
    """The server's authenticator: one account."""
    known = isinstance(data, LoginPassword) and (data.login, data.password) == (b"forewarn", b"s3cret")
    return AuthResult(success=known, handled=known)


class Server(Controller):
    """An SMTP server on a port of the system's choice."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def serve() -> Iterator[Serve]:
    running: list[Server] = []

    def serve_(**given: object) -> SimpleNamespace:
        mailbox = Mailbox()
        controller = Server(mailbox, hostname="127.0.0.1", port=0, ready_timeout=600, **given)
        controller.start()
        running.append(controller)
        return SimpleNamespace(mailbox=mailbox, port=controller.port)

    yield serve_
    for controller in running:
        controller.stop()


def options(port: int, **given: object) -> Options:
    return Options.model_validate(
        {
            "host": "localhost", "port": port, "security": "none", "sender": "forewarn@example.org",
            "to": "duty@example.org", "timeout": "10m", **given,
        }
    )  # fmt: skip


def received(server: SimpleNamespace) -> Message:
    (envelope,) = server.mailbox.envelopes
    return email.message_from_bytes(envelope.content)


def test_a_message_arrives_whole(serve: Serve, make: SimpleNamespace) -> None:
    server, note = serve(), make.notification()
    send(options(server.port), note, make.at)
    mail = received(server)
    assert str(make_header(decode_header(mail["Subject"]))) == "橙色 Orange"
    assert mail.get_content_type() == "multipart/alternative"
    plain, html = mail.get_payload()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert plain.get_content_charset() == html.get_content_charset() == "utf-8"
    text = plain.get_payload(decode=True)
    assert isinstance(text, bytes)
    assert text.decode().replace("\r\n", "\n") == note.body
    assert (mail["From"], mail["To"]) == ("forewarn@example.org", "duty@example.org")
    assert mail["Date"] == "Sun, 08 Mar 2026 07:00:00 +0000"
    assert mail["Auto-Submitted"] == "auto-generated"


def test_whoever_wants_text_gets_text_alone(serve: Serve, make: SimpleNamespace) -> None:
    server = serve()
    send(options(server.port, form="text"), make.notification(), make.at)
    assert received(server).get_content_type() == "text/plain"


def test_the_same_message_is_the_same_bytes_and_its_pictures_come_with_it(make: SimpleNamespace) -> None:
    warning = make.warning()
    found = make.finding(trace={"baseline": (1.0, float("nan"), 2.0)})
    (note,) = plan(
        [make.change()], {warning.id: warning}, [Route(id="r", receivers=("duty",))],
        {"duty": make.receiver("duty")}, make.reference, at=make.at, heard={}, findings=[found],
    )  # fmt: skip
    mail = compose(options(25), note)
    assert mail.as_bytes() == compose(options(25), note).as_bytes()
    _, related = mail.iter_parts()
    html, light, dark = related.iter_parts()
    shown = html.get_content()
    for picture in (light, dark):
        assert picture.get_content_type() == "image/png" and picture.get_content().startswith(b"\x89PNG")
        assert f"cid:{picture['Content-ID'].strip('<>')}" in shown


def test_the_message_id_follows_from_the_key(make: SimpleNamespace) -> None:
    first = compose(options(25), make.notification(key="a"))
    assert first["Message-ID"] == compose(options(25), make.notification(key="a"))["Message-ID"]
    assert first["Message-ID"] != compose(options(25), make.notification(key="b"))["Message-ID"]
    assert first["Message-ID"] == f"<{make.notification(key='a').digest}@example.org>"


def test_starttls_and_login(
    serve: Serve, make: SimpleNamespace, certificate: SimpleNamespace
) -> None:
    server = serve(tls_context=certificate.context, authenticator=login, auth_required=True)
    account = {"user": "forewarn", "password": "s3cret", "security": "starttls", "ca": certificate.ca}
    send(options(server.port, **account), make.notification(), make.at)
    assert received(server)["To"] == "duty@example.org"


def test_tls_from_the_first_byte(
    serve: Serve, make: SimpleNamespace, certificate: SimpleNamespace
) -> None:
    server = serve(ssl_context=certificate.context)
    send(options(server.port, security="tls", ca=certificate.ca), make.notification(), make.at)
    assert received(server)["To"] == "duty@example.org"


def test_a_wrong_password_is_permanent(
    serve: Serve, make: SimpleNamespace, certificate: SimpleNamespace
) -> None:
    server = serve(tls_context=certificate.context, authenticator=login, auth_required=True)
    account = {"user": "forewarn", "password": "wr0ng", "security": "starttls", "ca": certificate.ca}
    with pytest.raises(DeliveryError, match="localhost answered 535") as raised:
        send(options(server.port, **account), make.notification(), make.at)
    assert raised.value.permanent
    assert "wr0ng" not in str(raised.value)


def test_an_unknown_certificate_is_not_trusted(
    serve: Serve, make: SimpleNamespace, certificate: SimpleNamespace
) -> None:
    server = serve(tls_context=certificate.context)
    with pytest.raises(DeliveryError, match="certificate verify failed") as raised:
        send(options(server.port, security="starttls"), make.notification(), make.at)
    assert not raised.value.permanent
    assert server.mailbox.envelopes == []


def test_a_server_without_starttls_gets_nothing_in_clear(serve: Serve, make: SimpleNamespace) -> None:
    server = serve()
    with pytest.raises(DeliveryError, match="STARTTLS") as raised:
        send(options(server.port, security="starttls"), make.notification(), make.at)
    assert raised.value.permanent
    assert server.mailbox.envelopes == []


@pytest.mark.parametrize(
    ("where", "answer", "permanent"),
    [
        ("recipient", "550 no such mailbox", True),
        ("recipient", "451 try later", False),
        ("data", "554 refused", True),
        ("data", "452 disk full", False),
    ],
)
def test_five_is_final_and_four_passes(
    serve: Serve, make: SimpleNamespace, where: str, answer: str, permanent: bool
) -> None:
    server = serve()
    setattr(server.mailbox, where, answer)
    with pytest.raises(DeliveryError, match=f"localhost answered {answer}") as raised:
        send(options(server.port), make.notification(), make.at)
    assert raised.value.permanent is permanent


def test_a_failing_farewell_undoes_nothing(serve: Serve, make: SimpleNamespace) -> None:
    server = serve()
    server.mailbox.farewell = "421 gone"
    send(options(server.port), make.notification(), make.at)
    assert len(server.mailbox.envelopes) == 1


def test_nobody_listening_is_tried_again(make: SimpleNamespace) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        with pytest.raises(DeliveryError, match="cannot be reached") as raised:
            send(options(silent.getsockname()[1]), make.notification(), make.at)
    assert not raised.value.permanent


def test_no_header_can_be_slipped_in(serve: Serve, make: SimpleNamespace) -> None:
    server = serve()
    subject = "Surge\r\nBcc: all@example.org\r\n\r\nforged\u2028body\x0b\x00"
    send(options(server.port), make.notification(subject=subject), make.at)
    mail = received(server)
    assert mail["Bcc"] is None
    assert server.mailbox.envelopes[0].rcpt_tos == ["duty@example.org"]
    assert str(make_header(decode_header(mail["Subject"]))).startswith("Surge Bcc: all@example.org forged")


@pytest.mark.parametrize(
    "wrong",
    [
        {"to": "duty@example.org\r\nBcc: all@example.org"},
        {"to": "duty@example.org, all@example.org"},
        {"to": "Duty <duty@example.org>"},
        {"sender": "nobody"},
        {"user": "forewarn", "password": "s3cret"},
        {"user": "forewarn", "security": "tls"},
        {"port": 0},
        {"cc": "all@example.org"},
    ],
)
def test_options_are_strict(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        options(**{"port": 25, **wrong})  # type: ignore[arg-type]
