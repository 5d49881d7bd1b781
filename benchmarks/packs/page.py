"""The tables of docs/packs.md: the packs as they are written, and what the last run measured."""

from __future__ import annotations

import json
import re
import statistics
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.packs.sets import SETS
from engine.backtest.contest import in_words
from engine.model.text import numbered
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
    where: dict[str, list[str]] = {}
    for name, one in figures().items():
        for row in one["rules"]:
            where.setdefault(row["rule"], []).append(name)
    return "\n\n".join(_pack(pack, where) for pack in packs())


def _pack(pack: Pack, measured: dict[str, list[str]]) -> str:
    said = pack.manifest
    of = rules(pack)
    head = f"### {said.name} {said.version}: {said.title.en}\n\n{said.wants.en} Licence: {said.licence}."
    if said.needs:
        head += f" Needs {', '.join(said.needs)}."
    rows = (
        (f"`{one.id}`", one.written.title.en, f"{one.written.cycle}, {one.written.level}",
         " ".join(one.grades()), ", ".join(measured.get(one.id, ["-"])))
        for one in of
    )  # fmt: skip
    return f"{head}\n\n{_table(('rule', 'warns of', 'judges', 'grades', 'measured'), rows)}"


def _measured() -> str:
    return "\n\n".join(_set(name, one) for name, one in figures().items())


def _set(name: str, one: dict[str, Any]) -> str:
    told = SETS[name]
    head = f"### {name}: {told.title}, {one['from']} to {one['to']}"
    said = " ".join(filter(None, [told.truth and f"**Truth**: {told.truth}.", told.note]))
    names = ("rule", "areas", "warnings", "a week", "by chance", "share")
    parts = [head, said, _table(names, _volumes(one)), _skill(one), _heard(one["receivers"])]
    return "\n\n".join(filter(None, parts))


def _volumes(one: dict[str, Any]) -> Iterator[list[str]]:
    for row in one["rules"]:
        areas = one["areas"][row["rule"]]
        weekly = row["warnings_per_area_week"]
        yield [
            f"`{row['rule']}`", str(areas), str(row["warnings"]),
            "-" if weekly is None else f"{weekly * areas:.2f}", _number(row["chance_warnings"], 1),
            _number(row["chance_share"], 2),
        ]  # fmt: skip


def _skill(one: dict[str, Any]) -> str:
    """Each rule beside climatology, and in words beside all its rivals."""
    rows = [row for row in one["rules"] if row.get("rivals")]
    names = ("rule", "held to", "came", "Brier", "skill", "gain on climatology", "beside its rivals")
    return _table(names, map(_held, rows)) if rows else ""


def _held(row: dict[str, Any]) -> list[str]:
    usual = next(one for one in row["rivals"] if one["rival"] == "climatology")
    gain = "-"
    if usual["gain_low"] is not None:
        gain = f"{usual['gain']:.2g} ({usual['gain_low']:.2g} to {usual['gain_high']:.2g})"
    told = usual["gain_low"] is not None
    return [
        f"`{row['rule']}`", row["held"], f"{usual['events']} of {usual['judgements']}",
        "-" if usual["brier_rule"] is None else f"{usual['brier_rule']:.3g}",
        _number(usual["skill"], 2) if told else "-", gain, in_words(row["rivals"]),
    ]  # fmt: skip


def _heard(rows: Sequence[dict[str, Any]]) -> str:
    """How many warnings each receiver hears of in a week, against what it is allowed."""
    if not rows:
        return ""
    most = max(rows, key=lambda row: (row["a_week"], row["busiest"]))
    over = [f"`{row['receiver']}` ({row['a_week']:.2f}, allowed {row['allowed']:g})"
            for row in rows if row["a_week"] > row["allowed"]]  # fmt: skip
    middle = statistics.median(row["a_week"] for row in rows)
    return (
        f"**Receivers**: {numbered(len(rows), 'receiver')}; the one in the middle hears of {middle:.2f} "
        f"warnings a week, the one with most, `{most['receiver']}`, of {most['a_week']:.2f}, in its busiest "
        f"week of {most['busiest']}. "
        + (f"Above the budget: {', '.join(over)}." if over else "None is above its budget.")
    )


def _number(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _table(names: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(names)} |", f"|{'|'.join(' --- ' for _ in names)}|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])
