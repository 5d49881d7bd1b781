"""A real HTTP server on loopback that answers as it is told and remembers what it was asked; and workbooks
written part by part, as programs other than Excel write them."""

from __future__ import annotations

import io
import socket
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

DATA = Path(__file__).parents[1] / "data" / "connectors"


@dataclass
class Answer:
    """One answer; the last one for a path is given again and again."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class Server(ThreadingHTTPServer):
    """Answers each path (with its query) from the list given for it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: dict[str, list[Answer]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.posted: list[tuple[str, dict[str, str]]] = []

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"

    def tell(self, path: str, *answers: Answer) -> str:
        self.answers[path] = list(answers)
        return self.url(path)


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        waiting = self.server.answers.get(self.path, [Answer(status=404)])
        answer = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        self.send_response_only(answer.status)
        for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    def do_POST(self) -> None:
        form = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.posted.append((self.path, dict(parse_qsl(form))))
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: the test says what it expects."""


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    thread = threading.Thread(target=running.serve_forever, args=(0.01,))
    thread.start()
    yield running
    running.shutdown()
    running.server_close()
    thread.join()


@pytest.fixture
def raw() -> Iterator[Callable[..., str]]:
    """Puts exactly these pieces on the wire for every connection, whatever is asked; the last one again
    and again where told to."""
    stop, opened = threading.Event(), []

    def serve(listening: socket.socket, pieces: tuple[bytes, ...], again: bool) -> None:
        while not stop.is_set():
            with suppress(OSError):
                connection, _ = listening.accept()
                with connection:
                    connection.recv(65536)
                    for piece in pieces:
                        connection.sendall(piece)
                    while again and not stop.wait(0.01):
                        connection.sendall(pieces[-1])

    def told(*pieces: bytes, again: bool = False) -> str:
        listening = socket.create_server(("127.0.0.1", 0))
        thread = threading.Thread(target=serve, args=(listening, pieces, again))
        thread.start()
        opened.append((listening, thread))
        return f"http://127.0.0.1:{listening.getsockname()[1]}/feed"

    yield told
    stop.set()
    for listening, thread in opened:
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


@pytest.fixture
def data() -> Path:
    return DATA


@pytest.fixture
def answer() -> type[Answer]:
    return Answer


PARTS = {
    "[Content_Types].xml": "<Types/>",
    "_rels/.rels": """<Relationships><Relationship Id="r" Type="x/officeDocument" Target="xl/workbook.xml"/>
        </Relationships>""",
    "xl/workbook.xml": '<workbook xmlns:r="r"><sheets><sheet name="S" r:id="a"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": """<Relationships>
        <Relationship Id="a" Type="x/worksheet" Target="worksheets/sheet1.xml"/>
        <Relationship Id="s" Type="x/sharedStrings" Target="sharedStrings.xml"/>
        <Relationship Id="y" Type="x/styles" Target="styles.xml"/></Relationships>""",
}


def _packed(parts: dict[str, str | bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return content.getvalue()


@pytest.fixture(scope="session")
def packed() -> Callable[[dict[str, str | bytes]], bytes]:
    """An archive of these members."""
    return _packed


@pytest.fixture(scope="session")
def workbook() -> Callable[..., bytes]:
    """An .xlsx of one sheet with these rows as XML; other parts by name, None for one that is missing."""

    def build(rows: str, after: str = "", before: str = "", **parts: str | None) -> bytes:
        sheet = f"<worksheet>{before}<sheetData>{rows}</sheetData>{after}</worksheet>"
        named = {
            "styles": "xl/styles.xml", "strings": "xl/sharedStrings.xml", "book": "xl/workbook.xml",
            "sheet2": "xl/worksheets/sheet2.xml", "rels": "xl/_rels/workbook.xml.rels", "root": "_rels/.rels",
        }  # fmt: skip
        given = {named[key]: text for key, text in parts.items()}
        every = {**PARTS, "xl/worksheets/sheet1.xml": sheet, **given}
        return _packed({name: text for name, text in every.items() if text is not None})

    return build
