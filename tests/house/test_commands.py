"""Every command says what it does, with an example; every command a page names exists with its flags."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from engine.cli import forewarn

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "README.zh.md", *sorted((ROOT / "docs").rglob("*.md"))]
#: What stands in a page for something of the reader's own.
_PLACEHOLDER = re.compile(r"^[A-Z][A-Z_]+(\.[a-z]+)?\.*$|^\.\.\.$|^\[.*|.*\]$")


def commands(group: click.Group) -> dict[str, click.Command]:
    context = click.Context(group)
    found = {name: group.get_command(context, name) for name in group.list_commands(context)}
    return {name: command for name, command in found.items() if command is not None}


def leaves(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in commands(group).items():
        if isinstance(command, click.Group):
            yield from leaves(command, (*path, name))
        else:
            yield (*path, name), command


COMMANDS = dict(leaves(forewarn))


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_a_command_has_help_and_an_example_that_parses(path: tuple[str, ...]):
    command = COMMANDS[path]
    assert command.help and command.epilog, "what it does, and an example"
    example = command.epilog.removeprefix("Example: ")
    assert example.startswith("forewarn ")
    parsed, _ = parse(shlex.split(example.split(" > ")[0].split(" | ")[0])[1:])
    assert parsed == path


def parse(words: list[str]) -> tuple[tuple[str, ...], click.Command]:
    """Which command these words call; raises what click raises on a wrong flag or name."""
    group: click.Command = forewarn
    path: tuple[str, ...] = ()
    words = list(words)
    while isinstance(group, click.Group):
        while words and words[0].startswith("--"):
            assert words[0] in ("--root", "--log", "--language"), f"forewarn has no option {words[0]}"
            words = words[2:]
        name = words.pop(0)
        below = commands(group)
        assert name in below, f"no command {name!r} below 'forewarn {' '.join(path)}'"
        group, path = below[name], (*path, name)
    flags = {flag for parameter in group.params for flag in (*parameter.opts, *parameter.secondary_opts)}
    for word in words:
        if word.startswith("--"):
            assert word.split("=")[0] in flags, f"'forewarn {' '.join(path)}' has no option {word}"
    return path, group


def named(page: Path) -> Iterator[str]:
    """What a page writes as a command: in backquotes, or on a line of its own, with or without a prompt."""
    for line in page.read_text(encoding="utf-8").splitlines():
        yield from re.findall(r"`(forewarn [^`]+)`", line)
        found = re.match(r"\s+(?:\$ )?(?:\.venv/bin/)?(forewarn \S.*)$", line)
        if found:
            yield found[1]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_a_page_names_exists_with_its_flags(page: Path):
    for text in named(page):
        text = re.split(r"\s{2,}|\s#|\s[|>]\s|;|&&| \\$", text)[0].replace("...", "").strip()
        words = [word for word in text.split()[1:] if not _PLACEHOLDER.match(word)]
        for alternative in expand(words):
            try:
                parse(alternative)
            except IndexError:
                assert not alternative or parse_group(alternative), f"{page.name}: '{text}' stops short"


def parse_group(words: list[str]) -> bool:
    """Whether these words name a group of commands, as a page may."""
    group: click.Command = forewarn
    for word in words:
        assert isinstance(group, click.Group)
        below = commands(group)
        assert word in below, f"no command {word!r}"
        group = below[word]
    return isinstance(group, click.Group)


def expand(words: list[str]) -> Iterator[list[str]]:
    """`rules check|test` stands for two commands."""
    for position, word in enumerate(words[:2]):
        if "|" in word:
            for one in word.split("|"):
                yield from expand([*words[:position], one, *words[position + 1 :]])
            return
    yield words
