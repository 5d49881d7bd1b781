"""What `why` says where nothing fired."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from engine import app
from engine.cycle import collect, why
from engine.cycle import run as running
from tests.story import county


def test_an_immediate_rule_says_which_of_its_feeds_is_blind(tmp_path: Path):
    with app.world(county.build(tmp_path), clock=lambda: county.END) as world:
        running.prepare_ledger(world)
        collect.poll(world, world.settings.feeds["log"])

        def blind(at: datetime) -> list[str]:
            (rule,) = why.place(world, "T1", "explosions", at)["because"]
            return [node["blind"] for node in rule["because"] if "blind" in node]

        assert blind(county.END) == []
        assert blind(county.END + timedelta(days=3)) == ["log"]
