"""docs/workshop.md: every command in it is run on the bundled data, in order, and its output compared.

In a `console` block a line that begins with `$ ` is a command and what follows is its output; a line
`...` stands for any lines. A `yaml` block that names a file is written there. After a change that is
meant, `python -m tests.story.test_workshop ROOT` writes the outputs anew (ROOT: a copy of an ingested
root).
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.story.conftest import PATIENCE

PAGE = Path(__file__).parents[2] / "docs" / "workshop.md"
ELLIPSIS = "..."


@dataclass
class Block:
    """One fenced block: its language, the file it names, and its lines' place in the page."""

    language: str
    file: str
    first: int
    lines: list[str]

    def commands(self) -> Iterator[tuple[str, list[str], int]]:
        """(command, expected output, line of the page)."""
        starts = [at for at, line in enumerate(self.lines) if line.startswith("$ ")]
        assert starts[:1] == [0], f"docs/workshop.md:{self.first}: a console block begins with a command"
        for at, end in zip(starts, [*starts[1:], len(self.lines)], strict=True):
            yield self.lines[at][2:], self.lines[at + 1 : end], self.first + at


def blocks(text: str) -> list[Block]:
    found: list[Block] = []
    inside = False
    for number, line in enumerate(text.splitlines(), start=1):
        fence = re.fullmatch(r"```(\w*)(?: (\S+))?", line)
        if fence and not inside:
            found.append(Block(fence[1], fence[2] or "", number + 1, []))
        elif not fence and inside:
            found[-1].lines.append(line)
        inside = inside != bool(fence)
    return found


def run(command: str, root: Path) -> list[str]:
    """What the command says, both streams, as an analyst in the root folder sees it."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", command], cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        timeout=PATIENCE, check=False, env={**os.environ, "PATH": path, "PYTHONPATH": str(PAGE.parents[1])},
    )  # fmt: skip
    return [line.rstrip() for line in done.stdout.rstrip("\n").splitlines()]


def follow(root: Path) -> Iterator[tuple[int, str, list[str], list[str]]]:
    """(line of the page, command, expected, said) of every command, the files written on the way."""
    for block in blocks(PAGE.read_text(encoding="utf-8")):
        if block.language == "yaml" and block.file:
            path = root / block.file
            path.write_text("\n".join(block.lines) + "\n", encoding="utf-8")
        elif block.language == "console":
            for command, expected, line in block.commands():
                yield line, command, expected, run(command, root)


def alike(expected: list[str], said: list[str]) -> bool:
    """Whether the output is the expected one, `...` standing for any lines."""
    if ELLIPSIS not in expected:
        return expected == said
    at = expected.index(ELLIPSIS)
    rest = expected[at + 1 :]
    if expected[:at] != said[:at]:
        return False
    return any(alike(rest, said[start:]) for start in range(at, len(said) + 1))


@pytest.mark.slow
def test_every_command_of_the_workshop_says_what_the_page_says(loaded: Path):
    commands = []
    for line, command, expected, said in follow(loaded):
        commands.append(command)
        assert alike(expected, said), f"docs/workshop.md:{line}: {command} says:\n" + "\n".join(said)
    told = " ".join(commands)
    for needed in ("check", "test", "explain", "backtest", "diff", "promote", "trial", "scorecard"):
        assert f"forewarn rules {needed}" in told or f"forewarn {needed}" in told, needed


@pytest.mark.parametrize(
    ("expected", "said", "same"),
    [
        (["a"], ["a"], True), (["a"], ["b"], False), (["a", "..."], ["a", "b", "c"], True),
        (["a", "...", "c"], ["a", "b", "c"], True), (["...", "d"], ["a", "b"], False), (["..."], [], True),
    ],
)  # fmt: skip
def test_the_comparison_itself(expected: list[str], said: list[str], same: bool):
    assert alike(expected, said) is same


def rewrite(root: Path) -> None:
    """Put what the commands say now into the page; an output with `...` that still fits stays."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    answers = list(follow(root))
    for line, _, expected, said in reversed(answers):
        if not alike(expected, said):
            lines[line : line + len(expected)] = said
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    rewrite(Path(sys.argv[1]))
