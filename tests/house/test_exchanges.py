"""Whoever is outside is asked in one guarded place, from which nobody keeps a process waiting."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODULES = sorted([*(ROOT / "engine").rglob("*.py"), *(ROOT / "connectors").rglob("*.py")])

#: Libraries that speak to others over a network, or could.
NETWORK = {
    "aiohttp", "apprise", "asyncio", "ftplib", "http.client", "httpcore", "httpx", "imaplib", "paho",
    "poplib", "requests", "smtplib", "socket", "socketserver", "ssl", "telnetlib", "urllib.request",
    "urllib3", "uvicorn", "websockets", "xmlrpc",
}  # fmt: skip
#: Who imports one, and what for.
WHY = {
    "connectors/http.py": "the one exchange with a source: its deadline, its bounds, where it may ask",
    "connectors/reading/broker.py": "a visit to a broker, in a worker, with an end to it",
    "connectors/reading/postbox.py": "a visit to a mailbox, in a worker, with an end to it",
    "connectors/server.py": "certificates, and where a name leads to",
    "connectors/paging/options.py": "what stands in an address",
    "connectors/paging/walk.py": "what stands in an address",
    "connectors/reading/deadline.py": "where a name leads to",
    "connectors/reading/wire.py": "the connection of that exchange, checked after the name is looked up",
    "connectors/reading/database.py": "what a name that cannot be looked up is told by",
    "connectors/stix.py": "what stands in an address",
    "engine/app.py": "the name of this machine",
    "engine/console/api/pushing.py": "waits for the intake",
    "engine/console/sheet/page.py": "waits for the intake",
    "engine/console/live.py": "the console's own pages",
    "engine/console/serve.py": "the socket that listens",
    "engine/console/patience.py": "how long the console's own pages wait",
    "engine/console/public/answer.py": "a thread for the database",
    "engine/console/serving.py": "listens on this machine",
    "engine/cycle/presence.py": "the name of this machine",
    "engine/imap.py": "opens a mailbox for a worker that reads one",
    "engine/infer/child.py": "a pipe to the process that infers",
    "engine/infer/process.py": "a pipe to the process that infers",
    "engine/notify/mailbox.py": "reads what came back by e-mail, in a worker",
    "engine/cycle/loops/upkeep.py": "the name of this machine",
    "engine/notify/sign.py": "a sign of life, in a worker",
    "engine/notify/channels/apprise.py": "hands a message over, in a worker",
    "engine/notify/channels/mqtt.py": "hands a message over, in a worker",
    "engine/notify/channels/smtp.py": "hands a message over, in a worker",
    "engine/notify/channels/trust.py": "certificates",
    "engine/notify/channels/webhook.py": "hands a message over, in a worker",
}  # fmt: skip

#: Calls that ask somebody outside.
ASKS = {
    "app.answer", "collect.poll", "collect.poll_due", "dispatch.attempt", "dispatch.deliver", "http.get",
    "module.send", "roster.ask", "roster.refresh", "world.connectors.fetch", "world.fetch",
}  # fmt: skip
#: Where they stand, and why nobody waits there for whoever is asked.
HERE = {
    "engine/app.py": "within a step of a worker",
    "engine/cli/cap.py": "within a step of a worker",
    "engine/cli/feeds.py": "`ingest` of a file, and a step of a worker",
    "engine/cli/loading.py": "the demo's files",
    "engine/cli/story.py": "the story's receivers, which are files",
    "engine/cycle/collect.py": "within a step of a worker",
    "engine/cycle/loops/asked.py": "the steps of workers",
    "engine/cycle/roster.py": "within a step of a worker",
    "engine/cycle/sample.py": "within a step of a worker",
    "engine/cycle/run.py": "the tick of the demo, whose feeds and receivers are files",
    "engine/notify/deliver.py": "within a step of a worker",
}  # fmt: skip


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (node.module, *(f"{node.module}.{one.name}" for one in node.names))


def speaks(name: str) -> bool:
    return any(name == one or name.startswith(f"{one}.") for one in NETWORK)


def test_nobody_else_opens_a_connection():
    assert {place(path) for path in MODULES if any(map(speaks, imported(path)))} == WHY.keys()


def called(path: Path) -> Iterator[str]:
    """`world.connectors.fetch` for `world.connectors[feed.connector].fetch(...)`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield _dotted(node.func)


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Subscript):
        return _dotted(node.value)
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def test_nobody_else_asks_anybody_outside_a_worker():
    engine = [path for path in MODULES if place(path).startswith("engine/")]
    assert {place(path) for path in engine if ASKS.intersection(called(path))} == HERE.keys()
