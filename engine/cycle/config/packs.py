"""config/packs.yaml: the rule packs that a centre takes, each with what it says otherwise of the rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from engine.cycle.config.reading import Reading
from engine.model.problem import nearest
from engine.rulebook.packs.filter import Filter, PacksFile
from engine.rulebook.packs.pack import Pack, available
from engine.yamlfile import Document

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Brought:
    """A file of a pack with names that its rules need, read as the one of the same name below config/."""

    name: str
    path: Path
    pack: str

    def read(self, reading: Reading, model: type[M]) -> tuple[Document, M] | None:
        kind = self.name.removesuffix(".yaml")
        return reading.elsewhere(self.path, f"packs/{self.pack}/{self.name}", model, kind)


def load(reading: Reading) -> tuple[Filter, ...]:
    """The packs in their order, each with its filter.

    Raises ConfigError at once where the file cannot be used, because the names that packs bring would be
    missed everywhere else.
    """
    read = reading.file("packs.yaml", PacksFile, required=False)
    if read is None:
        reading.finish()
        return ()
    document, file = read
    if not file.packs:
        return ()
    reading.unique(document, "pack", "pack", "packs")
    known, problems = available(reading.root)
    reading.problems += problems
    filters = [
        Filter(known[one.pack], one, document, ("packs", index))
        for index, one in enumerate(file.packs)
        if reading.known(document, ("packs", index, "pack"), "pack", one.pack, known)
    ]
    _needs(reading, document, [one.pack for one in filters])
    if len(filters) < len(file.packs):
        reading.finish()
    return tuple(filters)


def _needs(reading: Reading, document: Document, packs: list[Pack]) -> None:
    """Note the packs without which rules of another find nothing."""
    named = {pack.name for pack in packs}
    for index, pack in enumerate(packs):
        for needed in pack.manifest.needs:
            if needed not in named:
                sentence = (
                    f"'{pack.name}' looks for findings of the pack '{needed}'{nearest(needed, named)}: "
                    "name that too"
                )
                reading.note(document, ("packs", index, "pack"), sentence, "pack-needs")


def brought(filters: tuple[Filter, ...]) -> Iterator[Brought]:
    """The names that the packs bring along, in their order."""
    for one in filters:
        for name, path in one.pack.vocabulary():
            yield Brought(name, path, one.pack.name)
