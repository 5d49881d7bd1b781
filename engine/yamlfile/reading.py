"""YAML with the line of every value: duplicate keys refused, every mistake reported at once."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml

from engine.model.problem import Problem
from engine.model.regular import regular
from engine.yamlfile.document import Document, Path_
from engine.yamlfile.signs import stray

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
#: No file of rules or configuration repeats so many values by aliases, but a few lines of them can.
_MOST = 200_000
#: Nor does anybody nest so deep. libyaml composes on the stack, and ends the process where that is used up.
_DEEPEST = 200


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


class _Quick(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # known at run time only
    """The same on libyaml, where PyYAML was built with it: ten times as quick, with the same lines."""

    yaml_implicit_resolvers = _Loader.yaml_implicit_resolvers


def parse(text: str, path: str) -> tuple[Document | None, list[Problem]]:
    """Parse one YAML text; the document is None where it cannot be read at all."""
    try:
        return _parse(text, path)
    except RecursionError:
        return None, [Problem(path, 1, "not readable as YAML: nested too deeply", "yaml")]


def _parse(text: str, path: str) -> tuple[Document | None, list[Problem]]:
    if _may_be_deep(text) and _deep(text):
        raise RecursionError
    try:
        try:
            loader, node = _composed(_Quick, text)
        except (yaml.YAMLError, UnicodeEncodeError):
            loader, node = _composed(_Loader, text)  # which says better what is wrong
    except yaml.YAMLError as error:
        return None, [_unreadable(text, path, error)]
    lines: dict[Path_, int] = {(): 1}
    nodes: set[int] = set()
    problems: list[Problem] = []
    if node is None:
        return Document(path, None, lines), problems
    _walk(node, (), lines, problems, path, frozenset(), nodes)
    if problems:
        return None, problems
    try:
        data = loader.construct_document(node)
    except yaml.YAMLError as error:
        return None, [_unreadable(text, path, error)]
    except ValueError as error:
        return None, [Problem(path, 1, f"not readable as YAML: {error}", "yaml")]
    return Document(path, data, lines), problems


def _may_be_deep(text: str) -> bool:
    """Each level takes a bracket, or a sign on one line: by indentation, or by a dash."""
    brackets = text.count("[") + text.count("{")
    return brackets > _DEEPEST or max(map(len, text.splitlines()), default=0) > _DEEPEST


def _deep(text: str) -> bool:
    """Whether values lie deeper in each other than anybody writes; as far as it can be read."""
    depth = 0
    with suppress(yaml.YAMLError, UnicodeEncodeError):
        for event in yaml.parse(text, Loader=_Quick):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST:
                return True
    return False


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
    # A line whose colon is none goes on in the next, where YAML gives up.
    for number, written in list(enumerate(text.splitlines(), 1))[max(line - 2, 0) : line]:
        if found := stray(written):
            return Problem(path, number, f"not readable as YAML: {said}{found}", "yaml")
    return Problem(path, line, f"not readable as YAML: {said}{advice}", "yaml")


def _composed(kind: type[Any], text: str) -> tuple[Any, yaml.Node | None]:
    loader = kind(text)
    return loader, loader.get_single_node()


def read(path: Path, *, shown: str | None = None) -> tuple[Document | None, list[Problem]]:
    """Parse a file; one that cannot be read or is not UTF-8 is a problem, not an exception."""
    shown = shown or str(path)
    try:
        written = regular(path).read_bytes()
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
    above: frozenset[int], nodes: set[int],
) -> None:  # fmt: skip
    """Note the line of every value below `node`; a duplicate key or a loop of aliases is a problem."""
    if id(node) in above:
        problems.append(Problem(path, node.start_mark.line + 1, "an alias contains itself", "yaml"))
        return
    nodes.add(id(node))
    if len(lines) - len(nodes) > _MOST:
        if not problems:
            sentence = f"more than {_MOST:,} values again: an alias repeats others that repeat others"
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
            _walk(value, (*where, name), lines, problems, path, above, nodes)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            lines[(*where, index)] = item.start_mark.line + 1
            _walk(item, (*where, index), lines, problems, path, above, nodes)
