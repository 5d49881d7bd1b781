"""A pack: where it lies, what it is called, and which files of rules it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from engine.model.problem import Problem
from engine.rulebook.language.example import Line
from engine.rulebook.language.reading import PACK
from engine.rulebook.language.rung import Strict
from engine.rulebook.language.schema import Words
from engine.yamlfile import Document, read, validate

#: Where a centre keeps packs of its own, below the root; a service looks here for changes too.
OWN = "packs"
#: What a pack's rules name and a centre need not have: read as the files of these names below config/.
VOCABULARY = ("taxonomy.yaml", "topics.yaml", "measures.yaml")

_ENGINE = Path(__file__).parents[2]
_Version = Annotated[str, StringConstraints(strict=True, pattern=r"^\d+\.\d+\.\d+$")]
_Name = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class Manifest(Strict):
    """pack.yaml: what a pack says of itself."""

    name: _Name
    version: _Version
    licence: Line
    title: Words
    wants: Words = Field(description="which feeds bring what its rules count")
    needs: list[Line] = Field(default_factory=list, description="packs whose findings its rules look for")
    bundled: list[Line] = Field(
        default_factory=list, description="rules of the demonstration that belong to it: domain/name"
    )


@dataclass(frozen=True)
class Pack:
    """One pack as found: its folder, and what its manifest says."""

    folder: Path
    manifest: Manifest

    @property
    def name(self) -> str:
        return self.manifest.name

    def __str__(self) -> str:
        return f"{self.name} {self.manifest.version}"

    def paths(self) -> list[Path]:
        """The folder of its rules, where it has one, and the files that it shares with the demonstration."""
        rules = self.folder / "rules"
        shared = [demonstration() / f"{one}.yaml" for one in self.manifest.bundled]
        return [*([rules] if rules.is_dir() else []), *shared]

    def vocabulary(self) -> Iterator[tuple[str, Path]]:
        """What it brings of each file below config/, by the file's name."""
        for name in VOCABULARY:
            if (self.folder / name).is_file():
                yield name, self.folder / name


def demonstration() -> Path:
    """Where the rules of the demonstration lie: in the package, or beside it in a checkout."""
    inside = _ENGINE / "kits" / "bundled" / "rules"
    return inside if inside.is_dir() else _ENGINE.parent / "rules"


def available(root: Path) -> tuple[Mapping[str, Pack], list[Problem]]:
    """Every pack by its name, those of the root after those that come with the engine, and what is wrong."""
    found: dict[str, Pack] = {}
    problems: list[Problem] = []
    for folder in (_ENGINE / "packs", root / OWN):
        for path in sorted(folder.glob(f"*/{PACK}")):
            document, mistakes = read(path)
            problems += mistakes
            if document is not None:
                problems += _add(found, document)
    return found, problems


def _add(found: dict[str, Pack], document: Document) -> list[Problem]:
    manifest, problems = validate(document, Manifest, "pack")
    if manifest is None:
        return problems
    folder = Path(document.path).parent
    if manifest.name != folder.name:
        sentence = f"the pack's folder is called '{folder.name}', and so must the pack be"
        return [document.problem(("name",), sentence, "pack")]
    if manifest.name in found:
        there = found[manifest.name].folder
        sentence = f"there is a pack '{manifest.name}' already in {there}: give yours another name"
        return [document.problem(("name",), sentence, "pack")]
    found[manifest.name] = Pack(folder, manifest)
    return []
