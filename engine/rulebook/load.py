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
from engine.rulebook.packs.filter import FILE, Filter
from engine.rulebook.take import Aside, Taken, take


@dataclass(frozen=True)
class Loaded:
    """What reading some files brought; `book` is None where a mistake keeps them from being used."""

    book: RuleBook | None
    sources: tuple[Source, ...]
    problems: tuple[Problem, ...]
    #: Rules of packs that are not judged here.
    aside: tuple[Aside, ...] = ()


def load(paths: Path | Iterable[Path], context: Context) -> RuleBook:
    """The rules in these files or folders, together.

    Raises ConfigError with every problem of all files where at least one is an error.
    """
    return _sound(read(paths, context))


def whole(folder: Path, context: Context) -> RuleBook:
    """The same of a centre's folder, with the packs that it takes."""
    return _sound(read_whole(folder, context))


def _sound(loaded: Loaded) -> RuleBook:
    if loaded.book is None:
        raise ConfigError(loaded.problems)
    return loaded.book


def check(paths: Path | Iterable[Path], context: Context) -> tuple[RuleBook | None, list[Problem]]:
    """The rulebook, where there is one, and every problem: errors, warnings and hints, by path and line."""
    loaded = read(paths, context)
    return loaded.book, list(loaded.problems)


def read(paths: Path | Iterable[Path], context: Context) -> Loaded:
    """The same with the sources: the rules as written, with their tests."""
    return _read(paths, context, ())


def read_whole(paths: Path | Iterable[Path], context: Context) -> Loaded:
    """The same with the packs that the centre takes."""
    return _read(paths, context, context.packs)


def _read(paths: Path | Iterable[Path], context: Context, packs: Sequence[Filter]) -> Loaded:
    own, problems = reading.sources(paths)
    taken = take(packs, own, context) if packs else Taken()
    sources = (*own, *taken.sources)
    problems += taken.problems
    problems += checks.run(sources, context, whole=not _errors(problems))
    problems = [_as_tuned(problem, taken, packs) for problem in problems]
    problems.sort(key=lambda problem: (problem.path, problem.line, problem.name, problem.sentence))
    found = None if _errors(problems) else book(resolve(source, context) for source in sources)
    return Loaded(found, sources, tuple(problems), taken.aside)


def _as_tuned(problem: Problem, taken: Taken, packs: Sequence[Filter]) -> Problem:
    """A mistake of a pack's rule with who tuned it: the file of the pack is as it came."""
    for source in taken.sources:
        tuned = next((one for one in packs if source.id in one.chosen.tune), None)
        if source.path == problem.path and tuned is not None:
            line = tuned.line("tune", source.id)
            said = f"{problem.sentence}; '{source.id}' of {tuned.named} is tuned in {FILE}:{line}"
            return replace(problem, sentence=said, found="", right="")
    return problem


def among(folder: Path, paths: Sequence[Path], context: Context) -> Loaded:
    """The rules of `paths` as they stand among those of a folder and the packs taken: all are held against
    each other, and the sources and problems of `paths` are told. What lies elsewhere stands alone."""
    packed = [path for one in context.packs for path in one.pack.paths()]
    ours = [path for path in paths if not _packs(path, packed)]
    if len(ours) == len(paths) and not any(reading.covers([folder], path) for path in paths):
        return read(paths, context)
    loaded = read_whole([folder, *ours], context)
    return replace(
        loaded,
        sources=tuple(one for one in loaded.sources if reading.covers(paths, Path(one.path))),
        problems=tuple(one for one in loaded.problems if reading.covers(paths, Path(one.path))),
    )


def _packs(path: Path, packed: Sequence[Path]) -> bool:
    """Whether a path lies among the rules of the packs taken, or they below it."""
    return reading.covers(packed, path) or any(reading.covers([path], one) for one in packed)


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
