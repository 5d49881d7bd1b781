"""No secret of a configuration is told by anything: every command, page, log, table and file is searched."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import ExitStack, redirect_stderr, suppress
from pathlib import Path

import httpx
import pytest
from loguru import logger

from benchmarks.privacy.leak import _kept, _told
from engine import app
from engine.console.serve import console
from engine.cycle import collect, replying
from engine.cycle import run as running
from engine.errors import EngineError
from engine.logs import configure
from engine.model.staff import Office
from engine.notify import sign
from engine.store import judgement
from tests.console.conftest import session
from tests.console.test_reach import GET
from tests.guard.test_sheet import CALLS
from tests.house.test_commands import COMMANDS
from tests.story import county, secrets

#: Everything is said once, to one process.
pytestmark = pytest.mark.xdist_group("secret-walk")

#: Those that do not end by themselves, or make a root of their own.
ELSEWHERE = {("run",), ("console",), ("demo",), ("init",)}
WHO = ("--who", "anna")
#: What commands are given that ask for something and write no CSV.
GIVEN = {
    ("account", "add"): ("anna", "--role", "analyst"), ("drill",): ("@desk-0", *WHO),
    ("feeds", "try"): ("path",), ("feeds", "reread"): ("user",), ("feeds", "poll"): (), ("cycle",): ("none",),
    ("links", "make"): ("WARNING", "--for", "duty"), ("token", "add"): ("x",),
    ("warnings", "ack"): ("WARNING", *WHO), ("warnings", "raise"): ("T1", "burglary", "blue", *WHO),
    ("rules", "explain"): ("county.burglary-surge",), ("db", "backup"): ("backup.db",),
    **dict.fromkeys((("rules", "mutate"), ("rules", "coverage"), ("rules", "test")), ("none",)),
}  # fmt: skip


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[tuple[str, str]]]:
    """All that is said and kept of a county with a secret everywhere, each text with where it stands."""
    with ExitStack() as stack:
        monkeypatch = stack.enter_context(pytest.MonkeyPatch.context())
        ports = stack.enter_context(secrets.peers())
        for name, value in secrets.environment(ports[0]).items():
            monkeypatch.setenv(name, value)
        root = secrets.build(tmp_path_factory.mktemp("secret") / "county", *ports)
        log = io.StringIO()
        monkeypatch.chdir(root)
        with redirect_stderr(log):
            configure("debug")
            texts = [*lived(root), *walked(root)]
        yield [*texts, ("log", log.getvalue()), *kept(root)]


def lived(root: Path) -> Iterator[tuple[str, str]]:
    """Its days; what each page shows of them, and what is said where a peer cannot be asked."""
    with app.world(root, clock=lambda: county.END) as world:
        running.prepare(world, county.FIRST)
        for feed in world.settings.feeds.values():
            collect.poll(world, feed)
        running.tick(world)
        for ask in (lambda: replying.read(world), lambda: sign.give(world.settings.engine.dead_man)):
            try:
                ask()
            except EngineError:
                logger.exception("nobody can be asked")
            else:
                pytest.fail("a peer that refuses took it")
        key = session(world, *Office)
        with world.store.read() as tx:
            warning = judgement.warnings(tx)[0]
        with console(lambda: world, 0) as link:
            base = link.partition("/enter")[0]
            with httpx.Client(base_url=base, cookies={"forewarn_session": key}, timeout=None) as client:
                for example, _, _ in GET.values():
                    address = example.replace("ID", warning.id).replace("AREA", warning.area)
                    yield address, client.get(address).text


def walked(root: Path) -> Iterator[tuple[str, str]]:
    """Every command, with what it needs, or else with words that mean nothing."""
    with app.world(root, clock=lambda: county.END) as world, world.store.read() as tx:
        warning = judgement.warnings(tx)[0].id
    for path in COMMANDS.keys() - ELSEWHERE:
        given = GIVEN.get(path, CALLS.get(path, ("none",)))
        words = [*path, *(warning if word == "WARNING" else word for word in given)]
        with suppress(Exception):
            yield " ".join(path), _told(root, words)


def kept(root: Path) -> Iterator[tuple[str, str]]:
    """Every table, and every file that was made."""
    for database in root.rglob("*.db"):
        yield from _kept(database)
    for path in root.rglob("*"):
        if path.is_file() and path.suffix != ".db":
            yield str(path.relative_to(root)), path.read_bytes().decode("utf-8", "replace")


@pytest.mark.slow
def test_nothing_tells_any_of_them(said: list[tuple[str, str]]) -> None:
    if secrets.found("\n".join(text for _, text in said)):
        assert {(where, name) for where, text in said for name in secrets.found(text)} == set()


@pytest.mark.slow
def test_what_is_looked_for_would_be_there(said: list[tuple[str, str]]) -> None:
    """Peers told these back, and what they are called is said in their stead."""
    everything = "\n".join(text for where, text in said if not where.startswith("config"))
    named = {name for name in secrets.NAMES if f"${{{name}}}" in everything}
    assert named >= {"WEBHOOK_QUERY", "SMTP", "MAILBOX"}


@pytest.mark.parametrize("name", secrets.NAMES)
def test_a_secret_is_known_again_however_it_is_told(name: str) -> None:
    told = list(secrets.traces(name))
    assert [trace for trace in told if name not in secrets.found(f"x {trace} y")] == []
    assert secrets.found(f"${{{name}}}") == []
