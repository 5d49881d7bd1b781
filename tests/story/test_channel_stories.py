"""Stories over other channels: a broker that goes and comes back, a chat that never says that it took it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.model.grade import Grade
from engine.model.message import Delivery
from engine.store import outbox
from tests.story.broker import Broker, free_port
from tests.story.timeline import SECRET, Post, Story, story


def given(port: int) -> dict[str, str]:
    channel = f"{{kind: mqtt, host: 127.0.0.1, port: {port}, security: none, timeout: 30s}}"
    lamp = f"  - {{id: lamp, title: Lamp, channels: [{channel}]}}\n"
    return {"also": lamp, "routes": "  - {id: all, receivers: [lamp]}\n"}


def states(told: Story) -> set[str]:
    with told.world.store.read() as tx:
        return {one.state.value for one in outbox.listing(tx)}


def test_a_broker_that_was_away_for_two_hours_gets_every_message_once(tmp_path: Path) -> None:
    port = free_port()
    with story(tmp_path, **given(port)) as told:
        told.at("09:00")
        told.do("raise", "anna", on="T1.burglary", grade=Grade.YELLOW, leader=True)
        told.at("09:01")
        told.at("10:00")
        assert states(told) == {Delivery.RETRY}
        with Broker(port, tmp_path).open() as broker:
            told.at("11:02")
            told.at("12:00")
            told.do("lift", "chief", on="T1.burglary", leader=True)
            told.at("12:01")
            got = broker.heard(2)
        assert [topic for topic, _ in got] == ["forewarn/lamp/yellow", "forewarn/lamp/none"]
        assert [json.loads(content)["step"] for _, content in got] == ["issued", "lifted"]
        assert states(told) == {Delivery.DELIVERED}


CHAT = (
    "  - {id: chat, title: Chat, language: zh, channels:"
    " [{kind: apprise, secret_url: '${CHAT}', signs: 60, timeout: 1s}]}\n"
)


@pytest.fixture
def chat(monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    """A chat service on loopback, which Apprise speaks to."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Post().open() as post:
        monkeypatch.setenv("CHAT", f"json://127.0.0.1:{post.port}/chat")
        yield post


def test_a_chat_that_takes_it_and_is_silent_is_told_as_unknown_and_asked_again(
    tmp_path: Path, chat: Post
) -> None:
    with story(tmp_path, also=CHAT, routes="  - {id: all, receivers: [chat]}\n") as told:
        chat.silent.add("chat")
        told.at("09:00")
        told.do("raise", "anna", on="T1.burglary", grade=Grade.YELLOW, leader=True)
        told.at("09:01")
        with told.world.store.read() as tx:
            (one,) = outbox.listing(tx)
        assert (one.state, one.error) == (
            Delivery.RETRY, "JSON did not answer in time; unknown whether it was taken"
        )  # fmt: skip
        chat.silent.clear()
        told.at("09:05")
        assert states(told) == {Delivery.DELIVERED}
        assert [len(one["message"]) <= 60 for one in chat.got["chat"]] == [True, True]
        assert chat.got["chat"][0]["message"].startswith("【黄色预警】Easttown：Burglary")


def test_a_receiver_that_answers_late_gets_it_again_by_the_same_key_and_is_not_told_as_failed(
    tmp_path: Path,
) -> None:
    with Post().open() as post:
        late = f"{{kind: webhook, url: '{post.url('late')}', secret: '${{{SECRET}}}', timeout: 1s}}"
        also = f"  - {{id: late, title: Late, channels: [{late}]}}\n"
        with story(tmp_path, also=also, routes="  - {id: all, receivers: [late]}\n") as told:
            post.silent.add("late")
            told.at("09:00")
            told.do("raise", "anna", on="T1.burglary", grade=Grade.YELLOW, leader=True)
            told.at("09:01")
            with told.world.store.read() as tx:
                (one,) = outbox.listing(tx)
                (tried,) = outbox.receipts(tx, one.key)
            assert one.state is Delivery.RETRY and tried.detail.endswith("unknown whether it was taken")
            post.awake.set()  # the answer comes now, and nobody waits for it
            post.silent.clear()
            told.at("09:05")
            assert states(told) == {Delivery.DELIVERED}
        first, again = post.got["late"]
        assert first == again, "whoever knows the key has it once"


def test_a_chat_that_is_down_stops_nobody_else(tmp_path: Path, chat: Post) -> None:
    with story(tmp_path, also=CHAT, routes="  - {id: all, receivers: [centre, chat]}\n") as told:
        chat.down.add("chat")
        told.at("09:00")
        told.do("raise", "anna", on="T1.burglary", grade=Grade.YELLOW, leader=True)
        told.at("09:01")
        told.want(centre="issued yellow T1")
        assert states(told) == {Delivery.DELIVERED, Delivery.RETRY}
