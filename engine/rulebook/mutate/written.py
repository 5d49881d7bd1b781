"""The tests that would kill what survives, written into the twin file beside the rules."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from engine.rulebook.language.source import Source
from engine.rulebook.mutate.examine import Examined, Result

_HEAD = "# yaml-language-server: $schema=../../docs/schema/rule.test.schema.json\ntests:\n"


def tests(examined: Examined) -> list[Result]:
    """One result for each different scene: a test may kill several mutants, and is named by the first."""
    found: dict[str, Result] = {}
    for one in examined.results:
        if one.test is not None:
            scene = {key: value for key, value in one.test.items() if key != "name"}
            found.setdefault(repr(scene), one)
    return list(found.values())


def write(source: Source, examined: Examined, *, alone: bool) -> Path | None:
    """Add the tests to NAME.test.yaml; None where there is none to add. alone: the file holds one rule."""
    lines = list(_lines(tests(examined), "" if alone else examined.rule))
    if not lines:
        return None
    path = Path(source.path)
    twin = path.with_name(f"{path.name.removesuffix('.yaml')}.test.yaml")
    before = twin.read_text(encoding="utf-8") if twin.exists() else _HEAD
    twin.write_text(before.rstrip("\n") + "\n" + "".join(lines), encoding="utf-8")
    return twin


def _lines(results: Iterable[Result], rule: str) -> Iterable[str]:
    for one in results:
        for at, line in enumerate(one.pasted.splitlines()):
            yield f"  {line}\n"
            if at == 0 and rule:
                yield f"    rule: {rule}\n"
