"""Reads configuration files and collects every mistake on the way."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel

from engine import yamlfile
from engine.charter import reach
from engine.cycle.config import secret
from engine.cycle.config.written import VARIABLE, expand
from engine.errors import ConfigError
from engine.guard.exit import hide
from engine.model.problem import Level, Problem, nearest
from engine.model.regular import regular
from engine.yamlfile import Document

M = TypeVar("M", bound=BaseModel)
_OUTSIDE = "leads out of the root folder; put the file below it, or a link to where it lies"


@dataclass
class Reading:
    """One pass over the configuration of `root`: what was read, and what is wrong with it."""

    root: Path
    environment: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)
    #: The text of every YAML file, and everything read, by path below the root.
    texts: dict[str, str] = field(default_factory=dict)
    loaded: dict[str, Any] = field(default_factory=dict)
    #: What was filled in and is secret, with what is said in its stead.
    hidden: dict[str, str] = field(default_factory=dict, repr=False)
    #: The categories that are protected, once the taxonomy has been read.
    protected: frozenset[str] = frozenset()

    def file(
        self, name: str, model: type[M], *, required: bool, kind: str = ""
    ) -> tuple[Document, M] | None:
        """config/`name` as a model; None (and its problems noted) where it cannot be used.

        kind: as what the charter looks at it, where that is not its name. A file that is absent and not
        required is read as an empty one: its model has defaults.
        """
        shown, kind = f"config/{name}", kind or name.removesuffix(".yaml")
        path = self.root / shown
        if not path.exists() and not required:
            return Document(shown, {}, {(): 1}), model()
        return self.elsewhere(path, shown, model, kind)

    def elsewhere(self, path: Path, shown: str, model: type[M], kind: str) -> tuple[Document, M] | None:
        """The same of a file that lies anywhere; shown: how it is called where something is said of it."""
        document, problems = yamlfile.read(path, shown=shown)
        self.problems += problems
        if document is None:
            return None
        if document.data is None:
            document = Document(shown, {}, document.lines)
        self.texts[shown] = path.read_text(encoding="utf-8")
        self.loaded[shown] = document.data
        self.charter(document, reach.refused(kind, document.data, self.protected))
        self._secrets(document, kind)
        found, problems = yamlfile.validate(document, model, kind)
        self.problems += problems
        return None if found is None else (document, found)

    def part(self, name: str, key: str) -> Document | None:
        """config/`name` with only that one of its keys; None where it does not stand there."""
        path = self.root / "config" / name
        document, problems = yamlfile.read(path, shown=f"config/{name}") if path.exists() else (None, [])
        self.problems += problems
        if document is None or not isinstance(document.data, dict) or key not in document.data:
            return None
        return replace(document, data={key: document.data[key]})

    def charter(self, document: Document, refused: Iterable[tuple[tuple[str | int, ...], str]]) -> None:
        """Note what the charter refuses: (where, sentence) pairs."""
        for where, sentence in refused:
            self.note(document, where, sentence, "charter")

    def _secrets(self, document: Document, name: str) -> None:
        """Note every secret that stands in the file as it is, and let nothing else quote it."""
        for where, sentence, found in secret.literals(name, document.data):
            self.note(document, where, sentence, "secret")
            hide({found: "(a secret)"})
        for line, sentence, found in secret.commented(self.texts[document.path]):
            self.problems.append(Problem(document.path, line, sentence, "secret"))
            hide({found: "(a secret)"})

    def inside(self, document: Document, where: Iterable[str | int], path: Path, folder: str = "") -> bool:
        """Whether a path that is taken from a folder of the root's does not lead out of the root; if it does,
        a problem. Links are an operator's own matter."""
        at = Path(os.path.normpath(self.root / folder / path))
        if at.is_relative_to(os.path.normpath(self.root)):
            return True
        self.note(document, where, f"{path} {_OUTSIDE}", "outside-root")
        return False

    def bytes(self, shown: str) -> None:
        """Let the content of a data file beside the YAML count in the hash."""
        self.loaded[shown] = hashlib.sha256(regular(self.root / shown).read_bytes()).hexdigest()

    def note(
        self, document: Document, where: Iterable[str | int], sentence: str, name: str,
        level: Level = Level.ERROR,
    ) -> None:  # fmt: skip
        where = tuple(where)
        self.problems.append(Problem(document.path, document.line(*where), sentence, name, level))

    def known(
        self, document: Document, where: Iterable[str | int], kind: str, word: str, names: Iterable[str]
    ) -> bool:
        """Whether `word` is among `names`; if not, a problem with the nearest right one."""
        names = list(names)
        if word in names:
            return True
        sentence = f"there is no {kind} '{word}'{nearest(word, names)}"
        self.note(document, where, sentence, f"unknown-{kind.replace(' ', '-')}")
        return False

    def unique(self, document: Document, kind: str, key: str, *listing: str | int) -> None:
        """Note every item of the list at `listing` whose `key` an earlier one has already."""
        seen: dict[str, int] = {}
        items = document.data
        for part in listing:
            items = items[part]
        for index, item in enumerate(items):
            word, line = str(item[key]), document.line(*listing, index, key)
            if word in seen:
                sentence = f"the {kind} '{word}' stands here again; it is already on line {seen[word]}"
                self.note(document, (*listing, index, key), sentence, f"duplicate-{kind.replace(' ', '-')}")
            seen.setdefault(word, line)

    def options(
        self, document: Document, where: tuple[str | int, ...], data: Any, model: type[M], name: str
    ) -> M | None:
        """`data`, which stands at `where`, as `model`, its `${NAME}`s filled in; what is said of them quotes
        the names."""
        values, whole = self._values(document, where, data)
        filled = expand(data, values)
        self.hidden |= secret.named(data, filled)
        hide(self.hidden)
        self.charter(document, (((*where, *at), said) for at, said in reach.expanded(data, filled)))
        lines = {
            place[len(where) :]: line
            for place, line in document.lines.items()
            if place[: len(where)] == where
        }
        found, problems = yamlfile.validate(Document(document.path, data, lines), model, name, filled)
        self.problems += [replace(one, sentence=_unfilled(one.sentence, values)) for one in problems]
        if found is None or not whole:
            return None
        paths = _relative(found)
        kept = [self.inside(document, (*where, key), path) for key, path in paths.items()]
        rooted = {key: self.root / path for key, path in paths.items()}
        return found.model_copy(update=rooted) if all(kept) else None

    def _values(
        self, document: Document, where: tuple[str | int, ...], data: Any
    ) -> tuple[dict[str, str], bool]:
        """What every `${NAME}` in `data` stands for, and whether all of them stand for something."""
        values: dict[str, str] = {}
        whole = True
        for at, text in secret.texts(data):
            for name in VARIABLE.findall(text):
                try:
                    values[name] = secret.value(name, self.environment, self.root)
                except ValueError as error:
                    self.note(document, (*where, *at), str(error), "environment")
                    whole = False
        return values, whole

    def finish(self) -> tuple[Problem, ...]:
        """The warnings and hints; raises ConfigError with everything where there is an error."""
        problems = sorted(set(self.problems), key=lambda p: (p.path, p.line, p.name, p.sentence))
        if any(problem.level is Level.ERROR for problem in problems):
            raise ConfigError(problems)
        return tuple(problems)

    def hash(self) -> str:
        """SHA-256 over the canonical JSON of everything loaded; comments and order do not count."""
        text = json.dumps(_keyed(self.loaded), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def sources(self) -> Mapping[str, str]:
        return MappingProxyType(dict(self.texts))


def _keyed(value: Any) -> Any:
    """The value with text for every key: YAML has numbers as keys, and JSON cannot sort both."""
    if isinstance(value, dict):
        return {str(key): _keyed(item) for key, item in value.items()}
    return [_keyed(item) for item in value] if isinstance(value, list) else value


def _unfilled(sentence: str, values: Mapping[str, str]) -> str:
    """A sentence without what was filled in, where it is long enough to be told from chance."""
    for name, value in values.items():
        if len(value) > 3:
            sentence = sentence.replace(value, f"${{{name}}}")
    return sentence


def _relative(options: BaseModel) -> dict[str, Path]:
    """The paths of some options that are taken from the root folder."""
    return {key: path for key, path in options if isinstance(path, Path) and not path.is_absolute()}
