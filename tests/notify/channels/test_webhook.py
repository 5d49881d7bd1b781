"""The webhook against a real HTTP server."""

from __future__ import annotations

import hashlib
import hmac
import socket
from datetime import timedelta
from types import SimpleNamespace

import pytest
from pydantic import ValidationError

from engine.errors import DeliveryError
from engine.notify.channels import webhook
from engine.notify.channels.webhook import Options, send

SECRET = "0123456789abcdef"


def options(url: str, **given: object) -> Options:
    return Options.model_validate({"url": url, "secret": SECRET, "timeout": "10m", **given})


def test_the_payload_arrives_signed(hook: SimpleNamespace, make: SimpleNamespace) -> None:
    note = make.notification()
    send(options(hook.url), note, make.at)
    ((headers, body),) = hook.requests
    assert body == note.payload.encode()
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    stamp = str(int(make.at.timestamp()))
    assert headers["Forewarn-Timestamp"] == stamp
    digest = hmac.new(SECRET.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert headers["Forewarn-Signature"] == f"v1={digest}"


def test_the_signature_matches_a_published_example() -> None:
    """Computed by `openssl dgst -sha256 -hmac`; docs/notifications.md shows it to receivers."""
    assert webhook.signature("it's a secret!!!", "1772953200", b'{"key":"x"}') == (
        "v1=70128abe545ec17e98b11fbfc584141021e6efef3a90810674adbaef9ae0a2fe"
    )


def test_the_same_message_has_the_same_idempotency_key(
    hook: SimpleNamespace, make: SimpleNamespace
) -> None:
    for key in ("a", "a", "b"):
        send(options(hook.url), make.notification(key=f"{key}/入室"), make.at)
    first, again, other = (headers["Idempotency-Key"] for headers, _ in hook.requests)
    assert first == again != other
    assert first.isascii() and first.isalnum()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 422])
def test_a_refusal_is_permanent(hook: SimpleNamespace, make: SimpleNamespace, status: int) -> None:
    hook.answers.append((status, {}))
    with pytest.raises(DeliveryError, match=f"127.0.0.1 answered {status}") as raised:
        send(options(hook.url), make.notification(), make.at)
    assert raised.value.permanent


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_what_passes_is_tried_again(hook: SimpleNamespace, make: SimpleNamespace, status: int) -> None:
    hook.answers.append((status, {}))
    with pytest.raises(DeliveryError) as raised:
        send(options(hook.url), make.notification(), make.at)
    assert (raised.value.permanent, raised.value.retry_after) == (False, None)


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("Sun, 08 Mar 2026 07:01:00 GMT", timedelta(minutes=1)),
        ("Sun, 08 Mar 2026 07:01:00 -0000", timedelta(minutes=1)),
        ("Sun, 08 Mar 2020 07:01:00 GMT", timedelta(0)),
        ("soon", None),
        ("-1", None),
    ],
)
def test_the_server_may_say_when(
    hook: SimpleNamespace, make: SimpleNamespace, value: str, wait: timedelta | None
) -> None:
    hook.answers.append((503, {"Retry-After": value}))
    with pytest.raises(DeliveryError) as raised:
        send(options(hook.url), make.notification(), make.at)
    assert raised.value.retry_after == wait


def test_a_redirect_is_not_followed(hook: SimpleNamespace, make: SimpleNamespace) -> None:
    hook.answers.append((302, {"Location": f"{hook.url}/elsewhere"}))
    with pytest.raises(DeliveryError, match="put the address it redirects to") as raised:
        send(options(hook.url), make.notification(), make.at)
    assert raised.value.permanent
    assert len(hook.requests) == 1


def test_only_a_named_proxy_is_posted_over(
    hook: SimpleNamespace, make: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    send(options(hook.url), make.notification(), make.at)
    send(options("http://duty.example/hook", proxy=hook.url), make.notification(), make.at)
    assert [headers["Host"] for headers, _ in hook.requests][1] == "duty.example"


def test_a_slow_server_times_out(hook: SimpleNamespace, make: SimpleNamespace) -> None:
    hook.go_on.clear()
    with pytest.raises(DeliveryError, match="did not answer") as raised:
        send(options(hook.url, timeout=timedelta(seconds=0.2)), make.notification(), make.at)
    assert not raised.value.permanent and raised.value.unknown


def test_the_answers_body_is_not_waited_for(hook: SimpleNamespace, make: SimpleNamespace) -> None:
    hook.answers.append((200, {}))
    hook.length = 10**12
    send(options(hook.url), make.notification(), make.at)
    assert len(hook.requests) == 1


def test_nobody_listening_is_tried_again(make: SimpleNamespace) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/?token=t0p"
        with pytest.raises(DeliveryError) as raised:
            send(options(url), make.notification(), make.at)
    assert not raised.value.permanent
    assert "t0p" not in str(raised.value)


def test_tls_with_a_certificate_of_ones_own(
    hook: SimpleNamespace, make: SimpleNamespace, certificate: SimpleNamespace
) -> None:
    hook.server.socket = certificate.context.wrap_socket(hook.server.socket, server_side=True)
    url = f"https://localhost:{hook.port}/hook"
    send(options(url, ca=certificate.ca), make.notification(), make.at)
    assert len(hook.requests) == 1
    with pytest.raises(DeliveryError, match="CERTIFICATE_VERIFY_FAILED"):
        send(options(url), make.notification(), make.at)


def test_a_missing_certificate_file_is_tried_again(make: SimpleNamespace) -> None:
    with pytest.raises(DeliveryError, match="/nowhere") as raised:
        send(options("https://localhost:1/", ca="/nowhere/ca.crt"), make.notification(), make.at)
    assert not raised.value.permanent


@pytest.mark.parametrize(
    "wrong",
    [{"url": "ftp://example.org"}, {"secret": "short"}, {"timeout": "0s"}, {"timeout": "soon"}, {"extra": 1}],
)
def test_options_are_strict(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        options("http://example.org", **wrong) if "url" not in wrong else options(**wrong)  # type: ignore[arg-type]


def test_options_do_not_show_the_secret() -> None:
    assert SECRET not in repr(options("http://example.org"))
