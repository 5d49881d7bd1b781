"""`rules check --fix`: every certain mend in the files, round by round."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from engine.model.problem import Problem
from engine.rulebook.language.edit import Edit, mended
from engine.rulebook.load import Loaded

#: One mend may bring to light what a broken key hid; a handful of rounds finds the last of them.
_ROUNDS = 10


def mend(looked: Callable[[], Loaded]) -> Iterator[Edit]:
    """Make every certain mend in the files that `looked` tells problems of, round by round, until none is
    left."""
    for _ in range(_ROUNDS):
        files = _by_file(looked().problems)
        edits = [edit for path, problems in files for edit in _write(path, problems)]
        yield from edits
        if not edits:
            return


def _by_file(problems: Iterable[Problem]) -> Iterator[tuple[Path, list[Problem]]]:
    files: dict[str, list[Problem]] = {}
    for problem in problems:
        files.setdefault(problem.path, []).append(problem)
    return ((Path(path), found) for path, found in files.items())


def _write(path: Path, problems: list[Problem]) -> tuple[Edit, ...]:
    if not any(problem.right for problem in problems):
        return ()
    # Bytes, because reading as text would turn the file's own line ends into others.
    text, edits = mended(path.read_bytes().decode("utf-8"), problems)
    if edits:
        path.write_bytes(text.encode("utf-8"))
    return edits
