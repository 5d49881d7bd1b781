"""Rule files -> sources: find the files, split them into rules, validate each against the schema."""

from __future__ import annotations

import dataclasses
import difflib
import os
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel

from engine.charter.judgement import PROMISE
from engine.model.problem import Level, Problem, nearest
from engine.model.rule import Status
from engine.rulebook import persons
from engine.rulebook.language.edit import mended
from engine.rulebook.language.example import TwinFile
from engine.rulebook.language.schema import CorrelationRule, ThresholdRule
from engine.rulebook.language.source import TWIN, Place, RuleTest, Source
from engine.yamlfile import Document, missing, parse, read, validate

_TWIN = ".test.yaml"
#: The file by which a folder is a pack.
PACK = "pack.yaml"
#: What begins so is hidden, part of how a folder is mounted, or an editor's: no rule file.
_NOT_OURS = (".", "#", "~")

M = TypeVar("M", bound=BaseModel)


def files(paths: Path | Iterable[Path]) -> tuple[list[Path], list[Problem]]:
    """The rule files named, or found below the folders named, in order and each once, by whatever link it is
    reached; twins are not among them, but stand for the rules that they test."""
    found: dict[Path, Path] = {}
    problems: list[Problem] = []
    for path in [paths] if isinstance(paths, Path) else paths:
        if path.is_dir():
            every = sorted(_below(path))
            ours = [file for file in every if file.suffix == ".yaml" and not file.name.endswith(_TWIN)]
            problems += _overlooked(every)
        elif path.exists():
            ours = [_owner(path) if path.name.endswith(_TWIN) and _owner(path).exists() else path]
        else:
            ours = []
            problems.append(Problem(str(path), 1, "there is no such file or folder", "file"))
        for file in ours:
            found.setdefault(file.resolve(), file)
    return sorted(found.values()), problems


def covers(named: Iterable[Path], path: Path) -> bool:
    """Whether a file is among those named, or lies below them; a file with rules covers its twin."""
    wanted = {one.resolve() for one in named}
    here = path.resolve()
    owners = {here, _owner(here)} if here.name.endswith(_TWIN) else {here, here.with_name(here.stem + _TWIN)}
    return not wanted.isdisjoint({*owners, *here.parents})


def _below(folder: Path) -> Iterator[Path]:
    """The files below a folder, by links too, but for what is not ours; a loop of links is gone once."""
    seen: set[Path] = set()
    for at, folders, names in os.walk(folder, followlinks=True):
        here = Path(at).resolve()
        if here in seen:
            folders.clear()
            continue
        seen.add(here)
        if PACK in names:  # of a pack only the rules, not what it says of itself and of their names
            folders[:], names = [name for name in folders if name == "rules"], []
        folders[:] = sorted(name for name in folders if not name.startswith(_NOT_OURS))
        # A folder that is called like a file is told as what it is, and read as a folder all the same.
        called = (name for name in folders if name.endswith(".yaml"))
        yield from (Path(at) / name for name in (*names, *called) if not name.startswith(_NOT_OURS))


def sources(paths: Path | Iterable[Path]) -> tuple[list[Source], list[Problem]]:
    """Every rule that agrees with the schema, and every mistake of all the others."""
    found, problems = files(paths)
    good: list[Source] = []
    for path in found:
        rules, mistakes = _rules(path)
        twins, more = _twin(path, rules)
        good += twins
        problems += mistakes + more
    return good, problems


class Through(Protocol):
    """What stands between files of rules and those who read them."""

    def off(self, id_: str) -> bool: ...
    def retests(self, id_: str) -> bool: ...
    def rule(self, document: Document) -> Document: ...
    def tests(self, document: Document) -> Document: ...


def filtered(paths: Iterable[Path], through: Through) -> tuple[list[Source], list[Problem]]:
    """The same as something between makes of the rules: without those that are off, and for those that find
    something else without the tests of what they found."""
    found, problems = files(paths)
    good: list[Source] = []
    for path in found:
        document, mistakes = _read(path)
        problems += mistakes
        parts, mistakes = _split(document) if document is not None else ([], [])
        problems += mistakes
        rules = []
        for part in map(through.rule, parts):
            source, mistakes = _rule(part)
            problems += mistakes
            rules += [source] if source is not None else []
        twins, mistakes = _twin(path, rules, through) if rules else ([], [])
        problems += mistakes
        good += [one for one in twins if not through.off(one.id)]
    return good, problems


def _overlooked(every: Iterable[Path]) -> Iterator[Problem]:
    """Files that look like rules and would be passed over in silence."""
    for path in every:
        if path.suffix == ".yml":
            sentence = "this file is not read: rule files end in .yaml"
            yield Problem(str(path), 1, sentence, "file", Level.WARNING)
        elif path.name.endswith(_TWIN) and not _owner(path).exists():
            sentence = f"a test file without its rules: {_owner(path).name} does not exist"
            yield Problem(str(path), 1, sentence, "file")


def _owner(twin: Path) -> Path:
    return twin.with_name(twin.name.removesuffix(_TWIN) + ".yaml")


def _rules(path: Path) -> tuple[list[Source], list[Problem]]:
    """The rules of one file and its mistakes; a misspelt word does not hide what else is wrong.

    Where every mistake of form has a certain mend, the rule is returned as mended, for the other checks;
    the mistakes stand.
    """
    document, problems = _read(path)
    if document is None:
        return [], problems
    good, problems = _valid(document)
    certain = [problem for problem in problems if problem.found]
    if certain:
        text, _ = mended(path.read_text(encoding="utf-8"), certain)
        as_meant, _ = parse(text, str(path))
        if as_meant is not None:
            good, more = _valid(_with_keys(as_meant))
            problems += [problem for problem in more if problem not in problems]
    return good, problems


def _valid(document: Document) -> tuple[list[Source], list[Problem]]:
    """The rules of a document that agree with the schema, and the mistakes of the others."""
    parts, problems = _split(document)
    good: list[Source] = []
    for part in parts:
        source, mistakes = _rule(part)
        problems += mistakes
        if source is not None:
            good.append(source)
    return good, problems


def read_tests(
    path: Path, model: type[M], meant: Callable[[Document], Document] | None = None
) -> tuple[tuple[Document, M] | None, list[Problem]]:
    """A file of tests as a model, with its lines; None where there is a mistake in it. meant: what is made
    of what is written before it is looked at."""
    document, problems = _read(path)
    if document is None:
        return None, problems
    document = meant(document) if meant else document
    written, problems = validate(document, model, "schema")
    return (None if written is None else (document, written)), problems


def _read(path: Path) -> tuple[Document | None, list[Problem]]:
    """A file with every key as text: an area may be called 12, and 12 is then a number in YAML."""
    document, problems = read(path)
    if document is None:
        return None, problems
    return _with_keys(document), problems


def _with_keys(document: Document) -> Document:
    return dataclasses.replace(document, data=_keyed(document.data))


def _keyed(data: Any) -> Any:
    if isinstance(data, dict):
        return {str(key): _keyed(value) for key, value in data.items()}
    return [_keyed(value) for value in data] if isinstance(data, list) else data


def _split(document: Document) -> tuple[list[Document], list[Problem]]:
    """One document per rule: the file itself, or each item under `rules`."""
    data = document.data
    if not isinstance(data, dict):
        sentence = "a rule file holds one rule, or several under 'rules:'"
        return [], [document.problem((), sentence, "schema")]
    if "rules" not in data:
        return [document], []
    problems = [
        document.problem((key,), f"unknown key '{key}' beside 'rules': keys belong to one rule", "schema")
        for key in data if key != "rules"
    ]
    if not isinstance(data["rules"], list) or not data["rules"]:
        problems.append(document.problem(("rules",), "'rules' needs a list of rules", "schema"))
        return [], problems
    return [_part(document, number) for number in range(len(data["rules"]))], problems


def _part(document: Document, number: int) -> Document:
    at: Place = ("rules", number)
    lines = {where[2:]: line for where, line in document.lines.items() if where[:2] == at}
    return Document(document.path, document.data["rules"][number], lines)


def _rule(document: Document) -> tuple[Source | None, list[Problem]]:
    document, problems = _without_persons(document)
    if isinstance(document.data, dict) and {"indicator", "correlate"} <= document.data.keys():
        sentence = "a rule has either an 'indicator' or 'correlate'; two risks together are two rules"
        return None, [*problems, document.problem(("correlate",), sentence, "schema")]
    written: ThresholdRule | CorrelationRule | None
    if _correlates(document.data):
        written, mistakes = validate(document, CorrelationRule, "schema")
    else:
        written, mistakes = validate(document, ThresholdRule, "schema")
    problems += [_mendable(document, problem) for problem in mistakes]
    if written is None:
        return None, problems
    tests = tuple(RuleTest(test, ("tests", n)) for n, test in enumerate(written.tests))
    return Source(document, written, tests), problems


def _mendable(document: Document, problem: Problem) -> Problem:
    """A rule that says nothing of its status is surely meant to be judged by nobody yet."""
    if problem.sentence == missing("status") and ("id",) in document.lines:
        line = document.line("id")
        return dataclasses.replace(problem, line=line, right=f"status: {Status.DRAFT}")
    return problem


def _correlates(data: Any) -> bool:
    """Whether a rule means to correlate, even where the key is misspelt."""
    if not isinstance(data, dict) or "indicator" in data:
        return False
    return bool(difflib.get_close_matches("correlate", list(data), n=1, cutoff=0.75))


def _without_persons(document: Document) -> tuple[Document, list[Problem]]:
    """The document without attributes of persons in its filters, and the charter's sentence on each."""
    problems: list[Problem] = []
    data = deepcopy(document.data)
    for place, key in list(persons.filters(document)):
        sentence = f"'{key}' is an attribute of persons; {PROMISE}: take it out of the filter"
        problems.append(document.problem(place, sentence, "charter"))
        _remove(data, place)
    return dataclasses.replace(document, data=data), problems


def _remove(data: Any, place: Place) -> None:
    for step in place[:-1]:
        data = data[step]
    del data[place[-1]]


def _twin(
    path: Path, rules: list[Source], through: Through | None = None
) -> tuple[list[Source], list[Problem]]:
    """The sources of one file with the tests of its twin file, where it has one."""
    twin = path.with_name(path.stem + _TWIN)
    if not twin.exists():
        return rules, []
    found, problems = read_tests(twin, TwinFile, through.tests if through else None)
    if found is None:
        return rules, problems
    document, written = found
    known = {source.id: source for source in rules}
    for number, test in enumerate(written.tests):
        place: Place = (TWIN, "tests", number)
        owner = test.rule or (rules[0].id if len(rules) == 1 else "")
        if through is not None and through.retests(owner):
            continue
        if owner in known:
            known[owner] = known[owner].with_test(RuleTest(test, place), document)
        else:
            problems += _stray(document, place[1:], owner, known, path)
    return list(known.values()), problems


def _stray(
    document: Document, place: Place, owner: str, known: Iterable[str], path: Path
) -> Iterator[Problem]:
    if owner:
        sentence = f"{path.name} holds no rule '{owner}'{nearest(owner, known)}"
    else:
        sentence = f"'rule' is missing: {path.name} holds several rules; say whose test this is"
    yield document.problem((*place, "rule"), sentence, "schema")
