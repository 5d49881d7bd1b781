"""One feed in a small country, met as its operators meet it: by files, answers, and the command line, at a
moment that the story sets."""

from __future__ import annotations

import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from click.testing import CliRunner, Result
from sqlalchemy import select

from engine import app
from engine.cli import forewarn
from engine.model.incident import Incident
from engine.store import incidents, rejects
from engine.store.tables import incident

DATA = Path(__file__).parents[2] / "data" / "cases"

#: Noon in Stockholm on the day that most inputs are of.
NOON = datetime.fromisoformat("2026-03-01T12:00:00+01:00")

PLAIN = {
    "source_id": "id", "occurred_at": "when", "place": [{"code": "area"}],
    "category": {"field": "type", "scheme": "t"},
}  # fmt: skip
ALERTS = {
    "source_id": "id", "occurred_at": ["onset", "effective", "sent"], "ended_at": "expires",
    "known_at": "sent", "ahead": "10d",
    "place": [{"code": "geocode.CODE"}, {"shape": ["polygon", "circle"], "level": "county"},
              {"name": "areaDesc"}],
    "category": {"field": "event", "scheme": "alerts"},
    "severity": {"field": "severity", "table": {"Minor": 1, "Moderate": 2, "Severe": 3, "Extreme": 4}},
    "withdrawn": {"field": "msgType", "equals": "Cancel"},
}  # fmt: skip
QUAKES = {
    "source_id": "id", "occurred_at": {"field": "properties.time", "format": "epoch_ms"},
    "known_at": {"field": "properties.updated", "format": "epoch_ms"},
    "place": [{"point": ["lat", "lon"]}], "category": {"fixed": "hazard.quake"},
    "withdrawn": {"field": "properties.status", "equals": "deleted"},
}  # fmt: skip


class Office:
    """The root folder of one feed, `f`. What `now` says is the time of every command."""

    def __init__(self, root: Path) -> None:
        self.root = shutil.copytree(DATA / "base", root)
        self.now = NOON

    def feed(
        self, options: dict[str, Any], mapping: dict[str, Any] = PLAIN, connector: str = "csv", **more: Any
    ) -> None:
        """Configure it, anew or for the first time."""
        feed = {
            "id": "f", "title": "F", "connector": connector, "subject": "incident", "options": options,
            "poll": "1h", "max_silence": "3d", "licence": "x", "source": "x", "map": mapping,
            "covers": {"areas": ["X"], "categories": ["hazard", "property", "fire"], "from": "2026-01-01"},
        }  # fmt: skip
        text = yaml.safe_dump({"feeds": [feed | more]}, allow_unicode=True, sort_keys=False)
        (self.root / "config/feeds.yaml").write_text(text, encoding="utf-8")

    def put(self, name: str, content: str | bytes | None = None) -> str:
        """A file of the feed's, by default the case's own; gives its name."""
        if content is None:
            shutil.copy(DATA / name, self.root / name)
        else:
            raw = content.encode() if isinstance(content, str) else content
            (self.root / name).write_bytes(raw)
        return name

    def call(self, *arguments: str) -> Result:
        """One command."""
        done = CliRunner().invoke(forewarn, ["--root", str(self.root), *arguments])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    def rows(self, *arguments: str) -> list[dict[str, Any]]:
        """What a listing says."""
        found: list[dict[str, Any]] = json.loads(self.call(*arguments, "--format", "json").stdout)
        return found

    def poll(self) -> dict[str, Any]:
        """One poll, a second after the last."""
        self.now += timedelta(seconds=1)
        (row,) = self.rows("feeds", "poll", "f")
        return row

    def status(self) -> dict[str, Any]:
        """The feed's line of the status."""
        (row,) = [one for one in self.rows("status") if one["what"] == "feed"]
        return row

    def live(self, days: float, step: timedelta = timedelta(hours=6)) -> None:
        """Let the service tick so long."""
        until = self.now + timedelta(days=days)
        while self.now < until:
            self.now += step
            assert self.call("run", "--once").exit_code == 0

    def warnings(self, *options: str) -> list[dict[str, Any]]:
        """The open warnings, or with `--all` every one."""
        return self.rows("warnings", "list", *options)

    def steps(self, topic: str, area: str = "01") -> list[str]:
        """What became of a place's warnings, in order."""
        own = [one["id"] for one in self.warnings("--all") if (one["area"], one["topic"]) == (area, topic)]
        return [row["step"] for id_ in own for row in self.rows("warnings", "show", id_)]

    def told(self) -> list[str]:
        """The kinds of trouble of which the operators were told, in order."""
        keys = [row["key"].split("/") for row in self.rows("notifications", "--limit", "1000")]
        return [kind for notice, kind, *_ in reversed(keys) if notice == "notice"]

    @property
    def last(self) -> dict[str, Incident]:
        """The newest revision of every incident."""
        with app.store(self.root) as store, store.read() as tx:
            names = tx.conn.execute(select(incident.c.source_id).distinct()).scalars().all()
            return {name: incidents.get(tx, "f", name)[-1] for name in sorted(names)}

    @property
    def standing(self) -> dict[str, tuple[str, ...]]:
        """The areas of every incident that is in force."""
        return {name: one.areas for name, one in self.last.items() if not one.withdrawn}

    @property
    def rejected(self) -> list[str]:
        """Why records were refused."""
        with app.store(self.root) as store, store.read() as tx:
            return [one.reject.reason for one in rejects.listing(tx)]
