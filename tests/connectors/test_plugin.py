"""Connectors of other packages: the one that docs/extending.md shows, and those that cannot be used."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors import CONNECTORS, plugin
from engine import app
from engine.errors import ConfigError, FeedError, UsageError
from engine.ingest import batch
from engine.model.incident import Incident, Reject
from tests.story import county

PAGE = (Path(__file__).parents[2] / "docs" / "extending.md").read_text(encoding="utf-8")
CODE = dict(re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.M | re.S))
NOW = datetime(2026, 3, 8, tzinfo=UTC)
GAUGES = """\
GAUGES 2026
T1   2026-03-07 10:00 0260
T1   2026-03-07 11:00 0240
T2   2026-03-07 11:00 0310
T9   2026-03-07 12:00 0400
T2   2026-03-07 13:00 ----
"""

Install = Callable[[str, str], None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Installs a package of one module with its entry points, as pip would leave it."""
    site = tmp_path / "site"
    before = set(sys.modules)

    def put(code: str, points: str) -> None:
        info = site / "forewarn_tides-1.0.dist-info"
        info.mkdir(parents=True)
        (site / "tides.py").write_text(code)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: forewarn-tides\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[{plugin.GROUP}]\n{points}\n")

    monkeypatch.syspath_prepend(str(site))
    plugin.every.cache_clear()
    yield put
    plugin.every.cache_clear()
    for name in {"tides"} & (set(sys.modules) - before):
        del sys.modules[name]


def home(root: Path) -> app.Home:
    county.build(root)
    (root / "config/feeds.yaml").write_text(CODE["yaml"].replace("gauges.txt", str(root / "gauges.txt")))
    (root / "gauges.txt").write_text(GAUGES)
    return app.home(root, NOW.date())


def points() -> str:
    declared = tomllib.loads(CODE["toml"])["project"]["entry-points"][plugin.GROUP]
    return "\n".join(f"{name} = {module}" for name, module in declared.items())


def test_the_connector_of_the_page_is_one_like_any_other(tmp_path: Path, install: Install) -> None:
    assert len(CODE["python"].splitlines()) < 60
    install(CODE["python"], points())
    settings = home(tmp_path / "root").settings
    feed, module = settings.feeds["harbour"], plugin.every()["tides"]
    fetched = module.fetch(feed.options, {})
    read = list(batch.read(fetched.records, feed, settings.ingest, NOW))
    told = {(one.areas, one.measures["level_cm"]) for one in read if isinstance(one, Incident)}
    assert told == {(("T1",), 260.0), (("T2",), 310.0)}
    reasons = sorted(one.reason for one in read if isinstance(one, Reject))
    assert len(reasons) == 2 and "no level" in reasons[1] and "T9" in reasons[0]
    assert module.fetch(feed.options, fetched.cursor).unchanged
    (tmp_path / "root/gauges.txt").write_text("<html>")
    with pytest.raises(FeedError, match="no file of gauges"):
        list(module.fetch(feed.options, fetched.cursor).records)


def test_without_its_package_the_feed_is_a_mistake(tmp_path: Path) -> None:
    plugin.every.cache_clear()
    with pytest.raises(ConfigError, match="there is no connector 'tides'"):
        home(tmp_path)


@pytest.mark.parametrize(("code", "name", "sentence"), [
    ("import nothing_of_this_name", "tides", "cannot be loaded: ModuleNotFoundError"),
    ("ID = 'tides'", "tides", "lacks Options, fetch"),
    ("ID, Options, fetch = 'gauges', object, print", "tides", "calls itself 'gauges'"),
    ("ID, Options, fetch = 'csv', object, print", "csv", "is called as another is"),
])  # fmt: skip
def test_one_that_cannot_be_used_is_told_with_its_package(
    install: Install, code: str, name: str, sentence: str
) -> None:
    install(code, f"{name} = tides")
    with pytest.raises(UsageError, match=rf"'{name}' of the package forewarn-tides .*{sentence}"):
        plugin.every()


def test_ours_are_there_without_any() -> None:
    plugin.every.cache_clear()
    assert plugin.every().keys() >= CONNECTORS.keys()
