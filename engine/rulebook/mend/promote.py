"""The status of a rule, changed in the text of its file: comments and layout stay as they are."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import ConfigError, UsageError
from engine.model.rule import RuleBook, Status
from engine.rulebook import load
from engine.rulebook.context import Context
from engine.rulebook.load import Loaded
from engine.rulebook.packs.filter import FILE

#: One step at a time: a rule is on trial before it warns anybody.
NEXT = {Status.DRAFT: Status.TRIAL, Status.TRIAL: Status.STABLE}


@dataclass(frozen=True)
class Promotion:
    """A rule's next status, not yet written: the file's text, and the book as it will be."""

    rule: str
    before: Status
    after: Status
    path: Path
    line: int
    text: str
    book: RuleBook
    #: The folder as it stands.
    loaded: Loaded

    def write(self, note: str = "") -> None:
        """Put the new text in the file's place at once; the note follows on the status's line."""
        text = _noted(self.text, self.line, note) if note else self.text
        beside = self.path.with_name(f".{self.path.name}.new")
        beside.write_bytes(text.encode("utf-8"))
        shutil.copymode(self.path, beside)
        beside.replace(self.path)


def promotion(rules: Path, id_: str, context: Context) -> Promotion:
    """What promoting a rule of the folder would make of its file.

    Raises UsageError where its status has no next one or cannot be found in the text, ConfigError with
    every mistake that the rule would have at its new status.
    """
    loaded = load.read_whole(rules, context)
    if loaded.book is None:
        raise ConfigError(loaded.problems)
    source = next(source for source in loaded.sources if source.id == id_)
    if source.pack:
        raise UsageError(f"{id_} comes from the pack {source.pack}: say its status in {FILE}, under tune")
    before = loaded.book.rules[id_].status
    if before not in NEXT:
        raise UsageError(f"{id_} is {before}; only a draft or a rule on trial is promoted")
    path, line = source.where(("status",))
    text = _replaced(Path(path).read_bytes().decode("utf-8"), line, before, NEXT[before])
    book = _book(rules, Path(path), text, context)
    if _statuses(book) != _statuses(loaded.book) | {id_: NEXT[before]}:
        raise UsageError(f"{path}:{line}: this status cannot be told from others; change it by hand")
    return Promotion(id_, before, NEXT[before], Path(path), line, text, book, loaded)


def _replaced(text: str, line: int, before: Status, after: Status) -> str:
    lines = text.split("\n")
    word = rf"(\bstatus\s*:\s*['\"]?){before}\b"
    lines[line - 1] = re.sub(word, rf"\g<1>{after}", lines[line - 1], count=1)
    return "\n".join(lines)


def _noted(text: str, line: int, note: str) -> str:
    lines = text.split("\n")
    body = lines[line - 1].rstrip("\r")
    lines[line - 1] = f"{body}  # {' '.join(note.split())}{lines[line - 1][len(body):]}"
    return "\n".join(lines)


def _book(rules: Path, path: Path, text: str, context: Context) -> RuleBook:
    """The folder's rules with one file's text exchanged, checked as a whole."""
    with load.exchanged(rules, path.relative_to(rules), text) as copy:
        try:
            return load.whole(copy, context)
        except ConfigError as error:
            named = (
                replace(one, path=str(rules / Path(one.path).relative_to(copy)))
                if Path(one.path).is_relative_to(copy) else one
                for one in error.problems
            )
            raise ConfigError(list(named)) from error


def _statuses(book: RuleBook) -> dict[str, Status]:
    return {id_: rule.status for id_, rule in book.rules.items()}
