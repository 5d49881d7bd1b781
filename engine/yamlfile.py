"""YAML with the line of every value: duplicate keys refused, every mistake reported at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError

from engine.model.problem import Problem, certain, nearest

Path_ = tuple[str | int, ...]
M = TypeVar("M", bound=BaseModel)

#: YAML turns `on`, `off`, `yes`, `no` and dates into other types; analysts mean what they wrote.
_PLAIN = ("tag:yaml.org,2002:timestamp",)

#: What YAML says of the slips of people who write it, and what they should do.
_ADVICE = {
    r"'\t'": ": indent with spaces, not tabs",
    "cannot start any token": ": put the text in quotes",
    "mapping values are not allowed": ": quote a text with a colon in it, and indent keys alike",
    "another document": ": a file holds one; take out the line ---",
    "unhashable key": ": put a text with braces in quotes",
}
#: No file of rules or configuration holds so many values, but a few lines of aliases can.
_MOST = 200_000


@dataclass(frozen=True)
class Document:
    """One parsed file: plain data, and the line (from 1) of every key and item."""

    path: str
    data: Any
    lines: Mapping[Path_, int]

    def line(self, *where: str | int) -> int:
        """The line of the value at `where`, or of the nearest enclosing value that has one."""
        for size in range(len(where), -1, -1):
            if where[:size] in self.lines:
                return self.lines[where[:size]]
        return 1

    def problem(self, where: Iterable[str | int], sentence: str, name: str) -> Problem:
        return Problem(self.path, self.line(*where), sentence, name)


def _resolvers() -> dict[str, list[tuple[str, Any]]]:
    kept: dict[str, list[tuple[str, Any]]] = {}
    for first, entries in yaml.SafeLoader.yaml_implicit_resolvers.items():
        for tag, pattern in entries:
            if tag in _PLAIN:
                continue
            if tag == "tag:yaml.org,2002:bool":
                pattern = re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$")
            if tag == "tag:yaml.org,2002:int":
                pattern = re.compile(r"^[-+]?(?:0|[1-9][0-9_]*)$")
            kept.setdefault(first, []).append((tag, pattern))
    return kept


class _Loader(yaml.SafeLoader):
    """SafeLoader without the surprises: only true/false are booleans, dates stay text."""

    yaml_implicit_resolvers = _resolvers()


class _Quick(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The same on libyaml, where PyYAML was built with it: ten times as quick, with the same lines."""

    yaml_implicit_resolvers = _Loader.yaml_implicit_resolvers


def parse(text: str, path: str) -> tuple[Document | None, list[Problem]]:
    """Parse one YAML text; the document is None where it cannot be read at all."""
    try:
        return _parse(text, path)
    except RecursionError:
        return None, [Problem(path, 1, "not readable as YAML: nested too deeply", "yaml")]


def _parse(text: str, path: str) -> tuple[Document | None, list[Problem]]:
    try:
        try:
            loader, node = _composed(_Quick, text)
        except (yaml.YAMLError, UnicodeEncodeError):
            loader, node = _composed(_Loader, text)  # which says better what is wrong
    except yaml.YAMLError as error:
        return None, [_unreadable(text, path, error)]
    lines: dict[Path_, int] = {(): 1}
    problems: list[Problem] = []
    if node is None:
        return Document(path, None, lines), problems
    _walk(node, (), lines, problems, path, frozenset())
    if problems:
        return None, problems
    try:
        data = loader.construct_document(node)
    except yaml.YAMLError as error:
        return None, [_unreadable(text, path, error)]
    except ValueError as error:
        return None, [Problem(path, 1, f"not readable as YAML: {error}", "yaml")]
    return Document(path, data, lines), problems


def _unreadable(text: str, path: str, error: yaml.YAMLError) -> Problem:
    """Where YAML gives up and why, with what is most often meant."""
    if isinstance(error, yaml.reader.ReaderError):
        line, said = text.count("\n", 0, error.position) + 1, str(error).split("\n")[0]
        return Problem(path, line, f"not readable as YAML: {said}", "yaml")
    assert isinstance(error, yaml.MarkedYAMLError), "PyYAML raises no other"
    mark, began = error.problem_mark, error.context_mark
    line, said = mark.line + 1 if mark else 1, str(error.problem)
    if began and began.line + 1 < line and re.search("flow|quoted", str(error.context)):
        said += f"; what begins on line {began.line + 1} does not end"
    advice = next((advice for sign, advice in _ADVICE.items() if sign in said), "")
    return Problem(path, line, f"not readable as YAML: {said}{advice}", "yaml")


def _composed(kind: type[Any], text: str) -> tuple[Any, yaml.Node | None]:
    loader = kind(text)
    return loader, loader.get_single_node()


def read(path: Path, *, shown: str | None = None) -> tuple[Document | None, list[Problem]]:
    """Parse a file; one that cannot be read or is not UTF-8 is a problem, not an exception."""
    shown = shown or str(path)
    try:
        written = path.read_bytes()
        return parse(written.decode("utf-8"), shown)
    except FileNotFoundError:
        return None, [Problem(shown, 1, "the file does not exist", "file")]
    except OSError as error:
        return None, [Problem(shown, 1, f"the file cannot be read: {error.strerror}", "file")]
    except UnicodeDecodeError as error:
        line = written.count(b"\n", 0, error.start) + 1
        return None, [Problem(shown, line, "this is not UTF-8 text: save the file as UTF-8", "file")]


def _walk(
    node: yaml.Node, where: Path_, lines: dict[Path_, int], problems: list[Problem], path: str,
    above: frozenset[int],
) -> None:  # fmt: skip
    """Note the line of every value below `node`; a duplicate key or a loop of aliases is a problem."""
    if id(node) in above:
        problems.append(Problem(path, node.start_mark.line + 1, "an alias contains itself", "yaml"))
        return
    if len(lines) > _MOST:
        if not problems:
            sentence = f"more than {_MOST:,} values: an alias repeats others that repeat others"
            problems.append(Problem(path, node.start_mark.line + 1, sentence, "yaml"))
        return
    above |= {id(node)}
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            if name in seen and name != "<<":
                sentence = f"the key '{name}' stands here again; it is already on line {seen[name]}"
                problems.append(Problem(path, line, sentence, "duplicate-key"))
            seen[name] = line
            lines[(*where, name)] = line
            _walk(value, (*where, name), lines, problems, path, above)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            lines[(*where, index)] = item.start_mark.line + 1
            _walk(item, (*where, index), lines, problems, path, above)


def validate(document: Document, model: type[M], name: str) -> tuple[M | None, list[Problem]]:
    """The document as a pydantic model, or every mistake in it with its line and the right name."""
    try:
        return model.model_validate(document.data), []
    except ValidationError as error:
        items = [dict(item) for item in error.errors()]
        return None, [_problem(document, model, item, name) for item in items if not _misspelt(item, items)]


def _misspelt(item: Mapping[str, Any], items: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a missing key stands there after all, in a spelling that is itself reported."""
    if item["type"] != "missing":
        return False
    *within, key = item["loc"]
    beside = [
        str(other["loc"][-1]) for other in items
        if other["type"] == "extra_forbidden" and list(other["loc"][:-1]) == within
    ]  # fmt: skip
    return any(nearest(word, [str(key)]) for word in beside)


def _problem(document: Document, model: type[BaseModel], item: dict[str, Any], name: str) -> Problem:
    where: Path_ = tuple(item["loc"])
    shown = ".".join(str(part) for part in _written(document.data, where))
    kind, message = item["type"], str(item["msg"]).removeprefix("Value error, ")
    found, right = str(item["input"]), ""
    if kind == "extra_forbidden":
        known = _fields(model, document.data, where[:-1])
        found = str(where[-1])
        right = certain(found, known - _beside(document.data, where))
        sentence = f"unknown key '{where[-1]}'{nearest(str(where[-1]), known)}"
        if known:
            sentence += f"; known here: {', '.join(sorted(known))}"
    elif kind == "missing":
        sentence = missing(str(where[-1]))
        within = ".".join(str(part) for part in _written(document.data, where[:-1]))
        sentence += f" in {within}" if within else ""
        where = where[:-1]
    elif kind in ("literal_error", "enum"):
        expected = str(item.get("ctx", {}).get("expected", ""))
        options = [part.strip(" '") for part in expected.replace(" or ", ",").split(",")]
        sentence = f"{shown}: {item['input']!r} is not one of {expected}"
        sentence += nearest(found, options)
        right = certain(found, options)
    elif kind in ("dict_type", "model_type"):
        sentence = f"{shown}: keys with values are needed here" if shown else "keys with values are needed"
    else:
        said = f"{message[:1].lower()}{message[1:]}"
        sentence = f"{shown}: {said}" if shown else said
        if not isinstance(item["input"], dict | list):
            sentence += f" (found {item['input']!r:.80})"
        right = str(getattr(item.get("ctx", {}).get("error"), "right", ""))
        sentence += f": write {right}" if right else ""
    problem = document.problem(_written(document.data, where), sentence, name)
    return replace(problem, found=found, right=right) if right else problem


def missing(key: str) -> str:
    """What is said where a key is not there."""
    return f"'{key}' is missing"


def _beside(data: Any, where: Path_) -> set[str]:
    """The keys that stand in the same mapping as the one at `where`."""
    for part in where[:-1]:
        inside = isinstance(data, Mapping) and part in data
        if inside or (isinstance(data, list) and isinstance(part, int) and part < len(data)):
            data = data[part]
    return {str(key) for key in data} if isinstance(data, Mapping) else set()


def _written(data: Any, where: Path_) -> Path_:
    """`where` without the steps pydantic adds for unions and validators, which no file holds."""
    kept: list[str | int] = []
    for part in where:
        keyed = isinstance(data, Mapping) and part in data
        if keyed or (isinstance(data, list) and isinstance(part, int) and part < len(data)):
            data = data[part]
        elif part is not where[-1] or part == "[key]":
            continue
        kept.append(part)
    return tuple(kept)


def _fields(model: Any, data: Any, where: Path_) -> set[str]:
    """The keys a model knows at `where`, following aliases, containers and unions."""
    models = [model]
    for part in where:
        models = [found for m in models for found in _step(m, part)]
    return {
        field.alias or key
        for m in models if isinstance(m, type) and issubclass(m, BaseModel)
        for key, field in m.model_fields.items()
    }  # fmt: skip


def _step(model: Any, part: str | int) -> list[Any]:
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return [model]
    for key, field in model.model_fields.items():
        if part in (key, field.alias):
            return _models(field.annotation)
    return [model]


def _models(annotation: Any) -> list[Any]:
    """Every pydantic model named anywhere inside an annotation."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in get_args(annotation) for model in _models(inner)]
