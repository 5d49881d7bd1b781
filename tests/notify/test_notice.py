"""Operators hear of the engine's own troubles, once, in their language; nobody else does."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from engine.model.message import Channel, Receiver
from engine.notify.notice import Notice, Trouble, notices

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
RECEIVERS = {
    "ops": Receiver(id="ops", title="Operators", operator=True, channels=(Channel(kind="file"),)),
    "zh": Receiver(id="zh", title="运维", language="zh", operator=True, channels=(Channel(kind="smtp"),)),
    "duty": Receiver(id="duty", title="Duty centre", channels=(Channel(kind="file"),)),
}


def test_only_operators_hear_and_the_same_trouble_has_the_same_key():
    notice = Notice(Trouble.MISSED, "daily 2026-03-01", "given up after 5 attempts", AT)
    told = notices(notice, RECEIVERS)
    assert [one.receiver for one in told] == ["ops", "zh"]
    assert told[0].subject == "Missed: daily 2026-03-01 not judged"
    assert told[1].subject.startswith("漏判：daily 2026-03-01")
    assert told == notices(notice, RECEIVERS) and len({one.key for one in told}) == 2


def test_what_happened_is_in_the_receivers_language_too():
    told = notices(Notice(Trouble.OVER, "daily 2026-03-01", "it is judged", AT), RECEIVERS)
    assert [one.body.strip().rpartition("\n")[2] for one in told] == ["it is judged", "已完成研判"]


def test_the_payload_is_json_with_the_trouble_and_what_to_do():
    down = Notice(Trouble.DOWN, "log", "HTTP 500 from the source", AT)
    (one,) = notices(down, {"ops": RECEIVERS["ops"]})
    told = json.loads(one.payload)
    assert (told["trouble"], told["name"]) == ("down", "log")
    assert (told["detail"], told["at"]) == ("HTTP 500 from the source", "2026-03-02T08:00:00Z")


def test_every_trouble_has_words_in_both_languages():
    for trouble in Trouble:
        subjects = {one.subject for one in notices(Notice(trouble, "x", "", AT), RECEIVERS)}
        assert len(subjects) == 2 and all("x" in subject for subject in subjects)
