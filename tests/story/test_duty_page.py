"""docs/duty.md walks one warning from incident to verdict: every command is run and says what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.story.timeline import story

DOCS = Path(__file__).parents[2] / "docs"
TITLES = {"duty.md": "One warning, from incident to verdict", "duty.zh.md": "一条预警：从警情到结论"}


def walked(page: str) -> list[str]:
    """The lines of the walk's blocks."""
    text = (DOCS / page).read_text(encoding="utf-8")
    section = text.split(f"## {TITLES[page]}\n")[1].split("\n## ")[0]
    return [line[4:] for line in section.splitlines() if line.startswith("    ")]


def written(page: str) -> dict[str, str]:
    """The files that the walk begins with: `config/duty.yaml:` and what it holds."""
    files: dict[str, str] = {}
    for line in walked(page):
        if re.fullmatch(r"config/\w+\.yaml:", line):
            files[line.rstrip(":")] = ""
        elif files and line.startswith("  "):
            files[list(files)[-1]] += line[2:] + "\n"
    return files


def commands(page: str) -> Iterator[tuple[str, list[str]]]:
    """Each moment and command, with the lines it must say."""
    found: list[tuple[str, list[str]]] = []
    for line in walked(page):
        if line.startswith(("# ", "$ ")):
            found.append((line, []))
        elif found and line.strip():
            found[-1][1].append(line)
    yield from found


@pytest.mark.parametrize("page", TITLES)
def test_the_walk_goes_as_the_page_says(page: str, tmp_path: Path) -> None:
    routes = "  - {id: all, receivers: [centre]}\n  - {id: ask, asks: [leader], receivers: [chief]}\n"
    receivers = {"centre": "chain: [deputy], ", "deputy": "", "chief": ""}
    ran = 0
    with story(tmp_path, receivers=receivers, routes=routes, files=written(page)) as told:
        told.push("T1", "burglary", 4)
        for line, said in commands(page):
            if moment := re.match(r"# (\d+) (\d\d:\d\d)", line):
                told.at(f"{moment[1]} {moment[2]}")
                continue
            result = told.command(line.removeprefix("$ "))
            output = result.output + (f"forewarn: {result.exception}" if result.exception else "")
            ran += 1
            for part in said:
                pattern = r"\s+".join(re.escape(word).replace(r"\.\.\.", ".*") for word in part.split())
                assert re.search(pattern, output), (line, part, output)
    assert ran >= 10


def test_both_languages_walk_the_same_way() -> None:
    plain = [[line for line, _ in commands(page) if line.startswith("$")] for page in TITLES]
    assert plain[0] == plain[1] and written("duty.md") == written("duty.zh.md")
