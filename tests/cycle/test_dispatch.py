"""Messages leave side by side by channel, each with the moment of its own attempt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Barrier, Thread

import pytest

from engine import app
from engine.cycle import dispatch
from engine.cycle import run as running
from engine.judge import Conclusion
from engine.model.grade import Confidence, Domain, Grade
from engine.model.warning import Change, RiskWarning, Step
from engine.notify.notice import Notice, Trouble
from engine.store import judgement, outbox
from tests.story import county

LONGEST = 60


class Receivers(ThreadingHTTPServer):
    """Two receivers that only answer once both were asked; keeps (path, name of the trouble, timestamp)."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Take)
        self.both = Barrier(2)
        self.taken: list[tuple[str, str, int]] = []


class _Take(BaseHTTPRequestHandler):
    server: Receivers

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.both.wait(LONGEST)
        name = "first" if '"name":"first"' in body else "second"
        self.server.taken.append((self.path, name, int(self.headers["Forewarn-Timestamp"])))
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def receivers() -> Iterator[Receivers]:
    with Receivers() as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_receiver_that_answers_slowly_keeps_no_other_waiting(
    tmp_path: Path, receivers: Receivers, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SECRET", "0123456789abcdef")
    root, at = county.build(tmp_path), f"http://127.0.0.1:{receivers.server_port}"
    (root / "config/routes.yaml").write_text("receivers:\n" + "".join(
        f"  - {{id: {name}, title: Operators, operator: true, channels: [{{kind: webhook, timeout: 50s,"
        f" url: '{at}/{name}', secret: '${{SECRET}}'}}]}}\n"
        for name in "ab"
    ))  # fmt: skip
    moments = iter(range(1, 1000))

    def clock() -> datetime:
        return county.END + timedelta(minutes=next(moments))

    with app.world(root, clock=clock) as world:
        running.prepare_ledger(world)
        with world.store.begin() as tx:
            for minute, name in enumerate(("first", "second")):
                at_ = county.END + timedelta(seconds=minute)
                dispatch.notify_operators(world, tx, Notice(Trouble.DOWN, name, "", at_))
        assert dispatch.deliver(world) == 4
    for path in ("/a", "/b"):
        assert [name for to, name, _ in receivers.taken if to == path] == ["first", "second"]
    stamps = [stamp for *_, stamp in receivers.taken]
    assert len(set(stamps)) == 4, "each attempt has its own moment"


def burglary(area: str, grade: Grade, lifted_at: datetime | None = None) -> RiskWarning:
    return RiskWarning(
        id=f"{area}.burglary", area=area, topic="burglary", domain=Domain.SAFETY, grade=grade, score=0.0,
        confidence=Confidence.HIGH, title_en="Burglary", since=county.FIRST, judged_at=county.FIRST,
        lifted_at=lifted_at,
    )  # fmt: skip


def test_who_was_spared_the_lesser_is_told_of_it_when_the_worse_has_ended(tmp_path: Path):
    root = county.build(tmp_path)
    routes = root / "config/routes.yaml"
    routes.write_text(routes.read_text() + "inhibit: true\n")

    def pushed(at: datetime, step: Step, of: RiskWarning, *others: RiskWarning) -> list[str]:
        grades = (Grade.NONE, of.grade) if step is Step.ISSUED else (of.grade, Grade.NONE)
        change = Change(
            warning=of.id, step=step, at=at, before=grades[0], after=grades[1], reason="", by=f"daily/{at:%d}"
        )
        run = Conclusion(warnings=(of, *others), changes=(change,))
        with world.store.begin() as tx:
            before = {one.key for one in outbox.listing(tx)}
            judgement.save_warnings(tx, run.warnings)
            judgement.add_changes(tx, None, run.changes)
            dispatch.enqueue(world, tx, run, at)
            return [one.key for one in outbox.listing(tx) if one.key not in before]

    day = timedelta(days=1)
    worse, lesser = burglary("C", Grade.RED), burglary("T1", Grade.YELLOW)
    with app.world(root) as world:
        running.prepare_ledger(world)
        assert pushed(county.FIRST, Step.ISSUED, worse) == ["C.burglary/daily/02/issued/duty/file"]
        assert pushed(county.FIRST + day, Step.ISSUED, lesser, worse) == []
        over = burglary("C", Grade.RED, lifted_at=county.FIRST + 2 * day)
        assert pushed(county.FIRST + 2 * day, Step.LIFTED, over, lesser) == [
            "C.burglary/daily/04/lifted/duty/file", "T1.burglary/daily/03/issued/duty/file",
        ]  # fmt: skip
        assert pushed(county.FIRST + 3 * day, Step.LIFTED, over, lesser)[1:] == [], "told once"
