"""The file channel on a real folder."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from pydantic import ValidationError

from engine.errors import DeliveryError
from engine.notify.channels.file import Options, send


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def test_a_line_for_each_message(tmp_path: Path, make: SimpleNamespace) -> None:
    options = Options(path=tmp_path / "new" / "duty.jsonl")
    notes = [make.notification(key=f"入室/{n}") for n in range(3)]
    for note in notes:
        send(options, note, make.at)
    assert lines(options.path) == [note.payload for note in notes]


def test_the_same_message_is_written_once(tmp_path: Path, make: SimpleNamespace) -> None:
    options = Options(path=tmp_path / "duty.jsonl")
    first, other = make.notification(key='a"b'), make.notification(key='a"b/longer')
    for note in (other, first, first, other):
        send(options, note, make.at)
    assert lines(options.path) == [other.payload, first.payload]


def test_half_a_line_of_a_killed_process_is_dropped(tmp_path: Path, make: SimpleNamespace) -> None:
    options = Options(path=tmp_path / "duty.jsonl")
    note, cut = make.notification(key="a"), make.notification(key="b")
    send(options, note, make.at)
    with options.path.open("a", encoding="utf-8") as file:
        file.write(cut.payload[:-3])
    send(options, cut, make.at)
    assert [json.loads(line)["key"] for line in lines(options.path)] == ["a", "b"]


def test_a_file_of_half_a_line_is_begun_anew(tmp_path: Path, make: SimpleNamespace) -> None:
    options = Options(path=tmp_path / "duty.jsonl")
    options.path.write_text('{"key":"a')
    send(options, make.notification(key="a"), make.at)
    assert [json.loads(line)["key"] for line in lines(options.path)] == ["a"]


def test_writers_at_once_lose_and_mix_nothing(tmp_path: Path, make: SimpleNamespace) -> None:
    options = Options(path=tmp_path / "duty.jsonl")
    keys = [str(number) for number in range(40)]

    def write() -> None:
        for key in keys:
            send(options, make.notification(key=key), make.at)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(json.loads(line)["key"] for line in lines(options.path)) == sorted(keys)


def test_a_file_for_each_message(tmp_path: Path, make: SimpleNamespace) -> None:
    options = Options(path=tmp_path / "out", form="files")
    for key in ("a", "b", "a"):
        send(options, make.notification(key=key), make.at)
    names = sorted(path.name for path in options.path.iterdir())
    assert len(names) == 2
    assert all(name.startswith("20260308T070000Z-") and name.endswith(".json") for name in names)
    assert {json.loads((options.path / name).read_text())["key"] for name in names} == {"a", "b"}


@pytest.mark.parametrize("form", ["lines", "files"])
def test_a_place_that_cannot_be_written_is_tried_again(
    tmp_path: Path, make: SimpleNamespace, form: str
) -> None:
    (tmp_path / "taken").write_text("")
    options = Options.model_validate({"path": tmp_path / "taken" / "x", "form": form})
    with pytest.raises(DeliveryError, match="cannot write") as raised:
        send(options, make.notification(), make.at)
    assert not raised.value.permanent


def test_options_are_strict() -> None:
    with pytest.raises(ValidationError):
        Options.model_validate({"path": "x", "form": "pages"})
