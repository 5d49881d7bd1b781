"""A rota in a living world: messages reach who is on duty, and a calendar that is down keeps what it said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from click.testing import CliRunner

from engine import app
from engine.cli import forewarn
from engine.cycle import dispatch, roster
from engine.cycle import run as running
from engine.errors import FeedError
from engine.notify.notice import Notice, Trouble
from engine.store import meta
from tests.cycle.test_rota_settings import ICS, ROTA, ROUTES
from tests.story import county

NOON = datetime(2026, 3, 3, 11, tzinfo=UTC)  # a Tuesday in the even turn
EVENING = datetime(2026, 3, 3, 22, tzinfo=UTC)


def build(root: Path, rota: str = ROTA) -> Path:
    county.build(root)
    (root / "config/routes.yaml").write_text(ROUTES.replace("rota: desk", "rota: desk, operator: true"))
    (root / "config/rota.yaml").write_text(rota)
    return root


def received(root: Path, name: str) -> list[str]:
    path = root / f"data/outbox/{name}.jsonl"
    return [json.loads(line)["name"] for line in path.read_text().splitlines()] if path.exists() else []


def tell(root: Path, at: datetime, name: str) -> None:
    with app.world(root, clock=lambda: at) as world:
        running.prepare_ledger(world)
        with world.store.begin() as tx:
            dispatch.notify_operators(world, tx, Notice(Trouble.DOWN, name, "", at))
        dispatch.deliver(world)


def test_a_message_goes_to_who_is_on_duty_when_it_is_planned(tmp_path: Path):
    root = build(tmp_path)
    tell(root, NOON, "noon")
    tell(root, EVENING, "evening")
    tell(root, datetime(2026, 3, 6, 22, tzinfo=UTC), "swapped")
    assert received(root, "lin") == ["noon", "swapped"]
    assert received(root, "berg") == ["evening"]


class Address:
    """A calendar at an address that answers, fails or talks nonsense."""

    def __init__(self) -> None:
        self.answer: bytes | FeedError = ICS.encode()
        self.asked: list[tuple[str, Mapping[str, str]]] = []

    def __call__(self, url: str, headers: Mapping[str, str]) -> bytes:
        self.asked.append((url, headers))
        if isinstance(self.answer, FeedError):
            raise self.answer
        return self.answer


def test_a_calendar_at_an_address_is_asked_in_time_and_stands_while_it_is_down(tmp_path: Path):
    calendar = "calendar: {url: 'https://duty.example/a.ics', headers: {X: y}, poll: 2h, names: {Lin: lin}}"
    root = build(tmp_path, ROTA.partition("    shifts:")[0] + f"    {calendar}\n")
    address, now = Address(), NOON
    with app.world(root, clock=lambda: now) as world:
        world = replace(world, fetch=address)
        running.prepare_ledger(world)
        desk = world.settings.rotas["desk"]

        def channels() -> list[str]:
            with world.store.read() as tx:
                return [channel.name for channel in roster.present(world, tx)["desk"].channels]

        assert channels() == ["lin/file"], "nobody is known to be on duty: everybody hears"
        for minutes, asked in ((0, 1), (119, 1), (120, 2)):
            now = NOON + timedelta(minutes=minutes)
            roster.refresh(world)
            assert len(address.asked) == asked
        assert address.asked[0] == ("https://duty.example/a.ics", {"X": "y"})
        assert channels() == ["lin/file"]
        for answer in (FeedError("duty.example: answers 500"), b"<html>"):
            address.answer, now = answer, now + timedelta(hours=3)
            roster.refresh(world)
            with world.store.read() as tx:
                heard = roster.heard(tx, desk)
                assert "Holiday" not in str(meta.get(tx, "rota/desk")), "no title of theirs is kept"
            assert heard is not None and heard.error and heard.read_at == NOON + timedelta(minutes=120)
            assert len(heard.entries) > 100
        assert address.asked[-1:] and channels() == ["lin/file"]


def call(root: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(forewarn, ["--root", str(root), "rota", *words])
    return done.exit_code, done.output


def test_the_command_shows_a_moment_and_a_week(tmp_path: Path):
    root = build(tmp_path)
    code, said = call(root, "--at", "2026-03-03T12:00", "--format", "json")
    assert code == 0
    assert json.loads(said) == [{
        "rota": "desk", "from": "2026-03-03T07:00+00:00", "to": "2026-03-03T19:00+00:00", "on_duty": "lin",
        "names": "Officer on duty", "by": "day",
    }]  # fmt: skip
    code, said = call(root, "desk", "--week", "--at", "2026-03-03T12:00", "--format", "csv")
    assert code == 0 and len(said.splitlines()) == 1 + 15
    assert call(root, "dsk")[0] == 1
    (root / "config/rota.yaml").write_text(ROTA.replace("20:00-08:00", "22:00-08:00"))
    code, said = call(root, "--at", "2026-03-03T20:30")
    assert code == 1 and "nobody" in said
