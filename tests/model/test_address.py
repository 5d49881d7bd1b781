"""What of an address everybody may see, and which parts of it are secret."""

from __future__ import annotations

import pytest

from engine.model.address import is_secret, secrets, shown, torn


@pytest.mark.parametrize(("url", "expected"), [
    ("https://me:pass@Example.org:8443/feed?token=abc#x", "https://example.org:8443/feed"),
    ("postgresql://f:s3cret@db.example/forewarn", "postgresql://db.example/forewarn"),
    ("postgresql+psycopg://f:s3@cret@db.example/f", "postgresql+psycopg://(not shown)"),
    ("postgresql://f:s3/cret@db.example/f", "postgresql://(not shown)"),
    ("postgresql://f:s3#cret@db.example/f", "postgresql://(not shown)"),
    ("postgresql://f:s3?cret@db.example/f", "postgresql://(not shown)"),
    ("postgresql:///f?host=/run/postgresql&password=s3cret", "postgresql:///f"),
    ("postgresql://f@/f?host=/tmp", "postgresql:///f"),
    ("sqlite:////srv/fore@warn/forewarn.db", "sqlite:////srv/fore@warn/forewarn.db"),
    ("https://hooks.slack.com/services/T0/B0/s3cret", "https://hooks.slack.com/(not shown)"),
    ("http://[::1]:8080/a", "http://[::1]:8080/a"),
    ("https://h:po/rt@x", "https://(not shown)"),
    ("s3cret", "(no address)"),
    ("", "(no address)"),
])  # fmt: skip
def test_what_is_shown_of_an_address_holds_no_secret(url: str, expected: str) -> None:
    assert shown(url) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("https://example.org/a?b=c", []),
    ("https://example.org:8443/@user/feed", []),
    ("https://me:pass@example.org/", ["pass"]),
    ("https://t0ken@example.org/", ["t0ken"]),
    ("postgresql://forewarn@db/f", [""]),
    ("postgresql://f:p/w@db/f", ["p/w"]),
    ("https://me:p#w@db/f", ["p#w"]),
    ("https://x.example/?api_key=k1&page=2&pageToken=7&access_token=k2&sig=k3#z", ["k1", "k2", "k3"]),
    ("https://open.feishu.cn/open-apis/bot/v2/hook/k1", ["k1"]),
    ("see http://a:k1@x/ and <http://x/?key=k2>", ["k1", "k2"]),
])  # fmt: skip
def test_the_secret_parts_of_addresses_are_found(text: str, expected: list[str]) -> None:
    assert list(secrets(text)) == expected


@pytest.mark.parametrize(("name", "anywhere", "asked"), [
    ("password", True, True), ("Authorization", True, True), ("X-Api-Key", True, True),
    ("client_secret", True, True), ("botToken", True, True), ("Cookie", True, True),
    ("key", False, True), ("Ocp-Apim-Subscription-Key", True, True), ("sig", False, True),
    ("next_page_token", False, False), ("password_file", False, False), ("path", False, False),
    ("User-Agent", False, False), ("Accept", False, False), ("delimiter", False, False),
])  # fmt: skip
def test_secrets_are_told_by_their_names(name: str, anywhere: bool, asked: bool) -> None:
    assert (is_secret(name), is_secret(name, asked=True)) == (anywhere, asked)


@pytest.mark.parametrize("sign", "@/?#")
def test_a_password_that_moves_the_parts_is_told(sign: str) -> None:
    assert torn(f"postgresql://f:s3{sign}cret@db/f")
    assert not torn("postgresql://f:s3%40cret@db/f")
