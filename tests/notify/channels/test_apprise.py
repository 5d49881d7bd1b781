"""Apprise against a real HTTP server, by its plainest service."""

from __future__ import annotations

import gzip
import json
import socket
import tracemalloc
from http.server import BaseHTTPRequestHandler
from threading import Thread
from types import SimpleNamespace

import pytest
from pydantic import ValidationError
from requests import Session

from engine.errors import DeliveryError
from engine.notify.channels import apprise
from engine.notify.channels.apprise import Options, send

WECOM = "wecombot://abcdefghij0123456789"


def options(url: str, **given: object) -> Options:
    return Options.model_validate({"secret_url": url, **given})


def at(hook: SimpleNamespace, path: str = "hook") -> str:
    return f"json://user:s3cret-enough@127.0.0.1:{hook.port}/{path}"


def test_the_text_arrives(hook: SimpleNamespace, make: SimpleNamespace) -> None:
    note = make.notification()
    send(options(at(hook)), note, make.at)
    ((_, body),) = hook.requests
    told = json.loads(body)
    assert (told["message"].strip(), told["title"], told["attachments"]) == (note.body.strip(), "", [])


@pytest.mark.parametrize(("status", "permanent"), [(404, True), (401, True), (429, False), (503, False)])
def test_what_it_answers_decides_whether_it_is_tried_again(
    hook: SimpleNamespace, make: SimpleNamespace, status: int, permanent: bool
) -> None:
    hook.answers.append((status, {}))
    with pytest.raises(DeliveryError, match=f"answered {status}") as raised:
        send(options(at(hook)), make.notification(), make.at)
    assert raised.value.permanent is permanent and "s3cret" not in str(raised.value)


def test_a_redirect_is_not_followed(hook: SimpleNamespace, make: SimpleNamespace) -> None:
    hook.answers.append((307, {"Location": f"http://127.0.0.1:{hook.port}/elsewhere"}))
    with pytest.raises(DeliveryError, match="redirects") as raised:
        send(options(at(hook)), make.notification(), make.at)
    assert raised.value.permanent and len(hook.requests) == 1


def test_no_more_of_an_answer_is_unpacked_than_says_whether_it_was_taken(
    hook: SimpleNamespace, make: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = gzip.compress(bytes(30_000_000))
    answers = []
    monkeypatch.setattr(hook.server.RequestHandlerClass, "end_headers", lambda own: _end(own, packed))
    monkeypatch.setattr(
        "requests.sessions.Session.send",
        lambda self, *args, _send=Session.send, **more: (
            answers.append(_send(self, *args, **more)) or answers[-1]
        ),
    )
    hook.answers.append((200, {"Content-Encoding": "gzip", "Content-Length": str(len(packed))}))
    tracemalloc.start()
    send(options(at(hook)), make.notification(), make.at)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [len(answer.content) for answer in answers] == [65_536] and most < 20_000_000


def _end(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    handler._headers_buffer.append(b"\r\n")
    handler.flush_headers()
    handler.wfile.write(body)


def test_a_time_out_leaves_it_unknown(hook: SimpleNamespace, make: SimpleNamespace) -> None:
    hook.go_on.clear()
    with pytest.raises(DeliveryError, match="did not answer in time") as raised:
        send(options(at(hook), timeout="1s"), make.notification(), make.at)
    assert raised.value.unknown and not raised.value.permanent and len(hook.requests) == 1


def test_whoever_breaks_off_may_have_taken_it(make: SimpleNamespace) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def take() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1 << 16)

        Thread(target=take, daemon=True).start()
        url = f"json://127.0.0.1:{server.getsockname()[1]}/hook"
        with pytest.raises(DeliveryError, match="broke off before it answered") as raised:
            send(options(url), make.notification(), make.at)
    assert raised.value.unknown and not raised.value.permanent


def test_nobody_there_is_known_not_to_have_taken_it(make: SimpleNamespace) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        with pytest.raises(DeliveryError, match="cannot be reached") as raised:
            send(options(f"json://127.0.0.1:{closed.getsockname()[1]}"), make.notification(), make.at)
    assert not raised.value.unknown and not raised.value.permanent


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense://x", "knows no such service"),
        ("tgram://", "knows no such service"),
        ("file:///etc/passwd", "knows no such service"),
        ("syslog://", "no service that is asked over HTTP"),
        ("dbus://", "."),
        ("mailto://user:pass@example.org", "no service that is asked over HTTP"),
    ],
)
def test_only_known_services_over_http_are_taken(url: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said) as raised:
        options(url)
    (error,) = raised.value.errors()
    assert "passwd" not in error["msg"] and "pass@" not in error["msg"]


def test_wecom_counts_bytes_and_the_link_stays() -> None:
    link = "https://warn.example.org/a/abc"
    text = "【红色预警】\n" + "某县入室盗窃激增。\n" * 200 + f"查看并答复：{link}\n"
    service = apprise._service(options(WECOM))
    short = apprise.shortened(text, options(WECOM), service, link)
    assert len(short.encode()) <= 2048 < len(text.encode()) and link in short
    assert len(apprise.shortened(text, options(WECOM, bytes=300), service, link).encode()) <= 300
    assert len(apprise.shortened(text, options(WECOM, signs=70), service, "")) <= 70


@pytest.mark.parametrize("scheme", sorted(apprise.BYTES))
def test_the_services_that_count_bytes_are_there(scheme: str) -> None:
    from apprise.manager_plugins import NotificationManager

    assert scheme in NotificationManager().schemas()
