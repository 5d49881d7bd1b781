"""An explanation as a tree on the terminal."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.tree import Tree


def print_tree(told: Mapping[str, Any]) -> None:
    """Print nested `{"say": ..., "because": [...]}` nodes."""
    Console(width=None if sys.stdout.isatty() else 140, highlight=False).print(_branch(told))


def _branch(node: Mapping[str, Any], tree: Tree | None = None) -> Tree:
    label = _escaped(str(node["say"]))
    branch = Tree(label, guide_style="dim") if tree is None else tree.add(label)
    for child in node.get("because", ()):
        _branch(child, branch)
    return branch


def _escaped(text: str) -> str:
    return text.replace("[", r"\[")
