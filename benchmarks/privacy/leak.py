"""Identifiers in every field of every connector, then a search of all that the engine writes and says."""

from __future__ import annotations

import io
import re
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, redirect_stderr, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from benchmarks.privacy.kinds import KINDS, Made, made
from benchmarks.privacy.root import BROKEN, FIELDS, PUSHED, served, write
from engine import app, cli
from engine.cycle import collect, intake
from engine.cycle import run as running
from engine.cycle.loops.asked import Ask
from engine.cycle.world import World
from engine.guard.fold import fold, without_markup
from engine.logs import configure

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
#: Every way in which a command tells what is kept.
COMMANDS = tuple(
    [*words.split(), "--format", form]
    for words in ("status", "feeds list", "feeds rejects", "feeds try csv --limit 100000", "feeds check",
                  "notifications list", "warnings list", "runs", "feeds poll csv")
    for form in (("text", "json", "csv") if words != "feeds check" else ("text",))
)  # fmt: skip
#: Records of one root folder at most.
_TOGETHER = 4_000


@dataclass(frozen=True, slots=True)
class Leak:
    """A secret that was found, and where."""

    kind: str
    field: str
    secret: str
    where: str
    around: str


def leaks(strings: int, seed: int, *, files: int = 20, kinds: Sequence[str] = tuple(KINDS)) -> Iterator[Leak]:
    """What is found of so many strings of each kind in every field, through every connector; and of `files`
    whole files each that name a column so, or cannot be read at all."""
    told = [(kind, one) for kind in kinds for one in made(kind, strings, seed)]
    for field in FIELDS:
        for at in range(0, len(told), _TOGETHER):
            together = told[at : at + _TOGETHER]
            with TemporaryDirectory() as folder:
                records = [_record(number, field, one[0]) for number, (_, one) in enumerate(together)]
                write(Path(folder), records)
                yield from _searched(field, said(Path(folder)), together)
    for field, spoil in (("header", _header), ("broken", _broken)):
        for kind, one in told[:: max(1, len(told) // files)]:
            with TemporaryDirectory() as folder:
                spoil(Path(folder), one)
                yield from _searched(
                    field, said(Path(folder), (("status",), ("feeds", "check"))), [(kind, one)]
                )


def _record(number: int, field: str, text: str) -> dict[str, str]:
    plain = {
        "id": f"R{number}", "at": "2026-03-01T10:00:00Z", "kind": "fire", "town": "T1", "title": "A fire",
        "severity": "3", "amount": "2", "note": "-",
    }  # fmt: skip
    return plain | ({field: text} if field in plain else {})


def _searched(
    field: str, texts: list[tuple[str, str]], together: Sequence[tuple[str, Made]]
) -> Iterator[Leak]:
    secrets = {one[1]: kind for kind, one in together}
    for where, secret, around in found(texts, secrets):
        yield Leak(secrets[secret], field, secret, where, around)


def _header(folder: Path, one: Made) -> None:
    write(folder, [_record(number, "", "") for number in range(3)], " ".join(one[0].split()))


def _broken(folder: Path, one: Made) -> None:
    write(folder, [_record(number, "", "") for number in range(3)])
    for name, text in BROKEN.values():
        (folder / name).write_text(text.format(said=one[0]), encoding="utf-8")


def said(folder: Path, commands: Iterable[Sequence[str]] = COMMANDS) -> list[tuple[str, str]]:
    """Everything the engine writes and says of a root folder, each text with where it stands."""
    with served(folder):
        return _said(folder, commands)


def _said(folder: Path, commands: Iterable[Sequence[str]]) -> list[tuple[str, str]]:
    log = io.StringIO()
    with redirect_stderr(log):
        configure("debug")
        with app.world(folder, clock=lambda: NOW) as world:
            running.prepare(world, NOW - timedelta(days=3))
            for feed in world.settings.feeds.values():
                collect.poll(world, feed)
            brought = {id_: (folder / file).read_bytes() for id_, file in PUSHED.items()}
            intake.take(world, [intake.Post(id_, "json", body) for id_, body in brought.items()])
            running.tick(world)
    texts = [("log", log.getvalue())]
    texts += [(f"forewarn {' '.join(words)}", _told(folder, words)) for words in commands]
    texts += _kept(folder / "data/forewarn.db")
    outbox = folder / "data/outbox"
    texts += [(path.name, path.read_text(encoding="utf-8")) for path in outbox.rglob("*") if path.is_file()]
    return texts


@contextmanager
def _here(world: World) -> Iterator[Ask]:
    """What a worker says itself is searched too: its steps are taken in this process."""
    yield lambda step, argument, seconds: step(world, argument)


def _told(folder: Path, words: Sequence[str]) -> str:
    """What a command prints on either stream."""
    written = io.BytesIO()
    printed = io.TextIOWrapper(written, "utf-8")
    with patch.object(sys, "stdout", printed), patch.object(sys, "stderr", printed), patch.object(
        sys, "argv", ["forewarn", "--root", str(folder), *words]
    ), patch("engine.cli.feeds.asking", _here):  # fmt: skip
        with suppress(SystemExit):
            cli.main()
        printed.flush()
        return written.getvalue().decode()


def _kept(path: Path) -> list[tuple[str, str]]:
    """Every text of every table."""
    texts = []
    with closing(sqlite3.connect(path)) as connection:
        tables = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        for table in tables:
            for row in connection.execute(f"SELECT * FROM {table}"):
                texts += [(table, cell) for cell in row if isinstance(cell, str)]
    return texts


def _bare(text: str) -> str:
    """Only letters and digits, as a reader sees them: however somebody parts them."""
    folded = fold(text)
    return "".join(filter(str.isalnum, (without_markup(folded) or folded).plain)).casefold()


def holds(text: str, secret: str) -> bool:
    """Whether a reader finds a secret in a text, however it is written there."""
    return secret in text or _bare(secret) in _bare(text)


def _by_itself(secret: str, line: str) -> bool:
    """Whether a short secret stands there, not as a part of some longer number or hash."""
    return re.search(rf"(?<![0-9A-Za-z]){re.escape(secret)}(?![0-9A-Za-z])", line) is not None


def found(texts: Iterable[tuple[str, str]], secrets: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Where a secret stands as it is, or with its marks parted otherwise; each once per place."""
    by_start: dict[str, list[tuple[str, str]]] = {}
    for secret in secrets:
        core = _bare(secret)
        by_start.setdefault(core[:6], []).append((core, secret))
    lengths = sorted({len(start) for start in by_start})
    for where, text in texts:
        for line in text.splitlines():
            bare = _bare(line)
            starts = {bare[at : at + length] for length in lengths for at in range(len(bare))}
            for start in starts & by_start.keys():
                for core, secret in by_start[start]:
                    if core in bare and (len(core) >= 9 or _by_itself(secret, line)):
                        yield where, secret, line[:200]
