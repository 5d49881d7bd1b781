"""The tables of docs/skill.md, out of the figures that each kit's last run left beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.evaluate.kit import HERE, KITS, Kit

DOCUMENT = HERE.parent.parent / "docs" / "skill.md"
_GRADES = ("blue", "yellow", "orange", "red")
_NAIVE = ("always", "persistence", "fitted persistence", "climatology")

Figures = dict[str, Any]


def stored(kit: Kit) -> Path:
    return kit.folder / "figures.json"


def tables(figures: Figures) -> str:
    """Four tables in Markdown: warnings and events, days, forecasts beside naive ones, calibration."""
    rows = {row["rule"]: row for row in figures["rules"]}
    measured = [rows[id_] for id_ in figures["beside"]]
    parts = [
        _table(("rule", "warnings", "by chance", "false", "events", "warned", "in time", "lead, days"),
               (_events(row, figures["beside"].get(row["rule"])) for row in rows.values())),
        _table(("rule", "POD", "FAR", "CSI", "Brier skill: climatology", "if fitted", "persistence"),
               map(_days, measured)),
        _table(("forecast", "hits", "misses", "false", "POD", "FAR", "CSI", "Brier", "Brier skill"),
               _forecasts(figures["beside"], rows)),
        _table(("rule", *(f"{row['grade']}: {row['claimed']:.0%}" for row in figures["grades"])),
               map(_calibration, measured)),
    ]  # fmt: skip
    opened = {id_: one["opened"] for id_, one in figures["beside"].items() if one["opened"]}
    if opened:
        lines = (f"* `{id_}`: {', '.join(days)}" for id_, days in opened.items())
        parts.append("Days on which warnings were opened:\n\n" + "\n".join(lines))
    return "\n\n".join(parts)


def written(text: str) -> str:
    """The document with every kit's tables as they are stored now."""
    for kit in KITS.values():
        figures = json.loads(stored(kit).read_text(encoding="utf-8"))
        start, end = f"<!-- {kit.name}: written by benchmarks.evaluate -->", f"<!-- end of {kit.name} -->"
        head, _, rest = text.partition(start)
        text = f"{head}{start}\n\n{tables(figures)}\n\n{end}{rest.partition(end)[2]}"
    return text


def _events(row: Figures, beside: Figures | None) -> Sequence[str]:
    chance = f"{row['chance_warnings']:.1f} ({_share(row['chance_share'])})"
    if beside is None:
        return row["rule"], str(row["warnings"]), chance, "-", "-", "-", "-", "-"
    lead = _number(row["lead_median"], 1)
    if row["lead_median"] is not None:
        lead += f" ({_number(row['lead_q1'], 1)} to {_number(row['lead_q3'], 1)})"
    return (
        row["rule"], str(row["warnings"]), chance, _share(row["false_warning_share"]), str(row["events"]),
        str(row["events_warned"]), str(beside["in_time"]), lead,
    )  # fmt: skip


def _days(row: Figures) -> Sequence[str]:
    names = ("pod", "far", "csi", "skill_climatology", "skill_fitted", "skill_persistence")
    return row["rule"], *(_with_interval(row, name) for name in names)


def _forecasts(beside: Figures, rows: Figures) -> Iterator[Sequence[str]]:
    """Every rule's, then the naive ones of its level once."""
    levels: dict[str, list[Figures]] = {}
    for id_, one in beside.items():
        for row in one["forecasts"]:
            if row["forecast"] in _NAIVE:
                levels.setdefault(rows[id_]["level"], []).append(row)
            else:
                yield _forecast(f"{id_}, {row['forecast']}", row)
    for level, naive in levels.items():
        yield from (_forecast(f"*{row['forecast']}, {level}*", row) for row in naive[: len(_NAIVE)])


def _forecast(name: str, row: Figures) -> Sequence[str]:
    counts = (str(row[key]) for key in ("hits", "misses", "false_alarms"))
    shares = (_number(row[key], 3) for key in ("pod", "far", "csi"))
    return name, *counts, *shares, f"{row['brier']:.2g}", _number(row["skill"], 2)


def _calibration(row: Figures) -> Sequence[str]:
    return row["rule"], *(_share(row[f"frequency_{grade}"]) for grade in _GRADES)


def _table(head: Sequence[str], rows: Iterator[Sequence[str]] | map[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _with_interval(row: Figures, name: str) -> str:
    value, low, high = (row[key] for key in (name, f"{name}_low", f"{name}_high"))
    if value is None or low is None or high is None:
        return _number(value, 2)
    return f"{value:.2f} ({low:.2f} to {high:.2f})"


def _number(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}" if 0 < value < 0.1 else f"{value:.0%}"
