"""A mailbox on loopback that is read over IMAP with TLS: what stories put in, and what was marked as seen."""

from __future__ import annotations

import re
import socketserver
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from threading import Thread

CERTIFICATES = Path(__file__).parents[1] / "notify" / "channels" / "certificates"
CA = CERTIFICATES / "localhost.crt"


@dataclass
class PostOffice:
    """mails: as bytes, in order; seen: the numbers (from 1) of those that were marked."""

    mails: list[bytes] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    password: str = "0123456789abcdef"
    #: As long as it is the same, a number means the same mail.
    life: int = 1
    #: What was asked for.
    commands: list[str] = field(default_factory=list)
    port: int = 0

    def post(self, to: str, text: str, form: str = "plain", coding: str = "", **headers: str) -> None:
        mail = EmailMessage()
        given = {"From": "Anna <anna@example.org>", "Message-ID": f"<{len(self.mails)}@example.org>"}
        for name, value in {"To": to, "Subject": "Re: a warning", **given, **headers}.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(text, subtype=form, charset="utf-8", cte=coding or None)
        self.mails.append(mail.as_bytes())

    @contextmanager
    def open(self) -> Iterator[PostOffice]:
        server = _Server(("127.0.0.1", 0), _Session)
        server.office, self.port = self, server.server_address[1]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    office: PostOffice

    def get_request(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CA, CERTIFICATES / "localhost.key")
        connection, address = super().get_request()
        return context.wrap_socket(connection, server_side=True), address


class _Session(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        self.wfile.write(b"* OK ready\r\n")
        while line := self.rfile.readline().decode().strip():
            tag, _, command = line.partition(" ")
            answer = self._answer(command)
            self.wfile.write(f"{tag} {answer}\r\n".encode())
            if command == "LOGOUT":
                return

    def _answer(self, command: str) -> str:
        office = self.server.office
        office.commands.append(command)
        if command == "CAPABILITY":
            self.wfile.write(b"* CAPABILITY IMAP4rev1\r\n")
        elif command.startswith("LOGIN"):
            if f'"{office.password}"' not in command:
                return "NO [AUTHENTICATIONFAILED] no such account"
        elif command.startswith(("SELECT", "EXAMINE")):
            self.wfile.write(f"* {len(office.mails)} EXISTS\r\n".encode())
            self.wfile.write(f"* OK [UIDVALIDITY {office.life}] so\r\n".encode())
        elif found := re.match(r"UID SEARCH SINCE \S+ UID (\d+):\*", command):
            many = len(office.mails)
            behind = [str(n) for n in range(min(int(found[1]), many), many + 1) if n]
            self.wfile.write(f"* SEARCH {' '.join(behind)}\r\n".encode())
        elif command.startswith("UID SEARCH"):
            new = [str(n) for n in range(1, len(office.mails) + 1) if n not in office.seen]
            self.wfile.write(f"* SEARCH {' '.join(new)}\r\n".encode())
        elif found := re.match(r"UID FETCH (\d+)", command):
            content = office.mails[int(found[1]) - 1]
            if "HEADER" in command:
                content = content.partition(b"\n\n")[0] + b"\n\n"
            if most := re.search(r"<0\.(\d+)>", command):
                content = content[: int(most[1])]
            head = f"* {found[1]} FETCH (UID {found[1]} BODY[]<0> {{{len(content)}}}\r\n"
            self.wfile.write(head.encode() + content + b")\r\n")
        elif found := re.match(r"UID STORE (\d+)", command):
            office.seen.add(int(found[1]))
        elif command == "LOGOUT":
            self.wfile.write(b"* BYE\r\n")
        return "OK done"
