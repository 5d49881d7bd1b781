"""Files and folders of ours are made for their owner only, and those that stand open are told."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from loguru import logger

from engine import app
from engine.guard import private
from engine.model.grade import Grade
from engine.model.message import Notification
from engine.notify.channels import file
from engine.store import backup
from engine.store.database import Store
from tests.story import county

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def generous() -> Iterator[None]:
    """A process that would give everybody everything."""
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    """Of everything below the folder, and itself."""
    return {
        str(path.relative_to(folder)): stat.S_IMODE(path.stat().st_mode)
        for path in (folder, *folder.rglob("*"))
    }  # fmt: skip


def closed(folder: Path) -> bool:
    found = {path: mode for path, mode in modes(folder).items() if mode & 0o077}
    assert found == {}
    return True


def test_a_database_and_all_that_lies_beside_it(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/a/b/forewarn.db")
    with store.begin() as tx:
        tx.seq()
    assert {"b/forewarn.db", "b/forewarn.db-wal", "b/forewarn.db-shm"} <= set(modes(tmp_path / "a"))
    assert closed(tmp_path / "a")
    backup.copy(tmp_path / "a/b/forewarn.db", private.folder(tmp_path / "c") / "copy.db")
    assert closed(tmp_path / "c")
    store.close()


@pytest.mark.parametrize("form", ["lines", "files"])
def test_what_the_file_channel_writes(tmp_path: Path, form: str) -> None:
    note = Notification(
        key="k", change="c", warning="w", receiver="r", channel="file", step="opened", grade=Grade.RED,
        planned_at=datetime(2026, 3, 1, tzinfo=UTC), subject="s", body="b", payload="{}",
    )  # fmt: skip
    path = tmp_path / "out/duty"
    file.send(file.Options(path=path, form=form), note, note.planned_at)  # type: ignore[arg-type]
    assert closed(tmp_path / "out")


def test_a_root_folder_in_use(tmp_path: Path) -> None:
    root = county.build(tmp_path / "county")
    with app.world(root, clock=lambda: county.FIRST):
        assert closed(root / "data")


def test_whatever_a_command_makes(tmp_path: Path) -> None:
    """No file that somebody adds tomorrow stands open either."""
    code = f"""
import sys; from pathlib import Path; sys.argv = ["forewarn", "--version"]
from engine import cli
try: cli.main()
except SystemExit: pass
Path({str(tmp_path / "new")!r}).mkdir(); Path({str(tmp_path / "new/file")!r}).write_text("x")
"""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)
    assert closed(tmp_path / "new")


def test_what_stands_open_is_told(tmp_path: Path) -> None:
    root = county.build(tmp_path / "county")
    data = private.folder(root / "data")
    database = private.made(data / "forewarn.db")
    said: list[str] = []
    sink = logger.add(lambda message: said.append(message.record["message"]), level="WARNING")
    try:
        for path, mode in ((data, 0o750), (database, 0o604)):
            path.chmod(mode)
        with app.world(root, clock=lambda: county.FIRST):
            pass
    finally:
        logger.remove(sink)
    assert [line for line in said if "stands open" in line] == [
        f"{data} stands open to others (750); chmod 700 {data}",
        f"{database} stands open to others (604); chmod 600 {database}",
    ]


def test_a_file_in_a_folder_s_place_is_said_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="a file stands where the folder belongs"):
        private.folder(private.made(tmp_path / "x"))
