"""Certain mends, made in the text of the line itself: comments and layout stay as they are."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from engine.model.problem import Problem
from engine.yamlfile import parse

#: Quoted stretches, and the comment at the end of a line.
_QUOTED_OR_COMMENT = re.compile(r""""(?:\\.|[^"\\])*"|'(?:''|[^'])*'|(?:^|(?<=\s))#.*""")


@dataclass(frozen=True, slots=True)
class Edit:
    """One line as it was and as it is (two lines where one was added)."""

    path: str
    line: int
    before: str
    after: str


def mended(text: str, problems: Iterable[Problem]) -> tuple[str, tuple[Edit, ...]]:
    """The text with what is certain about these problems mended, and each line that changed.

    A word that does not stand exactly once on its line is left alone, and so is a text that would no
    longer be readable.
    """
    lines = text.split("\n")
    edits: list[Edit] = []
    for problem in sorted(problems, key=lambda one: -one.line):
        if not problem.right or problem.line > len(lines):
            continue
        before = lines[problem.line - 1]
        after = _replaced(before, problem) if problem.found else _added(before, problem.right)
        if after != before:
            lines[problem.line - 1] = after
            edits.append(Edit(problem.path, problem.line, before, after))
    whole = "\n".join(lines)
    readable = parse(whole, "")[0] is not None
    return (whole, tuple(reversed(edits))) if readable else (text, ())


def _replaced(line: str, problem: Problem) -> str:
    word = re.compile(rf"(?<![\w.-]){re.escape(problem.found)}(?![\w.-])")
    comment = [match.start() for match in _QUOTED_OR_COMMENT.finditer(line) if match[0].startswith("#")]
    places = [match for match in word.finditer(line) if not comment or match.start() < comment[0]]
    if len(places) != 1:
        return line
    return line[: places[0].start()] + problem.right + line[places[0].end() :]


def _added(line: str, key: str) -> str:
    """The line and a new key below it, as far in as the line's own (which may begin a list item)."""
    depth = re.match(r"(?:- |\s)*", line)
    indent = " " * len(depth[0] if depth else "")
    return f"{line}\n{indent}{key}" + ("\r" if line.endswith("\r") else "")
