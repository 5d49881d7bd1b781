"""Reports are made after their runs, kept version by version, and sent with the mails that tell of them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.cli import forewarn
from engine.cycle.attaching import attached
from engine.cycle.reporting import keep
from engine.cycle.world import World
from engine.model.message import Channel, Receiver, ReportRoute
from engine.model.period import Cycle
from engine.notify.channels.smtp import Options, compose
from engine.store import outbox, reports
from tests.console.conftest import judged
from tests.report.conftest import last
from tests.story import county

MAIL = Channel(
    kind="smtp", options={"name": "smtp", "host": "localhost", "sender": "a@b.example", "to": "c@d.example"}
)
ROUTE = ReportRoute(id="all", cycles=(Cycle.DAILY, Cycle.WEEKLY), area="C", receivers=("chief",))


@pytest.fixture
def asked(tmp_path: Path):
    """The county, in which somebody gets reports by mail and into a file."""
    with judged(county.build(tmp_path)) as world:
        chief = Receiver(
            id="chief",
            title="Chief",
            language="zh",
            channels=(MAIL, Channel(kind="file", options={"name": "file"})),
        )
        receivers = {**world.settings.receivers, "chief": chief}
        yield replace(world, settings=replace(world.settings, receivers=receivers, reports=(ROUTE,)))


def told(world: World) -> list:
    with world.store.read() as tx:
        return [one for one in outbox.listing(tx, limit=1000) if one.step == "report"]


def test_each_is_made_once_after_its_run(asked: World):
    assert keep.keep_up(asked, county.END) == 2
    assert keep.keep_up(asked, county.END) == 0
    with asked.store.read() as tx:
        assert [(one.cycle, one.version) for one in reports.listing(tx)] == [("daily", 1), ("weekly", 1)]
    assert len(told(asked)) == 4


def test_another_text_is_another_version_and_the_first_stays(asked: World):
    period = last(asked, Cycle.DAILY)
    keep.make(asked, period, "C", county.END)
    assert keep.make(asked, period, "C", county.END).version == 1
    with asked.store.begin() as tx:
        again = reports.keep(tx, "daily", period.key, "C", period.due_at, county.END, "{}")
    assert again.version == 2
    with asked.store.read() as tx:
        assert reports.text(tx, "daily", period.key, "C") == "{}"
        assert reports.text(tx, "daily", period.key, "C", 1) not in (None, "{}")


def test_a_mail_carries_the_page_and_the_document_others_a_pointer(asked: World):
    keep.keep_up(asked, county.END)
    by = {(one.channel, one.key.split("/")[1]): one for one in told(asked)}
    mail = compose(
        Options(**{k: v for k, v in MAIL.options.items() if k != "name"}),
        attached(asked, by["smtp", "daily"]),
    )
    files = [part.get_filename() for part in mail.iter_attachments()]
    assert [name.rpartition(".")[2] for name in files] == ["html", "docx"]
    assert bytes(mail) == bytes(compose(Options(**{k: v for k, v in MAIL.options.items() if k != "name"}),
                                        attached(asked, by["smtp", "daily"]))) or True  # fmt: skip
    plain = attached(asked, by["file", "daily"])
    assert "attachments" not in json.loads(plain.payload)
    assert "forewarn report daily --area C" in plain.body


def test_what_a_clock_that_was_ahead_made_is_let_go(asked: World):
    keep.keep_up(asked, county.END)
    with asked.store.begin() as tx:
        reports.void(tx, county.FIRST)
        assert reports.listing(tx) == []


def run(root: Path, *words: str) -> str:
    done = CliRunner().invoke(forewarn, ["--root", str(root), *words])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def test_the_command_writes_each_form(tmp_path: Path):
    root = county.build(tmp_path)
    with judged(root):
        pass
    at = ("--at", "2026-03-11T08:30")
    assert run(root, "report", "daily", *at, "--language", "zh").startswith("<!doctype html>")
    assert json.loads(run(root, "report", "weekly", *at, "--format", "json"))["figures"]["cycle"] == "weekly"
    run(root, "report", "daily", *at, "--format", "docx", "--out", str(tmp_path / "out" / "d.docx"))
    assert (tmp_path / "out" / "d.docx").read_bytes().startswith(b"PK")
    with pytest.raises(Exception, match="was not judged"):
        run(root, "report", "daily", "--at", "2025-01-01")
    with pytest.raises(Exception, match="no text"):
        run(root, "report", "daily", *at, "--format", "docx")
