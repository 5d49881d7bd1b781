"""What holds for every test; and databases for those that need one: a SQLite file, a real PostgreSQL."""

from __future__ import annotations

import importlib.util
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings

from engine.store import database
from engine.store.database import Store
from tests.at_hand import at_hand

__all__ = ["at_hand"]

#: The same examples everywhere, however long a machine takes over them.
settings.register_profile(
    "unhurried", deadline=None, derandomize=True,
    suppress_health_check=[
        HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture
    ],
)  # fmt: skip
#: `make fuzz`: other examples each time, and many more.
settings.register_profile(
    "long", settings.get_profile("unhurried"), derandomize=False, print_blob=True,
    max_examples=int(os.environ.get("FUZZ") or 100),
)  # fmt: skip
settings.load_profile("long" if os.environ.get("FUZZ") else "unhurried")

#: The processes that tests start find the modules compiled, whatever this one was told.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

_numbers = itertools.count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where tests are shared out, the slow ones begin: at the end no process works on while others rest."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: item.get_closest_marker("slow") is None)


class Postgres:
    """A server of pgserver's binaries in a folder of its own, reached by a socket in it.

    PostgreSQL refuses to run as root: then it runs as `nobody`, from a copy of the binaries that this
    account can reach wherever the checkout lies. pgserver's own start would create an account for it.
    """

    def __init__(self) -> None:
        spec = importlib.util.find_spec("pgserver")
        assert spec is not None and spec.origin is not None, "pgserver is missing: install the extra `dev`"
        self.folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
        packages = Path(spec.origin).parent.parent
        self._user: dict[str, int] = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            # A command that was called in this process left its own files to its owner alone.
            os.umask(0o022)
            for part in ("pgserver/pginstall", "pgserver.libs"):
                shutil.copytree(packages / part, self.folder / part, symlinks=True)
            packages, self._user = self.folder, {"user": nobody.pw_uid, "group": nobody.pw_gid}
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
        self._bin = packages / "pgserver" / "pginstall" / "bin"
        self._call("initdb", "-U", "postgres", "--auth=trust", "--encoding=utf8", "--locale=C", "--no-sync")
        options = f"-h '' -k {self.folder} -F -c max_connections=50"
        self._call("pg_ctl", "-w", "-t", "600", "-l", str(self.folder / "log"), "-o", options, "start")

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def stop(self) -> None:
        self._call("pg_ctl", "-w", "-m", "immediate", "stop")
        shutil.rmtree(self.folder)

    def _call(self, program: str, *arguments: str) -> None:
        command = [str(self._bin / program), "-D", str(self.folder / "data"), *arguments]
        log = self.folder / "call.log"
        with log.open("ab") as output:
            code = subprocess.run(
                command, cwd=self.folder, stdout=output, stderr=output, check=False, **self._user
            ).returncode
        assert code == 0, f"{program} failed: {log.read_text()}"


@pytest.fixture(scope="session", autouse=True)
def made_empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path, bool], None]]:
    """How SQLite files are made. Those of this process begin as copies of one that the migrations made: they
    are tested where a test says `empty`, and to make the tables is most of what a short test does."""
    made, tables = database._make, tmp_path_factory.mktemp("tables") / "forewarn.db"
    Store.open(f"sqlite:///{tables}").close()

    def copied(file: Path, create: bool) -> None:
        made(file, create)
        shutil.copyfile(tables, file)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(database, "_make", copied)
        yield made


@pytest.fixture
def empty(made_empty: Callable[[Path, bool], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite files of this process begin without tables, as they do elsewhere."""
    monkeypatch.setattr(database, "_make", made_empty)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server for the whole session."""
    server = Postgres()
    yield server
    server.stop()


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """The address of a new, empty PostgreSQL database."""
    name = f"forewarn_{next(_numbers)}"
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield postgres.url(name)
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a new, empty database of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/forewarn.db"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A new store on each kind of database in turn."""
    opened = Store.open(database_url)
    yield opened
    opened.close()
