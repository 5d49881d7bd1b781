"""An explanation as a tree on the terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from engine.cli.language import chinese
from engine.cycle.world import World
from engine.guard import sheet

if TYPE_CHECKING:
    from rich.tree import Tree


def show_tree(told: Mapping[str, Any], form: str, world: World) -> None:
    """A tree for people, the nodes as they are in JSON, or each with its depth in CSV."""
    if form == "json":
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    elif form == "csv":
        sheet.write(("depth", "say"), _rows(told, 0))
    else:
        print_tree(_in_chinese(told, world) if chinese() else told)


def _in_chinese(told: Mapping[str, Any], world: World) -> Mapping[str, Any]:
    # Whoever reads English need not wait for the words.
    from engine.console.whys import names_of

    return names_of(world).chinese(dict(told))


def _rows(node: Mapping[str, Any], depth: int) -> Iterator[tuple[int, str]]:
    yield depth, str(node["say"])
    for child in node.get("because", ()):
        yield from _rows(child, depth + 1)


def print_tree(told: Mapping[str, Any]) -> None:
    """Print nested `{"say": ..., "because": [...]}` nodes."""
    from rich.console import Console

    Console(width=None if sys.stdout.isatty() else 140, highlight=False).print(_branch(told))


def _branch(node: Mapping[str, Any], tree: Tree | None = None) -> Tree:
    from rich.tree import Tree

    label = _escaped(str(node["say"]))
    branch = Tree(label, guide_style="dim") if tree is None else tree.add(label)
    for child in node.get("because", ()):
        _branch(child, branch)
    return branch


def _escaped(text: str) -> str:
    return text.replace("[", r"\[")
