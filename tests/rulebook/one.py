"""A folder of one rule, for those who try what may be written of it."""

from __future__ import annotations

from pathlib import Path

from engine.model.problem import Level
from engine.model.rule import Rule
from engine.rulebook.context import Context
from engine.rulebook.load import Loaded, read
from engine.rulebook.trial.trial import run


def written(folder: Path, context: Context, text: str) -> Loaded:
    """The rule as it is read, whatever is wrong with it."""
    (folder / "rule.yaml").write_text(text, encoding="utf-8")
    return read(folder, context)


def flawless(folder: Path, context: Context, text: str, under: Level = Level.ERROR) -> Loaded:
    """The same, in which nothing is wrong, nor worth so much of a word."""
    found = written(folder, context, text)
    assert [one for one in found.problems if one.level >= under] == []
    return found


def rule(folder: Path, context: Context, text: str, under: Level = Level.ERROR) -> Rule:
    """What it comes to."""
    book = flawless(folder, context, text, under).book
    assert book is not None
    (found,) = book.rules.values()
    return found


def told(folder: Path, context: Context, text: str, name: str, says: str) -> None:
    """This is said of it."""
    problems = written(folder, context, text).problems
    assert any(one.name == name and says in one.sentence for one in problems), problems


def passes(loaded: Loaded, context: Context) -> None:
    """Its own tests pass, every one."""
    assert [(one.name, one.why) for one in run(loaded, context) if not one.passed] == []
