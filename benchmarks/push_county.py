"""A county that is pushed to, its service, and the webhook it posts to: what the bench of pushes runs on."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

from engine import app
from engine.model.staff import TokenKind
from engine.staff import tokens

TOWNS = 600
HEADERS = {"content-type": "application/json"}

_FILES = {
    "config/areas.yaml": "zone: UTC\nlevels: [county, town]\ntable: areas.csv\n",
    "config/taxonomy.yaml": """
categories:
  - {code: harm, title: Harm, domain: public-safety, children: [
      {code: harm.minor, title: Minor harm, codes: {county: [minor]}},
      {code: harm.grave, title: Grave harm, codes: {county: [grave]}}]}
""",
    "config/topics.yaml": "topics:\n  - {id: grave, title: Grave harm, domain: public-safety}\n",
    "config/measures.yaml": """
measures:
  - {code: look, what: Somebody looks, department: county, within: 1h, aim: patrol}
""",
    "config/feeds.yaml": """
feeds:
  - id: pushed
    title: Control room
    connector: push
    subject: incident
    max_silence: 1h
    covers: {areas: [C], categories: [harm], from: 2026-01-01}
    map:
      source_id: id
      occurred_at: {field: at}
      place: {code: town}
      category: {field: kind, scheme: county}
""",
    "config/cycles.yaml": "{wait: 8h, lease: 1m, tick: 30s}\n",
    "rules/grave.yaml": """
rules:
  - id: county.grave
    title: Grave harm
    domain: public-safety
    topic: grave
    cycle: immediate
    level: town
    status: stable
    owner: county
    review_by: 2027-06-30
    why: Everybody must know at once.
    indicator: {count: incidents, where: {category: harm.grave}}
    window: 24h
    grades: {yellow: {at_least: 1}}
    measures: [look]
""",
}


@dataclass
class Sink:
    """A webhook's other end: when each warning's place was first told, by itself or with others."""

    arrived: dict[str, float] = field(default_factory=dict)
    url: str = ""

    def took(self, body: bytes) -> None:
        at = perf_counter()
        told = json.loads(body)
        for one in told.get("areas", [told]):
            self.arrived.setdefault(one["warning"]["area"], at)


class Source:
    """Whoever pushes, from any number of threads, each over a connection of its own; by the plainest client,
    because it shares the machine with what is measured."""

    def __init__(self, port: int, key: str) -> None:
        self._port, self._mine = port, threading.local()
        self._headers = HEADERS | {"authorization": f"Bearer {key}"}

    def post(self, body: str) -> tuple[int, bytes]:
        """The status and what is said with it."""
        return self._asked("POST", "/v1/incidents", body)

    def ready(self) -> bool:
        """Whether the service takes anything yet."""
        try:
            return self._asked("GET", "/readyz")[0] == 200
        except (OSError, HTTPException):
            self._mine = threading.local()
            return False

    def _asked(self, method: str, path: str, body: str | None = None) -> tuple[int, bytes]:
        if not hasattr(self._mine, "connection"):
            self._mine.connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
        connection: HTTPConnection = self._mine.connection
        connection.request(method, path, body, self._headers)
        answer = connection.getresponse()
        return answer.status, answer.read()


@contextmanager
def sink() -> Iterator[Sink]:
    """A server on loopback."""
    found = Sink()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            found.took(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{server.server_port}/"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def served(to: str) -> Iterator[Source]:
    """The county's service in a process of its own, and a source that pushes to it."""
    with TemporaryDirectory() as folder:
        root, port = Path(folder), _free_port()
        _write(root, to, port)
        os.environ["HOOK_SECRET"] = "s" * 32
        now = datetime.now(UTC)
        with app.world(root) as world, world.store.begin() as tx:
            _, key = tokens.make(tx, "bench", TokenKind.FEED, now, by="cli", via="cli", feed="pushed")
        command = [sys.executable, "-m", "engine.cli", "--root", folder, "--log", "warning", "run"]
        service = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        source = Source(port, key)
        try:
            _awaited(source)
            yield source
        finally:
            service.send_signal(signal.SIGTERM)
            service.wait(60)


def _awaited(source: Source) -> None:
    for _ in range(600):
        if source.ready():
            return
        sleep(0.1)
    raise SystemExit("the service does not answer")


def _write(root: Path, to: str, port: int) -> None:
    rows = [f"T{number},Town {number},,town,C,9000,," for number in range(TOWNS)]
    head = "code,name,zh,level,parent,population,aliases,kind\nC,The County,,county,,5400000,,\n"
    files = _FILES | {
        "config/areas.csv": head + "\n".join(rows) + "\n",
        "config/engine.yaml": f"database: sqlite:///data/forewarn.db\nconsole: {{port: {port}}}\n",
        "config/routes.yaml": f"""
receivers:
  - {{id: duty, title: Duty centre, channels: [{{kind: webhook, url: '{to}', secret: '${{HOOK_SECRET}}'}}]}}
routes:
  - {{id: all, receivers: [duty]}}
""",
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip(), encoding="utf-8")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
