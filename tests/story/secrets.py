"""A county with a secret in every place where one may stand, and peers that tell all of them back."""

from __future__ import annotations

import html
import json
import re
import socketserver
import ssl
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, quote_plus

from tests.story import county
from tests.story.post_office import CA

#: Where one stands: the name of its variable. Those in a path are written as they are, signs that part one
#: among them would be another path.
NAMES = (
    "FEED_PATH", "FEED_QUERY", "FEED_USER", "FEED_HEADER", "FEED_BEARER", "FEED_COOKIE", "OAUTH_BODY",
    "OAUTH_HEADER", "OAUTH_PASSWORD", "SOURCE_DATABASE", "WEBHOOK", "WEBHOOK_QUERY", "SMTP", "CHAT", "MQTT",
    "PING", "LINKS", "MAILBOX", "PROVIDER",
)  # fmt: skip
_IN_PATH = {"FEED_PATH", "PING", "CHAT"}


def secret(name: str) -> str:
    """Four parts of which each would be known again, and between them what parts an address."""
    parts = [f"{letters}{name.replace('_', '')[::-1].lower()}{digit}" for letters, digit in
             (("Zq", 7), ("Wk", 9), ("Hb", 3), ("Tm", 5))]  # fmt: skip
    return "-".join(parts) if name in _IN_PATH else "{}@{}/{}#{}".format(*parts)


SECRETS = {name: secret(name) for name in NAMES}


def traces(name: str) -> Iterator[str]:
    """What nobody may read of a secret: itself as anybody writes it, its parts, its middle in base64."""
    whole = SECRETS[name]
    forms = {whole, quote(whole), quote(whole, safe=""), quote_plus(whole), html.escape(whole)}
    yield from forms | {form.lower() for form in forms} | {json.dumps(whole)[1:-1]}
    yield from re.split("[-@/#]", whole)
    for before in range(3):
        yield b64encode(b"." * before + whole.encode()).decode()[4:-4]


def found(text: str) -> list[str]:
    """The names of the secrets that a text tells anything of."""
    small = text.lower()
    return [name for name in NAMES if any(trace in text or trace.lower() in small for trace in traces(name))]


class _Echo(BaseHTTPRequestHandler):
    """Answers with all that it was asked, as an error and in several codings."""

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        told = f"{self.requestline}\n{self.headers}\n".encode() + body
        said = json.dumps(
            {"error": f"cannot take {told.decode('latin-1')}", "coded": b64encode(told).decode()}
        )
        self.send_response_only(500, f"Bad {self.path}"[:200])
        self.send_header("Content-Length", str(len(said)))
        self.send_header("Location", self.path)
        self.end_headers()
        self.wfile.write(said.encode())

    do_GET = do_POST = do_PUT = _answer  # noqa: N815

    def log_message(self, *_: object) -> None: ...


class _Mail(socketserver.StreamRequestHandler):
    """A server of mail that takes no password and says which it was: SMTP, or IMAP."""

    server: _Mails

    def handle(self) -> None:
        self.wfile.write(b"* OK here\r\n" if self.server.imap else b"220 here\r\n")
        with suppress(OSError):
            for line in self.rfile:
                self.wfile.write(self._answer(line.strip()))

    def _answer(self, line: bytes) -> bytes:
        if self.server.imap:
            tag, _, asked = line.partition(b" ")
            if asked == b"CAPABILITY":
                return b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK done\r\n"
            return tag + b" NO not " + asked + b"\r\n"
        if line[:4].upper() == b"EHLO":
            return b"250-here\r\n250 AUTH PLAIN\r\n"
        return b"535 not " + line + b"\r\n"


class _Mails(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, imap: bool) -> None:
        super().__init__(("127.0.0.1", 0), _Mail)
        self.imap = imap

    def get_request(self) -> tuple[ssl.SSLSocket, tuple[str, int]]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CA, CA.with_suffix(".key"))
        connection, address = super().get_request()
        return context.wrap_socket(connection, server_side=True), address


@contextmanager
def peers() -> Iterator[tuple[int, int, int]]:
    """The ports of those that speak HTTP, SMTP and IMAP."""
    web = ThreadingHTTPServer(("127.0.0.1", 0), _Echo)
    web.daemon_threads = True
    servers = web, _Mails(imap=False), _Mails(imap=True)
    for server in servers:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield tuple(server.server_address[1] for server in servers)
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


_FEED = """
  - id: {id}
    title: Burglaries, from elsewhere
    connector: {connector}
    subject: incident
    options: {options}
    poll: 1h
    max_silence: 2d
    covers: {{areas: [C], categories: [property], from: 2026-01-01}}
    map:
      source_id: id
      occurred_at: {{field: at}}
      place: {{code: town}}
      category: {{field: kind, scheme: county}}
"""
_ENGINE = """database: sqlite:///data/forewarn.db
log: debug
networks: [127.0.0.0/8]
dead_man: {{url: "http://127.0.0.1:{web}/${{PING}}"}}
console:
  provider: {{title: Id, issuer: "http://127.0.0.1:{web}/id", client: forewarn, secret: "${{PROVIDER}}"}}
public:
  address: "https://warn.example.org/"
  secret: "${{LINKS}}"
  mailbox:
    {{address: answers@example.org, host: localhost, port: {mailbox}, user: answers, password: "${{MAILBOX}}",
     timeout: 9s, ca: "{ca}"}}
"""


def environment(web: int) -> dict[str, str]:
    """What has to be in the environment; the address of the chat is secret as a whole."""
    return SECRETS | {"CHAT": f"json://127.0.0.1:{web}/{SECRETS['CHAT']}"}


def build(root: Path, web: int, mail: int, mailbox: int) -> Path:
    """The county with all of them; raises where `environment` was not set."""
    county.build(root)
    here = f"http://127.0.0.1:{web}"
    token = f"url: '{here}/token', grant: "
    named = "client_credentials, client_id: me, client_secret:"
    options = {
        "path": f"url: '{here}/${{FEED_PATH}}/x?key=${{FEED_QUERY}}'",
        "user": f"url: 'http://me:${{FEED_USER}}@127.0.0.1:{web}/y'",
        "header": f"url: '{here}/z', headers: {{X-Api-Key: '${{FEED_HEADER}}',"
                  " Authorization: 'Bearer ${FEED_BEARER}', Cookie: 'session=${FEED_COOKIE}'}",
        "body": f"url: '{here}/b', auth: {{{token}{named} '${{OAUTH_BODY}}'}}",
        "basic": f"url: '{here}/b', auth: {{{token}{named} '${{OAUTH_HEADER}}', client_in: header}}",
        "account": (
            f"url: '{here}/b', auth: {{{token}password, username: me, password: '${{OAUTH_PASSWORD}}'}}"
        ),
    }  # fmt: skip
    feeds = [
        _FEED.format(id=name, connector="json", options=f"{{{said}, retries: 0}}")
        for name, said in options.items()
    ]
    database = "{url: 'postgresql://me:${SOURCE_DATABASE}@127.0.0.1:1/x', query: 'SELECT * FROM desk'}"
    feeds.append(_FEED.format(id="database", connector="sql", options=database))
    _append(root / "config/feeds.yaml", "".join(feeds))
    (root / "config/engine.yaml").write_text(
        _ENGINE.format(web=web, mailbox=mailbox, ca=CA), encoding="utf-8"
    )
    channels = (
        f"{{kind: webhook, url: '{here}/hook?sig=${{WEBHOOK_QUERY}}', secret: '${{WEBHOOK}}'}}",
        (
            f"{{kind: smtp, host: localhost, port: {mail}, security: tls, user: me, password: '${{SMTP}}',"
            f" ca: '{CA}', sender: a@example.org, to: b@example.org, timeout: 9s}}"
        ),
        "{kind: apprise, secret_url: '${CHAT}', timeout: 9s}",
        "{kind: mqtt, host: localhost, port: 1, user: me, password: '${MQTT}', timeout: 9s}",
    )
    desks = [
        f"{{id: desk-{at}, title: Desk, operator: true, channels: [{one}]}}"
        for at, one in enumerate(channels)
    ]
    duty = "{id: duty, title: Duty, operator: true, channels: [{kind: file, path: data/outbox/duty.jsonl}]}"
    names = ", ".join(["duty", *(f"desk-{at}" for at in range(len(channels)))])
    routes = "".join(f"  - {one}\n" for one in (duty, *desks))
    (root / "config/routes.yaml").write_text(
        f"receivers:\n{routes}routes:\n  - {{id: all, receivers: [{names}]}}\n", encoding="utf-8"
    )
    return root


def _append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
