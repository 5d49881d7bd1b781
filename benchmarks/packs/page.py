"""The tables of docs/packs.md: the packs as they are written, and what the last run measured."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from engine.rulebook.language import reading
from engine.rulebook.language.source import Source
from engine.rulebook.packs.pack import Pack, available

HERE = Path(__file__).resolve().parent
DOCUMENT = HERE.parent.parent / "docs" / "packs.md"
FIGURES = HERE / "figures.json"
_PLACE = re.compile(
    r"(<!-- (packs|measured): written by benchmarks.packs -->\n).*?(<!-- end of \2 -->)", re.S
)  # fmt: skip


def figures() -> dict[str, Any]:
    """What the last runs measured, by set."""
    return json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {}


def packs() -> list[Pack]:
    """Those that come with the engine."""
    return list(available(HERE / "none")[0].values())


def rules(pack: Pack) -> list[Source]:
    return sorted(reading.sources(pack.paths())[0], key=lambda source: source.id)


def written(text: str) -> str:
    """The page with both of its parts as they are now."""
    parts = {"packs": _packs(), "measured": _measured()}
    return _PLACE.sub(lambda found: f"{found[1]}\n{parts[found[2]]}\n\n{found[3]}", text)


def _packs() -> str:
    where = {row["rule"]: name for name, one in reversed(figures().items()) for row in one["rules"]}
    return "\n\n".join(_pack(pack, where) for pack in packs())


def _pack(pack: Pack, measured: dict[str, str]) -> str:
    said = pack.manifest
    of = rules(pack)
    head = f"### {said.name} {said.version}: {said.title.en}\n\n{said.wants.en} Licence: {said.licence}."
    if said.needs:
        head += f" Needs {', '.join(said.needs)}."
    rows = (
        (f"`{one.id}`", one.written.title.en, f"{one.written.cycle}, {one.written.level}",
         " ".join(one.grades()), measured.get(one.id, "-"))
        for one in of
    )  # fmt: skip
    return f"{head}\n\n{_table(('rule', 'warns of', 'judges', 'grades', 'measured'), rows)}"


def _measured() -> str:
    return "\n\n".join(_set(name, one) for name, one in figures().items())


def _set(name: str, one: dict[str, Any]) -> str:
    head = f"### {name}: {one['title']}, {one['from']} to {one['to']}"
    names = ["rule", "areas", "warnings", "a week", "by chance", "share"]
    skilled = any(row.get("brier") is not None for row in one["rules"])
    names += ["events", "warned", "POD", "FAR", "against climatology"] if skilled else []
    return f"{head}\n\n{_table(names, _rows(one, skilled))}"


def _rows(one: dict[str, Any], skilled: bool) -> Iterator[list[str]]:
    for row in one["rules"]:
        areas = one["areas"][row["rule"]]
        weekly = row["warnings_per_area_week"]
        cells = [
            f"`{row['rule']}`", str(areas), str(row["warnings"]),
            "-" if weekly is None else f"{weekly * areas:.2f}", _number(row["chance_warnings"], 1),
            _number(row["chance_share"], 2),
        ]  # fmt: skip
        if skilled:
            cells += [_number(row["events"], 0), _number(row["events_warned"], 0), _number(row["pod"], 2),
                      _number(row["far"], 2), _number(row["skill_climatology"], 2)]  # fmt: skip
        yield cells


def _number(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _table(names: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(names)} |", f"|{'|'.join(' --- ' for _ in names)}|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])
