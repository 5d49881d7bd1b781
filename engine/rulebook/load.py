"""Rule files -> the rulebook, or every mistake in every file at once."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.errors import ConfigError
from engine.model.problem import Level, Problem
from engine.model.rule import RuleBook
from engine.rulebook import checks
from engine.rulebook.context import Context
from engine.rulebook.language import reading
from engine.rulebook.language.resolve import book, resolve
from engine.rulebook.language.source import Source


@dataclass(frozen=True)
class Loaded:
    """What reading some files brought; `book` is None where a mistake keeps them from being used."""

    book: RuleBook | None
    sources: tuple[Source, ...]
    problems: tuple[Problem, ...]


def load(paths: Path | Iterable[Path], context: Context) -> RuleBook:
    """The rules in these files or folders, together.

    Raises ConfigError with every problem of all files where at least one is an error.
    """
    loaded = read(paths, context)
    if loaded.book is None:
        raise ConfigError(loaded.problems)
    return loaded.book


def check(paths: Path | Iterable[Path], context: Context) -> tuple[RuleBook | None, list[Problem]]:
    """The rulebook, where there is one, and every problem: errors, warnings and hints, by path and line."""
    loaded = read(paths, context)
    return loaded.book, list(loaded.problems)


def read(paths: Path | Iterable[Path], context: Context) -> Loaded:
    """The same with the sources: the rules as written, with their tests."""
    sources, problems = reading.sources(paths)
    problems += checks.run(sources, context, whole=not _errors(problems))
    problems.sort(key=lambda problem: (problem.path, problem.line, problem.name, problem.sentence))
    if _errors(problems):
        return Loaded(None, tuple(sources), tuple(problems))
    return Loaded(book(resolve(source, context) for source in sources), tuple(sources), tuple(problems))


def among(folder: Path, paths: Sequence[Path], context: Context) -> Loaded:
    """The rules of `paths` as they stand among those of a folder: all are held against each other, and the
    sources and problems of `paths` are told. What lies outside the folder stands alone."""
    if not any(reading.covers([folder], path) for path in paths):
        return read(paths, context)
    loaded = read([folder, *paths], context)
    return replace(
        loaded,
        sources=tuple(one for one in loaded.sources if reading.covers(paths, Path(one.path))),
        problems=tuple(one for one in loaded.problems if reading.covers(paths, Path(one.path))),
    )


def _errors(problems: Iterable[Problem]) -> bool:
    return any(problem.level is Level.ERROR for problem in problems)


@contextmanager
def exchanged(rules: Path, file: Path, text: str) -> Iterator[Path]:
    """A copy of the folder that does not last, with this text in the place of one file's; file: from the
    folder."""
    with TemporaryDirectory(prefix="forewarn-") as folder:
        copy = Path(shutil.copytree(rules, Path(folder).resolve() / rules.name))
        (copy / file).write_bytes(text.encode("utf-8"))
        yield copy
