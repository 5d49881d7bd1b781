"""An act and what follows from it are one: killed anywhere in between, nothing of it is there, and nothing is
lost or doubled when it is done again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from engine.cycle import acting, asking, dispatch
from engine.cycle import run as running
from engine.model.grade import Grade
from engine.store import acts, judgement, outbox
from tests.story.timeline import Story, story

DUTY = {"config/duty.yaml": "answers: {yellow: {within: 20m, remind: 5m}}\n"}


class Killed(BaseException):
    """The process is gone; nothing that follows runs."""


def dying(work: Callable[..., Any], after: bool) -> Callable[..., Any]:
    """The same work, in a process that dies before it or right after."""

    def died(*arguments: Any, **named: Any) -> Any:
        if after:
            work(*arguments, **named)
        raise Killed

    return died


def kept(told: Story) -> tuple[int, int, int]:
    """How many acts, changes and messages there are."""
    with told.world.store.read() as tx:
        return len(acts.every(tx)), len(judgement.changes(tx)), len(outbox.listing(tx, limit=1000))


POINTS = [
    (acts, "add"), (judgement, "save_warnings"), (judgement, "add_changes"), (dispatch, "enqueue"),
    (outbox, "enqueue"), (acting, "reconsider"),
]  # fmt: skip


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(("module", "name"), POINTS, ids=[f"{m.__name__}.{n}" for m, n in POINTS])
def test_killed_in_mid_act(
    module: Any, name: str, after: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with story(tmp_path, files=DUTY) as told:
        told.push("T1", "burglary", 2)
        told.at("2 08:00")
        before = kept(told)
        with monkeypatch.context() as patched:
            patched.setattr(module, name, dying(getattr(module, name), after))
            with pytest.raises(Killed):
                told.do("regrade", "chief", leader=True, grade=Grade.ORANGE)
        assert kept(told) == before, "nothing of it is there"
        told.do("regrade", "chief", leader=True, grade=Grade.ORANGE)
        told.at("2 08:01")
        told.want(centre="issued yellow T1, upgraded orange T1")


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(
    "point", [(asking, "due"), (outbox, "enqueue"), (dispatch, "send"), (outbox, "settle")],
    ids=["due", "enqueue", "send", "settle"],
)  # fmt: skip
def test_killed_in_mid_reminder(
    point: tuple[Any, str], after: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with story(tmp_path, files=DUTY) as told:
        told.push("T1", "burglary", 2)
        told.at("2 08:00")
        told.want(centre="issued yellow T1")
        told.at("2 08:06", tick=False)
        with monkeypatch.context() as patched, suppress(Killed):
            patched.setattr(*point, dying(getattr(*point), after))
            running.tick(told.world)
        told.at("2 08:09")
        keys = [one["key"] for one in told.post.got["centre"]]
        assert len(set(keys)) == 2, "told once, or again with the key that the receiver knows"


def test_the_same_act_by_two_services_is_one(tmp_path: Path) -> None:
    with story(tmp_path) as told:
        told.push("T1", "burglary", 2)
        told.at("2 08:00")
        done = told.do("comment", "anna", reason="seen")
        with told.world.store.begin() as tx:
            assert acts.add(tx, [done.act]) == 0
        assert kept(told)[0] == 1
