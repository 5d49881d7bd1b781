"""Answers that are none, and what is told of answers that are read in part."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import Workbook

from engine import app
from engine.cli import forewarn
from engine.cycle import collect
from engine.cycle import run as running
from engine.cycle.world import World
from engine.store import health, incidents, outbox
from tests.story import county

OPERATORS = """
receivers:
  - {id: ops, title: Operators, operator: true, channels: [{kind: file, path: data/ops.jsonl}]}
"""
HEADER = "id,at,known,town,kind"
AT = (county.END - timedelta(hours=1)).isoformat()

Open = Callable[..., World]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """The county with one live feed: these options, and this much more in its mapping."""
    root = county.build(tmp_path)
    (root / "config/routes.yaml").write_text(OPERATORS)
    contexts, seconds = [], itertools.count()

    def open_world(options: str = "path: log.csv", more: str = "") -> World:
        feeds = county.FILES["config/feeds.yaml"].replace("path: log.csv, polls: polls.csv", options)
        (root / "config/feeds.yaml").write_text(feeds.rstrip() + "\n" + more)
        context = app.world(root, clock=lambda: county.END + timedelta(seconds=next(seconds)))
        contexts.append(context)
        world = context.__enter__()
        running.prepare_ledger(world)
        return world

    yield open_world
    for context in contexts:
        context.__exit__(None, None, None)


def polled(world: World, content: str | None = None) -> collect.Collected:
    if content is not None:
        (world.settings.root / "log.csv").write_text(content)
    return collect.poll(world, world.settings.feeds["log"])


def told(world: World, subject: str) -> list[str]:
    with world.store.read() as tx:
        return [one.body for one in outbox.listing(tx) if subject in one.subject]


@pytest.mark.parametrize(("content", "reason"), [
    ("ID,Zeit,seit,Ort,Art\n", "lacks id (source_id), at (occurred_at), town (place), kind (category)"),
    (f"ID,at,known,town,kind\n1,{AT},{AT},T1,explosion\n", "the table lacks id (source_id); it has ID, at"),
    (f"Report\n\n{HEADER}\n1,{AT},{AT},T1,explosion\n", "line 3 names them: set header: 3"),
    ("<!DOCTYPE html><html><title>Please log in</title>", "an HTML page titled 'Please log in'"),
    (f"{HEADER}\n1,{AT},{AT},T1,explosion\n2,{AT}", "ends early"),
])  # fmt: skip
def test_an_answer_that_lacks_what_is_needed_is_a_failed_poll(
    opened: Open, content: str, reason: str
) -> None:
    world = opened()
    assert reason in polled(world, content).error
    with world.store.read() as tx:
        assert not health.last(tx)["log"].ok
    assert any(reason in text for text in told(world, "Feed down"))
    assert not polled(world, f"{HEADER}\n1,{AT},{AT},T1,explosion\n").error


def test_an_empty_answer_is_an_answer_unless_there_always_is_something(opened: Open) -> None:
    assert not polled(opened(), HEADER + "\n").error
    assert "an empty answer" in polled(opened("path: log.csv, not_empty: true"), HEADER + "\n").error


def test_values_that_are_lost_are_told_once_and_their_incidents_kept(opened: Open) -> None:
    world = opened(more="      measures: {burnt: ha}\n")
    for rows in ("a", "ab", "abc"):
        lines = [f'{one},{AT},{AT},T1,explosion,"12,5"\n' for one in rows]
        assert polled(world, f"{HEADER},ha\n{''.join(lines)}").new == 1
    [note] = told(world, "Partly read")
    assert "1 incident is kept without its burnt, which could not be read" in note
    with world.store.read() as tx:
        found = [one for name in "abc" for one in incidents.get(tx, "log", name)]
    assert len(found) == 3 and all(one.measures == {} for one in found)


def test_a_column_that_is_read_in_vain_is_told(opened: Open) -> None:
    world = opened(more="      measures: {burnt: ha}\n")
    assert polled(world, f"{HEADER}\na,{AT},{AT},T1,explosion\n").new == 1
    [note] = told(world, "Partly read")
    assert "the mapping's measures reads 'ha', and the table has no such column" in note
    polled(world, f"{HEADER},ha\na,{AT},{AT},T1,explosion,3\n")
    polled(world, f"{HEADER}\na,{AT},{AT},T1,explosion\n")
    assert len(told(world, "Partly read")) == 2  # it was mended in between


def test_sheets_that_are_left_unread_are_told(opened: Open) -> None:
    world, book = opened("path: log.xlsx"), Workbook()
    for sheet in (book.worksheets[0], book.create_sheet("April")):
        sheet.append(HEADER.split(","))
        sheet.append([sheet.title, AT, AT, "T1", "explosion"])
    book.save(world.settings.root / "log.xlsx")
    assert polled(world).new == 1
    [note] = told(world, "Partly read")
    assert "only the sheet 'Sheet' is read, not 'April'" in note


def test_trying_a_feed_tells_what_a_poll_would(opened: Open) -> None:
    world = opened(more="      measures: {burnt: ha}\n      severity: {field: grave, bounds: [1]}\n")
    (world.settings.root / "log.csv").write_text(f'{HEADER},ha\n1,{AT},{AT},T1,explosion,"12,5"\n')
    tried = CliRunner().invoke(forewarn, ["--root", str(world.settings.root), "feeds", "try", "log"])
    assert "0 rejected; 1 is kept without its burnt" in tried.output
    assert "the mapping's severity reads 'grave', and the table has no such column" in tried.output
