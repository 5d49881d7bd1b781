"""`make setup` installs what is locked, whatever else the registry offers and whatever the caller has set."""

from __future__ import annotations

import os
import platform
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.shelf import Shelf

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.xdist_group("setup")

PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "forewarn"
version = "0.1.0"
[tool.hatch.build.targets.wheel]
packages = ["engine"]
"""
#: What a caller's settings may say and must not matter, but for the index.
PIP_CONF = """
[global]
index-url = {index}
extra-index-url = file:///nowhere/simple
find-links = /nowhere/wheels
no-binary = :all:
[install]
user = true
"""
HOSTILE = {
    "PIP_NO_INDEX": "1", "PIP_TARGET": "/nowhere", "PIP_REQUIRE_HASHES": "0", "PIP_CONSTRAINT": "/nowhere",
    "UV_DEFAULT_INDEX": "http://127.0.0.1:1/simple", "UV_OFFLINE": "1", "UV_NO_BUILD": "1",
    "UV_PYTHON": "3.9", "UV_CONFIG_FILE": "/nowhere", "PYTHONPATH": "/nowhere", "VIRTUAL_ENV": "/nowhere",
}  # fmt: skip


def names(lock: Path) -> set[str]:
    lines = lock.read_text(encoding="utf-8").splitlines()
    return {line.partition("==")[0] for line in lines if "==" in line and not line.startswith((" ", "#"))}


class Checkout:
    """A small project with the real recipe, in a folder with blanks; its registry offers newer releases."""

    def __init__(self, folder: Path) -> None:
        self.shelf = Shelf(folder)
        self.folder = folder / "a check out"
        shutil.copytree(ROOT / ".ci", self.folder / ".ci", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "Makefile", self.folder)
        (self.folder / "engine").mkdir()
        (self.folder / "engine" / "__init__.py").touch()
        (self.folder / "pyproject.toml").write_text(PROJECT)
        (folder / "pip.conf").write_text(PIP_CONF.format(index=self.shelf.address))
        self._environment = {
            name: value for name, value in os.environ.items()
            if not name.startswith(("PIP_", "UV_", "MAKE", "COV_", "COVERAGE_"))
        } | {"PIP_CONFIG_FILE": str(folder / "pip.conf"), "UV_CACHE_DIR": str(folder / "cache")}  # fmt: skip
        build = [self.shelf.installed(name) for name in sorted(names(ROOT / ".ci" / "build.lock"))]
        (self.folder / ".ci" / "build.lock").write_text("\n".join(build))
        self._build = build
        self.packages = [
            self.shelf.wheel("asker", "1.0", needs=("given[more]>=1",)),
            self.shelf.wheel("given", "1.0", extra="more"),
            self.shelf.wheel("leaver", "1.0"),
            self.shelf.source("built", "1.0"),
        ]
        self.lock(*self.packages)
        for name in {"wheel"} | names(self.folder / "requirements.lock"):
            self.shelf.wheel(name.replace("-", "_"), "999.0", extra="more")

    def lock(self, *lines: str) -> None:
        (self.folder / "requirements.lock").write_text("\n".join([*self._build, *lines, ""]))

    def setup(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self._command(*arguments), cwd=self.folder, env=self._environment | settings,
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    def kill_at(self, file: str) -> None:
        """Begins a set-up and kills all of it while the registry is asked for a file."""
        self.shelf.held = file
        begun = subprocess.Popen(
            self._command(), cwd=self.folder, env=self._environment, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        while not self.shelf.waiting.wait(0.1):
            assert begun.poll() is None, "the set-up ended by itself"
        os.killpg(begun.pid, signal.SIGKILL)
        begun.wait()
        self.shelf.released.set()

    def _command(self, *arguments: str) -> list[str]:
        return ["make", "setup", f"PYTHON={sys.executable}", *arguments]

    def python(self, *arguments: str) -> str:
        """What the environment's interpreter prints, on either stream."""
        return subprocess.run(
            [self.folder / ".venv" / "bin" / "python", *arguments], cwd=self.folder,
            env=self._environment | {"PIP_CONFIG_FILE": os.devnull},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        ).stdout  # fmt: skip

    def installed(self) -> dict[str, str]:
        told = self.python("-m", "pip", "freeze", "--all", "--exclude", "pip", "--exclude-editable")
        return dict(line.split("==") for line in told.splitlines() if "==" in line)


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    """A checkout whose set-up, under settings that would break it, is complete."""
    made = Checkout(tmp_path_factory.mktemp("setup"))
    done = made.setup(**HOSTILE)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [f"forewarn: setting up .venv with Python {platform.python_version()}"]
    yield made
    made.shelf.close()


def test_what_is_locked_is_installed_though_newer_releases_are_offered(ready: Checkout):
    found = {canonicalize_name(name): version for name, version in ready.installed().items()}
    assert {name: found[name] for name in ("asker", "given", "leaver", "built")} == dict.fromkeys(
        ("asker", "given", "leaver", "built"), "1.0"
    )
    assert found.keys() == names(ready.folder / "requirements.lock")
    assert "999.0" not in found.values()
    assert str(ready.folder / "engine") in ready.python("-c", "import engine; print(engine.__file__)")


@pytest.mark.parametrize(
    "part, why",
    [
        (("asker", "given"), "must have their versions pinned"),
        (("built",), "No module named 'setuptools.build_meta'"),
    ],
    ids=["an extra", "a build"],
)
def test_a_recipe_that_resolves_stops_at_this_registry(ready: Checkout, part: tuple[str, ...], why: str):
    """What `make setup` was once; the tests here are worth something only as long as this fails."""
    whole = (ready.folder / "requirements.lock").read_text()
    lock = ready.folder / "part.lock"
    lock.write_text("".join(line for line in whole.splitlines(keepends=True) if line.startswith(part)))
    said = ready.python(
        "-m", "pip", "install", "--dry-run", "--ignore-installed", "--index-url", ready.shelf.address,
        "--require-hashes", "-r", str(lock),
    )  # fmt: skip
    assert why in said


def test_a_second_set_up_does_nothing(ready: Checkout):
    (stamp,) = (ready.folder / ".venv").glob(".ready-*")
    before = stamp.stat().st_mtime_ns
    ready.shelf.fetched()
    assert ready.setup(**HOSTILE).returncode == 0
    assert (stamp.stat().st_mtime_ns, ready.shelf.asked) == (before, [])


@pytest.mark.slow
def test_a_killed_set_up_goes_on_with_what_was_fetched(ready: Checkout):
    ready.lock(*ready.packages, ready.shelf.source("late", "1.0"))
    ready.kill_at("late-1.0.tar.gz")
    ready.shelf.fetched()
    assert ready.setup().returncode == 0
    assert ready.installed()["late"] == "1.0"
    fetched = ready.shelf.fetched()
    assert "late-1.0.tar.gz" in fetched
    assert not [file for file in fetched if file.startswith(("asker", "given", "leaver", "built"))]


def test_a_changed_lock_changes_what_is_installed(ready: Checkout):
    ready.lock(ready.shelf.wheel("asker", "1.1", needs=("given[more]>=1",)), ready.packages[1])
    done = ready.setup()
    assert (done.returncode, done.stderr) == (0, "")
    found = ready.installed()
    assert (found["asker"], found["given"]) == ("1.1", "1.0")
    assert not {"leaver", "built"} & found.keys()


def test_a_registry_that_cannot_be_reached_is_told_in_a_sentence(ready: Checkout):
    ready.lock(ready.shelf.wheel("asker", "1.2"))
    done = ready.setup("INDEX=http://somebody:secret@127.0.0.1:1/simple")
    assert done.returncode != 0
    said = done.stderr.splitlines()
    assert "the package registry http://127.0.0.1:1/simple cannot be reached" in said[0]
    assert "make setup INDEX=" in said[1]
    assert "secret" not in done.stdout + done.stderr


def test_a_file_that_is_not_the_locked_one_is_refused(ready: Checkout):
    line = ready.shelf.wheel("asker", "1.3")
    ready.shelf.wheel("asker", "1.3", needs=("something-else",))
    ready.lock(line)
    done = ready.setup()
    assert done.returncode != 0
    assert "asker" in done.stderr and "hash" in done.stderr.lower()


def test_a_folder_of_files_serves_where_there_is_no_registry(ready: Checkout, tmp_path: Path):
    ready.lock(ready.shelf.wheel("asker", "1.4"))
    wheels = tmp_path / "some wheels"
    wheels.mkdir()
    shutil.copy(ready.shelf.folder / "asker" / "asker-1.4-py3-none-any.whl", wheels)
    ready.shelf.fetched()
    done = ready.setup(f"WHEELS={wheels}")
    assert (done.returncode, done.stderr) == (0, "")
    assert (ready.installed()["asker"], ready.shelf.asked) == ("1.4", [])


@pytest.mark.slow
def test_an_environment_without_pip_is_made_anew(ready: Checkout):
    """As uv makes one."""
    (packages,) = (ready.folder / ".venv" / "lib").glob("python*/site-packages")
    shutil.rmtree(packages / "pip")
    ready.lock(ready.packages[2])
    done = ready.setup()
    assert (done.returncode, done.stderr) == (0, "")
    assert ready.installed()["leaver"] == "1.0"


def test_a_folder_of_something_else_is_left_alone(ready: Checkout):
    somebodys = ready.folder / "theirs" / "letter"
    somebodys.parent.mkdir()
    somebodys.write_text("dear")
    done = ready.setup("VENV=theirs")
    assert done.returncode != 0
    assert done.stderr.startswith("forewarn: theirs is there and no virtual environment")
    assert somebodys.read_text() == "dear"


def test_what_builds_is_locked_with_everything_else():
    whole = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    build = (ROOT / ".ci" / "build.lock").read_text(encoding="utf-8")
    assert build.split("\n") and all(line in whole.splitlines() for line in build.splitlines())
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert {*told["build-system"]["requires"], "setuptools", "uv"} <= names(ROOT / ".ci" / "build.lock")


def test_the_lock_holds_everything_that_is_asked_for():
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = told["project"]["optional-dependencies"].values()
    groups = told["dependency-groups"].values()
    wanted = [text for one in (told["project"]["dependencies"], *extras, *groups) for text in one]
    assert {canonicalize_name(Requirement(text).name) for text in wanted} <= names(ROOT / "requirements.lock")
