"""A sign of life: the status of what answers says it all."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from engine.errors import DeliveryError
from engine.notify import sign
from tests.notify.channels.conftest import hook  # noqa: F401


def switch(hook: SimpleNamespace) -> sign.DeadMan:  # noqa: F811
    return sign.DeadMan.model_validate({"url": hook.url, "timeout": "9s"})


def test_the_body_of_an_answer_is_not_waited_for(hook: SimpleNamespace) -> None:  # noqa: F811
    hook.length = 1_000_000_000  # of which nothing comes
    sign.give(switch(hook))
    assert len(hook.requests) == 1


def test_what_does_not_arrive_is_told(hook: SimpleNamespace) -> None:  # noqa: F811
    hook.answers.append((503, {}))
    with pytest.raises(DeliveryError, match=r"127\.0\.0\.1 answered 503"):
        sign.give(switch(hook))
