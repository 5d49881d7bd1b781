"""What `provider:` of the console may say: nothing that lets anybody in whom nobody named."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from engine import app
from engine.cycle.config.provider import Provider, safe
from engine.errors import ConfigError
from tests.story import county

GIVEN = {"title": "County ID", "issuer": "https://id.example", "client": "forewarn", "secret": "x"}
GRANT = {"claim": "groups", "value": "desk", "roles": ["viewer"], "area": ""}


@pytest.mark.parametrize(
    "url",
    ["http://id.example", "https://", "ftp://127.0.0.1", "https://user:pw@id.example", "https://id.example/#x",
     "http://127.0.0.1.evil.example", "http://10.0.0.1", "id.example", ""],
)  # fmt: skip
def test_nothing_is_asked_in_the_clear_but_on_this_machine(url: str):
    with pytest.raises(ValueError):
        safe(url)


@pytest.mark.parametrize(
    "url", ["https://id.example/a", "http://127.0.0.1:8080", "http://[::1]/x", "http://localhost"]
)
def test_what_is_safe(url: str):
    assert safe(url) == url


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"grants": [GRANT | {"roles": ["administrator"]}]}, "an account of their own"),
        ({"grants": [GRANT | {"roles": []}]}, "at least 1"),
        ({"grants": [{key: value for key, value in GRANT.items() if key != "area"}]}, "area"),
        ({"scopes": ["profile"]}, "without the scope openid"),
        ({"secret": ""}, "at least 1"),
        ({"anybody": True}, "Extra inputs"),
    ],
)
def test_what_lets_nobody_in_whom_nobody_named(said: dict[str, object], why: str):
    with pytest.raises(ValidationError, match=why):
        Provider(**(GIVEN | said))


ASKED = """
console:
  provider:
    title: {en: County ID, zh: 统一认证}
    issuer: https://id.example
    client: forewarn
    secret: ${COUNTY_ID}
    grants: [{claim: groups, value: desk, roles: [duty-officer], area: %s, receivers: [%s]}]
"""


def test_a_grant_of_what_is_not_there_is_a_mistake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COUNTY_ID", "known to two")
    root = county.build(tmp_path)
    (root / "config/engine.yaml").write_text(ASKED % ("T1", ""), encoding="utf-8")
    found = app.settings(root).engine.console
    assert found is not None and found.provider is not None
    assert found.provider.secret.get_secret_value() == "known to two" and "known to two" not in repr(found)
    (root / "config/engine.yaml").write_text(ASKED % ("T9", "nobody"), encoding="utf-8")
    with pytest.raises(ConfigError) as told:
        app.settings(root)
    assert "unknown area 'T9'" in str(told.value) and "unknown receiver 'nobody'" in str(told.value)
