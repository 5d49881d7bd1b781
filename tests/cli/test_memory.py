"""What takes more memory than there is ends in a sentence."""

from __future__ import annotations

import click
import pytest

from engine import cli


def test_no_memory_is_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def exhausted(self: click.Group, *_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(click.Group, "main", exhausted)
    with pytest.raises(SystemExit) as ended:
        cli._call()
    assert ended.value.code == 3
    assert capfd.readouterr().err == "forewarn: this takes more memory than there is; give it less at once\n"
