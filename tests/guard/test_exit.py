"""The one exit: log, terminal, tracebacks and the store's columns let nothing past the guard in force."""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from loguru import logger

from engine.guard.exit import GuardedStream, enforced, guarded, guarded_terminal, quoted
from engine.guard.guard import BuiltIn, Guard
from engine.logs import configure
from engine.model.incident import Reject
from engine.store import cursors, health, meta, rejects
from engine.store.database import Store

NOW = datetime(2026, 3, 1, tzinfo=UTC)
NUMBER = "139-1234-5678"


def test_the_guard_in_force_is_the_configured_one_and_ends_with_its_world() -> None:
    with enforced(Guard(BuiltIn(patterns={"case": r"K\d{6}"}))):
        assert guarded("K123456 by 13912345678") == "[case] by [phone]"
    assert guarded("K123456 by 13912345678") == "K123456 by [phone]"


def test_a_line_of_the_log_is_guarded_with_its_exception(capsys: pytest.CaptureFixture[str]) -> None:
    configure("info")
    try:
        raise ValueError(f"read {NUMBER}")
    except ValueError:
        logger.exception("a feed of {}", NUMBER)
    said = capsys.readouterr().err
    assert NUMBER not in said
    assert said.count("[phone]") == 2


def test_both_streams_are_guarded_and_given_back(capsys: pytest.CaptureFixture[str]) -> None:
    before = sys.stdout, sys.stderr
    with guarded_terminal():
        assert isinstance(sys.stdout, GuardedStream)
        print(f"out {NUMBER}")
        print(f"err {NUMBER}", file=sys.stderr)
        sys.stdout.write('{"n": 13912345678, "s": "13912345678"}')
    assert (sys.stdout, sys.stderr) == before
    assert tuple(capsys.readouterr()) == ('out [phone]\n{"n": 13912345678, "s": "[phone]"}', "err [phone]\n")


def test_a_stream_of_ascii_is_written_as_utf_8(monkeypatch: pytest.MonkeyPatch) -> None:
    below = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(below, "ascii"))
    with guarded_terminal():
        print("火灾")
    assert below.getvalue().decode() == "火灾\n"


def test_a_mistake_of_ours_is_told_without_what_it_quotes() -> None:
    said = subprocess.run(
        [sys.executable, "-c", f"""
import threading
from engine.guard.exit import report_crashes
report_crashes()
thread = threading.Thread(target=lambda: int("thread {NUMBER}"))
thread.start(); thread.join()
int("main {NUMBER}")
"""], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert said.returncode == 1
    assert said.stderr.count("ValueError") == 2
    assert "main [phone]" in said.stderr and "thread [phone]" in said.stderr


def test_a_value_is_quoted_masked_and_then_cut() -> None:
    assert quoted(f"{'x' * 50} {NUMBER}") == f"'{'x' * 50} [phone]'"
    assert quoted(f"{'x' * 58} {NUMBER}") == f"'{'x' * 58} […'"


def test_the_store_guards_what_it_is_given(store: Store) -> None:
    reject = Reject(feed="f", seen_at=NOW, place=NUMBER, reason=NUMBER, record=f'{{"a":"{NUMBER}"}}')
    with store.begin() as tx:
        rejects.add(tx, [reject])
        health.record(tx, "f", [NOW], ok=False, detail=f"said {NUMBER}", known_at=NOW)
        meta.put(tx, "k", NUMBER)
    with store.read() as tx:
        (kept,) = rejects.listing(tx)
        assert (kept.reject.place, kept.reject.reason) == ("[phone]", "[phone]")
        assert kept.reject.record == '{"a":"[phone]"}'
        assert health.last(tx)["f"].detail == "said [phone]"
        assert meta.get(tx, "k") == "[phone]"


def test_a_cursor_that_identifies_somebody_is_not_kept(store: Store) -> None:
    kept = {"etag": '"5f2c-13a"', "of": "http://10.0.0.5:8080/feed", "state": "a3" * 32}
    with store.begin() as tx:
        cursors.put(tx, "f", {**kept, "next": f"after={NUMBER}"})
    with store.read() as tx:
        assert cursors.get(tx, "f") == kept


def test_nothing_but_the_one_sink_writes_a_log() -> None:
    root = Path(__file__).parents[2]
    files = [path for folder in ("engine", "connectors") for path in (root / folder).rglob("*.py")]
    sinks = [path.name for path in files if "logger.add(" in path.read_text(encoding="utf-8")]
    assert sinks == ["logs.py"]
