"""Sources that push: taken once, committed before they are told so, judged and delivered without a tick."""

from __future__ import annotations

import gzip
import json
import os
import signal
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from engine.cycle import intake, why
from engine.cycle.loops import intake as loops_intake
from engine.cycle.loops.service import Loops
from engine.model.grade import Grade
from engine.store import health, incidents, judgement, rejects, runs
from tests.story import county, pushing
from tests.story.conftest import wait_for
from tests.story.pushing import source

AT = county.END.isoformat()

CAP = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>A{number}</identifier><sender>alerts@province.example</sender>
  <sent>2026-03-11T08:59:00+00:00</sent>
  <status>Actual</status><msgType>{kind}</msgType><scope>Public</scope>{references}
  <info><language>en</language><category>Safety</category><event>Explosion</event><urgency>Immediate</urgency>
  <severity>Severe</severity><certainty>Observed</certainty></info>
</alert>"""


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Loops, str]]:
    with pushing.service(pushing.build(tmp_path_factory.mktemp("county"))) as found:
        yield found


def record(id_: str, town: str = "T1", kind: str = "explosion", **more: object) -> dict[str, object]:
    return {"id": id_, "at": AT, "town": town, "kind": kind, **more}


def told(loops: Loops, town: str) -> list[dict[str, Any]]:
    """What the duty centre has heard of a town."""
    root = loops.world.settings.root
    path = root / "data" / "outbox" / "duty.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    found = [json.loads(line) for line in lines]
    return [one for one in found if one.get("warning", {}).get("area") == town]


def account(answer: httpx.Response, **counts: int) -> None:
    assert answer.status_code == 202, answer.text
    found = {name: many for name, many in answer.json()["account"].items() if many}
    assert found == ({"read": sum(counts.values()), **counts} if counts else {})


def test_what_is_pushed_is_judged_and_delivered_without_a_tick_and_only_once(room: tuple[Loops, str]):
    loops, address = room
    with source(loops.world, address) as control:
        account(control.post("/v1/incidents", json=record("one")), new=1)
        wait_for(lambda: told(loops, "T1") != [])
        account(control.post("/v1/incidents", json=record("one")), unchanged=1)
        account(control.post("/v1/incidents", json=[record("one"), record("one")]), unchanged=1, repeated=1)
        # Whatever has been judged since, another of the same town raises it, in the same second or not.
        account(control.post("/v1/incidents", json=record("two")), new=1)
        wait_for(lambda: len(told(loops, "T1")) == 2)
    assert [one["warning"]["grade"] for one in told(loops, "T1")] == ["yellow", "orange"]
    assert len({one["key"] for one in told(loops, "T1")}) == 2


def test_what_comes_in_the_rest_of_a_second_is_looked_at_again_and_told_as_it_was(tmp_path: Path):
    root = pushing.build(tmp_path / "county")
    with pushing.service(root) as (loops, address), source(loops.world, address, "stamped") as control:
        for number, grade in enumerate((Grade.YELLOW, Grade.ORANGE)):
            account(control.post("/v1/incidents", json=record(f"s{number}", known=AT)), new=1)
            wait_for(lambda grade=grade: [one.grade for one in _open(loops)] == [grade])
        wait_for(lambda: len(told(loops, "T1")) == 2)
        with loops.world.store.read() as tx:
            (run,) = [one for one in runs.listing(tx) if one.cycle == "immediate"]
            keys = [change.by for change in judgement.changes(tx)]
            seen = [runs.seq_of(tx, "immediate", key.partition("/")[2]) for key in keys]
        assert keys == [f"immediate/{run.period}", f"immediate/{run.period}~1"]
        assert seen[0] < seen[1], "each look can be told as it was"
        assert run.changes == 2
        loops.judge()
        assert len(told(loops, "T1")) == 2, "the tick has nothing left to judge"
        assert "s1" in str(why.warning(loops.world, _open(loops)[0].id))


def _open(loops: Loops) -> list[Any]:
    with loops.world.store.read() as tx:
        return judgement.warnings(tx, open_only=True)


def test_a_cap_alert_and_its_cancel(room: tuple[Loops, str]):
    loops, address = room
    with source(loops.world, address, "alerts") as province:
        province.headers["content-type"] = "application/cap+xml"
        alert = CAP.format(number=1, kind="Alert", references="")
        account(province.post("/v1/incidents", content=alert), new=1)
        wait_for(lambda: told(loops, "T2") != [])
        account(province.post("/v1/incidents", content=alert), unchanged=1)
        of = "<references>alerts@province.example,A1,2026-03-11T08:59:00+00:00</references>"
        account(province.post("/v1/incidents", content=CAP.format(number=2, kind="Cancel", references=of)),
                revised=1)  # fmt: skip
        test = CAP.format(number=3, kind="Alert", references="").replace("Actual", "Exercise")
        account(province.post("/v1/incidents", content=test), skipped=1)


def test_the_webhook_of_an_alertmanager(room: tuple[Loops, str]):
    """As its documentation has it: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config"""
    loops, address = room
    alert = {
        "status": "firing", "labels": {"alertname": "PumpBlown", "town": "T3", "severity": "critical"},
        "annotations": {"summary": "A pump is gone"}, "startsAt": AT, "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "http://monitor.example/graph", "fingerprint": "c0ffee",
    }  # fmt: skip
    group = {"version": "4", "groupKey": "{}:{}", "truncatedAlerts": 0, "status": "firing",
             "receiver": "forewarn", "groupLabels": {}, "commonLabels": {}, "commonAnnotations": {},
             "externalURL": "http://monitor.example"}  # fmt: skip
    over = {**alert, "status": "resolved", "endsAt": (county.END + timedelta(seconds=1)).isoformat()}
    with source(loops.world, address, "monitor") as monitor:
        account(monitor.post("/v1/incidents", json={**group, "alerts": [alert]}), new=1)
        wait_for(lambda: told(loops, "T3") != [])
        account(monitor.post("/v1/incidents", json={**group, "alerts": [over]}), revised=1)


@pytest.mark.parametrize(("content", "kind", "status", "said"), [
    (b"{", "application/json", 422, "ends early"),
    (b"[" * 40 + b"]" * 40, "application/json", 422, "more than 32 deep"),
    (b"[1" + b",1" * 10_000 + b"]", "application/json", 422, "10001 records where 10000 may be"),
    (b" " * (2 << 20), "application/json", 413, "1 MB at once"),
    (b"id=1", "application/x-www-form-urlencoded", 415, "application/cap+xml"),
    (b"<rss/>", "application/xml", 422, "is no CAP alert"),
    (b"<!DOCTYPE a [<!ENTITY b 'c'>]><alert>&b;</alert>", "application/xml", 422, ""),
    (b'{"name": "x", "ethnicity": "y", "id": 1}', "application/json", 422, "refused"),
])  # fmt: skip
def test_what_cannot_be_taken_is_refused_with_a_sentence(
    room: tuple[Loops, str], content: bytes, kind: str, status: int, said: str
):
    loops, address = room
    with source(loops.world, address) as control:
        before = _stored(loops)
        answer = control.post("/v1/incidents", content=content, headers={"content-type": kind})
    assert answer.status_code == status and said in answer.json()["detail"]
    assert answer.headers["content-type"] == "application/problem+json"
    assert _stored(loops) == before


def test_what_is_packed_or_without_a_token_is_told_so(room: tuple[Loops, str]):
    loops, address = room
    with source(loops.world, address) as control:
        packed = control.post(
            "/v1/incidents", content=gzip.compress(b"[]"), headers={"content-encoding": "gzip"}
        )
        assert packed.status_code == 415 and "bring it as it is" in packed.json()["detail"]
        del control.headers["authorization"]
        for origin in ({}, {"origin": "https://elsewhere.example"}):
            nobody = control.post("/v1/incidents", json=[], headers=origin)
            assert nobody.status_code == 401 and "Bearer" in nobody.json()["detail"]


def test_whoever_hangs_up_before_the_answer_has_brought_it_once_or_not_at_all(room: tuple[Loops, str]):
    loops, address = room
    with source(loops.world, address) as control:
        before = _stored(loops)
        _brought_and_hung_up(control, address, json.dumps(record("gone", "T3", "burglary")).encode())
        again = control.post("/v1/incidents", json=record("gone", "T3", "burglary")).json()["account"]
        assert again["new"] + again["unchanged"] == 1
        _brought_and_hung_up(control, address, b'{"id": "half"', missing=9)
        account(control.post("/v1/incidents", json=record("next", "T3", "burglary")), new=1)
    assert _stored(loops) == before + 2


def _brought_and_hung_up(control: httpx.Client, address: str, body: bytes, missing: int = 0) -> None:
    head = control.build_request("POST", "/v1/incidents", content=body + b" " * missing).headers
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    url = httpx.URL(address)
    with socket.create_connection((url.host, url.port)) as connection:
        connection.sendall(f"POST /v1/incidents HTTP/1.1\r\n{lines}\r\n".encode() + body)


def _stored(loops: Loops) -> int:
    with loops.world.store.read() as tx:
        return incidents.count(tx)


def test_what_cannot_be_read_is_kept_masked_and_named_and_the_rest_is_taken(room: tuple[Loops, str]):
    loops, address = room
    with source(loops.world, address) as control:
        answer = control.post("/v1/incidents", json=[
            record("good", kind="burglary"), record("bad", kind="13912345678"), 7,
        ])  # fmt: skip
    account(answer, new=1, rejected=2)
    assert [one["place"] for one in answer.json()["rejects"]] == ["record 2", "record 3"]
    with loops.world.store.read() as tx:
        kept = rejects.listing(tx, feed="room")
    assert {one.reject.place for one in kept} == {"record 2", "record 3"}
    assert "13912345678" not in answer.text + str(kept)


def test_a_token_opens_one_feed_and_nothing_else(room: tuple[Loops, str]):
    loops, address = room
    with source(loops.world, address) as control:
        for path in ("/v1/warnings", "/metrics", "/", "/v1/openapi.json"):
            absent = control.get(path)
            assert absent.status_code == 404
            assert absent.headers["content-type"] == "application/problem+json", "no page of the console"
        assert control.post("/v1/acts", json={}).status_code == 404
        control.headers["authorization"] = "Bearer fw_nobody"
        assert control.post("/v1/incidents", json=[]).status_code == 401


def test_a_sign_of_life_is_enough_and_silence_is_told(tmp_path: Path):
    with pushing.service(pushing.build(tmp_path / "county")) as (loops, address):
        with source(loops.world, address) as control:
            account(control.post("/v1/incidents", json=[]))
            account(control.post("/v1/incidents", json=[record("one", kind="burglary")]), new=1)
        with loops.world.store.read() as tx:
            heard, counted = health.last(tx), health.accounts(tx)["room"]
        assert heard["room"].ok and "alerts" not in heard
        assert (counted.read, counted.new) == (1, 1), "what comes within a minute is one poll"
        loops.poll()
        assert "room" not in {one for one in heard if not heard[one].ok}, "nobody asks it"


def test_killed_in_mid_push_nothing_is_told_as_taken_and_the_same_again_is_taken_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(loops_intake, "_take", _die)
    root = pushing.build(tmp_path / "county")
    with pushing.service(root) as (loops, address), source(loops.world, address) as control:
        answer = control.post("/v1/incidents", json=record("one"))
        assert answer.status_code == 503 and "bring it again" in answer.json()["detail"]
        assert _stored(loops) == 0
        monkeypatch.undo()
        account(control.post("/v1/incidents", json=record("one")), new=1)
        wait_for(lambda: len(told(loops, "T1")) == 1)
        account(control.post("/v1/incidents", json=record("one")), unchanged=1)


def _die(world: Any, posts: Any) -> None:
    """Take it in, and be killed before it is committed."""
    with world.store.begin() as tx:
        incidents.count(tx)
        assert intake._read(world, posts[0], world.clock())
        os.kill(os.getpid(), signal.SIGKILL)


def test_an_alert_is_the_first_that_anybody_brings(tmp_path: Path):
    root = pushing.build(tmp_path / "county")
    with pushing.service(root) as (loops, address), source(loops.world, address, "alerts") as province:
        province.headers["content-type"] = "application/cap+xml"
        alert = CAP.format(number=1, kind="Alert", references="")
        account(province.post("/v1/incidents", content=alert), new=1)
