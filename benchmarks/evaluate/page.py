"""The tables of docs/skill.md, out of the figures that each kit's last run left beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.evaluate.kit import HERE, KITS, Kit

DOCUMENT = HERE.parent.parent / "docs" / "skill.md"
#: Below this Brier skill of learned claims against climatology something is wrong with them.
LEAST = -0.02

_EVENTS = (
    "rule", "within", "warnings", "by chance", "false", "events", "warned", "in time", "lead, days",
)  # fmt: skip
_RIVALS = (
    "rule", "rival", "verdict", "Brier, rule", "Brier, rival", "rule's gain", "CSI, rule", "CSI, rival",
)  # fmt: skip

Figures = dict[str, Any]


#: Whom a learned chance has to beat: the sheets that anybody can keep.
WANTED = ("EWMA", "one fixed number")
_WHY = {
    "beats": "", "ties": "the interval of the gain holds zero", "untold": "too little came to tell",
    "loses": "what was learned on the earlier time misled on the later",
}  # fmt: skip
_CHANCES = "<!-- chances: written by benchmarks.evaluate -->", "<!-- end of chances -->"


def stored(kit: Kit) -> Path:
    return kit.folder / "figures.json"


def tables(figures: Figures) -> str:
    """Four tables in Markdown: warnings and events, judgements, rivals, what each grade came to be worth."""
    rows = figures["rules"]
    measured = [row for row in rows if row["days"]]
    parts = [
        _table(_EVENTS, map(_events, rows)),
        _table(("rule", "hits", "misses", "false", "POD", "FAR", "CSI"), map(_judged, measured)),
        _table(_RIVALS, map(_rival, figures["rivals"])),
        _table(("rule", "grade", "came true", "chance", "claimed after two thirds", "then", "bore out"),
               (_claim(row) for row in figures["claims"] if row["told"] or row["later_told"])),
    ]  # fmt: skip
    said = [f"* `{row['rule']}` {row['verdict']}." for row in rows if row["verdict"]]
    parts.insert(2, "\n".join(said))
    opened = {id_: days for id_, days in figures["opened"].items() if days}
    if opened:
        lines = (f"* `{id_}`: {', '.join(days)}" for id_, days in opened.items())
        parts.append("Days on which warnings were opened:\n\n" + "\n".join(lines))
    return "\n\n".join(part for part in parts if part)


def broken(figures: Figures) -> list[str]:
    """What the learned claims did not keep on the part of the time held back."""
    found = [
        f"{row['rule']}: Brier skill {row['skill_learned']:.3f} of learned claims against climatology"
        for row in figures["rules"] if row["skill_learned"] is not None and row["skill_learned"] < LEAST
    ]  # fmt: skip
    found += [
        f"{row['rule']}, {row['grade']}: claimed {row['claimed']:.1%}, and {row['later_came']} of "
        f"{row['later_told']} came true"
        for row in figures["claims"] if row["bore_out"] == "no"
    ]  # fmt: skip
    return found


def written(text: str) -> str:
    """The document with every kit's tables as they are stored now."""
    for kit in KITS.values():
        figures = json.loads(stored(kit).read_text(encoding="utf-8"))
        start, end = f"<!-- {kit.name}: written by benchmarks.evaluate -->", f"<!-- end of {kit.name} -->"
        head, _, rest = text.partition(start)
        text = f"{head}{start}\n\n{tables(figures)}\n\n{end}{rest.partition(end)[2]}"
    kept = (json.loads(stored(kit).read_text(encoding="utf-8")) for kit in KITS.values())
    head, start, rest = text.partition(_CHANCES[0])
    return f"{head}{start}\n\n{chances(kept)}\n\n{_CHANCES[1]}{rest.partition(_CHANCES[1])[2]}"


def chances(every: Iterable[Figures]) -> str:
    """Of each rule that asks for a learned chance a line: whom it beats by how much, whom it does not."""
    return "\n".join(_chance(figures, id_) for figures in every for id_ in figures.get("chances", ()))


def _chance(figures: Figures, id_: str) -> str:
    rows = {row["rival"]: row for row in figures["rivals"] if row["rule"] == id_}
    events, many = (next(iter(rows.values()))[key] for key in ("events", "judgements"))
    told = [_said(rows[rival]) for rival in WANTED]
    others = [rival for rival in rows if rival not in WANTED and rows[rival]["verdict"] != "beats"]
    beside = f"; it does not beat {' and '.join(others)}" if others else ""
    head = f"* `{id_}` ({figures['title']}; {events} of {many} judgements held back came true)"
    why = "; ".join(filter(None, dict.fromkeys(_WHY[rows[rival]["verdict"]] for rival in WANTED)))
    return f"{head} {' and '.join(told)}{beside}{why and f': {why}'}."


def _said(row: Figures) -> str:
    """`beats EWMA (Brier 0.067 against 0.083, gain 0.016, 0.008 to 0.025)`."""
    if row["gain_low"] is None:
        return f"cannot be told from {row['rival']}"
    gain = f"{row['gain']:.2g}, {row['gain_low']:.2g} to {row['gain_high']:.2g}"
    said = {"beats": "beats", "ties": "ties with", "loses": "loses to"}[row["verdict"]]
    return f"{said} {row['rival']} (Brier {row['brier_rule']:.3g} against {row['brier']:.3g}, gain {gain})"


def _events(row: Figures) -> Sequence[str]:
    chance = "-"
    if row["chance_warnings"] is not None:
        chance = f"{row['chance_warnings']:.1f} ({_share(row['chance_share'])})"
    ahead = f"{row['ahead']} d"
    if not row["days"]:
        return row["rule"], ahead, str(row["warnings"]), chance, "-", "-", "-", "-", "-"
    lead = _number(row["lead_median"], 1)
    if row["lead_median"] is not None:
        lead += f" ({_number(row['lead_q1'], 1)} to {_number(row['lead_q3'], 1)})"
    return (
        row["rule"], ahead, str(row["warnings"]), chance, _share(row["false_warning_share"]),
        str(row["events"]), str(row["events_warned"]), str(row["events_in_time"]), lead,
    )  # fmt: skip


def _judged(row: Figures) -> Sequence[str]:
    counts = (str(row[key]) for key in ("hits", "misses", "false_alarms"))
    return row["rule"], *counts, *(_with_interval(row, name) for name in ("pod", "far", "csi"))


def _rival(row: Figures) -> Sequence[str]:
    gain = "-" if row["gain"] is None else f"{row['gain']:.2g}"
    if row["gain_low"] is not None:
        gain += f" ({row['gain_low']:.2g} to {row['gain_high']:.2g})"
    brier = ("-" if row[key] is None else f"{row[key]:.3g}" for key in ("brier_rule", "brier"))
    csi = (_number(row[key], 2) for key in ("csi_rule", "csi"))
    return row["rule"], row["rival"], row["verdict"], *brier, gain, *csi


def _claim(row: Figures) -> Sequence[str]:
    came = "-" if row["told"] is None else f"{row['came']} of {row['told']} within {row['days']} d"
    chance = "-"
    if row["chance"] is not None:
        chance = f"{_share(row['chance'])} ({_share(row['chance_low'])} to {_share(row['chance_high'])})"
    then = f"{row['later_came']} of {row['later_told']}"
    return row["rule"], row["grade"], came, chance, _share(row["claimed"]), then, row["bore_out"] or "-"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
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
