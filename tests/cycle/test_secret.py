"""Secrets: from the environment or a closed file, never literal, never shown."""

from __future__ import annotations

import pickle
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from connectors import CONNECTORS
from engine.cycle import settings
from engine.cycle.config import secret
from engine.cycle.config.reading import Reading
from engine.cycle.config.service import load_engine
from engine.cycle.config.written import expand
from engine.errors import ConfigError
from engine.guard import exit
from engine.guard.exit import enforced, guarded, hide, shortened
from engine.notify.channels import CHANNELS
from tests.cycle import test_settings

SECRET = "Zq8-not-for-anybody"


@pytest.fixture(autouse=True)
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test hides is no affair of the next one's."""
    monkeypatch.setattr(exit, "_hidden", {})


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "config").mkdir()
    for name, text in test_settings.GOOD.items():
        (tmp_path / "config" / name).write_text(text.replace(', token: "${TOKEN}"', ""), encoding="utf-8")
    return tmp_path


def load(root: Path, **environment: str) -> settings.Settings:
    return settings.load(root, CONNECTORS, CHANNELS, {"TOKEN": "t0p", **environment})


def refused(root: Path, name: str, text: str, **environment: str) -> str:
    """Every mistake that a configuration with this file has."""
    (root / "config" / name).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(root, **environment)
    return str(caught.value)


def route(channel: str) -> str:
    return f"receivers:\n  - id: duty\n    title: Duty centre\n    channels:\n      - {channel}\n"


def feed(options: str) -> str:
    return test_settings.GOOD["feeds.yaml"].replace("{path: data/events.csv}", options)


@pytest.mark.parametrize(("name", "text", "line"), [
    ("routes.yaml", route(f"{{kind: webhook, url: 'https://x.org/', secret: {SECRET}}}"), 5),
    ("routes.yaml", route(f"{{kind: webhook, url: 'https://x.org/?token={SECRET}', secret: x}}"), 5),
    ("routes.yaml", route(f"{{kind: webhook, url: 'https://me:{SECRET}@x.org/', secret: x}}"), 5),
    ("routes.yaml", route(f"{{kind: webhook, url: 'https://hooks.slack.com/services/T0/B0/{SECRET}'}}"), 5),
    ("routes.yaml", route(f"{{kind: webhook, proxy: 'http://me:{SECRET}@proxy.example:3128'}}"), 5),
    ("routes.yaml", route(f"{{kind: smtp, password: {SECRET}}}"), 5),
    ("routes.yaml", route("{kind: smtp, password: 12345678}"), 5),
    ("routes.yaml", route(f"{{kind: smtp, password: '${{TOKEN}}{SECRET}'}}"), 5),
    ("feeds.yaml", feed(f"{{url: 'https://x.org/?api_key={SECRET}'}}"), 6),
    ("feeds.yaml", feed(f"{{url: 'https://x.org/', headers: {{Authorization: 'Bearer {SECRET}'}}}}"), 6),
    ("feeds.yaml", feed(f"{{url: 'https://x.org/', headers: {{X-Key: {SECRET}}}}}"), 6),
    ("feeds.yaml", feed(f"{{url: 'https://x.org/', headers: {{Cookie: 'a=${{TOKEN}}; b={SECRET}'}}}}"), 6),
    ("feeds.yaml", feed(f"{{url: 'https://{SECRET}@x.org/'}}"), 6),
    ("feeds.yaml", feed(f"{{path: a.csv}}\n    source: 'https://me:{SECRET}@x.org/'"), 7),
    ("engine.yaml", f"log: info\ndatabase: postgresql://forewarn:{SECRET}@db.example/forewarn\n", 2),
    ("engine.yaml", f"log: info\ndatabase: postgresql://forewarn:1/{SECRET}@db.example/forewarn\n", 2),
    ("feeds.yaml", feed(f"{{url: 'https://x.org/#access_token={SECRET}'}}"), 6),
    ("feeds.yaml", feed(f"{{url: 'https://x.org/a;jsessionid={SECRET}'}}"), 6),
    ("feeds.yaml", feed(f"{{path: a.csv}}\n    source: 'host=db.example password={SECRET}'"), 7),
    ("feeds.yaml", feed("{url: 'https://calendar.google.com/ical/a/private-12345678/b.ics'}"), 6),
    ("routes.yaml", route(f"{{kind: smtp, pass: {SECRET}}}"), 5),
    ("engine.yaml", f"proxy: 'http://me:{SECRET}@proxy.example'\n", 1),
    ("engine.yaml", f"log: info\n# database: postgresql://forewarn:{SECRET}@db.example/forewarn\n", 2),
    ("routes.yaml", f"# secret: {SECRET}\nreceivers: []\n", 1),
])  # fmt: skip
def test_a_literal_secret_is_a_mistake_that_quotes_nothing(
    root: Path, name: str, text: str, line: int
) -> None:
    said = refused(root, name, text)
    assert f"config/{name}:{line}: [error] a secret stands " in said and "${NAME}" in said
    assert "12345678" not in guarded(said) and SECRET not in guarded(said)
    assert all(SECRET not in one for one in said.splitlines() if "(secret)" in one)


@pytest.mark.parametrize(("name", "text"), [
    ("routes.yaml", route("{kind: webhook, url: 'https://x.org/?token=${TOKEN}', secret: '${HOOK}'}")),
    ("routes.yaml", route("{kind: webhook, url: '${URL}', secret: '${HOOK}'}")),
    ("routes.yaml", route("{kind: file, path: out.jsonl}") + "# the secret: as agreed by word of mouth\n"),
    ("feeds.yaml", feed("{url: 'http://${USER}:${HOOK}@x.org', headers: {Authorization: 'Bearer ${HOOK}'}}")),
    ("feeds.yaml", feed("{url: 'https://x.org/@me?page=2', headers: {Accept: a/b, Cookie: 's=${HOOK}'}}")),
    ("engine.yaml", "database: postgresql://forewarn@/forewarn?host=/run/postgresql\n"),
    ("engine.yaml", "database: postgresql://forewarn:${HOOK}@db.example/forewarn\n"),
    ("privacy.yaml", "patterns: {token: 'T-[0-9]{6}'}\n"),
])  # fmt: skip
def test_names_of_secrets_are_fine_and_all_that_is_kept(root: Path, name: str, text: str) -> None:
    (root / "config" / name).write_text(text, encoding="utf-8")
    found = load(root, HOOK=SECRET, URL=f"https://x.org/?sign={SECRET}", USER="me")
    assert SECRET not in "".join(found.texts.values())
    assert SECRET not in repr(found)


@pytest.mark.parametrize("key", ["${HOOK}", "Bearer ${HOOK}"])
def test_what_was_filled_in_is_said_by_its_name(root: Path, key: str) -> None:
    options = f"{{url: 'https://x.org/?key=${{KEY}}', headers: {{Authorization: '{key}'}}}}"
    (root / "config/feeds.yaml").write_text(feed(options), encoding="utf-8")
    load(root, HOOK=SECRET, KEY='a"b\\c/d@e12')
    assert guarded(f"refused: {SECRET}!") == "refused: ${HOOK}!"
    assert guarded('key=a%22b%5Cc%2Fd%40e12 or {"k": "a\\"b\\\\c/d@e12"}') == 'key=${KEY} or {"k": "${KEY}"}'


@pytest.mark.parametrize(("url", "environment", "said"), [
    ("https://x.org/v1/${KEY}/a.csv", {"KEY": "a1b2c3d4e5f6"}, "https://x.org/v1/${KEY}/a.csv"),
    ("${KEY}", {"KEY": "https://x.org/hook/of-mine"}, "https://x.org/${KEY}"),
    ("https://x.org/${KEY}/a.csv", {"KEY": "Stockholm"}, "https://x.org/Stockholm/a.csv"),
    ("https://${KEY}/a.csv", {"KEY": "api2.example.org"}, "https://api2.example.org/a.csv"),
])  # fmt: skip
def test_a_key_in_a_path_is_said_by_its_name(
    root: Path, url: str, environment: dict[str, str], said: str
) -> None:
    (root / "config/feeds.yaml").write_text(feed(f"{{url: '{url}'}}"), encoding="utf-8")
    load(root, **environment)
    assert guarded(url.replace("${KEY}", environment["KEY"])) == said


def test_another_process_that_the_guard_is_handed_to_hides_the_same(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "config/feeds.yaml").write_text(feed("{url: 'https://x.org/?key=${HOOK}'}"), encoding="utf-8")
    handed = pickle.dumps(load(root, HOOK=SECRET).ingest.guard)
    monkeypatch.setattr(exit, "_hidden", {})  # as in a process that has read nothing
    assert SECRET in guarded(SECRET)
    with enforced(pickle.loads(handed).keyed(b"k")):
        assert guarded(f"refused {SECRET}") == "refused ${HOOK}"


def test_a_mistake_quotes_what_was_written(root: Path) -> None:
    text = route("{kind: webhook, url: '${URL}', secret: '${HOOK}', timeout: '${HOOK}'}")
    said = refused(root, "routes.yaml", text, HOOK="hunter2", URL="nowhere/hunter2")
    assert "hunter2" not in said
    assert "have at least 16" in said and "(found '${HOOK}')" in said and "(found '${URL}')" in said


def test_a_long_secret_is_not_quoted_in_half(root: Path) -> None:
    class Options(BaseModel):
        model_config = ConfigDict(extra="forbid")
        depth: int

    (root / "config/feeds.yaml").write_text(feed("{depth: '${HOOK}'}"), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        settings.load(root, {"csv": SimpleNamespace(ID="csv", Options=Options)}, CHANNELS,
                      {"TOKEN": "t0p", "HOOK": "x" * 200})  # fmt: skip
    assert "xxx" not in str(caught.value) and "${HOOK}" in str(caught.value)


@pytest.mark.parametrize(("written", "expected"), [
    ("postgresql://f:${PW}@db/f", "postgresql://f:p%40s%2Fs%23%3F%25@db/f"),
    ("https://${PW}@x.org/${DAY}?k=${PW}&d=1", "https://p%40s%2Fs%23%3F%25@x.org/a/b?k=p%40s%2Fs%23%3F%25&d=1"),
    ("${URL}?x=1", "https://x.org/?x=1"),
    ("${PW}", "p@s/s#?%"),
    ("Bearer ${PW}", "Bearer p@s/s#?%"),
    ({"a": ["${DAY}", 1]}, {"a": ["a/b", 1]}),
])  # fmt: skip
def test_what_is_filled_into_an_address_moves_none_of_its_parts(written: Any, expected: Any) -> None:
    values = {"PW": "p@s/s#?%", "DAY": "a/b", "URL": "https://x.org/"}
    assert expand(written, values) == expected


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "hook"
    found.write_text(f"{SECRET}\n")
    found.chmod(0o600)
    return found


def test_a_file_that_only_its_owner_reads_holds_a_secret(file: Path) -> None:
    assert secret.value("HOOK", {"HOOK_FILE": str(file)}, Path("/")) == SECRET
    assert secret.value("HOOK", {"HOOK_FILE": "hook"}, file.parent) == SECRET


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644])
def test_a_file_that_others_can_open_is_refused(file: Path, mode: int) -> None:
    file.chmod(mode)
    with pytest.raises(ValueError, match=f"HOOK_FILE: others may read .*; `chmod 600 {file}`"):
        secret.value("HOOK", {"HOOK_FILE": str(file)}, Path("/"))


@pytest.mark.parametrize(("content", "said"), [
    (b"", "is empty"), (b"\n\n", "is empty"), (b"x" * 70_000, "is too long"), (b"\xff", "not UTF-8"),
    (b"postgresql://f:a@b/c@db/f", "cannot be told apart"),
])  # fmt: skip
def test_a_file_without_a_secret_says_why(file: Path, content: bytes, said: str) -> None:
    file.write_bytes(content)
    with pytest.raises(ValueError, match=said):
        secret.value("HOOK", {"HOOK_FILE": str(file)}, Path("/"))


@pytest.mark.parametrize(("environment", "said"), [
    ({}, "no variable HOOK"), ({"HOOK": "a", "HOOK_FILE": "hook"}, "take one of them out"),
    ({"HOOK_FILE": "nowhere"}, "cannot be read: No such file"), ({"HOOK_FILE": "."}, "cannot be read"),
])  # fmt: skip
def test_a_secret_stands_in_one_place(file: Path, environment: dict[str, str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        secret.value("HOOK", environment, file.parent)


def test_the_line_of_a_missing_variable_is_its_own(root: Path) -> None:
    text = route("kind: webhook\n        url: https://x.org/\n        secret: ${HOOK}")
    assert "config/routes.yaml:7: [error] the environment has no variable HOOK" in refused(
        root, "routes.yaml", text
    )


def test_short_values_are_left_alone_and_long_ones_hidden_before_a_text_is_cut() -> None:
    hide({"abc": "${A}", SECRET: "${B}"})
    assert guarded(f"abc {SECRET}") == "abc ${B}"
    assert "Zq8" not in shortened(f"said {SECRET}", 8)


def test_an_address_from_the_environment_hides_its_password_however_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config/engine.yaml").write_text("database: ${DB}\n")
    reading = Reading(tmp_path, {"DB": "postgresql://f:p%40ss%2Fw0rd-7@db/f"})
    assert load_engine(reading).database.endswith("@db/f")
    assert guarded("p%40ss%2Fw0rd-7 is p@ss/w0rd-7") == "${DB} is ${DB}"
